package main

import (
	"strings"
	"testing"
)

func TestDiscovery(t *testing.T) {
	stage(t,
		scenario{name: "P1 P2 query from alice", play: func(s *scene) { s.secure(s.a); s.say(s.a, "hi"); s.say(s.b, "hi") }},
		scenario{name: "P1 P2 query from bob", play: func(s *scene) { s.secure(s.b); s.say(s.b, "hi"); s.say(s.a, "hi") }},
		scenario{name: "P4 P6 whitespace tag", play: whitespace},
		scenario{name: "P42 require encryption", play: require},
	)
}

func whitespace(s *scene) {
	s.policy("whitespace whitespace-start")
	s.do(s.a, "send hello there")
	if !strings.HasPrefix(s.a.queue[0], "hello there \t") {
		s.Fatalf("no offer in %q", s.a.queue[0])
	}
	s.run()
	s.shown(s.b, "plain hello there")
	s.states("encrypted", "encrypted")
	s.say(s.b, "private")
	s.say(s.a, "private")
}

func require(s *scene) {
	s.do(s.a, "policy %s require", s.version)
	s.do(s.a, "send first canary")
	if strings.Contains(s.a.name, "culver") {
		s.do(s.a, "send second canary")
	}
	s.want(s.a, "event encryption-required")
	s.run()
	s.states("encrypted", "encrypted")
	s.secret("canary")
	switch {
	case strings.Contains(s.a.name, "culver"):
		s.shown(s.b, "encrypted first canary", "encrypted second canary")
	case s.version == "v3" && s.size > 0:
		s.shown(s.b) // libotr loses what waits when a v3 exchange comes in pieces
	default:
		s.shown(s.b, "encrypted first canary") // libotr keeps the last line only
	}
}

func TestNoCommonVersion(t *testing.T) {
	s := &scene{T: t, a: startLibotr(t, "alice"), b: startOurs(t, "bob", keys()[1])}
	s.do(s.a, "policy v2")
	s.do(s.b, "policy v3")
	s.do(s.a, "start")
	s.run()
	s.want(s.b, "event no-common-version")
	s.do(s.b, "start")
	s.run()
	s.states("plaintext", "plaintext")
}
