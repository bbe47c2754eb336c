package otr

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/smp"
	"culver/otrplugin/otr/internal/tlv"
)

// smpStep is where SMP with one instance stands.
//
//	             we begin           message 2           message 4
//	smpIdle --------------> expects2 --------> expects4 ----------> smpIdle
//	    \   message 1           Answer              message 3
//	     +------------> asked ----------> expects3 ---------------> smpIdle
//
// Anything out of order, an abort from either side, the end of the session and
// of its keys, and a peer who does not go on lead back to smpIdle.
type smpStep uint8

const (
	smpIdle smpStep = iota
	expects2
	asked // the user is being asked for the secret
	expects3
	expects4
)

// smpRun is SMP with one instance.
type smpRun struct {
	step      smpStep
	since     time.Time // of the step
	initiator *smp.Initiator
	responder *smp.Responder
	entered   []byte // what our user entered, until message 2; nil if with a question
}

func (m *smpRun) running() bool { return m.step != smpIdle }

func (m *smpRun) enter(step smpStep, now time.Time) { m.step, m.since = step, now }

// expired tells whether the peer has not gone on for too long. While our own
// user is being asked, nobody waits but the peer, who may stop it.
func (m *smpRun) expired(now time.Time) bool {
	switch m.step {
	case expects2:
		return now.Sub(m.since) > smpPersonWait
	case expects3, expects4:
		return now.Sub(m.since) > smpProgramWait
	default:
		return false
	}
}

// wipe goes back to smpIdle.
func (m *smpRun) wipe() {
	m.initiator.Wipe()
	m.responder.Wipe()
	clear(m.entered)
	*m = smpRun{}
}

// SMPRunning tells whether SMP is under way, ours or theirs.
func (s *Session) SMPRunning() bool { return s.authenticating() != nil }

// authenticating is the instance with which SMP is under way, or nil. There is
// at most one: the user has one thing to answer. It need not be the live one,
// for the peer may go on writing elsewhere.
func (s *Session) authenticating() *instance {
	for _, i := range s.instances {
		if i.smp.running() {
			return i
		}
	}
	return nil
}

// Authenticate begins SMP, with a question if it isn't empty: do both users
// know the same secret? The peer sees the question and learns whether his answer
// is the same, nothing more; others learn nothing (section "User requests to
// begin SMP"). SMP already under way, with whatever instance, is aborted first.
// It stays with the instance that Send goes to now, wherever that goes later. It
// gives ErrNotEncrypted, ErrFinished, ErrEmptySecret, or ErrTooLong of a question
// over 8 KiB.
func (s *Session) Authenticate(secret []byte, question string) (r Result, err error) {
	if err := s.private(); err != nil {
		return r, err
	}
	if len(secret) == 0 {
		return r, ErrEmptySecret
	}
	question, _, _ = strings.Cut(question, "\x00")
	if len(question) > maxQuestion {
		return r, ErrTooLong
	}
	if err := s.stopOtherSMP(&r, nil); err != nil {
		return r, err
	}
	i := s.live
	x := smp.Secret(s.cfg.Key.Fingerprint(), i.peer, i.ssid, secret)
	defer clear(x[:])
	initiator, msg, err := smp.Start(s.cfg.Rand, x)
	if err != nil {
		return r, err
	}
	i.smp = smpRun{step: expects2, since: s.cfg.Now(), initiator: initiator}
	record := tlv.Record{Type: tlv.SMP1, Value: msg}
	if question != "" {
		record = tlv.Record{Type: tlv.SMP1Q, Value: append(append([]byte(question), 0), msg...)}
	} else {
		i.smp.entered = bytes.Clone(secret)
	}
	r.Sealed = true
	return r, s.sendSMP(&r, i, record)
}

// Answer answers the peer's SMP after AskSecret or AskAnswer (section "Receiving
// a type 2 TLV (SMP message 1)"); ErrNotAsked if he is not waiting for it.
func (s *Session) Answer(secret []byte) (r Result, err error) {
	if err := s.private(); err != nil {
		return r, err
	}
	i := s.authenticating()
	if i == nil || i.smp.step != asked {
		return r, ErrNotAsked
	}
	if len(secret) == 0 {
		return r, ErrEmptySecret
	}
	r.Sealed = true
	i.asks = limiter{}
	return r, s.answer(&r, i, secret)
}

func (s *Session) answer(r *Result, i *instance, secret []byte) error {
	y := smp.Secret(i.peer, s.cfg.Key.Fingerprint(), i.ssid, secret)
	defer clear(y[:])
	msg, err := i.smp.responder.Answer(s.cfg.Rand, y)
	if err != nil {
		return err
	}
	i.smp.enter(expects3, s.cfg.Now())
	return s.sendSMP(r, i, tlv.Record{Type: tlv.SMP2, Value: msg})
}

// Abort stops SMP and tells the peer (section "User requests to abort SMP").
func (s *Session) Abort() (r Result, err error) {
	if err := s.private(); err != nil {
		return r, err
	}
	i := s.authenticating()
	if i == nil {
		i = s.live
	}
	r.Sealed = true
	return r, s.stopSMP(&r, i)
}

// expireSMP stops SMP that the peer does not go on with.
func (s *Session) expireSMP(r *Result, now time.Time) {
	if i := s.authenticating(); i != nil && i.smp.expired(now) {
		r.event(Event{Kind: SMPExpired, Tag: i.tag, Fingerprint: i.peer})
		s.stopSMP(r, i) // what can't be told to a peer that is gone is not missed
	}
}

// stopOtherSMP stops SMP with any instance but that one.
func (s *Session) stopOtherSMP(r *Result, but *instance) error {
	if i := s.authenticating(); i != nil && i != but {
		return s.stopSMP(r, i)
	}
	return nil
}

// stopSMP goes back to smpIdle and tells the peer.
func (s *Session) stopSMP(r *Result, i *instance) error {
	i.smp.wipe()
	return s.sendSMP(r, i, tlv.Record{Type: tlv.SMPAbort})
}

func (s *Session) sendSMP(r *Result, i *instance, record tlv.Record) error {
	return s.seal(r, i, ratchet.IgnoreUnreadable, nil, false, record)
}

// receiveSMP takes a message of SMP.
func (s *Session) receiveSMP(r *Result, i *instance, t tlv.Record, now time.Time) error {
	event := func(k EventKind, percent int) {
		r.event(Event{Kind: k, Percent: percent, Tag: i.tag, Fingerprint: i.peer})
	}
	m := &i.smp
	var err error
	switch {
	case t.Type == tlv.SMPAbort:
		if m.running() {
			m.wipe()
			event(SMPAborted, 0)
		}
		return nil
	case t.Type == tlv.SMP1 || t.Type == tlv.SMP1Q:
		err = s.receiveSMP1(r, i, t, now)
	case t.Type == tlv.SMP2 && m.step == expects2:
		var answer []byte
		if answer, err = m.initiator.Two(s.cfg.Rand, t.Value); err == nil {
			clear(m.entered)
			m.entered = nil
			m.enter(expects4, s.cfg.Now())
			event(SMPProgress, 60)
			err = s.sendSMP(r, i, tlv.Record{Type: tlv.SMP3, Value: answer})
		}
	case t.Type == tlv.SMP3 && m.step == expects3:
		var answer []byte
		var same bool
		if answer, same, err = m.responder.Three(s.cfg.Rand, t.Value); err == nil {
			err = s.sendSMP(r, i, tlv.Record{Type: tlv.SMP4, Value: answer})
			m.wipe()
			event(verdict(same), 100)
		}
	case t.Type == tlv.SMP4 && m.step == expects4:
		var same bool
		if same, err = m.initiator.Four(t.Value); err == nil {
			m.wipe()
			event(verdict(same), 100)
		}
	case !m.running():
		return s.stopSMP(r, i) // the peer answers what our user has stopped
	default:
		err = smp.ErrMalformed // out of order
	}
	switch {
	case errors.Is(err, smp.ErrCheated):
		event(SMPCheated, 0)
		return s.stopSMP(r, i)
	case errors.Is(err, smp.ErrMalformed):
		event(SMPError, 0)
		return s.stopSMP(r, i)
	}
	return err
}

func verdict(same bool) EventKind {
	if same {
		return SMPSuccess
	}
	return SMPFailure
}

// goesOn tells whether ours goes on when both sides began SMP.
func (s *Session) goesOn(i *instance) bool {
	own := s.cfg.Key.Fingerprint()
	order := bytes.Compare(own[:], i.peer[:])
	return order > 0 || order == 0 && i.revealed
}

// receiveSMP1 takes the peer's beginning. It ends SMP that another of his
// instances began, and is aborted while ours runs with another one, or if there
// were too many of late.
// If it crosses ours, the side with the higher fingerprint goes on and the other
// one answers: with what its user has entered already, unless there is a
// question.
func (s *Session) receiveSMP1(r *Result, i *instance, t tlv.Record, now time.Time) error {
	m := &i.smp
	body, question := t.Value, ""
	if t.Type == tlv.SMP1Q {
		q, rest, found := bytes.Cut(body, []byte{0})
		if !found {
			return smp.ErrMalformed
		}
		question, body = string(q), rest
	}
	var entered []byte
	switch m.step {
	case smpIdle, asked:
	case expects2:
		if s.goesOn(i) {
			return nil
		}
		entered = bytes.Clone(m.entered)
		defer clear(entered)
	default:
		return smp.ErrMalformed
	}
	if o := s.authenticating(); o != nil && o != i && (o.smp.step == expects2 || o.smp.step == expects4) {
		return s.stopSMP(r, i) // our user's comes first
	}
	if !i.asks.allow(asksAMinute, now) {
		if m.running() {
			r.event(Event{Kind: SMPAborted, Tag: i.tag, Fingerprint: i.peer})
		}
		return s.stopSMP(r, i)
	}
	responder, err := smp.Receive(body)
	if err != nil {
		i.asks.n-- // nobody is asked
		return err
	}
	if err := s.stopOtherSMP(r, i); err != nil {
		return err
	}
	m.wipe()
	*m = smpRun{step: asked, responder: responder}
	s.follow(r, i)
	if entered != nil && t.Type == tlv.SMP1 {
		return s.answer(r, i, entered)
	}
	kind := AskSecret
	if t.Type == tlv.SMP1Q {
		kind = AskAnswer
	}
	r.event(Event{Kind: kind, Percent: 25, Text: question, Tag: i.tag, Fingerprint: i.peer})
	return nil
}
