package xmpp

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// These tests talk to a real server, one for all of them: accounts differ.

func prosody(t *testing.T) *testkit.Prosody {
	t.Helper()
	return testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "wonderland", "bob": "builder", "carol": "christmas", "dave": "back\\slash \"and\" =,"},
	})
}

func login(t *testing.T, p *testkit.Prosody, user, password string) *client {
	t.Helper()
	c := run(t, newSession(Network{Roots: p.Pool}, at(t, p, user), secret(password), endless))
	online := wait[protocol.Online](c, nil)
	if online.Self.Bare != user+"@localhost" || online.Self.Resource == "" {
		t.Fatalf("online as %v", online.Self)
	}
	wait[protocol.Roster](c, nil)
	return c
}

func TestProsody(t *testing.T) {
	p := prosody(t)
	for name, test := range map[string]func(*testing.T, *testkit.Prosody){
		"friendship and chat": testFriendship,
		"offline message":     testOffline,
		"sign-in":             testSignIn,
		"refusals":            testRefusals,
		"replaced":            testReplaced,
		"roster":              testRoster,
		"sealed":              testSealed,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

func testFriendship(t *testing.T, p *testkit.Prosody) {
	alice, bob := login(t, p, "alice", "wonderland"), login(t, p, "bob", "builder")

	must(t, alice.SetBuddy(im.Buddy{Bare: "Bob@LOCALHOST", Name: "Bob <the> \"builder\"", Groups: []string{"Work & play"}}))
	added := wait[protocol.BuddyChanged](alice, nil).Buddy
	if added.Bare != "bob@localhost" || added.Name != "Bob <the> \"builder\"" || len(added.Groups) != 1 ||
		added.Groups[0] != "Work & play" || added.Subscription != im.SubscriptionNone {
		t.Errorf("added as %+v", added)
	}
	must(t, alice.Subscribe("bob@localhost", "It's <me>"))
	wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Asking })
	if asked := wait[protocol.SubscriptionAsked](bob, nil); asked.Bare != "alice@localhost" {
		t.Errorf("asked by %q", asked.Bare)
	}
	must(t, bob.SetPresence(im.Presence{Show: im.Away, Status: "tea & cake", Priority: 3}))
	must(t, bob.Approve("alice@localhost"))
	wait(bob, func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionFrom })
	wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionTo })
	seen := wait(alice, func(e protocol.PresenceChanged) bool { return e.From.Resource != "" })
	if seen.From.Bare != "bob@localhost" || seen.From.Resource == "" || seen.Presence != (im.Presence{Show: im.Away, Status: "tea & cake", Priority: 3}) {
		t.Errorf("bob is seen as %+v", seen)
	}

	must(t, bob.Subscribe("alice@localhost", ""))
	wait[protocol.SubscriptionAsked](alice, nil)
	must(t, alice.Approve("bob@localhost"))
	wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionBoth })
	from := wait(bob, func(e protocol.PresenceChanged) bool {
		return e.From.Bare == "alice@localhost" && e.Presence.Show == im.Available
	}).From

	// Spaces and tabs are a signal in some messages, and must arrive as they are.
	text := "hello \t  \t\t <body>&amp; \"x\" 'y'\n]]> \u2764\ufe0f end  "
	must(t, alice.Send(protocol.Outgoing{ID: "m1", To: im.Addr{Bare: "bob@localhost"}, Body: text + "\x00\x0b\xff"}))
	if sent := wait[protocol.Sent](alice, nil); sent.ID != "m1" {
		t.Errorf("sent %q", sent.ID)
	}
	got := wait[protocol.Received](bob, nil)
	if got.Body != text || got.ID != "m1" || got.From != from || got.Late || time.Since(got.Time) > time.Minute {
		t.Errorf("received %+v, want %q", got, text)
	}
	must(t, bob.Send(protocol.Outgoing{ID: "m2", To: got.From, Body: "hi"}))
	if back := wait[protocol.Received](alice, nil); back.Body != "hi" || back.From.Bare != "bob@localhost" {
		t.Errorf("received %+v", back)
	}

	for _, state := range []im.Typing{im.TypingComposing, im.TypingPaused, im.TypingActive, im.TypingGone} {
		must(t, bob.SendTyping(got.From, state))
		if e := wait[protocol.TypingChanged](alice, nil); e.State != state || e.From.Bare != "bob@localhost" {
			t.Errorf("%+v, want %v", e, state)
		}
	}
	must(t, alice.SendTyping(im.Addr{Bare: "bob@localhost"}, im.TypingComposing))
	wait(bob, func(e protocol.TypingChanged) bool { return e.State == im.TypingComposing })

	must(t, bob.SetPresence(im.Presence{Show: im.DoNotDisturb}))
	wait(alice, func(e protocol.PresenceChanged) bool { return e.Presence.Show == im.DoNotDisturb })

	bob.cancel()
	if err := bob.end(); err != nil {
		t.Errorf("bob's sign-off: %v", err)
	}
	wait(alice, func(e protocol.PresenceChanged) bool {
		return e.From.Bare == "bob@localhost" && e.Presence.Show == im.Offline
	})

	bob = login(t, p, "bob", "builder")
	must(t, alice.Deny("bob@localhost"))
	wait(bob, func(e protocol.SubscriptionAnswered) bool { return e.Bare == "alice@localhost" && !e.Approved })
	must(t, alice.RemoveBuddy("bob@localhost"))
	wait(alice, func(e protocol.BuddyRemoved) bool { return e.Bare == "bob@localhost" })
	must(t, bob.RemoveBuddy("alice@localhost"))
	wait[protocol.BuddyRemoved](bob, nil)
}

func testOffline(t *testing.T, p *testkit.Prosody) {
	alice := login(t, p, "alice", "wonderland")
	before := time.Now().Add(-2 * time.Second)
	must(t, alice.Send(protocol.Outgoing{ID: "late1", To: im.Addr{Bare: "carol@localhost"}, Body: "merry christmas"}))
	wait[protocol.Sent](alice, nil)
	p.WaitStanza(t, "> alice", "merry christmas")
	carol := login(t, p, "carol", "christmas")
	got := wait[protocol.Received](carol, nil)
	if got.Body != "merry christmas" || !got.Late || got.Time.Before(before) || got.Time.After(time.Now().Add(time.Second)) {
		t.Errorf("received %+v", got)
	}
}

func testSignIn(t *testing.T, p *testkit.Prosody) {
	for name, answers := range map[string]map[string]string{
		"direct TLS":                {"port": strconv.Itoa(p.DirectTLS), "security": "direct"},
		"by itself to STARTTLS":     {"port": strconv.Itoa(p.C2S)},
		"by itself to direct":       {"port": strconv.Itoa(p.DirectTLS)},
		"with the name of a device": {"port": strconv.Itoa(p.C2S), "resource": "laptop"},
	} {
		t.Run(name, func(t *testing.T) {
			answers["address"], answers["server"] = "dave@localhost", p.Address
			c := run(t, newSession(Network{Roots: p.Pool}, account(t, answers), secret("back\\slash \"and\" =,"), endless))
			online := wait[protocol.Online](c, nil)
			if want := answers["resource"]; want != "" && online.Self.Resource != want {
				t.Errorf("online as %v", online.Self)
			}
			c.cancel()
			if err := c.end(); err != nil {
				t.Errorf("sign-off: %v", err)
			}
		})
	}
	if strings.Contains(p.Stanzas(), "PLAIN'>") {
		t.Error("a password was sent although SCRAM was offered")
	}

	t.Run("pinned", func(t *testing.T) {
		a := at(t, p, "alice")
		a.Options["pin"] = p.SHA256
		c := run(t, newSession(Network{}, a, secret("wonderland"), endless)) // the system does not know the issuer
		wait[protocol.Online](c, nil)
	})
}

func testRefusals(t *testing.T, p *testkit.Prosody) {
	trusting := Network{Roots: p.Pool}
	t.Run("wrong password", func(t *testing.T) {
		run(t, newSession(trusting, at(t, p, "alice"), secret("looking-glass"), endless)).failure(protocol.WrongPassword)
	})
	t.Run("unknown user", func(t *testing.T) {
		run(t, newSession(trusting, at(t, p, "mallory"), secret("x"), endless)).failure(protocol.WrongPassword)
	})
	t.Run("unknown domain", func(t *testing.T) {
		a := account(t, map[string]string{"address": "alice@elsewhere.example", "server": p.Address, "port": strconv.Itoa(p.C2S)})
		run(t, newSession(trusting, a, secret("x"), endless)).failure(protocol.WrongAddress)
	})
	t.Run("untrusted certificate", func(t *testing.T) {
		for _, port := range []int{p.C2S, p.DirectTLS} {
			a := account(t, map[string]string{"address": "alice@localhost", "server": p.Address, "port": strconv.Itoa(port)})
			f := run(t, newSession(Network{}, a, secret("wonderland"), endless)).failure(protocol.Untrusted)
			if f.Certificate == nil || f.Certificate.SHA256 != p.SHA256 || f.Certificate.Problem == "" {
				t.Errorf("certificate %+v", f.Certificate)
			}
		}
	})
	t.Run("another certificate than the pinned one", func(t *testing.T) {
		a := at(t, p, "alice")
		a.Options["pin"] = strings.Repeat("0", 64)
		f := run(t, newSession(trusting, a, secret("wonderland"), endless)).failure(protocol.Untrusted)
		if f.Certificate == nil || f.Certificate.SHA256 != p.SHA256 {
			t.Errorf("certificate %+v", f.Certificate)
		}
	})
}

func testReplaced(t *testing.T, p *testkit.Prosody) {
	a := at(t, p, "carol")
	a.Options["resource"] = "desk"
	first := run(t, newSession(Network{Roots: p.Pool}, a, secret("christmas"), endless))
	wait[protocol.Roster](first, nil)
	second := run(t, newSession(Network{Roots: p.Pool}, a, secret("christmas"), endless))
	wait[protocol.Online](second, nil)
	first.failure(protocol.Replaced)
}

func testRoster(t *testing.T, p *testkit.Prosody) {
	one := login(t, p, "dave", "back\\slash \"and\" =,")
	two := login(t, p, "dave", "back\\slash \"and\" =,")
	must(t, one.SetBuddy(im.Buddy{Bare: "x@localhost", Name: "X", Groups: []string{"A", "B"}}))
	wait[protocol.BuddyChanged](one, nil)
	if b := wait[protocol.BuddyChanged](two, nil).Buddy; b.Name != "X" || len(b.Groups) != 2 {
		t.Errorf("the other device was told %+v", b)
	}
	must(t, two.SetBuddy(im.Buddy{Bare: "x@localhost", Name: "", Groups: nil}))
	if b := wait[protocol.BuddyChanged](one, nil).Buddy; b.Name != "" || len(b.Groups) != 0 {
		t.Errorf("renamed to %+v", b)
	}
	three := run(t, newSession(Network{Roots: p.Pool}, at(t, p, "dave"), secret("back\\slash \"and\" =,"), endless))
	if list := wait[protocol.Roster](three, nil).Buddies; len(list) != 1 || list[0].Bare != "x@localhost" || list[0].Account != "xmpp:dave@localhost" {
		t.Errorf("roster %+v", list)
	}
	must(t, three.RemoveBuddy("x@localhost"))
	wait[protocol.BuddyRemoved](one, nil)

	must(t, one.RemoveBuddy("nobody@localhost")) // the server refuses that
	if e := wait[protocol.BuddyRemoved](one, nil); e.Bare != "nobody@localhost" {
		t.Errorf("%+v", e)
	}
}

func testSealed(t *testing.T, p *testkit.Prosody) {
	alice, bob := login(t, p, "alice", "wonderland"), login(t, p, "bob", "builder")
	must(t, bob.Send(protocol.Outgoing{To: im.Addr{Bare: "alice@localhost"}, Body: "which device?"}))
	device := wait[protocol.Received](alice, nil).From
	must(t, alice.Send(protocol.Outgoing{
		ID: "s1", To: device, Body: "?OTR:AAMD.", Hints: protocol.Hints{Sealed: true, By: "urn:xmpp:otr:0"},
	}))
	wait[protocol.Received](bob, nil)
	p.WaitStanza(t, "> alice", "?OTR:AAMD.", "to='"+device.String()+"'", "no-copy", "no-permanent-store",
		"private", "urn:xmpp:carbons:2", "encryption", "namespace='urn:xmpp:otr:0'")

	must(t, alice.Send(protocol.Outgoing{ID: "r1", To: im.Addr{Bare: "nobody@localhost"}, Body: "anybody?"}))
	if r := wait[protocol.Rejected](alice, nil); r.ID != "r1" || r.From.Bare != "nobody@localhost" || r.Reason == "" {
		t.Errorf("%+v", r)
	}
}

func TestProsodyGoesAway(t *testing.T) {
	p := prosody(t)
	alice := login(t, p, "alice", "wonderland")
	p.Kill()
	alice.failure(protocol.Lost)
	if _, held := alice.Held(); !held {
		t.Error("the session is over at once")
	}

	run(t, newSession(Network{Roots: p.Pool}, at(t, p, "alice"), secret("wonderland"), endless)).failure(protocol.Unreachable)

	p.Start(t)
	alice = login(t, p, "alice", "wonderland")
	p.Stop()
	alice.failure(protocol.Lost)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestProsodyChannelBinding signs in bound to the TLS channel, which Prosody
// offers with TLS 1.2 only.
func TestProsodyChannelBinding(t *testing.T) {
	p := testkit.StartProsody(t, testkit.ProsodyOptions{Users: map[string]string{"alice": "wonderland"}, TLS12: true})
	login(t, p, "alice", "wonderland")
	p.WaitStanza(t, "<auth", "mechanism='SCRAM-SHA-256-PLUS'")
	run(t, newSession(Network{Roots: p.Pool}, at(t, p, "alice"), secret("looking-glass"), endless)).failure(protocol.WrongPassword)
}
