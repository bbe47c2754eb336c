package main

import (
	"strings"
	"testing"
)

func TestSMP(t *testing.T) {
	const long = "it is long, and SMP in pieces is played by the others"
	stage(t,
		scenario{name: "P50 P53 smp", play: authenticate},
		scenario{name: "P55 smp abort then again", play: abortThenAgain},
		scenario{name: "P50 smp with long secrets and questions", play: longSecrets, whole: long},
		scenario{name: "P51 P52 smp nonsense and out of turn", play: smpNonsense, whole: long},
		scenario{name: "P52 smp with chat between", play: chatBetween},
		scenario{name: "P54 smp from both at once", play: smpBoth, whole: long},
		scenario{name: "P55 smp aborted at every step", play: abortEveryStep, whole: long},
		scenario{name: "P55 smp answered after an abort", play: lateAnswer, whole: long},
		scenario{name: "P53 smp mismatch told by an abort", play: mismatchByAbort, whole: "takes a message off the wire"},
		scenario{name: "P57 smp and new keys", play: smpRefresh, whole: long},
		scenario{name: "P53 smp expires", play: smpExpires, whole: long},
	)
}

func (s *scene) smp(p *wirePeer, question, secret, answer, outcome string) {
	s.Helper()
	o := s.other(p)
	p.events, o.events = nil, nil
	if question == "" {
		s.do(p, "smp %s", escape(secret))
	} else {
		s.do(p, "smpq %s %s", escape(secret), escape(question))
	}
	s.run()
	if question == "" {
		s.want(o, "smp ask-secret 25")
	} else {
		s.want(o, "smp ask-answer 25 "+escape(question))
	}
	s.do(o, "answer %s", escape(answer))
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

func longSecrets(s *scene) {
	s.secure(s.a)
	long := strings.Repeat("0123456789", 200)
	s.smp(s.a, "", long, long, "success")
	s.smp(s.b, strings.Repeat("why? ", 100), long, long[1:], "failure")
	for _, p := range []*wirePeer{s.a, s.b} {
		s.smp(p, "¿Dónde? <b>Κόσμε</b> 世界 🙂 \\", " 世界 🙂", " 世界 🙂", "success")
		s.smp(p, "", "\u00e9", "e\u0301", "failure")
	}
}

// smpNonsense: what is no message of SMP, or not its turn, stops SMP, and the
// next one works. Our user is not told of what he has not begun.
func smpNonsense(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		for _, typ := range []int{2, 3, 4, 5, 7} {
			for _, value := range []string{`\e`, "00000000", "00000006", "ffffffff", "0000000b00000000", "6162630000000006"} {
				s.do(p, "tlv %d %s ", typ, value)
				s.run()
				if o.has("smp success") || o.has("smp failure") || o.has("smp ask") {
					s.Fatalf("record %d with %s made %s say %q", typ, value, o.name, o.events)
				}
			}
		}
		s.a.texts, s.b.texts = nil, nil
		// While one runs: as a second answer, and in place of the first.
		for _, typ := range []int{3, 4, 5} {
			s.do(o, "smp secret")
			s.run()
			s.want(p, "smp ask-secret 25")
			o.events = nil
			s.do(p, "tlv %d 00000000 ", typ)
			s.run()
			if !o.has("smp error 0") && !o.has("smp cheated 0") {
				s.Fatalf("record %d made %s say %q", typ, o.name, o.events)
			}
			s.do(p, "abort")
			s.run()
		}
		s.a.texts, s.b.texts = nil, nil
		s.smp(p, "", "secret", "secret", "success")
	}
	s.say(s.a, "still private")
}

// smpBoth: both begin at the same moment. Ours agree on one; libotr gives up
// for both. Either way nobody hangs, nothing is taken for a success that is
// none, and the second try works.
func smpBoth(s *scene) {
	s.secure(s.a)
	for _, c := range []struct{ a, b string }{
		{"smp secret", "smp secret"}, {"smpq secret Who?", "smpq secret Who?"}, {"smp secret", "smpq secret Who?"}, {"smpq secret Who?", "smp secret"},
	} {
		s.a.events, s.b.events = nil, nil
		s.do(s.a, "%s", c.a)
		s.do(s.b, "%s", c.b)
		s.run()
		for _, p := range []*wirePeer{s.a, s.b} {
			if (p.has("smp ask")) && !p.has("smp abort") {
				s.do(p, "answer secret")
				s.run()
			}
		}
		if s.a.ours && s.b.ours {
			s.want(s.a, "smp success 100")
			s.want(s.b, "smp success 100")
		} else {
			for _, p := range []*wirePeer{s.a, s.b} {
				if p.has("smp success") || !p.has("smp abort") && !p.has("smp error") {
					s.Fatalf("%s says %q", p.name, p.events)
				}
			}
		}
	}
	s.smp(s.a, "", "secret", "secret", "success")
}

// abortEveryStep: with n messages delivered, one of the two aborts; the other
// one hears of it, with bytes in the record or without, and the next one works.
func abortEveryStep(s *scene) {
	s.secure(s.a)
	for n := range 4 {
		for _, aborts := range []*wirePeer{s.a, s.b} {
			s.a.events, s.b.events = nil, nil
			s.do(s.a, "smp secret")
			for k := range n {
				from := []*wirePeer{s.a, s.b}[k%2]
				if k == 1 {
					s.do(s.b, "answer secret")
				}
				for len(from.queue) > 0 {
					s.deliverOne(from)
				}
			}
			s.do(aborts, "abort")
			s.run()
			if o := s.other(aborts); n > 0 && !o.has("smp abort 0") && !o.has("smp success") && !o.has("smp error") {
				s.Fatalf("after %d messages: %s says %q", n, o.name, o.events)
			}
			s.do(aborts, "tlv 6 %x ", "why not")
			s.run()
			s.a.texts, s.b.texts = nil, nil
		}
	}
	s.smp(s.b, "", "again", "again", "success")
}

// lateAnswer: the one who asked gives up while the other's user is typing, who
// answers all the same.
func lateAnswer(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "smpq secret Who?")
		s.run()
		s.do(p, "abort")
		s.run()
		s.want(o, "smp ask-answer 25 Who?", "smp abort 0")
		p.events = nil
		_, answered := o.do("answer secret")
		if answered == o.ours {
			s.Fatalf("%s: answered %v", o.name, answered)
		}
		s.run()
		if p.ours && len(p.events) > 0 {
			s.Fatalf("%s has stopped it, and is told %q", p.name, p.events)
		}
		// The same with the answer under way.
		s.do(p, "smp secret")
		s.run()
		s.do(o, "answer secret")
		s.do(p, "abort")
		p.events = nil
		s.run()
		if p.ours && len(p.events) > 0 {
			s.Fatalf("%s has stopped it, and is told %q", p.name, p.events)
		}
		s.smp(p, "", "secret", "secret", "success")
	}
}

// mismatchByAbort: some programs stop when the secrets differ, in place of the
// last message.
func mismatchByAbort(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "smp one")
		s.run()
		s.do(o, "answer another")
		s.deliverOne(o)
		s.deliverOne(p)
		o.queue = nil // message 4
		p.events = nil
		s.do(o, "abort")
		s.run()
		s.want(p, "smp abort 0")
		s.smp(p, "", "secret", "secret", "success")
	}
}

// smpRefresh: new keys stop SMP; it works under the new ones.
func smpRefresh(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "smp secret")
		s.run()
		s.want(o, "smp ask-secret 25")
		s.secure(o)
		s.do(p, "abort")
		s.run()
		s.smp(p, "", "secret", "secret", "success")
	}
}

// smpExpires: an answer that never comes is waited for half an hour, and then
// both are told.
func smpExpires(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		if !p.ours {
			continue
		}
		o := s.other(p)
		s.do(p, "smp secret")
		s.run()
		p.events, o.events = nil, nil
		s.do(p, "clock +1790")
		s.do(p, "poll")
		if p.has("smp") {
			s.Fatalf("%s says %q", p.name, p.events)
		}
		s.do(p, "clock +20")
		s.do(p, "poll")
		s.want(p, "smp expired 0")
		s.run()
		s.want(o, "smp abort 0")
		s.smp(p, "", "secret", "secret", "success")
	}
}
