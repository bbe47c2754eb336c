package otr

import (
	"bytes"
	"time"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/wire"
)

// Receive takes a message as it came from the wire, whatever it is (section
// "State transitions"). An error means that it was malformed or could not be
// read; the Result still holds the answers for the wire and the events. It may be an
// error of ours besides: ErrNoKey, when the peer asks for a key exchange; or one
// of Config.Rand in answering a message that was read, whose text is there.
func (s *Session) Receive(msg []byte) (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	if s.cfg.Policy.off() && s.live == nil {
		return Result{Text: bytes.Clone(msg), Show: true}, nil
	}
	now := s.cfg.Now()
	s.expire(now)
	err = s.receive(&r, msg, true, now)
	s.tellUnread(&r)
	return r, err
}

// receive takes a message by its kind. One that was put together from pieces
// may not be a piece itself.
func (s *Session) receive(r *Result, msg []byte, whole bool, now time.Time) error {
	buf, memory := s.buf, s.heard
	if !whole {
		buf, memory = msg[:0], nil // it is ours
	}
	m := discovery.ReadIn(buf, msg, memory)
	if m.Kind != discovery.Piece && m.Kind != discovery.Armoured {
		s.fragments.Forget(0)
	}
	if m.Kind != discovery.Plain {
		s.offer = offerAccepted
	}
	switch {
	case m.Kind == discovery.Query:
		return s.receiveQuery(r, m.Offered, now)
	case m.Kind == discovery.Error:
		return s.receiveError(r, string(m.Text), now)
	case m.Kind == discovery.Piece && whole:
		return s.receivePiece(r, m.Piece, now)
	case m.Kind == discovery.Armoured:
		return s.receiveBinary(r, m.Body, m.Dotted, whole, now)
	case m.Kind == discovery.TooLong:
		r.event(Event{Kind: Malformed})
		return ErrMalformed
	}
	return s.receivePlain(r, msg, now)
}

// receivePiece takes a fragment.
func (s *Session) receivePiece(r *Result, p fragment.Piece, now time.Time) error {
	if p.Version == int(V3) {
		switch {
		case p.From == s.cfg.InstanceTag:
			r.event(Event{Kind: Reflected})
			return nil
		case p.From < minTag:
			r.event(Event{Kind: Malformed})
			s.report(r, ErrorMalformed, now)
			return ErrMalformed
		case p.To != 0 && p.To != s.cfg.InstanceTag:
			r.event(Event{Kind: OtherInstance, Tag: p.From})
			return nil
		}
	}
	if msg, complete := s.fragments.Add(p, now); complete {
		return s.receive(r, msg, false, now)
	}
	return nil
}

// receiveBinary takes a message that was armoured. lent tells that msg may be
// the session's buffer; only data messages leave it there.
func (s *Session) receiveBinary(r *Result, msg []byte, dotted, lent bool, now time.Time) error {
	if lent {
		s.buf = nil // in use
	}
	in := wire.NewReader(msg)
	h := in.Header()
	if !in.OK() || !dotted && h.Type != wire.Data {
		r.event(Event{Kind: Malformed})
		return ErrMalformed
	}
	if Version(h.Version) == V3 {
		switch {
		case h.From == s.cfg.InstanceTag:
			r.event(Event{Kind: Reflected})
			return nil
		case h.From < minTag:
			r.event(Event{Kind: Malformed})
			s.report(r, ErrorMalformed, now)
			return ErrMalformed
		case h.To != s.cfg.InstanceTag && (h.To != 0 || h.Type != wire.DHCommit):
			r.event(Event{Kind: OtherInstance, Tag: h.From})
			return nil
		}
	}
	s.fragments.Forget(h.From)
	if h.Type == wire.Data {
		keep := lent && cap(msg) <= maxKept
		err := s.receiveData(r, h, msg, in, !keep, now)
		if keep {
			s.buf = msg[:0]
		}
		return err
	}
	return s.receiveExchange(r, h, in.Rest(), now)
}

// receivePlain takes a message in clear.
func (s *Session) receivePlain(r *Result, msg []byte, now time.Time) error {
	text, offered, tagged := discovery.CutOffer(msg)
	r.Text, r.Show = bytes.Clone(text), len(text) > 0
	if s.live != nil || s.cfg.Policy.has(RequireEncryption) {
		r.event(Event{Kind: ReceivedUnencrypted})
	}
	if !tagged {
		if s.offer == offerSent {
			s.offer = offerRejected
		}
		return nil
	}
	if s.cfg.Policy.has(WhitespaceStartsAKE) && s.State() != Encrypted {
		if v := Version(discovery.Best(offered, s.cfg.Policy.versions())); v != 0 {
			return s.answerOffer(r, v, now)
		}
	}
	return nil
}

// receiveQuery takes the peer's request.
func (s *Session) receiveQuery(r *Result, offered discovery.Versions, now time.Time) error {
	v := Version(discovery.Best(offered, s.cfg.Policy.versions()))
	if v == 0 {
		r.event(Event{Kind: NoCommonVersion})
		return nil
	}
	return s.answerOffer(r, v, now)
}

// answerOffer begins what the peer's query or offer asks for, a few times a
// minute: it may be the text of a program that answers all it gets. While an
// exchange is nearly done that waits: see answerOwed.
func (s *Session) answerOffer(r *Result, v Version, now time.Time) error {
	if s.cfg.Key != nil {
		if s.nearlyDone(now) {
			s.owed = v
			return nil
		}
		s.owed = 0
		if !s.answers.allow(answersAMinute, now) {
			return nil
		}
	}
	return s.begin(r, v, 0, now)
}

// answerOwed begins what the peer asked for while an exchange waited for its last
// message, if that did not come: the peer may have sent it long ago, and not ask
// again.
func (s *Session) answerOwed(r *Result, now time.Time) {
	if s.owed == 0 || s.nearlyDone(now) {
		return
	}
	v := s.owed
	s.owed = 0
	if s.cfg.Policy.allows(v) {
		_ = s.answerOffer(r, v, now) // without a key, or chance, the peer has to ask again
	}
}

// receiveError takes an error that the peer reports. It isn't authenticated:
// all it can do is make us exchange keys anew, now and then, and send recent
// texts again to the same key.
func (s *Session) receiveError(r *Result, text string, now time.Time) error {
	r.event(Event{Kind: PeerError, Text: text})
	if s.State() == Encrypted {
		s.distrust(s.live)
	}
	if s.cfg.Policy.has(ErrorStartsAKE) && !s.cfg.Policy.off() && s.requests.allow(queriesAMinute, now) {
		r.wire(query(s.cfg.Policy, s.cfg.QueryText))
	}
	return nil
}
