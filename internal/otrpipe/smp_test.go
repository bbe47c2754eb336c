package main

import (
	"testing"
)

func TestSMP(t *testing.T) {
	stage(t,
		scenario{name: "P50 P53 smp", play: authenticate},
		scenario{name: "P55 smp abort then again", play: abortThenAgain},
		scenario{name: "P52 smp with chat between", play: chatBetween},
	)
}

func (s *scene) smp(p *wirePeer, question, secret, answer, outcome string) {
	s.Helper()
	o := s.other(p)
	p.events, o.events = nil, nil
	if question == "" {
		s.do(p, "smp %s", secret)
	} else {
		s.do(p, "smpq %s %s", escape(secret), question)
	}
	s.run()
	if question == "" {
		s.want(o, "smp ask-secret 25")
	} else {
		s.want(o, "smp ask-answer 25 "+escape(question))
	}
	s.do(o, "answer %s", answer)
	s.run()
	s.want(p, "smp progress 60", "smp "+outcome+" 100")
	s.want(o, "smp "+outcome+" 100")
}

func authenticate(s *scene) {
	s.secure(s.a)
	s.smp(s.a, "", "the secret", "the secret", "success")
	s.smp(s.a, "", "the secret", "the  secret", "failure")
	s.smp(s.b, "", "gëheim", "gëheim", "success")
	s.smp(s.a, "Where did we meet?", "in a pub", "in a pub", "success")
	s.smp(s.b, "Where did we meet?", "in a pub", "at work", "failure")
	s.smp(s.b, "", "x", "x", "success")
	s.say(s.a, "still private")
}

func abortThenAgain(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "smp first")
		s.run()
		s.do(p, "abort")
		s.run()
		s.want(o, "smp ask-secret", "smp abort 0")
		s.do(p, "smp second")
		s.run()
		s.do(o, "abort")
		s.run()
		s.want(p, "smp abort 0")
		s.smp(p, "", "third", "third", "success")
	}
}

func chatBetween(s *scene) {
	s.secure(s.a)
	s.do(s.a, "smp secret")
	s.run()
	s.say(s.b, "is it the one from Monday?")
	s.say(s.a, "yes")
	s.do(s.b, "answer secret")
	s.run()
	s.want(s.a, "smp success 100")
	s.want(s.b, "smp success 100")
}
