package main

import (
	"strings"
	"testing"
)

func TestFragments(t *testing.T) {
	stage(t,
		scenario{name: "P27 fragments of 100", play: fragments(100), whole: ownFragments},
		scenario{name: "P27 fragments of 200", play: fragments(200), whole: ownFragments},
		scenario{name: "P27 fragments of 400", play: fragments(400), whole: ownFragments},
		scenario{name: "P28 lost fragment", play: lostFragment, whole: ownFragments},
	)
}

const ownFragments = "sets the size of the pieces itself"

func fragments(size int) func(*scene) {
	return func(s *scene) {
		s.do(s.a, "fragment %d", size)
		s.do(s.b, "fragment %d", size)
		s.secure(s.a)
		for _, text := range texts {
			s.say(s.a, text)
			s.say(s.b, text)
		}
		for _, p := range []*wirePeer{s.a, s.b} {
			for _, w := range p.sent {
				if strings.HasPrefix(w, "?OTR:") && len(w) > size || strings.HasPrefix(w, "?OTR|") && len(w) > size {
					// libotr leaves a few kinds whole.
					if p.ours {
						s.Fatalf("%d bytes on the wire", len(w))
					}
				}
			}
		}
	}
}

func lostFragment(s *scene) {
	s.secure(s.a)
	s.do(s.a, "fragment 200")
	s.do(s.a, "send %s", strings.Repeat("lost ", 100))
	s.a.queue = append(s.a.queue[:2], s.a.queue[3:]...)
	s.run()
	s.shown(s.b)
	s.say(s.a, strings.Repeat("found ", 100))
	s.say(s.b, "fine")
}
