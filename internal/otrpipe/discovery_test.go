package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiscovery(t *testing.T) {
	stage(t,
		scenario{name: "P1 P2 query from alice", play: func(s *scene) { s.secure(s.a); s.say(s.a, "hi"); s.say(s.b, "hi") }},
		scenario{name: "P1 P2 query from bob", play: func(s *scene) { s.secure(s.b); s.say(s.b, "hi"); s.say(s.a, "hi") }},
		scenario{name: "P1 best version", play: bestVersion, only: "v3"},
		scenario{name: "P2 forms of queries", play: queries},
		scenario{name: "P3 typed query", play: typedQuery},
		scenario{name: "P4 P6 whitespace tag", play: whitespace},
		scenario{name: "P5 offers and answers", play: offers},
		scenario{name: "P6 tag in private and after the end", play: tagAfterEnd},
		scenario{name: "P7 words that look like OTR", play: lookalikes},
		scenario{name: "P42 require encryption", play: require},
		scenario{name: "P47 policy never", play: never},
		scenario{name: "P47 policies change", play: policiesChange},
	)
}

// bestVersion: the best version that both may speak is spoken, or none.
func bestVersion(s *scene) {
	for _, c := range []struct{ a, b, want string }{
		{"v2 v3", "v2 v3", "3"}, {"v2", "v2 v3", "2"}, {"v2 v3", "v2", "2"}, {"v3", "v2 v3", "3"}, {"v2 v3", "v3", "3"},
		{"v2", "v3", ""}, {"v3", "v2", ""},
	} {
		s.do(s.a, "policy %s", c.a)
		s.do(s.b, "policy %s", c.b)
		for _, p := range []*wirePeer{s.a, s.b} {
			s.do(p, "start")
			s.run()
			if c.want == "" {
				s.states("plaintext", "plaintext")
				if o := s.other(p); o.ours {
					s.want(o, "event no-common-version")
				}
				continue
			}
			s.states("encrypted", "encrypted")
			if va, vb := s.a.state("v"), s.b.state("v"); va != c.want || vb != c.want {
				s.Fatalf("%q and %q speak %s, %s", c.a, c.b, va, vb)
			}
			s.say(s.a, "hi")
			s.say(s.b, "hi")
			s.do(p, "end")
			s.run()
			s.do(s.other(p), "end")
		}
	}
}

// queries: in whatever form a query comes, it is answered or it is not, and
// the words around it do not matter.
func queries(s *scene) {
	v := s.version[1:]
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		for _, q := range []string{"?OTR?", "?OTRv?", "?OTR?v?", "?OTRv4?", "?OTR?v4x?", "?OTR? v" + v + "?"} {
			s.do(p, "recv %s", escape(q))
			s.run()
			s.states("plaintext", "plaintext")
			s.shown(p)
		}
		for _, q := range []string{
			"?OTRv" + v + "?", "?OTR?v" + v + "?", "?OTRv4" + v + "x?", "<b>Hello</b> ?OTR?v" + v + "? and more",
			"?OTRv" + v + "?\nLet us talk privately?",
		} {
			s.do(p, "recv %s", escape(q))
			s.run()
			s.states("encrypted", "encrypted")
			s.shown(p)
			s.say(p, "private")
			s.do(p, "end")
			s.run()
			s.do(o, "end")
		}
	}
}

// typedQuery: a query that the user types is replaced by his program's own; the
// words around one are lost by libotr, and go out from here.
func typedQuery(s *scene) {
	words := "?OTR?v2?"
	if !s.a.ours {
		words = "please ?OTR?v2? now"
	}
	s.do(s.a, "send %s", words)
	if q := s.a.queue[0]; !strings.Contains(q, "?OTRv"+s.version[1:]+"?\n") {
		s.Fatalf("%q on the wire", q)
	}
	s.secret("please")
	s.run()
	s.states("encrypted", "encrypted")
	s.shown(s.b)
	s.say(s.a, "hi")
	if s.a.ours { // in private it is a text; libotr begins anew, in clear
		s.say(s.a, "?OTRv23?")
		s.secret("?OTRv23? ")
	}
}

const tagBase = "\x20\x09\x20\x20\x09\x09\x09\x09\x20\x09\x20\x09\x20\x09\x20\x20"

var tags = map[string]string{"v2": "\x20\x20\x09\x09\x20\x20\x09\x20", "v3": "\x20\x20\x09\x09\x20\x20\x09\x09"}

func whitespace(s *scene) {
	s.policy("whitespace whitespace-start")
	s.do(s.a, "send hello there")
	if s.a.queue[0] != "hello there"+tagBase+tags[s.version] {
		s.Fatalf("no offer in %q", s.a.queue[0])
	}
	s.run()
	s.shown(s.b, "plain hello there")
	s.states("encrypted", "encrypted")
	s.say(s.b, "private")
	s.say(s.a, "private")
}

// offers go on until a plain answer comes, and begin again after a private
// conversation.
func offers(s *scene) {
	s.do(s.a, "policy v2 v3 whitespace")
	s.do(s.b, "policy %s", s.version)
	tagged := func(want bool) {
		s.Helper()
		s.do(s.a, "send hi")
		if offer := strings.TrimPrefix(s.a.queue[0], "hi"); (offer == tagBase+tags["v2"]+tags["v3"]) != want || !want && offer != "" {
			s.Fatalf("offer %q", offer)
		}
		s.run()
		s.shown(s.b, "plain hi")
		s.states("plaintext", "plaintext")
	}
	tagged(true)
	tagged(true)
	s.do(s.b, "send hello")
	s.run()
	s.shown(s.a, "plain hello")
	tagged(false)
	s.secure(s.b)
	s.do(s.b, "end")
	s.run()
	s.do(s.a, "end")
	tagged(true)
}

// tagAfterEnd: in private an offer starts nothing; after the peer's end it
// does. (libotr in version 3 exchanges keys anew in private too.)
func tagAfterEnd(s *scene) {
	s.policy("whitespace whitespace-start")
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv %s", escape("forged"+tagBase+tags["v2"]+tags["v3"]))
		s.shown(p, "warn forged")
		if p.ours && len(p.queue) > 0 {
			s.Fatalf("%s answers %.40q", p.name, p.queue[0])
		}
	}
	s.run()
	s.do(s.a, "end")
	s.run()
	if s.b.state("") != "finished" {
		s.Fatal("not finished")
	}
	s.do(s.a, "send back again")
	s.run()
	s.shown(s.b, "warn back again")
	s.states("encrypted", "encrypted")
	s.say(s.b, "private")
}

// lookalikes: what only looks like OTR is a text for our user, not to be lost.
// libotr shows none of it.
func lookalikes(s *scene) {
	for _, p := range []*wirePeer{s.a, s.b} {
		for _, text := range []string{"?OTR is just text", "the ?OTR: prefix", "?OTR, you say?", "?OTRvegas", "?OTR|x|y,1,1,z,"} {
			s.do(s.other(p), "policy never") // as a program without OTR sends it
			s.do(s.other(p), "send %s", text)
			s.do(s.other(p), "policy %s", s.words)
			s.run()
			if p.ours {
				s.shown(p, "plain "+text)
			} else {
				s.shown(p)
			}
		}
	}
	s.secure(s.a)
	s.say(s.a, "?OTR is just text")
	s.say(s.b, "?OTR is just text")
}

func require(s *scene) {
	s.do(s.a, "policy %s require", s.version)
	s.do(s.a, "send first canary")
	if s.a.ours {
		s.do(s.a, "send second canary")
	}
	s.want(s.a, "event encryption-required")
	s.run()
	s.states("encrypted", "encrypted")
	s.secret("canary")
	switch {
	case s.a.ours:
		s.shown(s.b, "encrypted first canary", "encrypted second canary")
	case s.version == "v3" && s.size > 0:
		s.shown(s.b) // libotr loses what waits when a v3 exchange comes in pieces
	default:
		s.shown(s.b, "encrypted first canary") // libotr keeps the last line only
	}
}

// never: everything passes as it is.
func never(s *scene) {
	s.do(s.a, "policy never")
	for _, text := range []string{"hi", "?OTRv23?", "x" + tagBase + tags["v3"], "?OTR Error: no", "?OTR:AAMD."} {
		s.do(s.a, "recv %s", escape(text))
		s.shown(s.a, "plain "+text)
		s.do(s.a, "send %s", escape(text))
		if len(s.a.queue) != 1 || s.a.queue[0] != text {
			s.Fatalf("%q became %q", text, s.a.queue)
		}
		s.a.queue = nil
	}
	s.do(s.b, "start")
	s.run()
	s.states("plaintext", "plaintext")
}

// policiesChange: what is private stays so when our user's policy for a buddy
// changes, to never even. (libotr goes on in clear then.)
func policiesChange(s *scene) {
	s.secure(s.a)
	for _, words := range []string{"never", "v2", "v3", "v2 v3", "opportunistic", "always", "manual"} {
		for _, p := range []*wirePeer{s.a, s.b} {
			if p.ours {
				s.do(p, "policy %s", words)
			}
		}
		s.say(s.a, fmt.Sprint("under ", words))
		s.say(s.b, fmt.Sprint("still under ", words))
	}
	s.secret("under")
}
