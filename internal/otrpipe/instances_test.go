package main

import (
	"testing"
)

func TestTwoInstances(t *testing.T) {
	s := &scene{T: t, version: "v3", a: startOurs(t, "alice", 0, 0), b: startLibotr(t, "bob", 1, 0)}
	phone := startLibotr(t, "bob's phone", 1, 0)
	run := func(bobs ...*wirePeer) {
		t.Helper()
		for n := 0; n < 1000; n++ {
			if len(s.a.queue) > 0 {
				line := s.a.queue[0]
				s.a.queue = s.a.queue[1:]
				for _, b := range bobs {
					s.do(b, "recv %s", escape(line))
				}
			}
			for _, b := range bobs {
				if len(b.queue) > 0 {
					s.deliverOne(b)
				}
			}
		}
	}
	s.do(s.a, "start")
	run(s.b, phone)
	if s.b.state("") != "encrypted" || phone.state("") != "encrypted" {
		t.Fatal("not private with both")
	}
	for _, b := range []*wirePeer{s.b, phone, s.b} {
		s.do(b, "send it's me")
		run(s.b, phone)
		s.shown(s.a, "encrypted it's me")
		s.do(s.a, "send fine")
		run(s.b, phone)
		s.shown(b, "encrypted fine")
	}
	s.shown(phone)
	again := startLibotr(t, "bob again", 1, 0)
	s.do(again, "start")
	run(again)
	s.do(s.a, "send are you back?")
	run(again)
	s.shown(again, "encrypted are you back?")
}
