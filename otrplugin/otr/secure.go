package otr

import (
	"time"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/ratchet"
)

// secure enters Encrypted with the outcome of a verified key exchange. Keys
// of the same peer from before stay for a while, for what he sent before he
// knew the new ones.
func (s *Session) secure(r *Result, i *instance, o *ake.Outcome, now time.Time) error {
	i.exchange.wipe()
	peer := Fingerprint(o.PeerKey.Fingerprint())
	refresh := i.state == Encrypted && i.peer == peer
	// To the user it is one only if he was private with that key just now.
	seen := s.live != nil && s.live.state == Encrypted && s.live.peer == peer
	var reveal []byte
	s.readReplaced(r, i, refresh, now)
	if refresh {
		reveal, i.former = i.former.Wipe(), nil
	}
	keys, err := ratchet.New(s.cfg.Rand, o, reveal)
	if err != nil {
		o.Wipe()
		return err
	}
	if i.smp.running() {
		r.event(Event{Kind: SMPAborted, Tag: i.tag, Fingerprint: i.peer})
	}
	s.turnKeys(i, refresh)
	doubtful := i.doubtful
	former := i.keys
	if refresh {
		i.keys, i.former = nil, nil
	} else {
		former = nil
	}
	i.leave(Encrypted)
	i.keys, i.former, i.formerSince = keys, former, now
	i.peer, i.ssid, i.revealed = peer, o.SSID, o.Revealed
	i.proven, i.doubtful = o.Revealed, doubtful
	i.heard, i.sent = now, now

	kind := GoneSecure
	if refresh && seen {
		kind = Refreshed
	}
	s.offer, s.ended, s.answers, s.owed, s.untold = offerAccepted, time.Time{}, limiter{}, 0, 0
	if !s.mayFollow(i, true) {
		r.event(Event{Kind: kind, Tag: i.tag, Fingerprint: peer})
		return nil
	}
	if kind == Refreshed && s.live != i {
		r.event(Event{Kind: InstanceSwitched, Tag: i.tag, Fingerprint: i.peer})
	}
	s.live = i
	r.event(Event{Kind: kind, Tag: i.tag, Fingerprint: peer})
	return s.release(r, now, false)
}

// readWith keeps the outcome of a verified key exchange for what the peer writes until he
// knows that another one counts.
func (s *Session) readWith(i *instance, o *ake.Outcome, now time.Time) error {
	if i.state != Encrypted || Fingerprint(o.PeerKey.Fingerprint()) != i.peer {
		o.Wipe()
		return nil
	}
	keys, err := ratchet.New(s.cfg.Rand, o, nil)
	if err != nil {
		o.Wipe()
		return err
	}
	i.keys.Reveal(i.former.Wipe())
	i.former, i.formerSince = keys, now
	s.doubt(i.doubtful)
	i.doubtful = nil
	return nil
}

// release sends again what the peer could not read, and then what was held.
func (s *Session) release(r *Result, now time.Time, sure bool) error {
	i := s.live
	if !s.resend && len(s.held) == 0 || !sure && s.cfg.MayRelease != nil && !s.cfg.MayRelease(i.peer) {
		return nil
	}
	if s.resend {
		s.resend = false
		lost := s.recentTexts()
		s.recent, s.oldest = nil, 0
		defer func() {
			for _, t := range lost {
				clear(t.text)
			}
		}()
		for _, t := range lost {
			if t.number == 0 {
				continue // forgotten
			}
			if t.to != i.peer || now.Sub(t.sent) > recentAge { // another key is another reader
				s.doubt([]uint64{t.number})
				continue
			}
			text := append([]byte(s.cfg.ResentPrefix), t.text...)
			err := s.seal(r, i, 0, text, false)
			clear(text)
			if err != nil {
				return err
			}
			s.sealAnew(i, t.number)
			r.again(t.number)
			r.event(Event{Kind: Resent, Tag: i.tag, Fingerprint: i.peer})
		}
	}
	for n, text := range s.held {
		if err := s.seal(r, i, 0, text, false); err != nil {
			s.held = s.held[n:]
			return err
		}
		s.remember(s.note(i), text, now)
		if n == len(s.held)-1 {
			r.event(Event{Kind: Delivered, Tag: i.tag, Fingerprint: i.peer})
		}
	}
	s.DropHeld()
	return nil
}

// Release sends the texts that MayRelease held back.
func (s *Session) Release() (r Result, err error) {
	if err := s.usable(); err != nil {
		return r, err
	}
	if s.State() != Encrypted {
		return r, ErrNotEncrypted
	}
	err = s.release(&r, s.cfg.Now(), true)
	r.Sealed = len(r.Wire) > 0
	return r, err
}
