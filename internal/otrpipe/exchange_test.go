package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

func TestExchange(t *testing.T) {
	const wholeOnly = "changes bytes of a whole message"
	stage(t,
		scenario{name: "P13 both start at once and again", play: bothAtOnce},
		scenario{name: "P13 both start, every order", play: everyOrder, whole: "one order of six messages is meant"},
		scenario{name: "P13 every message twice", play: everyMessageTwice, whole: "a piece that comes twice spoils its message"},
		scenario{name: "P13 a message is lost", play: messageLost, whole: "one of five messages is meant"},
		scenario{name: "P15 answered after a minute", play: answeredLate},
		scenario{name: "P16 reflected", play: reflected},
		scenario{name: "P17 refresh", play: refresh},
		scenario{name: "P17 refresh from both", play: refreshBoth},
		scenario{name: "P17 typed during a refresh", play: typedDuringRefresh},
		scenario{name: "P17 another key", play: anotherKey},
		scenario{name: "P18 spoilt exchange", play: spoiltExchange, whole: wholeOnly},
		scenario{name: "P46 peer lost its session", play: peerLost},
		scenario{name: "P46 P17 restart", play: restarted},
		scenario{name: "P46 P42 restart and first message", play: restartedFirstMessage},
	)
}

// bothAtOnce: the queries cross, twice.
func bothAtOnce(s *scene) {
	for range 2 {
		s.do(s.a, "start")
		s.do(s.b, "start")
		s.run()
		s.states("encrypted", "encrypted")
		s.say(s.a, "hi")
		s.say(s.b, "hi")
	}
}

// everyOrder: the queries cross, and what follows arrives in any order. (Two
// of libotr may get stuck then, since it yields whatever the hashes.)
func everyOrder(s *scene) {
	for order := range 16 {
		s.do(s.a, "start")
		s.do(s.b, "start")
		for bit := range 6 {
			p := s.a
			if order>>(bit%4)&1 == 1 {
				p = s.b
			}
			if len(p.queue) > 0 {
				s.deliverOne(p)
			}
		}
		s.run()
		if s.a.state("") != "encrypted" || s.b.state("") != "encrypted" || s.a.state("ssid") != s.b.state("ssid") {
			s.Fatalf("order %b: stuck", order)
		}
		s.a.texts, s.b.texts = nil, nil
		s.say(s.a, "hi")
		s.say(s.b, "hi")
		s.do(s.a, "end")
		s.do(s.b, "end")
		s.run()
		s.do(s.a, "end")
		s.do(s.b, "end")
		s.run()
		s.clock(70)
	}
}

// clock moves both clocks, and lets both see it.
func (s *scene) clock(seconds int) {
	s.Helper()
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "clock +%d", seconds)
		s.do(p, "poll")
	}
}

// everyMessageTwice: the network doubles whatever it carries.
func everyMessageTwice(s *scene) {
	for _, starter := range []*wirePeer{s.a, s.b} {
		s.do(starter, "start")
		for n := 0; len(s.a.queue)+len(s.b.queue) > 0; n++ {
			if n > 2000 {
				s.Fatal("the two never stop talking")
			}
			for _, p := range []*wirePeer{s.a, s.b} {
				if len(p.queue) > 0 {
					s.do(s.other(p), "recv %s", escape(p.queue[0]))
					s.deliverOne(p)
				}
			}
		}
		s.states("encrypted", "encrypted")
		s.say(s.a, "hi")
		s.say(s.b, "hi")
	}
}

// messageLost: any message of the exchange may be lost; the next start gets
// through.
func messageLost(s *scene) {
	for victim := range 5 {
		s.do(s.a, "start")
		for n := 0; len(s.a.queue)+len(s.b.queue) > 0; n++ {
			p := s.a
			if len(p.queue) == 0 {
				p = s.b
			}
			if n == victim {
				p.queue = p.queue[1:]
			} else {
				s.deliverOne(p)
			}
		}
		s.clock(15)
		s.secure(s.a)
		s.a.texts, s.b.texts = nil, nil
		s.say(s.a, "hi")
		s.say(s.b, "hi")
		s.do(s.a, "end")
		s.run()
		s.do(s.b, "end")
	}
}

// answeredLate: who committed forgets it after a minute, so that an answer
// that comes later starts nothing.
func answeredLate(s *scene) {
	s.do(s.a, "start")
	for len(s.a.queue) > 0 {
		s.deliverOne(s.a)
	}
	for len(s.b.queue) > 0 { // the commit
		s.deliverOne(s.b)
	}
	s.do(s.b, "clock +70")
	s.do(s.b, "poll")
	s.do(s.b, "clock +70")
	s.do(s.b, "poll")
	s.run()                            // the Key
	if s.b.ours || s.version == "v3" { // libotr in version 2 remembers
		s.states("plaintext", "plaintext")
	}
	s.clock(70)
	s.secure(s.b)
	s.say(s.a, "hi")
	s.say(s.b, "hi")
}

// reflected: everything of alice's comes back to her.
func reflected(s *scene) {
	s.do(s.a, "start")
	for n := 0; len(s.a.queue) > 0; n++ {
		if n > 100 {
			s.Fatal("talks to itself for ever")
		}
		line := s.a.queue[0]
		s.a.queue = s.a.queue[1:]
		s.do(s.a, "recv %s", escape(line))
	}
	if s.a.state("") != "plaintext" {
		s.Fatal("private with itself")
	}
	if s.a.ours {
		s.want(s.a, "event reflected")
	}
	s.clock(70)
	s.clock(70)
	s.secure(s.b)
	s.say(s.a, "hi")
	s.say(s.b, "hi")
}

func refresh(s *scene) {
	s.secure(s.a)
	before := s.a.state("ssid")
	for _, p := range []*wirePeer{s.a, s.b} {
		s.say(s.a, "before")
		s.say(s.b, "before")
		s.a.events, s.b.events = nil, nil
		s.secure(p)
		for _, q := range []*wirePeer{s.a, s.b} {
			if q.ours { // whoever asked
				s.want(q, "event still-secure")
			}
		}
		s.say(s.b, "after")
		s.say(s.a, "after")
	}
	if s.a.state("ssid") == before {
		s.Fatal("the same session")
	}
}

func refreshBoth(s *scene) {
	s.secure(s.a)
	before := s.a.state("ssid")
	s.do(s.a, "start")
	s.do(s.b, "start")
	s.run()
	s.states("encrypted", "encrypted")
	if a, b := s.a.state("ssid"), s.b.state("ssid"); a != b || a == before {
		s.Fatal("not refreshed")
	}
	s.say(s.a, "after")
	s.say(s.b, "after")
}

// typedDuringRefresh: what our engine is given while keys are exchanged anew
// never leaves in clear. libotr itself may fall back to clear for a moment;
// what then comes is shown with a warning, and our side stays private.
func typedDuringRefresh(s *scene) {
	for steps := range 6 {
		for _, starter := range []*wirePeer{s.a, s.b} {
			s.secure(s.a)
			s.do(starter, "start")
			for range steps {
				for _, p := range []*wirePeer{s.a, s.b} {
					if len(p.queue) > 0 {
						s.deliverOne(p)
						break
					}
				}
			}
			for _, p := range []*wirePeer{s.a, s.b} {
				if p.ours {
					s.do(p, "send canary %d", steps)
				} else {
					s.do(p, "send libotr %d", steps)
				}
			}
			s.run()
			s.states("encrypted", "encrypted")
			for _, p := range []*wirePeer{s.a, s.b} {
				for _, text := range p.texts {
					if p.ours && text[0] == "plain" {
						s.Fatalf("%s was shown %q without a warning", p.name, text[1])
					}
				}
				if q := s.other(p); p.ours && q.ours {
					s.shown(p, fmt.Sprint("encrypted canary ", steps))
				}
				p.texts = nil
			}
			s.say(s.a, "after")
			s.say(s.b, "after")
		}
	}
	s.secret("canary")
}

// anotherKey: bob comes back with another long-term key. That is no refresh.
func anotherKey(s *scene) {
	s.secure(s.a)
	s.want(s.a, "event new-fingerprint", "event gone-secure")
	s.restart(s.b, 2)
	s.secure(s.a)
	s.want(s.a, "event new-fingerprint", "event gone-secure")
	if !strings.Contains(s.b.hello, "fp="+s.a.state("fp")) {
		s.Fatal("the key from before is still believed in")
	}
	s.say(s.a, "hi")
	s.say(s.b, "hi")
}

// spoilt is a message with its last byte but n changed.
func spoilt(s *scene, line string, n int) string {
	s.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(line, "?OTR:"), "."))
	if err != nil {
		s.Fatal(err)
	}
	raw[len(raw)-n] ^= 1
	return "?OTR:" + base64.StdEncoding.EncodeToString(raw) + "."
}

// spoiltExchange: what is wrong in an exchange is said to the user, and not to
// the peer; and the next start gets through.
func spoiltExchange(s *scene) {
	for victim := range 4 {
		s.do(s.a, "start")
		s.deliverOne(s.a)
		from := s.b // commits
		for n := range victim {
			from = []*wirePeer{s.a, s.b}[n%2]
			s.deliverOne(s.other(from))
		}
		to := s.other(from)
		good := from.queue[0]
		from.queue = nil
		to.events = nil
		s.do(to, "recv %s", escape(spoilt(s, good, 10)))
		answers := to.queue
		if victim >= 2 { // a MAC; the others are noticed later
			s.want(to, "event setup-failed")
			if len(answers) > 0 {
				s.Fatalf("answered %.60q", answers[0])
			}
		}
		s.run()
		if s.a.state("") == "encrypted" && s.b.state("") == "encrypted" {
			s.Fatal("private after a spoilt exchange")
		}
		s.clock(70)
		s.secure(s.a)
		s.say(s.a, "hi")
		s.say(s.b, "hi")
		s.do(s.a, "end")
		s.run()
		s.do(s.b, "end")
	}
}

// peerLost: bob forgets the session; the first message is lost, and the next
// start mends it.
func peerLost(s *scene) {
	s.secure(s.a)
	s.say(s.a, "read")
	s.do(s.b, "drop")
	s.do(s.a, "send %s", "into the void")
	s.run()
	s.shown(s.b)
	if s.b.ours { // libotr tells nobody in version 3
		s.want(s.b, "event not-in-private")
		s.want(s.a, "event error")
	}
	s.clock(70)
	s.secure(s.b)
	s.say(s.a, "again")
	s.say(s.b, "again")
}

// restarted: one side after the other starts anew, with the same key and tag,
// and asks for a private conversation, or is asked.
func restarted(s *scene) {
	s.secure(s.a)
	for n := range 4 {
		s.say(s.a, "before")
		s.say(s.b, "before")
		stays, back := s.a, s.restart(s.b, s.b.key)
		if n%2 == 1 {
			stays, back = s.b, s.restart(s.a, s.a.key)
		}
		if n < 2 {
			s.secure(back)
		} else {
			s.secure(stays)
		}
		s.say(back, "I am back")
		s.say(stays, "so you are")
	}
	s.restart(s.a, s.a.key)
	s.restart(s.b, s.b.key)
	s.secure(s.a)
	s.say(s.a, "both are back")
}

// restartedFirstMessage: bob's program was restarted, and alice's, which knows
// nothing of it, sends. Our engine tells both, exchanges keys anew once, and
// sends again. libotr does not notice that it cannot read, and in version 3
// does not send again.
func restartedFirstMessage(s *scene) {
	s.policy("error-start")
	s.secure(s.a)
	s.say(s.a, "before")
	s.say(s.b, "before")
	s.restart(s.b, s.b.key)
	s.a.events = nil
	s.do(s.a, "send %s", "canary")
	s.run()
	switch {
	case !s.b.ours:
		s.shown(s.b)
		s.secure(s.b)
	case s.a.ours || s.version == "v2":
		s.want(s.b, "event not-in-private", "event gone-secure")
		s.want(s.a, "event error", "event resent")
		s.shown(s.b, "encrypted [resent] canary")
	default:
		s.want(s.b, "event not-in-private", "event gone-secure")
		s.want(s.a, "event error")
		s.shown(s.b)
	}
	s.states("encrypted", "encrypted")
	s.secret("canary")
	s.say(s.b, "here we are")
	s.say(s.a, "again")
}
