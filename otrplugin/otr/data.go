package otr

import (
	"errors"
	"slices"
	"time"

	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/tlv"
	"culver/otrplugin/otr/internal/wire"
)

// receiveData takes a data message; in has read its header. owned tells that
// msg is ours to keep, so that it may be decrypted where it is.
func (s *Session) receiveData(r *Result, h wire.Header, msg []byte, in *wire.Reader, owned bool, now time.Time) error {
	m, err := ratchet.Read(msg, in)
	if err != nil {
		return s.malformed(r, h, m, now)
	}
	i := s.instances[h.From]
	if i == nil || i.state != Encrypted || uint16(i.version) != h.Version {
		return s.stray(r, h, m, now)
	}
	keys, err := i.verify(&m)
	if errors.Is(err, ratchet.ErrMalformed) {
		return s.malformed(r, h, m, now)
	}
	if err == nil && s.cfg.EarlyWait > 0 {
		var waits bool
		if waits, err = s.wait(r, i, keys, &m, msg, now); waits {
			return nil
		}
	}
	if err == nil {
		var buf []byte
		if owned {
			buf = m.InPlace()
		}
		err = s.take(r, i, keys, buf, &m, now, false, now)
		s.readNext(r, i, now)
		return err
	}
	s.unreadable(r, i, &m, now)
	return ErrUnreadable
}

// unreadable is a data message that cannot be read.
func (s *Session) unreadable(r *Result, i *instance, m *ratchet.Message, now time.Time) {
	if m.Flags&ratchet.IgnoreUnreadable == 0 {
		r.event(Event{Kind: Unreadable, Tag: i.tag, Fingerprint: i.peer})
		s.report(r, ErrorUnreadable, now)
	}
}

// take reads a data message that was verified with those keys just now. It appends
// the payload to buf. Came is when it arrived. Leaving: the keys go at once, and what
// happened with them means no more.
func (s *Session) take(r *Result, i *instance, keys *ratchet.Ratchet, buf []byte, m *ratchet.Message, came time.Time, leaving bool, now time.Time) error {
	payload, extra, err := keys.Take(buf, m)
	if err != nil {
		s.unreadable(r, i, m, now)
		return err
	}
	defer clear(extra[:])
	if m.First() {
		i.vain = 0
	}
	former := keys != i.keys
	if !former && i.former != nil {
		i.keys.Reveal(i.former.Wipe())
		i.former = nil
	}
	if s.heard == nil && i.heard.After(i.sent) { // the peer does the talking
		s.heard = new(wire.Memory)
	}
	i.heard = now
	s.show(i, m, former)
	text, records := tlv.Split(payload)
	switch {
	case leaving:
		records = slices.DeleteFunc(records, func(t tlv.Record) bool { return !outlives(t.Type, true) })
	case former:
		records = slices.DeleteFunc(records, func(t tlv.Record) bool { return !outlives(t.Type, i.revealed) })
	case i == s.live:
		s.forgetRecent() // the peer is alive, with these keys
	}
	if len(text) > 0 {
		if waited := came.Before(now); !waited || s.live == nil || !s.live.heard.After(came) {
			s.follow(r, i)
		}
		r.Text, r.Show, r.Sealed = text, true, true
		r.From, r.FromTag = i.peer, i.tag
	} else if len(records) == 0 {
		r.event(Event{Kind: HeartbeatReceived, Tag: i.tag, Fingerprint: i.peer})
	}
	if len(records) > 0 {
		if err := s.receiveRecords(r, i, records, extra, now); err != nil {
			return err
		}
	}
	wait := s.cfg.HeartbeatInterval
	if len(text) > 0 && i.state == Encrypted && wait > 0 && now.Sub(i.sent) > wait {
		return s.heartbeat(r, i)
	}
	return nil
}

// malformed is a data message that makes no sense.
func (s *Session) malformed(r *Result, h wire.Header, m ratchet.Message, now time.Time) error {
	if m.Flags&ratchet.IgnoreUnreadable != 0 {
		return ErrMalformed
	}
	r.event(Event{Kind: Malformed, Tag: h.From})
	s.report(r, ErrorMalformed, now)
	return ErrMalformed
}

// stray is a data message for which there is no session here: the peer's
// outlived ours. He is told; and unless our user or the peer ended it, a new
// exchange is begun if the policy is to begin some.
func (s *Session) stray(r *Result, h wire.Header, m ratchet.Message, now time.Time) error {
	if m.Flags&ratchet.IgnoreUnreadable != 0 {
		return ErrUnreadable
	}
	r.event(Event{Kind: NotInPrivate, Tag: h.From})
	if !s.ended.IsZero() {
		if now.Sub(s.ended) > endedQuiet {
			s.report(r, ErrorNotInPrivate, now)
		}
		return ErrUnreadable
	}
	s.report(r, ErrorNotInPrivate, now)
	p, v := s.cfg.Policy, Version(h.Version)
	if p&(ErrorStartsAKE|RequireEncryption|WhitespaceStartsAKE) != 0 && p.allows(v) && s.exchangeWith(h.From) == idle &&
		s.requests.allow(queriesAMinute, now) {
		if err := s.begin(r, v, h.From, now); err != nil {
			return err
		}
	}
	return ErrUnreadable
}

// verify tries the keys of an instance, and those from before the last refresh;
// it tells which of them fit.
func (i *instance) verify(m *ratchet.Message) (keys *ratchet.Ratchet, err error) {
	if err = i.keys.Verify(m); err == nil || i.former == nil {
		return i.keys, err
	}
	return i.former, i.former.Verify(m)
}

// outlives tells whether a record that came under the keys from before a
// refresh still means anything. SMP is bound to its session. The end of that
// session is not the end of this one if the peer verified this one before we
// did, which is so if we revealed; else he may have ended it half-way.
func outlives(typ uint16, revealed bool) bool {
	switch typ {
	case tlv.SMP1, tlv.SMP2, tlv.SMP3, tlv.SMP4, tlv.SMPAbort, tlv.SMP1Q:
		return false
	case tlv.Disconnected:
		return !revealed
	default:
		return true
	}
}

// recordOrder is the order in which records are acted on, whatever their order
// in the message. It is libotr's, but for the end of the conversation.
var recordOrder = [...]uint16{tlv.ExtraKey, tlv.SMP1Q, tlv.SMP1, tlv.SMP2, tlv.SMP3, tlv.SMP4, tlv.SMPAbort}

// receiveRecords acts on the records of an authenticated message: of the types
// that the protocol knows on the first one each, and on all others, which are
// the caller's. A message that also ends the conversation has no SMP in it.
func (s *Session) receiveRecords(r *Result, i *instance, records []tlv.Record, extra [32]byte, now time.Time) error {
	var first [tlv.ExtraKey + 1]*tlv.Record
	for n, t := range records {
		switch {
		case t.Type > tlv.ExtraKey:
			r.event(Event{Kind: TLVReceived, Tag: i.tag, Fingerprint: i.peer, TLV: t.Type, Data: t.Value})
		case first[t.Type] == nil:
			first[t.Type] = &records[n]
		}
	}
	ends := first[tlv.Disconnected] != nil
	var failure error
	for _, typ := range recordOrder {
		switch t := first[typ]; {
		case t == nil:
		case typ == tlv.ExtraKey:
			in := wire.NewReader(t.Value)
			if use := in.Int(); in.OK() {
				r.event(Event{Kind: KeyReceived, Tag: i.tag, Fingerprint: i.peer, Use: use, Data: in.Rest(), Key: append([]byte(nil), extra[:]...)})
			}
		case !ends:
			if err := s.receiveSMP(r, i, *t, now); err != nil && failure == nil {
				failure = err
			}
		}
	}
	if ends {
		s.peerEnded(r, i, now)
	}
	return failure
}

// peerEnded leaves Encrypted, as the peer has. If another of his instances
// is private, the conversation goes on there.
func (s *Session) peerEnded(r *Result, i *instance, now time.Time) {
	if i.smp.running() {
		r.event(Event{Kind: SMPAborted, Tag: i.tag, Fingerprint: i.peer})
	}
	i.leave(Finished)
	if i != s.live {
		return
	}
	if other := s.otherPrivate(); other != nil {
		s.live = other
		r.event(Event{Kind: InstanceSwitched, Tag: other.tag, Fingerprint: other.peer})
		return
	}
	s.ended = now
	r.event(Event{Kind: PeerEnded, Tag: i.tag, Fingerprint: i.peer})
}
