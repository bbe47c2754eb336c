package otr

import (
	"bytes"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/wire"
)

// The best version that both may speak is spoken, and version 1 never.
func TestP1Versions(t *testing.T) {
	for _, c := range []struct {
		a, b Policy
		want Version
	}{
		{Manual, Manual, V3}, {AllowV2, Manual, V2}, {Manual, AllowV2, V2}, {AllowV3, Manual, V3}, {Manual, AllowV3, V3},
		{AllowV2, AllowV3, 0}, {AllowV3, AllowV2, 0}, {Always, Opportunistic, V3},
	} {
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = c.a, c.b })
		p.a.take(p.a.Start())
		p.run()
		if p.a.Version() != c.want || p.b.Version() != c.want {
			t.Errorf("%b and %b speak %d, %d", c.a, c.b, p.a.Version(), p.b.Version())
		}
		if c.want == 0 {
			p.want(p.b, NoCommonVersion)
		}
	}
}

// Queries as we send them, and in every form in which they come, anywhere in a
// message, which is not shown then.
func TestP2Query(t *testing.T) {
	for p, want := range map[Policy]string{Manual: "?OTRv23?", AllowV2: "?OTRv2?", AllowV3: "?OTRv3?", Always: "?OTRv23?"} {
		s := New(Config{Key: keys()[0], InstanceTag: 0x1001, Policy: p, QueryText: "words"})
		if r, err := s.Start(); err != nil || len(r.Wire) != 1 || string(r.Wire[0]) != want+"\nwords" {
			t.Errorf("%b: %q, %v", p, r.Wire, err)
		}
	}
	for in, want := range map[string]Version{
		"?OTRv2?": V2, "?OTRv3?": V3, "?OTRv23?": V3, "?OTRv32?": V3, "?OTR?v2?": V2, "?OTR?v23?": V3, "?OTRv24x?": V2,
		"<b>?OTRv23?</b> hello": V3, "?OTRv2?\nI would like": V2, "say ?OTR and ?OTRv3?": V3,
		"?OTR?": 0, "?OTRv?": 0, "?OTR?v?": 0, "?OTRv1?": 0, "?OTRv4?": 0, "words ?OTR? words": 0,
	} {
		p := newPair(t, nil)
		r, err := p.a.Receive([]byte(in))
		switch {
		case err != nil || r.Show:
			t.Errorf("%q: shown or %v", in, err)
		case want == 0:
			if len(r.Wire) > 0 || len(r.Events) != 1 || r.Events[0].Kind != NoCommonVersion {
				t.Errorf("%q: %q, %v", in, r.Wire, r.Events)
			}
		case len(r.Wire) != 1:
			t.Errorf("%q: %q", in, r.Wire)
		default:
			if h, _ := unarmoured(t, r.Wire[0]); h.Type != wire.DHCommit || h.Version != uint16(want) {
				t.Errorf("%q: %v", in, h)
			}
		}
	}
}

// unarmoured takes a message from the wire apart.
func unarmoured(t *testing.T, msg []byte) (wire.Header, []byte) {
	t.Helper()
	m := discovery.Read(msg)
	if m.Kind != discovery.Armoured || !m.Dotted {
		t.Fatalf("%.60q is of kind %d", msg, m.Kind)
	}
	in := wire.NewReader(m.Body)
	h := in.Header()
	if !in.OK() {
		t.Fatalf("%.60q has no header", msg)
	}
	return h, in.Rest()
}

// A query that the user types becomes ours if there is nothing else in the
// text; in private it is a text.
func TestP3TypedQuery(t *testing.T) {
	p := newPair(t, nil)
	typed := func(text string) string {
		t.Helper()
		r, err := p.a.Send([]byte(text))
		if err != nil || len(r.Wire) != 1 || r.Sealed {
			t.Fatal(r, err)
		}
		return string(r.Wire[0])
	}
	for _, text := range []string{"?OTR?", "?OTR?v2?", " ?OTRv23?"} {
		if q := typed(text); !strings.HasPrefix(q, "?OTRv23?\n") {
			t.Fatalf("%q became %q", text, q)
		}
	}
	if q := typed("try ?OTRv2? there"); q != "try ?OTRv2? there" {
		t.Fatalf("what was typed became %q", q)
	}
	p.a.SetPolicy(Always)
	if q := typed("?OTRv2?"); !strings.HasPrefix(q, "?OTRv23?\n") || p.a.Held() > 0 {
		t.Fatalf("%q under RequireEncryption", q)
	}
	if q := typed("canary ?OTRv2?"); !strings.HasPrefix(q, "?OTRv23?\n") || p.a.Held() != 1 || strings.Contains(q, "canary") {
		t.Fatalf("%q under RequireEncryption", q)
	}
	p.secure()
	p.shown(p.b, "canary ?OTRv2?")
	p.a.say("?OTRv2?")
	p.run()
	p.shown(p.b, "?OTRv2?")
	p.b.take(p.b.End())
	p.run()
	if r, err := p.a.Send([]byte("canary ?OTRv2?")); err != ErrFinished || len(r.Wire) > 0 {
		t.Fatal(r, err)
	}
	p.a.say("?OTRv2?")
	p.run()
	if p.a.State() != Encrypted {
		t.Fatal("a query typed after the end did not start")
	}
}

// The invisible offer: its bytes, and how it is found and cut out. (The forms
// that it may come in are in internal/discovery.)
func TestP4WhitespaceTag(t *testing.T) {
	const base = "\x20\x09\x20\x20\x09\x09\x09\x09\x20\x09\x20\x09\x20\x09\x20\x20"
	const v1 = "\x20\x09\x20\x09\x20\x20\x09\x20"
	const v2 = "\x20\x20\x09\x09\x20\x20\x09\x20"
	const v3 = "\x20\x20\x09\x09\x20\x20\x09\x09"
	for policy, want := range map[Policy]string{
		Opportunistic: "hi" + base + v2 + v3, AllowV2 | SendWhitespaceTag: "hi" + base + v2, AllowV3 | SendWhitespaceTag: "hi" + base + v3,
		Manual: "hi", Always: "",
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = policy })
		r, err := p.a.Send([]byte("hi"))
		if err != nil || len(r.Wire) != 1 || want != "" && string(r.Wire[0]) != want || bytes.Contains(r.Wire[0], []byte(base)) != strings.Contains(want, base) {
			t.Errorf("%b: %q, %v", policy, r.Wire, err)
		}
	}
	for in, want := range map[string]Version{
		"hi" + base: 0, "hi" + base + v1: 0, "hi" + base + v2: V2, base + v3 + "hi": V3, "h" + base + v1 + v2 + v3 + "i": V3,
		"hi" + base + "\t\t\t\t\t\t\t\t" + v2: V2, "hi": 0,
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic })
		r, err := p.a.Receive([]byte(in))
		if err != nil || string(r.Text) != "hi" || !r.Show || (want == 0) != (len(r.Wire) == 0) {
			t.Errorf("%q: %q, %q, %v", in, r.Text, r.Wire, err)
		}
		if want != 0 {
			if h, _ := unarmoured(t, r.Wire[0]); h.Version != uint16(want) {
				t.Errorf("%q: %v", in, h)
			}
		}
	}
}

// Offers go on until a plain message comes back, and begin again after a
// private conversation.
func TestP5OfferStates(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic })
	tagged := func() bool {
		t.Helper()
		r, err := p.a.Send([]byte("hi"))
		if err != nil || r.Sealed {
			t.Fatal(r.Sealed, err)
		}
		return bytes.Contains(r.Wire[0], []byte(discovery.TagBase))
	}
	for range 2 {
		if !tagged() {
			t.Fatal("no offer")
		}
	}
	p.a.Receive(discovery.AddOffer([]byte("hello"), discovery.V3)) // speaks OTR
	if !tagged() {
		t.Fatal("no offer after an offer")
	}
	p.a.Receive([]byte("hello"))
	if tagged() {
		t.Fatal("an offer after a plain answer")
	}
	p.a.Receive([]byte("?OTR Error: what?"))
	if !tagged() {
		t.Fatal("no offer after a sign of OTR")
	}
	p.a.Receive([]byte("hello"))
	if tagged() {
		t.Fatal("an offer after a plain answer")
	}
	p.secure()
	p.a.take(p.a.End())
	p.run()
	if !tagged() {
		t.Fatal("no offer after a private conversation")
	}
}

// An offer starts an exchange, in private nothing, and after the peer's end
// an exchange again.
func TestP6TagStartsExchange(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = v|SendWhitespaceTag, Opportunistic })
		p.a.say("hi")
		p.run()
		p.shown(p.b, "CLEAR:hi")
		if p.a.State() != Encrypted || p.b.State() != Encrypted {
			t.Fatal("not private")
		}
		// In private, a tag starts nothing; after the end it does.
		r, err := p.b.Receive(discovery.AddOffer([]byte("x"), v.versions()))
		if err != nil || len(r.Wire) > 0 || r.Events[0].Kind != ReceivedUnencrypted || string(r.Text) != "x" {
			t.Fatal(r, err)
		}
		p.a.take(p.a.End())
		p.run()
		if p.b.State() != Finished {
			t.Fatal("not finished")
		}
		p.b.SetPolicy(Manual) // takes no offers
		if r, _ := p.b.Receive(discovery.AddOffer([]byte("x"), v.versions())); len(r.Wire) > 0 || string(r.Text) != "x" {
			t.Fatal(r)
		}
		p.b.SetPolicy(Opportunistic)
		p.b.events = nil
		p.a.say("again")
		p.run()
		p.want(p.b, ReceivedUnencrypted)
		p.want(p.b, GoneSecure)
	})
}

// Each type of message has its prefix. What is no message of OTR that we know
// is swallowed if it is binary, and shown if it may be words.
func TestP7WirePrefixes(t *testing.T) {
	for v, letters := range map[Policy]string{AllowV2: "?OTR:AAI", AllowV3: "?OTR:AAM"} {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.a.say("hi")
		p.run()
		var got []string
		for n, w := range [][]byte{p.a.wire[0], p.b.wire[0], p.a.wire[1], p.b.wire[1], p.a.wire[2], p.a.wire[3]} {
			if n == 0 {
				continue // the query
			}
			got = append(got, string(w[:9]))
		}
		if want := []string{letters + "C", letters + "K", letters + "R", letters + "S", letters + "D"}; strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q, want %q", got, want)
		}
	}
	p := newPair(t, nil)
	for _, text := range []string{"?OTR is just text", "the ?OTR: prefix", "?OTR, you say?", "?OTRvegas", "?OTR|x|y,1,1,z,", "?OTRv23", "?OTR"} {
		if r, err := p.a.Receive([]byte(text)); err != nil || string(r.Text) != text || !r.Show || len(r.Events)+len(r.Wire) > 0 {
			t.Errorf("%q: %v, %v", text, r, err)
		}
	}
	for _, msg := range []string{"?OTR:AAEKAAAA.", "?OTR:AAEDAAAA.", "?OTR:AAQCAAAA.", "?OTR:===.", "?OTR:.", "?OTR:AAMAAAAA.", "?OTR: and words"} {
		if r, err := p.a.Receive([]byte(msg)); err != ErrMalformed || r.Show || len(r.Wire) > 0 || len(r.Events) != 1 || r.Events[0].Kind != Malformed {
			t.Errorf("%q: %v, %v", msg, r, err)
		}
	}
}

// A data message may lack the final dot, a message of a key exchange may not.
// Bytes foreign to base64 are read over, and what follows '=' is not read.
func TestP8FinalDot(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		p.a.take(p.a.Start())
		for len(p.a.queue)+len(p.b.queue) > 0 {
			for _, e := range []*end{p.a, p.b} {
				if len(e.queue) == 0 {
					continue
				}
				if whole, ok := bytes.CutSuffix(e.queue[0], []byte(".")); ok && bytes.HasPrefix(whole, []byte("?OTR:")) {
					if r, err := e.to.Receive(whole); err != ErrMalformed || len(r.Wire) > 0 {
						t.Fatal("an exchange message without its dot", err)
					}
				}
				e.deliverOne()
			}
		}
		p.a.say("no dot")
		p.b.take(p.b.Receive(bytes.TrimSuffix(p.a.queue[0], []byte("."))))
		p.a.say("folded")
		folded := bytes.Clone(p.a.queue[1])
		folded = append(append(append([]byte(nil), folded[:40]...), "\r\n <br/>"[:3]...), folded[40:]...)
		p.b.take(p.b.Receive(folded))
		p.shown(p.b, "no dot", "folded")
	})
}

// Without a version everything passes as it is; a private conversation stays so
// under whatever policy comes to hold.
func TestP47PolicyNever(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Policy = Never })
	for _, text := range []string{"hi", "?OTRv23?", "?OTR:AAMD.", "x" + discovery.TagBase + discovery.TagV3, "?OTR Error: no"} {
		if r, err := p.a.Receive([]byte(text)); err != nil || string(r.Text) != text || !r.Show || len(r.Wire)+len(r.Events) > 0 {
			t.Errorf("%q: %v, %v", text, r, err)
		}
		if r, err := p.a.Send([]byte(text)); err != nil || len(r.Wire) != 1 || string(r.Wire[0]) != text {
			t.Errorf("%q: %v, %v", text, r, err)
		}
	}
	if _, err := p.a.Start(); err != ErrSwitchedOff {
		t.Error(err)
	}
	// To require privacy without any version to have it in means silence.
	p.a.SetPolicy(RequireEncryption)
	if r, err := p.a.Send([]byte("hi")); err != ErrSwitchedOff || len(r.Wire) > 0 {
		t.Error("sent in clear", err)
	}
	// Switching off does not end what is private.
	p = newPair(t, nil).secure()
	for _, policy := range []Policy{Never, AllowV2, RequireEncryption, Opportunistic, Always, Manual, Never} {
		p.a.SetPolicy(policy)
		p.a.say("still private")
		p.b.say("indeed")
		p.run()
		p.shown(p.b, "still private")
		p.shown(p.a, "indeed")
	}
	// What comes in clear is still marked, and what is typed after the peer's end not sent.
	if r, err := p.a.Receive([]byte("clear")); err != nil || r.Events[0].Kind != ReceivedUnencrypted {
		t.Fatal(r, err)
	}
	p.b.take(p.b.End())
	p.run()
	if r, err := p.a.Send([]byte("canary")); err != ErrFinished || len(r.Wire) > 0 {
		t.Fatal(r, err)
	}
	p.a.take(p.a.End())
	if r, err := p.a.Send([]byte("open")); err != nil || string(r.Wire[0]) != "open" {
		t.Fatal(r, err)
	}
}
