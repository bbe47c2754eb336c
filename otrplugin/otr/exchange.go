package otr

import (
	"bytes"
	"errors"
	"time"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/wire"
)

// step is where a key exchange with one instance stands.
//
//	        we commit            Key                 Signature
//	idle ---------------> key ----------> signature -----------> idle, secure
//	  \   Commit                        RevealSig
//	   +----------------> reveal -------------------------------> idle, secure
//
// A Commit that crosses ours is decided by the higher hash. But libotr, when
// both users start at the same moment, yields whatever the hashes, so both
// may have yielded. Therefore who yields keeps his own commit for a Key that
// comes all the same, and having answered that, keeps his Key for a
// RevealSig that comes all the same.
//
// A peer who was asked for another exchange may commit to that just before our
// RevealSig reaches him. His Signature then follows his Commit: it is waited for
// besides, for he writes with the keys of the first exchange until the second is done.
//
// If both yielded and both revealed, two exchanges are finished at once, and each side
// hears of them in another order. The keys of the higher hash count; those of the other
// one are for reading what the peer writes until he knows better.
type step uint8

const (
	idle            step = iota
	awaitsKey            // we committed
	awaitsReveal         // we answered a commit
	awaitsSignature      // we revealed
)

// exchange is a key exchange with one instance.
type exchange struct {
	step      step
	initiator *ake.Initiator // also in awaitsReveal, after yielding or revealing
	responder *ake.Responder // also in awaitsSignature, the same
	since     time.Time
	opened    uint64 // the open commit that was used
	beaten    bool   // the initiator's keys are for reading only: the peer's exchange counts
}

// wipe forgets the exchange, but not which open commit was used.
func (x *exchange) wipe() {
	x.initiator.Wipe()
	x.responder.Wipe()
	*x = exchange{opened: x.opened}
}

// openCommit is a commit that went to nobody in particular: every instance of
// the peer may answer it.
type openCommit struct {
	initiator *ake.Initiator
	made      time.Time
	since     time.Time // it was sent last
	number    uint64
	answered  bool
	answers   int // of how many instances
}

func (o *openCommit) wipe() {
	if o != nil {
		o.initiator.Wipe()
	}
}

// openFor is the open commit if instance i may still answer it: it has not
// done so, and has got no newer one of its own.
func (s *Session) openFor(i *instance) *openCommit {
	x := &i.exchange
	if s.open == nil || i.version != V3 || s.open.answers >= maxAnswers || x.opened == s.open.number || x.step == awaitsKey && s.open.since.Before(x.since) {
		return nil
	}
	return s.open
}

// spent reports whether an instance can't answer the open commit any more: it
// was used with that one, and what came of it is over.
func (s *Session) spent() bool {
	for _, i := range s.instances {
		if x := &i.exchange; x.opened == s.open.number && x.initiator == nil {
			return true
		}
	}
	return false
}

// begin commits to a key exchange in version v, with instance tag to or (0)
// with any. A commit that is still waiting for its answer is repeated; but for
// one to all instances that is only so for a while: a libotr that lost its way
// may be one that answers it with nothing of use whenever its hash is lower.
func (s *Session) begin(r *Result, v Version, to uint32, now time.Time) error {
	if s.cfg.Key == nil {
		return ErrNoKey
	}
	if s.nearlyDone(now) {
		return nil
	}
	if v == V3 && to == 0 {
		if s.open == nil || s.open.answered || s.spent() || now.Sub(s.open.made) >= exchangeRetry {
			initiator, err := ake.NewInitiator(s.cfg.Rand)
			if err != nil {
				return err
			}
			s.open.wipe()
			s.opened++
			s.open = &openCommit{initiator: initiator, made: now, number: s.opened}
		}
		s.open.since = now
		return s.emit(r, s.message(v, wire.DHCommit, 0, s.open.initiator.Commit()), v, 0)
	}
	i := s.instance(to, v, now)
	x := &i.exchange
	if x.step != awaitsKey {
		initiator, err := ake.NewInitiator(s.cfg.Rand)
		if err != nil {
			return err
		}
		x.wipe()
		x.step, x.initiator = awaitsKey, initiator
	}
	x.since = now
	return s.commit(r, i)
}

// nearlyDone tells whether an exchange that we committed to waits for its last
// message. A new commit now would make the peer forget the old one, and both
// of us wait for ever.
func (s *Session) nearlyDone(now time.Time) bool { return now.Before(s.doneBy()) }

// doneBy is when nobody waits any more for the last message of an exchange that we
// committed to; zero: there is none.
func (s *Session) doneBy() (at time.Time) {
	for _, i := range s.instances {
		if x := &i.exchange; x.step != idle && x.initiator.Revealed() {
			if by := x.since.Add(exchangeRetry); by.After(at) {
				at = by
			}
		}
	}
	return at
}

// Exchanging reports whether a key exchange is under way with any of the peer's
// instances, or was begun by us and waits for the first of them to answer. One
// that got stuck counts for a minute after its last message.
func (s *Session) Exchanging() bool {
	now := s.cfg.Now()
	if s.open != nil && !s.open.answered && now.Sub(s.open.since) <= exchangeAge {
		return true
	}
	for _, i := range s.instances {
		if i.exchange.step != idle && now.Sub(i.exchange.since) <= exchangeAge {
			return true
		}
	}
	return false
}

// exchangeWith is where the exchange with an instance stands.
func (s *Session) exchangeWith(tag uint32) step {
	if i := s.instances[tag]; i != nil {
		return i.exchange.step
	}
	return idle
}

// commit sends our commit to one instance.
func (s *Session) commit(r *Result, i *instance) error {
	return s.emit(r, s.message(i.version, wire.DHCommit, i.tag, i.exchange.initiator.Commit()), i.version, i.tag)
}

// message is the binary message of a key exchange.
func (s *Session) message(v Version, t wire.Type, to uint32, body []byte) []byte {
	return append(s.header(v, t, to).Append(nil), body...)
}

func (s *Session) header(v Version, t wire.Type, to uint32) wire.Header {
	return wire.Header{Version: uint16(v), Type: t, From: s.cfg.InstanceTag, To: to}
}

// receiveExchange takes a message of a key exchange.
func (s *Session) receiveExchange(r *Result, h wire.Header, body []byte, now time.Time) error {
	v := Version(h.Version)
	if !s.cfg.Policy.allows(v) {
		return nil
	}
	if s.cfg.Key == nil {
		return ErrNoKey
	}
	if s.instances[h.From] == nil && h.Type != wire.DHCommit && (h.Type != wire.DHKey || s.open == nil) {
		return nil // of an exchange that we know nothing of
	}
	i := s.instance(h.From, v, now)
	var err error
	switch h.Type {
	case wire.DHCommit:
		err = s.receiveCommit(r, i, body, now)
	case wire.DHKey:
		err = s.receiveKey(r, i, body, now)
	case wire.RevealSig:
		err = s.receiveReveal(r, i, body, now)
	case wire.Signature:
		err = s.receiveSignature(r, i, body, now)
	}
	switch {
	case err == nil, errors.Is(err, ake.ErrMismatch):
		return nil
	case errors.Is(err, ake.ErrReflected):
		i.exchange.wipe()
		r.event(Event{Kind: Reflected, Tag: i.tag})
		return nil
	case errors.Is(err, ake.ErrMalformed):
		r.event(Event{Kind: SetupFailed, Tag: i.tag})
		return ErrMalformed
	case errors.Is(err, ake.ErrForged):
		r.event(Event{Kind: SetupFailed, Tag: i.tag})
		return ErrUnreadable
	default:
		return err
	}
}

func (s *Session) receiveCommit(r *Result, i *instance, body []byte, now time.Time) error {
	c, err := ake.ReadCommit(body)
	if err != nil {
		return err
	}
	x := &i.exchange
	open := s.openFor(i)
	if (x.step == idle || x.step == awaitsKey) && open != nil {
		x.initiator.Wipe()
		x.initiator, x.opened, x.step, x.beaten = open.initiator.Clone(), open.number, awaitsKey, false
	}
	if x.step == awaitsKey {
		hash := x.initiator.Hash()
		switch order := bytes.Compare(hash[:], c.Hash[:]); {
		case order == 0:
			return ake.ErrReflected
		case order > 0:
			x.since = now
			return s.commit(r, i)
		}
	}
	if x.step == awaitsReveal {
		x.responder.Take(c)
	} else {
		responder, err := ake.NewResponder(s.cfg.Rand, c)
		if err != nil {
			return err
		}
		x.responder.Wipe()
		x.responder, x.step = responder, awaitsReveal
	}
	x.since = now
	return s.emit(r, s.message(i.version, wire.DHKey, i.tag, x.responder.Key()), i.version, i.tag)
}

func (s *Session) receiveKey(r *Result, i *instance, body []byte, now time.Time) error {
	x := &i.exchange
	initiator, opened := x.initiator, x.opened
	open := s.openFor(i)
	switch {
	case open != nil: // the newest commit is the one that the peer has in mind
		initiator, opened = open.initiator.Clone(), open.number
	case x.step == awaitsKey:
	case initiator.Revealed():
		if again, same := initiator.Repeat(body); same {
			return s.emit(r, s.message(i.version, wire.RevealSig, i.tag, again), i.version, i.tag)
		}
		return nil
	case initiator == nil:
		return nil // we asked for no key
	}
	reveal, err := initiator.Reveal(s.cfg.Rand, s.cfg.Key.k, body)
	if err != nil {
		if initiator != x.initiator {
			initiator.Wipe()
		}
		return err
	}
	if initiator != x.initiator {
		x.initiator.Wipe()
	}
	x.initiator, x.opened, x.step, x.since, x.beaten = initiator, opened, awaitsSignature, now, false
	if s.open != nil && opened == s.open.number {
		s.open.answered = true
		s.open.answers++
	}
	s.reveal(i)
	return s.emit(r, s.message(i.version, wire.RevealSig, i.tag, reveal), i.version, i.tag)
}

func (s *Session) receiveReveal(r *Result, i *instance, body []byte, now time.Time) error {
	x := &i.exchange
	if x.responder == nil {
		return nil
	}
	theirs := x.responder.Hash()
	signature, o, err := x.responder.Finish(s.cfg.Rand, s.cfg.Key.k, body)
	if err != nil {
		return err
	}
	if err := s.emit(r, s.message(i.version, wire.Signature, i.tag, signature), i.version, i.tag); err != nil {
		o.Wipe()
		x.wipe() // its responder is used up
		return err
	}
	if !x.initiator.Revealed() {
		return s.secure(r, i, o, now)
	}
	ours := x.initiator
	x.initiator = nil
	err = s.secure(r, i, o, now)
	s.reveal(i)
	hash := ours.Hash()
	x.initiator, x.since, x.beaten = ours, now, bytes.Compare(hash[:], theirs[:]) < 0
	return err
}

func (s *Session) receiveSignature(r *Result, i *instance, body []byte, now time.Time) error {
	x := &i.exchange
	if !x.initiator.Revealed() {
		return nil
	}
	o, err := x.initiator.Finish(body)
	if err != nil {
		return err
	}
	if x.beaten {
		x.initiator, x.beaten = nil, false
		return s.readWith(i, o, now)
	}
	next, since := x.responder, x.since
	if x.step != awaitsReveal {
		return s.secure(r, i, o, now)
	}
	x.responder = nil
	err = s.secure(r, i, o, now)
	x.step, x.responder, x.since = awaitsReveal, next, since
	return err
}
