package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestFragments(t *testing.T) {
	stage(t,
		scenario{name: "P27 fragments of 100", play: fragments(100), whole: ownFragments},
		scenario{name: "P27 fragments of 200", play: fragments(200), whole: ownFragments},
		scenario{name: "P27 fragments of 400", play: fragments(400), whole: ownFragments},
		scenario{name: "P27 P29 numbers of any width", play: anyWidth, whole: ownFragments},
		scenario{name: "P28 lost fragment", play: lostFragment, whole: ownFragments},
		scenario{name: "P31 what is cut", play: whatIsCut, whole: ownFragments},
		scenario{name: "P32 sizes", play: sizes, whole: "measures whole messages"},
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

// anyWidth: pieces of any size, with numbers in any width, as other programs
// make them.
func anyWidth(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		tags := "," // version 2 has none
		for _, form := range []string{"%d,%d,", "%07d,%d,", "%05d,%05d,"} {
			if s.version == "v3" {
				tags = fmt.Sprintf("|%x|%x,", p.tag(), o.tag())
			}
			s.do(p, "send in any width")
			msg := p.queue[0]
			p.queue = nil
			n := len(msg)/7 + 1
			for k := range n {
				piece := msg[len(msg)*k/n : len(msg)*(k+1)/n]
				s.do(o, "recv %s", escape("?OTR"+tags+fmt.Sprintf(form, k+1, n)+piece+","))
			}
			s.shown(o, "encrypted in any width")
		}
	}
}

// whatIsCut: our engine cuts every binary message and nothing that people
// without OTR are to read; and libotr reads it all.
func whatIsCut(s *scene) {
	const size = 150
	s.do(s.a, "fragment %d", size)
	s.do(s.b, "fragment %d", size)
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "heartbeat")
		s.run()
		s.want(o, "event heartbeat-received")
		s.do(p, "extrakey 7 c0ffee")
		s.run()
		s.want(o, "extrakey received 7 c0ffee")
		s.do(p, "tlv 1234 deadbeef %s", strings.Repeat("x", 300))
		s.run()
		s.want(o, "tlv 1234 deadbeef")
	}
	s.do(s.a, "end")
	s.run()
	s.want(s.b, "event peer-ended")
	for _, p := range []*wirePeer{s.a, s.b} {
		for _, line := range p.sent {
			query := strings.HasPrefix(line, "?OTRv")
			if p.ours && !query && len(line) > size {
				s.Fatalf("%d bytes on the wire", len(line))
			}
			if p.ours && query && !strings.HasSuffix(line, "cypherpunks.ca/") {
				s.Fatalf("the query is %q", line)
			}
		}
	}
}

// sizes: the messages of both engines have the same lengths.
func sizes(s *scene) {
	s.secure(s.a)
	s.say(s.a, "x")
	s.say(s.b, "x")
	want := map[byte]int{'C': 338, 'K': 282, 'R': 702, 'S': 674, 'D': 350}
	if s.version == "v2" {
		want = map[byte]int{'C': 326, 'K': 274, 'R': 690, 'S': 666, 'D': 338}
	}
	for _, p := range []*wirePeer{s.a, s.b} {
		for _, line := range p.sent {
			if !strings.HasPrefix(line, "?OTR:") {
				continue
			}
			// A number may be a byte or so shorter, which makes four characters of base64.
			if d := want[line[8]] - len(line); d < 0 || d > 4 {
				s.Fatalf("%s: %.9q has %d bytes, want %d", p.name, line, len(line), want[line[8]])
			}
		}
	}
}
