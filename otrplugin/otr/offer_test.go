package otr

import (
	"bytes"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/discovery"
)

func TestQuery(t *testing.T) {
	for p, want := range map[Policy]string{Manual: "?OTRv23?", AllowV2: "?OTRv2?", AllowV3: "?OTRv3?", Always: "?OTRv23?"} {
		q := string(query(p, "words"))
		if q != want+"\nwords" {
			t.Errorf("%b: %q", p, q)
		}
		if offered, _ := discovery.FindQuery([]byte(q)); offered != p.versions() {
			t.Errorf("%b: offers %b", p, offered)
		}
	}
}

// Offers go on until a plain message comes back, and begin again after a
// private conversation.
func TestOfferStates(t *testing.T) {
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

func TestOfferStartsExchange(t *testing.T) {
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
		p.b.events = nil
		p.a.say("again")
		p.run()
		p.want(p.b, ReceivedUnencrypted)
		p.want(p.b, GoneSecure)
	})
}

func TestVersions(t *testing.T) {
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

func TestSwitchedOff(t *testing.T) {
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
	p.a.SetPolicy(Never)
	p.a.say("still private")
	p.b.say("indeed")
	p.run()
	p.shown(p.b, "still private")
	p.shown(p.a, "indeed")
}

// A query that the user types becomes ours; in private it is a text.
func TestTypedQuery(t *testing.T) {
	p := newPair(t, nil)
	r, err := p.a.Send([]byte("please ?OTRv2? now"))
	if err != nil || !strings.HasPrefix(string(r.Wire[0]), "?OTRv23?\n") {
		t.Fatal(r, err)
	}
	p.secure()
	p.a.say("?OTRv2?")
	p.run()
	p.shown(p.b, "?OTRv2?")
}
