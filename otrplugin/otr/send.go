package otr

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/tlv"
	"culver/otrplugin/otr/internal/wire"
)

func (s *Session) usable() error {
	if s.closed {
		return ErrClosed
	}
	return nil
}

// Send takes a text from the user (section "User types a message to be sent").
// Plaintext: Wire has it in clear, perhaps with the invisible offer (it may well
// ask for OTR by a query between its words); under RequireEncryption it is held,
// in order, a query goes out, and all held texts follow the key exchange.
// Encrypted: Wire has it encrypted, unless MayRelease has older texts wait;
// then it is held behind them. Finished: ErrFinished, and nothing is sent. A
// text that is nothing but a query is the same as Start, but in Encrypted,
// where it is a text. Bytes from the first NUL on are not sent, and an empty
// text not at all.
func (s *Session) Send(text []byte) (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	text, _, _ = bytes.Cut(text, []byte{0})
	if len(text) == 0 {
		return r, nil
	}
	if len(text) > maxText {
		return r, ErrTooLong
	}
	now := s.cfg.Now()
	s.expire(now)
	switch p := s.cfg.Policy; {
	case s.State() != Encrypted && !p.off() && discovery.OnlyQuery(text):
		r.wire(query(p, s.cfg.QueryText))
		s.offer, s.answers = offerSent, limiter{}
	case s.State() == Finished:
		return r, ErrFinished
	case s.State() == Encrypted && len(s.held) > 0: // MayRelease said no
		s.held = append(s.held, bytes.Clone(text))
		r.Held = true
	case s.State() == Encrypted:
		if _, err := s.sealed(&r, s.live, now, 0, text, false); err != nil {
			return Result{}, err
		}
		r.Sealed, r.Number = true, s.note(s.live)
		s.remember(r.Number, text, now)
	case p.has(RequireEncryption):
		return s.hold(text, now)
	case p.off():
		r.wire(bytes.Clone(text))
	default:
		if p.has(SendWhitespaceTag) && s.offer != offerRejected {
			r.wire(discovery.AddOffer(text, p.versions()))
			s.offer = offerSent
			break
		}
		r.wire(bytes.Clone(text))
	}
	return r, nil
}

// hold keeps a text until there is a private conversation, and asks for one.
func (s *Session) hold(text []byte, now time.Time) (r Result, err error) {
	if s.cfg.Policy.off() {
		return r, ErrSwitchedOff
	}
	s.held = append(s.held, bytes.Clone(text))
	r.Held = true
	r.event(Event{Kind: EncryptionRequired})
	if s.asked.IsZero() || now.Sub(s.asked) >= heldQuery {
		s.asked, s.answers = now, limiter{}
		r.wire(query(s.cfg.Policy, s.cfg.QueryText))
	}
	return r, nil
}

// Start asks the peer for a private conversation, or refreshes it, by a Query
// Message (section "User requests to start an OTR conversation").
func (s *Session) Start() (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	if s.cfg.Policy.off() {
		return r, ErrSwitchedOff
	}
	if s.cfg.Key == nil {
		return r, ErrNoKey
	}
	s.expire(s.cfg.Now())
	s.answers = limiter{}
	r.wire(query(s.cfg.Policy, s.cfg.QueryText))
	return r, nil
}

// End ends the private conversation and tells the peer, all of his instances
// (section "User requests to end an OTR conversation").
// The state is Plaintext afterwards; texts that wait still do.
func (s *Session) End() (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	for _, tag := range s.tags() {
		s.readLeaving(&r, s.instances[tag], s.cfg.Now())
	}
	if s.live != nil {
		r.event(Event{Kind: Ended, Tag: s.live.tag, Fingerprint: s.live.peer})
		s.ended = s.cfg.Now()
	}
	for _, tag := range s.tags() {
		if i := s.instances[tag]; i.state == Encrypted {
			i.keys.Reveal(i.former.Wipe())
			i.former = nil
			err = errors.Join(err, s.seal(&r, i, ratchet.IgnoreUnreadable, nil, true, tlv.Record{Type: tlv.Disconnected}))
			r.Sealed = true
		}
	}
	s.Drop()
	return r, err
}

// EndInstance ends the private conversation with one instance of the peer, and
// tells that one. If Send went there it goes to another private one from here on
// (InstanceSwitched); if there is none, it is the same as End. It gives
// ErrNotEncrypted if there is nothing to end.
func (s *Session) EndInstance(tag uint32) (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	i := s.instances[tag]
	if i == nil || i.state == Plaintext {
		return r, ErrNotEncrypted
	}
	wasLive := i == s.live
	if i.state == Encrypted {
		if wasLive && s.privates() == 1 {
			return s.End()
		}
		s.readLeaving(&r, i, s.cfg.Now())
		i.keys.Reveal(i.former.Wipe())
		i.former = nil
		err = s.seal(&r, i, ratchet.IgnoreUnreadable, nil, true, tlv.Record{Type: tlv.Disconnected})
		r.Sealed = true
	} else if wasLive && s.privates() == 0 {
		return s.End()
	}
	i.wipe()
	delete(s.instances, tag)
	s.ended = s.cfg.Now() // what it still sends is no reason to begin anew
	if wasLive {
		s.live = s.otherPrivate()
		r.event(Event{Kind: InstanceSwitched, Tag: s.live.tag, Fingerprint: s.live.peer})
	}
	return r, err
}

// SendTLV sends text (which may be empty) encrypted, with one extra record of
// up to 65,535 bytes (section "Data Message").
func (s *Session) SendTLV(text []byte, typ uint16, value []byte) (r Result, err error) {
	if err := s.private(); err != nil {
		return r, err
	}
	text, _, _ = bytes.Cut(text, []byte{0})
	if len(text) > maxText || len(value) > tlv.MaxValue {
		return r, ErrTooLong
	}
	r.Sealed = true
	return r, s.seal(&r, s.live, 0, text, false, tlv.Record{Type: typ, Value: value})
}

// Heartbeat sends an empty encrypted message, which the peer does not show
// (section "Receiving a Data Message"). The session does so by itself when it
// is due.
func (s *Session) Heartbeat() (r Result, err error) {
	if err := s.private(); err != nil {
		return r, err
	}
	r.Sealed = true
	return r, s.heartbeat(&r, s.live)
}

func (s *Session) heartbeat(r *Result, i *instance) error {
	r.event(Event{Kind: HeartbeatSent, Tag: i.tag, Fingerprint: i.peer})
	return s.seal(r, i, ratchet.IgnoreUnreadable, nil, false)
}

// ExtraKey returns the extra symmetric key (32 bytes), for use outside the
// conversation, and tells the peer what it will be used for (section "Extra
// symmetric key"). Wipe the key after use.
func (s *Session) ExtraKey(use uint32, data []byte) (key []byte, r Result, err error) {
	if err := s.private(); err != nil {
		return nil, r, err
	}
	if len(data) > tlv.MaxValue-4 {
		return nil, r, ErrTooLong
	}
	value := append(wire.AppendInt(nil, use), data...)
	r.Sealed = true
	extra, err := s.sealed(&r, s.live, s.cfg.Now(), ratchet.IgnoreUnreadable, nil, false, tlv.Record{Type: tlv.ExtraKey, Value: value})
	if err != nil {
		return nil, Result{}, err
	}
	return extra[:], r, nil
}

// private checks that the conversation is private.
func (s *Session) private() error {
	if err := s.usable(); err != nil {
		return err
	}
	switch s.State() {
	case Encrypted:
		return nil
	case Finished:
		return ErrFinished
	default:
		return ErrNotEncrypted
	}
}

// seal encrypts for an instance; see sealed.
func (s *Session) seal(r *Result, i *instance, flags byte, text []byte, last bool, records ...tlv.Record) error {
	_, err := s.sealed(r, i, s.cfg.Now(), flags, text, last, records...)
	return err
}

// sealed encrypts a data message for an instance and returns the extra
// symmetric key that goes with it.
func (s *Session) sealed(r *Result, i *instance, now time.Time, flags byte, text []byte, last bool, records ...tlv.Record) (extra [32]byte, err error) {
	header := s.header(i.version, wire.Data, i.tag).Append(slices.Grow(s.buf[:0], len(text)+besidesText))
	behind := []byte{0}
	if len(records) > 0 {
		behind = tlv.Append(nil, nil, records...)
	}
	msg, extra := i.keys.Seal(header, flags, text, last, behind)
	s.buf = reusable(msg)
	if s.told == nil && len(s.recent) > 0 { // the peer is silent
		s.told = new(wire.Memory)
	}
	i.sent = now
	return extra, s.emit(r, msg, i.version, i.tag)
}

// emit puts a binary message on the wire, in pieces if it must: all of them
// in one array, and none of it in msg.
func (s *Session) emit(r *Result, msg []byte, v Version, to uint32) error {
	size := wire.ArmouredLen(len(msg))
	if s.cfg.MaxFragment <= 0 || size <= s.cfg.MaxFragment {
		r.wire(s.told.AppendArmour(make([]byte, 0, size), msg))
		return nil
	}
	cut, err := fragment.Plan(size, s.cfg.MaxFragment, int(v), s.cfg.InstanceTag, to)
	if err != nil {
		return ErrTooLong
	}
	lead := cut.Lead()
	pieces := cut.Split(wire.AppendArmour(make([]byte, lead, lead+size), msg))
	if r.Wire == nil {
		r.Wire = pieces
	} else {
		r.Wire = append(r.Wire, pieces...)
	}
	return nil
}

func (r *Result) wire(msg []byte) {
	if r.Wire == nil {
		r.Wire = [][]byte{msg}
		return
	}
	r.Wire = append(r.Wire, msg)
}

func (r *Result) event(e Event) { r.Events = append(r.Events, e) }

// report tells the peer about an error, a few times a minute at most. One that is
// too many is told when the minute is over: nothing else may tell the peer that what he
// sent was not read.
func (s *Session) report(r *Result, code ErrorCode, now time.Time) {
	if !s.errors.allow(errorsAMinute, now) {
		if !s.cfg.Policy.off() { // else nothing is answered
			s.untold = code
		}
		return
	}
	s.untold = 0
	r.wire(append([]byte("?OTR Error: "), s.cfg.ErrorText(code)...))
}

// tellLate tells the peer about the last error that he was not told of, unless keys
// have been exchanged since then, or the conversation was ended: he knows by that.
func (s *Session) tellLate(r *Result, now time.Time) {
	if s.untold != 0 && !now.Before(s.errors.over()) {
		s.report(r, s.untold, now)
	}
}

// english is the default wording of errors told to the peer.
func (c ErrorCode) english() string {
	switch c {
	case ErrorNotInPrivate:
		return "You sent an encrypted message, but there is no private conversation here any more."
	case ErrorUnreadable:
		return "You sent an encrypted message that could not be read."
	default:
		return "You sent a malformed message."
	}
}
