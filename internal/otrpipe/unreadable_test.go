package main

import (
	"strings"
	"testing"
)

func TestUnreadable(t *testing.T) {
	const changes = "changes bytes of a whole message"
	stage(t,
		scenario{name: "P33 P36 P39 unreadable and malformed", play: unreadable, whole: changes},
		scenario{name: "P34 unreadable but flagged", play: unreadableFlagged, whole: changes},
		scenario{name: "P42 resent within a minute only", play: resentInTime, whole: changes},
		scenario{name: "P43 errors come to rest", play: errorsRest, whole: changes},
		scenario{name: "P43 error text", play: errorText},
		scenario{name: "P44 clear while required or finished", play: clearWhileNotOpen},
		scenario{name: "P46 data while not private", play: dataNotPrivate},
		scenario{name: "P48 end ends SMP", play: endEndsSMP},
	)
}

// unreadable: each spoilt message is refused by both engines for the same
// reason, is answered by an error, and changes nothing.
func unreadable(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		for range 2 { // so that there are previous keys, and keys before those
			s.say(p, "x")
			s.say(o, "y")
		}
		s.do(p, "send good")
		good := p.queue[0]
		p.queue = nil
		m, ok := tap(good)
		if !ok {
			s.Fatal("not a data message")
		}
		for _, c := range []struct {
			name, want string
			raw        []byte
		}{
			{"sender key 0", "unreadable", changed(m.raw, m.at["sender"], 0, 0, 0, 0)},
			{"recipient key 0", "unreadable", changed(m.raw, m.at["to"], 0, 0, 0, 0)},
			{"sender key too new", "unreadable", changed(m.raw, m.at["sender"]+3, byte(m.sender+1))},
			{"sender key too old", "unreadable", changed(m.raw, m.at["sender"]+3, byte(m.sender-2))},
			{"recipient key too new", "unreadable", changed(m.raw, m.at["to"]+3, byte(m.to+2))},
			{"recipient key too old", "unreadable", changed(m.raw, m.at["to"]+3, byte(m.to-2))},
			{"counter", "unreadable", changed(m.raw, m.at["ctr"]+7, byte(m.ctr+1))},
			{"MAC", "unreadable", changed(m.raw, m.at["mac"], m.mac[0]^1)},
			{"next key", "unreadable", changed(m.raw, m.at["key"]+100, m.next[100]^1)},
			{"next key 2^1536-1", "next key", changed(m.raw, m.at["key"], []byte(strings.Repeat("\xff", len(m.next)))...)},
			{"something behind", "malformed", append(append([]byte(nil), m.raw...), 0)},
			{"something missing", "malformed", m.raw[:len(m.raw)-1]},
			{"length of the text", "malformed", changed(m.raw, m.at["enc"], 0xff)},
		} {
			if c.want == "next key" { // libotr does not look at it
				c.want = "unreadable"
				if o.ours && len(m.next) == 192 { // else it is in range
					c.want = "malformed"
				}
			}
			o.events, o.queue = nil, nil
			s.do(o, "clock +61") // errors are told a few times a minute
			s.do(o, "recv %s", escape(armour(c.raw)))
			if len(o.events) != 1 || o.events[0] != "event "+c.want || len(o.queue) != 1 || !strings.HasPrefix(o.queue[0], "?OTR Error:") {
				s.Fatalf("%s: %s told %q and answered %q", c.name, o.name, o.events, o.queue)
			}
			s.shown(o)
		}
		o.queue = nil
		s.do(o, "recv %s", escape(good))
		s.shown(o, "encrypted good")
		s.run()
	}
}

// unreadableFlagged: nobody is told of a spoilt message that nobody misses.
func unreadableFlagged(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "heartbeat")
		m, _ := tap(p.queue[0])
		p.queue = nil
		for n, raw := range [][]byte{
			changed(m.raw, m.at["mac"], m.mac[0]^1), changed(m.raw, m.at["sender"], 0, 0, 0, 0), m.raw[:len(m.raw)-1],
			append(append([]byte(nil), m.raw...), 0),
		} {
			o.events = nil
			s.do(o, "recv %s", escape(armour(raw)))
			if len(o.events)+len(o.queue)+len(o.texts) > 0 {
				s.Fatalf("%d: %s told %q and answered %q", n, o.name, o.events, o.queue)
			}
		}
	}
	s.say(s.a, "still there")
	s.say(s.b, "still here")
}

// spoil spoils the newest text from p, which o then cannot read, and lets o
// tell so.
func (s *scene) spoil(p *wirePeer) {
	s.Helper()
	m, ok := tap(p.queue[0])
	if !ok {
		s.Fatal("not a data message")
	}
	p.queue[0] = armour(changed(m.raw, m.at["mac"], m.mac[0]^1))
	s.run()
}

// resentInTime: what could not be read is sent again after the next key
// exchange, with a prefix; but not after more than a minute.
func resentInTime(s *scene) {
	s.secure(s.a)
	for _, c := range []struct {
		wait string
		want bool
	}{{"+50", true}, {"+61", false}} {
		s.a.events, s.b.events = nil, nil
		s.do(s.a, "send canary")
		s.spoil(s.a)
		s.want(s.b, "event unreadable")
		s.want(s.a, "event error")
		s.do(s.a, "clock %s", c.wait)
		s.do(s.b, "clock %s", c.wait)
		s.do(s.b, "start")
		s.run()
		s.states("encrypted", "encrypted")
		switch {
		case !s.a.ours: // libotr does so sometimes, and then whatever the time
			s.b.texts = nil
		case c.want:
			s.shown(s.b, "encrypted [resent] canary")
			s.want(s.a, "event resent")
		default:
			s.shown(s.b)
		}
		s.say(s.a, "go on")
	}
	s.secret("canary")
}

// errorsRest: both answer errors by a new exchange of keys, and whatever is
// sent again is spoilt again. That comes to an end.
func errorsRest(s *scene) {
	s.policy("error-start")
	s.secure(s.a)
	s.do(s.a, "send one")
	s.do(s.b, "send two")
	before := len(s.a.sent) + len(s.b.sent)
	for len(s.a.queue)+len(s.b.queue) > 0 {
		for _, p := range []*wirePeer{s.a, s.b} {
			if len(p.queue) == 0 {
				continue
			}
			if m, ok := tap(p.queue[0]); ok {
				p.queue[0] = armour(changed(m.raw, m.at["mac"], m.mac[0]^1))
			}
			s.deliverOne(p)
			if n := len(s.a.sent) + len(s.b.sent) - before; n > 120 {
				s.Fatalf("%d messages, and no end", n)
			}
		}
	}
	s.shown(s.a)
	s.shown(s.b)
	s.do(s.a, "clock +61")
	s.do(s.b, "clock +61")
	s.secure(s.a)
	s.say(s.a, "at last")
	s.say(s.b, "at last")
}

func errorText(s *scene) {
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv ?OTR Error: no such <b>thing</b>")
		s.want(p, `event error text=no\ssuch\s<b>thing</b>`)
		s.shown(p)
	}
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv ?OTR Error: go away")
		s.want(p, `event error text=go\saway`)
		s.run()
	}
	s.states("encrypted", "encrypted")
	s.policy("error-start")
	s.do(s.a, "drop")
	s.do(s.b, "drop")
	s.do(s.a, "recv ?OTR Error: start again")
	s.run()
	s.states("encrypted", "encrypted")
}

func clearWhileNotOpen(s *scene) {
	s.policy("require")
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv forged words")
		s.want(p, "event unencrypted")
		s.shown(p, "warn forged words")
	}
	s.policy("")
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv open words")
		s.shown(p, "plain open words")
		s.secure(s.a)
		s.do(s.other(p), "end")
		s.run()
		if p.state("") != "finished" {
			s.Fatal("not finished")
		}
		p.events = nil
		s.do(p, "recv forged words")
		s.want(p, "event unencrypted")
		s.shown(p, "warn forged words")
		s.do(p, "end")
	}
}

// dataNotPrivate: an encrypted message that nobody here can read is not shown,
// and starts nothing.
func dataNotPrivate(s *scene) {
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.secure(s.a)
		s.do(o, "drop")
		s.do(p, "send into the void")
		s.run()
		s.shown(o)
		if o.ours || s.version == "v2" { // libotr tells nobody in version 3
			s.want(o, "event not-in-private")
		}
		if o.state("") != "plaintext" || p.state("") != "encrypted" {
			s.Fatal("something began by itself")
		}
		s.do(s.a, "drop")
		s.do(s.b, "drop")
		s.secure(s.a)
		// And what crosses the end.
		s.do(o, "send crosses the end")
		s.do(p, "end")
		s.run()
		s.shown(p)
		s.do(p, "end")
		s.do(o, "end")
		s.a.events, s.b.events, s.a.queue, s.b.queue, s.a.texts, s.b.texts = nil, nil, nil, nil, nil, nil
		s.do(s.a, "clock +61")
		s.do(s.b, "clock +61")
	}
	s.secret("into the void")
	s.secret("crosses the end")
}

// endEndsSMP: who ends while SMP runs tells so once, and the next private
// conversation can do it again.
func endEndsSMP(s *scene) {
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.secure(p)
		s.do(p, "smp secret")
		s.run()
		s.do(o, "end")
		if len(o.queue) == 0 || s.size == 0 && len(o.queue) != 1 {
			s.Fatalf("%q", o.queue)
		}
		s.run()
		s.want(p, "event peer-ended")
		if why, ok := p.do("abort"); ok {
			s.Fatalf("%s: SMP goes on: %s", p.name, why)
		}
		s.do(p, "end")
		if len(p.queue) != 0 {
			s.Fatalf("told again: %q", p.queue)
		}
		if why, ok := p.do("smp secret"); ok {
			s.Fatalf("%s: SMP in clear: %s", p.name, why)
		}
		s.secure(p)
		s.smp(p, "", "secret", "secret", "success")
		s.do(p, "end")
		s.run()
		s.do(o, "end")
	}
}
