package main

import (
	"fmt"
	"strings"
	"testing"
)

// scene is two peers and the wire between them.
type scene struct {
	*testing.T
	version string // "v2" or "v3"
	size    int    // of the biggest message on the wire, 0: no limit
	words   string // the policy of both
	a, b    *wirePeer
}

// engines are who plays alice and bob.
var engines = []struct{ a, b string }{{"culver", "culver"}, {"culver", "libotr"}, {"libotr", "culver"}}

// pieceSize is the biggest message on the wire when a scenario runs in pieces.
const pieceSize = 200

// scenario is a play for two. Its name begins with the rows of the table in
// otrplugin/otr/README.md that it is about.
type scenario struct {
	name  string
	play  func(*scene)
	whole string // why it is not played in pieces too; usually empty
	only  string // the one version that it is about; usually empty
}

// stage plays scenarios with every casting, in both versions, in whole
// messages and in pieces.
func stage(t *testing.T, scenarios ...scenario) {
	for _, sc := range scenarios {
		for _, e := range engines {
			for _, v := range []string{"v2", "v3"} {
				if sc.only != "" && sc.only != v {
					continue
				}
				sizes := []int{0, pieceSize}
				if sc.whole != "" {
					sizes = sizes[:1]
				}
				for _, size := range sizes {
					name := fmt.Sprintf("%s/%s-%s/%s/%s", sc.name, e.a, e.b, v, map[bool]string{false: "whole", true: "pieces"}[size > 0])
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						s := &scene{T: t, version: v, size: size}
						s.a, s.b = s.enter(e.a, "alice", 0, 0), s.enter(e.b, "bob", 1, 0)
						s.policy("")
						sc.play(s)
					})
				}
			}
		}
	}
}

// enter brings a peer with one of the keys on the stage. A tag of 0 is drawn.
func (s *scene) enter(engine, who string, key int, tag uint32) *wirePeer {
	s.Helper()
	p := (*wirePeer)(nil)
	if engine == "culver" {
		p = startOurs(s.T, who, key, tag)
	} else {
		p = startLibotr(s.T, who, key, tag)
	}
	s.do(p, "fragment %d", s.size)
	return p
}

// restart replaces a peer by one of the same engine that knows nothing of the
// conversation, with a key and the tag of the former.
func (s *scene) restart(p *wirePeer, key int) *wirePeer {
	s.Helper()
	who, engine, _ := strings.Cut(strings.TrimSuffix(p.name, ")"), " (")
	s.do(p, "quit")
	again := s.enter(engine, who, key, p.tag())
	s.do(again, "policy %s", s.words)
	again.sent = p.sent
	if p == s.a {
		s.a = again
	} else {
		s.b = again
	}
	return again
}

// policy sets what both may do besides speaking the version.
func (s *scene) policy(words string) {
	s.words = s.version + " " + words
	s.do(s.a, "policy %s", s.words)
	s.do(s.b, "policy %s", s.words)
}

// do runs a command that must work.
func (s *scene) do(p *wirePeer, format string, args ...any) {
	s.Helper()
	line := fmt.Sprintf(format, args...)
	if why, ok := p.do(line); !ok {
		s.Fatalf("%s: %.60s: %s", p.name, line, why)
	}
}

func (s *scene) other(p *wirePeer) *wirePeer {
	if p == s.a {
		return s.b
	}
	return s.a
}

// deliverOne hands the oldest line from p to the other.
func (s *scene) deliverOne(p *wirePeer) {
	s.Helper()
	line := p.queue[0]
	p.queue = p.queue[1:]
	s.do(s.other(p), "recv %s", escape(line))
}

// run delivers, taking turns, until nobody has anything to say.
func (s *scene) run() {
	s.Helper()
	for n := 0; len(s.a.queue)+len(s.b.queue) > 0; n++ {
		if n > 20000 {
			s.Fatal("the two never stop talking")
		}
		for _, p := range []*wirePeer{s.a, s.b} {
			if len(p.queue) > 0 {
				s.deliverOne(p)
			}
		}
	}
}

// secure makes the conversation private, at p's request.
func (s *scene) secure(p *wirePeer) {
	s.Helper()
	s.do(p, "start")
	s.run()
	s.states("encrypted", "encrypted")
	v := s.version[1:]
	if s.a.state("v") != v || s.b.state("v") != v {
		s.Fatal("another version is spoken")
	}
	if ida, idb := s.a.state("ssid"), s.b.state("ssid"); ida == "" || ida != idb || s.a.state("half") == s.b.state("half") {
		s.Fatalf("session ids %q (%s), %q (%s)", ida, s.a.state("half"), idb, s.b.state("half"))
	}
	for _, p := range []*wirePeer{s.a, s.b} {
		if fp := p.state("fp"); !strings.Contains(s.other(p).hello, "fp="+fp) {
			s.Fatalf("%s sees the fingerprint %s", p.name, fp)
		}
	}
}

// states checks both states.
func (s *scene) states(a, b string) {
	s.Helper()
	if sa, sb := s.a.state(""), s.b.state(""); sa != a || sb != b {
		s.Fatalf("states are %s, %s; want %s, %s\nalice: %q\nbob: %q", sa, sb, a, b, s.a.events, s.b.events)
	}
}

// shown checks what p was shown since the last time, as "how text".
func (s *scene) shown(p *wirePeer, want ...string) {
	s.Helper()
	var got []string
	for _, t := range p.texts {
		got = append(got, t[0]+" "+t[1])
	}
	p.texts = nil
	if strings.Join(got, "\x00") != strings.Join(want, "\x00") {
		s.Fatalf("%s was shown %.200q, want %.200q", p.name, got, want)
	}
}

// say lets p send a text, and checks that it arrives encrypted.
func (s *scene) say(p *wirePeer, text string) {
	s.Helper()
	s.do(p, "send %s", escape(text))
	s.run()
	s.shown(s.other(p), "encrypted "+text)
}

// want checks that p reported something, and forgets its events.
func (s *scene) want(p *wirePeer, events ...string) {
	s.Helper()
	for _, e := range events {
		if !p.has(e) {
			s.Fatalf("%s did not say %q but %q", p.name, e, p.events)
		}
	}
	p.events = nil
}

// secret checks that a text never was on the wire.
func (s *scene) secret(text string) {
	s.Helper()
	for _, w := range append(s.a.sent, s.b.sent...) {
		if strings.Contains(w, text) {
			s.Fatalf("%q went in clear", text)
		}
	}
}
