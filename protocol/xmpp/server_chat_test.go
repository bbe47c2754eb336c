package xmpp

import (
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

func TestServerFriendshipAndChat(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.Fresh(t, "alice"), s.Fresh(t, "bob")
		alice, bob := enter(t, s, a), enter(t, s, b)
		settled(t, alice)
		settled(t, bob)

		upper := "B" + b.Name[1:] + "@LOCALHOST"
		must(t, alice.SetBuddy(im.Buddy{Bare: upper, Name: "Bob <the> \"builder\"", Groups: []string{"Work & play"}}))
		added := wait[protocol.BuddyChanged](alice, nil).Buddy
		if added.Bare != b.Bare || added.Name != "Bob <the> \"builder\"" || len(added.Groups) != 1 ||
			added.Groups[0] != "Work & play" || added.Subscription != im.SubscriptionNone {
			t.Errorf("added as %+v", added)
		}
		must(t, alice.Subscribe(b.Bare, "It's <me>"))
		wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Asking })
		if asked := wait[protocol.SubscriptionAsked](bob, nil); asked.Bare != a.Bare {
			t.Errorf("asked by %q", asked.Bare)
		}
		want := im.Presence{Show: im.Away, Status: "tea & cake", Priority: 3}
		must(t, bob.SetPresence(want))
		must(t, bob.Approve(a.Bare))
		wait(bob, func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionFrom })
		waitAll(alice,
			some(func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionTo }),
			some(func(e protocol.PresenceChanged) bool {
				if e.From.Resource == "" {
					return false
				}
				if e.From.Bare != b.Bare || e.Presence != want {
					t.Errorf("bob is seen as %+v", e)
				}
				return true
			}))

		must(t, bob.Subscribe(a.Bare, ""))
		wait[protocol.SubscriptionAsked](alice, nil)
		must(t, alice.Approve(b.Bare))
		wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionBoth })
		from := wait(bob, func(e protocol.PresenceChanged) bool {
			return e.From.Bare == a.Bare && e.Presence.Show == im.Available
		}).From

		// Spaces and tabs are a signal in some messages, and must arrive as they are.
		text := "hello \t  \t\t <body>&amp; \"x\" 'y'\n]]> \u2764\ufe0f end  "
		must(t, alice.Send(protocol.Outgoing{ID: "m1", To: im.Addr{Bare: b.Bare}, Body: text + "\x00\x0b\xff"}))
		if sent := wait[protocol.Sent](alice, nil); sent.ID != "m1" {
			t.Errorf("sent %q", sent.ID)
		}
		got := wait[protocol.Received](bob, nil)
		if got.Body != text || got.ID != "m1" || got.From != from || got.Late || time.Since(got.Time) > time.Minute {
			t.Errorf("received %+v, want %q", got, text)
		}
		must(t, bob.Send(protocol.Outgoing{ID: "m2", To: got.From, Body: "hi"}))
		if back := wait[protocol.Received](alice, nil); back.Body != "hi" || back.From.Bare != b.Bare {
			t.Errorf("received %+v", back)
		}

		for _, state := range []im.Typing{im.TypingComposing, im.TypingPaused, im.TypingActive, im.TypingGone} {
			must(t, bob.SendTyping(got.From, state))
			if e := wait[protocol.TypingChanged](alice, nil); e.State != state || e.From.Bare != b.Bare {
				t.Errorf("%+v, want %v", e, state)
			}
		}
		must(t, alice.SendTyping(im.Addr{Bare: b.Bare}, im.TypingComposing))
		wait(bob, func(e protocol.TypingChanged) bool { return e.State == im.TypingComposing })

		must(t, bob.SetPresence(im.Presence{Show: im.DoNotDisturb}))
		wait(alice, func(e protocol.PresenceChanged) bool { return e.Presence.Show == im.DoNotDisturb })
		leave(t, bob)
		wait(alice, func(e protocol.PresenceChanged) bool {
			return e.From.Bare == b.Bare && e.Presence.Show == im.Offline
		})

		bob = enter(t, s, b)
		settled(t, bob) // whoever is not there yet does not hear of it
		must(t, alice.Deny(b.Bare))
		wait(bob, func(e protocol.SubscriptionAnswered) bool { return e.Bare == a.Bare && !e.Approved })
		must(t, alice.RemoveBuddy(b.Bare))
		wait(alice, func(e protocol.BuddyRemoved) bool { return e.Bare == b.Bare })
		must(t, bob.RemoveBuddy(a.Bare))
		wait[protocol.BuddyRemoved](bob, nil)
	})
}

// TestServerDenied: who asks and is denied hears of it, and sees nothing.
func TestServerDenied(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.Fresh(t, "alice"), s.Fresh(t, "bob")
		alice := enter(t, s, a)
		must(t, alice.Subscribe(b.Bare, ""))
		wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Asking })
		bob := enter(t, s, b) // was away when he was asked
		if asked := wait[protocol.SubscriptionAsked](bob, nil); asked.Bare != a.Bare {
			t.Errorf("asked by %q", asked.Bare)
		}
		settled(t, alice)
		must(t, bob.Deny(a.Bare))
		waitAll(alice,
			some(func(e protocol.SubscriptionAnswered) bool { return e.Bare == b.Bare && !e.Approved }),
			some(func(e protocol.BuddyChanged) bool {
				return !e.Buddy.Asking && e.Buddy.Subscription == im.SubscriptionNone
			}))
		settled(t, bob)
		settled(t, alice)
		none[protocol.PresenceChanged](alice)

		// Nobody is there to answer, and nobody says so.
		must(t, alice.Subscribe("nobody@"+s.Host, ""))
		wait(alice, func(e protocol.BuddyChanged) bool { return e.Buddy.Bare == "nobody@"+s.Host && e.Buddy.Asking })
		settled(t, alice)
	})
}

func TestServerKeepsMessagesForLater(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, c := s.Fresh(t, "alice"), s.Fresh(t, "carol")
		alice := enter(t, s, a)
		before := time.Now().Add(-2 * time.Second)
		for _, body := range []string{"merry christmas", "and a happy new year"} {
			must(t, alice.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: c.Bare}, Body: body}))
		}
		settled(t, alice)
		carol := enter(t, s, c)
		for _, want := range []string{"merry christmas", "and a happy new year"} {
			got := wait[protocol.Received](carol, nil)
			if got.Body != want || got.ID != want || got.From.Bare != a.Bare || !got.Late ||
				got.Time.Before(before) || got.Time.After(time.Now().Add(time.Second)) {
				t.Errorf("received %+v, want %q", got, want)
			}
		}
		leave(t, carol)
		carol = enter(t, s, c)
		settled(t, carol)
		none[protocol.Received](carol) // they came once
	})
}

func TestServerRoster(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		d := s.Fresh(t, "dave")
		one, two := enter(t, s, d), enter(t, s, d)
		settled(t, two)
		must(t, one.SetBuddy(im.Buddy{Bare: "x@localhost", Name: "X", Groups: []string{"A", "B"}}))
		wait[protocol.BuddyChanged](one, nil)
		if b := wait[protocol.BuddyChanged](two, nil).Buddy; b.Name != "X" || len(b.Groups) != 2 {
			t.Errorf("the other device was told %+v", b)
		}
		must(t, two.SetBuddy(im.Buddy{Bare: "x@localhost", Name: "", Groups: nil}))
		if b := wait[protocol.BuddyChanged](one, nil).Buddy; b.Name != "" || len(b.Groups) != 0 {
			t.Errorf("renamed to %+v", b)
		}
		three := run(t, newSession(Network{Roots: s.Pool}, at(t, s, d.Name), secret(d.Password), endless))
		if list := wait[protocol.Roster](three, nil).Buddies; len(list) != 1 || list[0].Bare != "x@localhost" || list[0].Account != im.AccountID("xmpp:"+d.Bare) {
			t.Errorf("roster %+v", list)
		}
		must(t, three.RemoveBuddy("x@localhost"))
		wait[protocol.BuddyRemoved](one, nil)

		must(t, one.RemoveBuddy("nobody@localhost")) // servers refuse that
		if e := wait[protocol.BuddyRemoved](one, nil); e.Bare != "nobody@localhost" {
			t.Errorf("%+v", e)
		}
	})
}

func TestServerCarriesWhatIsSealed(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, bob := enter(t, s, a), enter(t, s, b)
		settled(t, alice)
		must(t, bob.Send(protocol.Outgoing{To: im.Addr{Bare: a.Bare}, Body: "which device?"}))
		device := wait[protocol.Received](alice, nil).From
		must(t, alice.Send(protocol.Outgoing{
			ID: "s1", To: device, Body: "?OTR:AAMD.", Hints: protocol.Hints{Sealed: true, By: "urn:xmpp:otr:0"},
		}))
		if got := wait[protocol.Received](bob, nil); got.Body != "?OTR:AAMD." {
			t.Errorf("received %+v", got)
		}
		s.WaitStanza(t, "> "+a.Bare, "?OTR:AAMD.", "to='"+device.String()+"'", "no-copy", "no-permanent-store",
			"private", "urn:xmpp:carbons:2", "encryption", "namespace='urn:xmpp:otr:0'")
	})
}

// TestServerReturnsMessages: of those that nobody can get, the sender is told.
func TestServerReturnsMessages(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		alice := enter(t, s, s.Fresh(t, "alice"))
		for _, to := range []string{"nobody@localhost", "somebody@elsewhere.example"} {
			must(t, alice.Send(protocol.Outgoing{ID: to, To: im.Addr{Bare: to}, Body: "anybody?"}))
			if r := wait[protocol.Rejected](alice, nil); r.ID != to || r.From.Bare != to || r.Reason == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
