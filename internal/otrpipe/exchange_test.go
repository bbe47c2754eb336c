package main

import (
	"strings"
	"testing"
)

func TestExchange(t *testing.T) {
	stage(t,
		scenario{name: "P13 both start at once", play: bothAtOnce},
		scenario{name: "P17 refresh", play: refresh},
		scenario{name: "P17 refresh from both", play: refreshBoth},
		scenario{name: "P17 typed during a refresh", play: typedDuringRefresh},
		scenario{name: "P46 peer lost its session", play: peerLost},
	)
}

func bothAtOnce(s *scene) {
	s.do(s.a, "start")
	s.do(s.b, "start")
	s.run()
	s.states("encrypted", "encrypted")
	s.say(s.a, "hi")
	s.say(s.b, "hi")
}

func refresh(s *scene) {
	s.secure(s.a)
	before := s.a.state("ssid")
	for _, p := range []*wirePeer{s.a, s.b} {
		s.say(s.a, "before")
		s.say(s.b, "before")
		s.secure(p)
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
				if strings.Contains(p.name, "culver") {
					s.do(p, "send canary %d", steps)
				}
			}
			s.run()
			s.states("encrypted", "encrypted")
			s.a.texts, s.b.texts = nil, nil
			s.say(s.a, "after")
			s.say(s.b, "after")
		}
	}
	s.secret("canary")
}

func peerLost(s *scene) {
	s.secure(s.a)
	s.say(s.a, "read")
	s.do(s.b, "drop")
	s.do(s.a, "send %s", "into the void")
	s.run()
	s.shown(s.b)
	if strings.Contains(s.b.name, "culver") { // libotr tells nobody in version 3
		s.want(s.b, "event not-in-private")
		s.want(s.a, "event error")
	}
	s.do(s.a, "clock +70")
	s.do(s.b, "clock +70")
	s.secure(s.b)
	s.say(s.a, "again")
	s.say(s.b, "again")
}
