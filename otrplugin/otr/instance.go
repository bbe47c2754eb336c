package otr

import (
	"time"

	"culver/otrplugin/otr/internal/ratchet"
)

// instance is one client of the peer. Version 2 knows none: there is one,
// with the tag 0.
type instance struct {
	tag     uint32
	version Version
	heard   time.Time // last message; while Encrypted, last authenticated one

	exchange exchange // a key exchange under way
	state    State

	// From here on: what belongs to Encrypted.
	keys        *ratchet.Ratchet
	former      *ratchet.Ratchet // before the last refresh, for reading only
	formerSince time.Time
	peer        Fingerprint
	ssid        [8]byte
	revealed    bool // we sent the Reveal Signature message
	sent        time.Time
	smp         smpRun
	proven      bool     // the peer has shown that he has the keys; see unread.go
	unproven    []uint64 // texts that were sealed with them since
	doubtful    []uint64 // of those with the keys from before, what he may not have read
	revealing   uint64   // the first text sealed after we revealed, since then the peer may have others; 0: did not
	vain        int      // how often in a row its messages waited for others that did not come
	asks        limiter  // its beginnings of SMP since our user answered one
}

// Instance describes one client of the peer with which there is or was a
// private conversation (section "Instance Tags").
type Instance struct {
	Tag         uint32 // 0 in version 2
	Version     Version
	State       State
	Fingerprint Fingerprint
	Heard       time.Time // of the last authenticated message, or key exchange
}

func (i *instance) describe() Instance { return Instance{i.tag, i.version, i.state, i.peer, i.heard} }

// leave wipes what belongs to Encrypted and enters another state.
func (i *instance) leave(s State) {
	i.keys.Wipe()
	i.former.Wipe()
	i.keys, i.former = nil, nil
	i.smp.wipe()
	i.ssid, i.vain = [8]byte{}, 0
	i.proven, i.unproven, i.doubtful, i.revealing = false, nil, nil, 0
	i.state = s
}

// wipe forgets everything.
func (i *instance) wipe() {
	i.leave(Plaintext)
	i.exchange.wipe()
}

// instance finds or makes the instance with that tag.
func (s *Session) instance(tag uint32, v Version, now time.Time) *instance {
	i := s.instances[tag]
	if i == nil {
		s.makeRoom()
		i = &instance{tag: tag, version: v}
		s.instances[tag] = i
	}
	if i.state != Encrypted {
		i.heard = now
	}
	return i
}

// makeRoom forgets the instance not heard of for longest when there are too
// many, those without a private conversation first. The one that Send goes to
// stays.
func (s *Session) makeRoom() {
	for len(s.instances) >= maxInstances {
		var out *instance
		for _, i := range s.instances {
			if i != s.live && (out == nil || worse(i, out)) {
				out = i
			}
		}
		out.wipe()
		delete(s.instances, out.tag)
	}
}

// worse ranks instances for being forgotten.
func worse(a, b *instance) bool {
	if sa, sb := a.state == Encrypted, b.state == Encrypted; sa != sb {
		return sb
	}
	if !a.heard.Equal(b.heard) {
		return a.heard.Before(b.heard)
	}
	return a.tag < b.tag
}

// mayFollow tells whether Send may go to i from here on.
func (s *Session) mayFollow(i *instance, fresh bool) bool {
	return s.live == nil || s.live == i || s.live.state != Encrypted || s.cfg.MayFollow == nil ||
		s.cfg.MayFollow(s.live.describe(), i.describe(), fresh)
}

// follow makes i the instance that Send goes to, if it may.
func (s *Session) follow(r *Result, i *instance) {
	if s.live == i || !s.mayFollow(i, false) {
		return
	}
	if s.live != nil {
		r.event(Event{Kind: InstanceSwitched, Tag: i.tag, Fingerprint: i.peer})
	}
	s.live = i
}

// otherPrivate is the instance heard of last that has a private conversation,
// or nil.
func (s *Session) otherPrivate() (best *instance) {
	for _, i := range s.instances {
		if i.state == Encrypted && (best == nil || worse(best, i)) {
			best = i
		}
	}
	return best
}

// privates is the number of instances that have a private conversation.
func (s *Session) privates() (n int) {
	for _, i := range s.instances {
		if i.state == Encrypted {
			n++
		}
	}
	return n
}

// Instances lists the clients of the peer with which there is or was a
// private conversation, by tag.
func (s *Session) Instances() []Instance {
	var all []Instance
	for _, tag := range s.tags() {
		if i := s.instances[tag]; i.state != Plaintext {
			all = append(all, i.describe())
		}
	}
	return all
}

// Select makes Send go to the instance with that tag, until another one shows
// that it is the live one and MayFollow agrees. It reports whether there is such
// an instance.
func (s *Session) Select(tag uint32) bool {
	i := s.instances[tag]
	if i == nil || i.state == Plaintext {
		return false
	}
	s.live = i
	return true
}
