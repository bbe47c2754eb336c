package protocoltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
)

// Run tests a network. Fresh returns two accounts that were never used: their
// rosters are empty and nobody is online.
func Run(t *testing.T, fresh func(t *testing.T) (a, b End)) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, a, b End)
	}{
		{"describes itself", describes},
		{"refuses while offline", offline},
		{"signs on and off", signsOnAndOff},
		{"ends at once if it was cancelled before", cancelledBefore},
		{"keeps the roster", keepsRoster},
		{"asks, approves, shows presence", friendship},
		{"asks and is denied", denial},
		{"starts with the wished presence", wishedPresence},
		{"carries messages as they are, in order", messages},
		{"carries the longest message", longest},
		{"shows typing", typing},
		{"carries receipts and corrections", receipts},
		{"keeps messages for who is away", late},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := fresh(t)
			c.test(t, a, b)
		})
	}
}

func describes(t *testing.T, a, _ End) {
	p := a.Protocol
	if p.Name() == "" || p.Scheme() == "" || strings.ContainsAny(p.Scheme(), ": ") {
		t.Errorf("name %q, scheme %q", p.Name(), p.Scheme())
	}
	if a.Account.ID.Scheme() != p.Scheme() {
		t.Errorf("account %s of scheme %s", a.Account.ID, p.Scheme())
	}
	seen := map[string]bool{}
	for _, f := range p.Settings() {
		if f.ID != "" && seen[f.ID] {
			t.Errorf("two settings fields called %s", f.ID)
		}
		seen[f.ID] = true
	}
	if len(seen) > 0 && !seen[protocol.FieldAddress] {
		t.Error("no settings field for the address")
	}
	if got, err := p.NormalizePeer(" " + strings.ToUpper(a.bare()) + "\n"); err != nil || got != a.bare() {
		t.Errorf("%s typed in capitals is %q, %v", a.bare(), got, err)
	}
	if got, err := p.NormalizePeer(""); err == nil || err.Error() == "" {
		t.Errorf("an empty address is %q, %v", got, err)
	}
	if limit := a.session().Limits().MaxMessage; limit < 0 {
		t.Errorf("messages of at most %d bytes", limit)
	}
}

func offline(t *testing.T, a, b End) {
	s := a.session()
	check := func(when string) {
		t.Helper()
		refused := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, protocol.ErrOffline) {
				t.Errorf("%s %s returned %v, want ErrOffline", what, when, err)
			}
		}
		to := im.Addr{Bare: b.bare()}
		refused("Send", s.Send(protocol.Outgoing{ID: "x", To: to, Body: "x"}))
		if r, ok := s.(protocol.RosterEditor); ok {
			refused("SetBuddy", r.SetBuddy(im.Buddy{Bare: b.bare()}))
			refused("RemoveBuddy", r.RemoveBuddy(b.bare()))
			refused("Subscribe", r.Subscribe(b.bare(), ""))
			refused("Unsubscribe", r.Unsubscribe(b.bare()))
			refused("Approve", r.Approve(b.bare()))
			refused("Deny", r.Deny(b.bare()))
		}
		if ts, ok := s.(protocol.TypingSender); ok {
			refused("SendTyping", ts.SendTyping(to, im.TypingComposing))
		}
		if rs, ok := s.(protocol.ReceiptSender); ok {
			refused("SendReceipt", rs.SendReceipt(to, "x"))
		}
	}
	check("before Run")
	u, _ := joinWith(t, a, s)
	must(t, u.leave())
	check("after Run")
}

func signsOnAndOff(t *testing.T, a, _ End) {
	for range 2 {
		u, roster := join(t, a)
		if len(roster) != 0 {
			t.Errorf("roster %+v", roster)
		}
		if err := u.leave(); err != nil {
			t.Errorf("Run returned %v after a sign-off", err)
		}
	}
}

func cancelledBefore(t *testing.T, a, _ End) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.session().Run(ctx, func(protocol.Event) {}); err != nil {
		t.Errorf("Run returned %v", err)
	}
}

func keepsRoster(t *testing.T, a, b End) {
	u, _ := join(t, a)
	r := rosterOf(u)
	same := func(got im.Buddy, name string, groups ...string) bool {
		slices.Sort(got.Groups)
		return got.Bare == b.bare() && got.Account == a.Account.ID && got.Name == name &&
			got.Subscription == im.SubscriptionNone && slices.Equal(got.Groups, groups)
	}
	for _, want := range []im.Buddy{
		{Name: "B"},
		{Name: `<B> & "friends"`, Groups: []string{"One", "Zwei & drei"}},
		{Name: "", Groups: []string{"One"}},
	} {
		must(t, r.SetBuddy(im.Buddy{Account: a.Account.ID, Bare: b.bare(), Name: want.Name, Groups: want.Groups}))
		if got := await(u, "the change", func(protocol.BuddyChanged) bool { return true }).Buddy; !same(got, want.Name, want.Groups...) {
			t.Errorf("changed to %+v, want %+v", got, want)
		}
	}
	must(t, u.leave())

	u, roster := join(t, a)
	if len(roster) != 1 || !same(roster[0], "", "One") {
		t.Errorf("roster %+v after signing on again", roster)
	}
	must(t, rosterOf(u).RemoveBuddy(b.bare()))
	await(u, "the removal", func(e protocol.BuddyRemoved) bool { return e.Bare == b.bare() })
	must(t, u.leave())
	if _, roster = join(t, a); len(roster) != 0 {
		t.Errorf("roster %+v after the removal", roster)
	}
}

// befriend lets a see b.
func befriend(t *testing.T, a, b *user) {
	t.Helper()
	must(t, rosterOf(a).SetBuddy(im.Buddy{Account: a.end.Account.ID, Bare: b.end.bare()}))
	must(t, rosterOf(a).Subscribe(b.end.bare(), "It's me."))
	await(a, "that the question waits", func(e protocol.BuddyChanged) bool { return e.Buddy.Asking })
	await(b, "the question", func(e protocol.SubscriptionAsked) bool { return e.Bare == a.end.bare() })
	must(t, rosterOf(b).Approve(a.end.bare()))
	await(b, "that it is seen", func(e protocol.BuddyChanged) bool {
		return e.Buddy.Bare == a.end.bare() && e.Buddy.Subscription.SeesUs()
	})
}

func friendship(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	befriend(t, alice, bob)
	changed, answered, seen := false, false, false
	for !changed || !answered || !seen { // in any order
		switch e := alice.next().(type) {
		case protocol.BuddyChanged:
			changed = changed || e.Buddy.Bare == b.bare() && e.Buddy.Subscription == im.SubscriptionTo && !e.Buddy.Asking
		case protocol.SubscriptionAnswered:
			answered = answered || e.Bare == b.bare() && e.Approved
		case protocol.PresenceChanged:
			seen = seen || e.From == bob.self && e.Presence.Show == im.Available
		}
	}
	befriend(t, bob, alice)
	await(bob, "that both see each other", func(e protocol.BuddyChanged) bool { return e.Buddy.Subscription == im.SubscriptionBoth })

	if p, ok := bob.Session.(protocol.PresenceSetter); ok {
		for _, want := range []im.Presence{
			{Show: im.Away, Status: "tea & <cake>"}, {Show: im.ExtendedAway}, {Show: im.DoNotDisturb, Status: "no"},
			{Show: im.FreeForChat}, {Show: im.Available},
		} {
			must(t, p.SetPresence(want))
			await(alice, fmt.Sprintf("presence %+v", want), func(e protocol.PresenceChanged) bool {
				return e.From == bob.self && e.Presence == want
			})
		}
	}

	must(t, bob.leave())
	gone := func(e protocol.PresenceChanged) bool { return e.From == bob.self && e.Presence.Show == im.Offline }
	await(alice, "that the buddy signed off", gone)

	bob, _ = join(t, b)
	await(alice, "that the buddy is back", func(e protocol.PresenceChanged) bool { return e.From == bob.self && e.Presence.Show == im.Available })
	must(t, rosterOf(alice).Unsubscribe(b.bare()))
	await(alice, "that the buddy is not seen any more", func(e protocol.BuddyChanged) bool {
		return e.Buddy.Bare == b.bare() && !e.Buddy.Subscription.SeenByUs() && !e.Buddy.Asking
	})
	must(t, rosterOf(alice).RemoveBuddy(b.bare()))
	await(alice, "the removal", func(e protocol.BuddyRemoved) bool { return e.Bare == b.bare() })
	await(bob, "that the other one left", func(e protocol.BuddyChanged) bool {
		return e.Buddy.Bare == a.bare() && e.Buddy.Subscription == im.SubscriptionNone
	})
}

func denial(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	must(t, rosterOf(alice).SetBuddy(im.Buddy{Account: a.Account.ID, Bare: b.bare()}))
	must(t, rosterOf(alice).Subscribe(b.bare(), ""))
	await(bob, "the question", func(e protocol.SubscriptionAsked) bool { return e.Bare == a.bare() })
	must(t, rosterOf(bob).Deny(a.bare()))
	for {
		switch e := alice.next().(type) {
		case protocol.SubscriptionAnswered:
			if e.Approved || e.Bare != b.bare() {
				t.Errorf("%+v", e)
			}
			return
		case protocol.PresenceChanged:
			if e.From.Bare == b.bare() && e.Presence.Show != im.Offline {
				t.Errorf("presence is seen without leave: %+v", e)
			}
		}
	}
}

func wishedPresence(t *testing.T, a, b End) {
	s := b.session()
	p, ok := s.(protocol.PresenceSetter)
	if !ok {
		t.Skip("this network has no presence")
	}
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	befriend(t, alice, bob)
	must(t, bob.leave())
	want := im.Presence{Show: im.DoNotDisturb, Status: "from the start"}
	must(t, p.SetPresence(want))
	bob, _ = joinWith(t, b, s)
	if got := await(alice, "the presence", func(e protocol.PresenceChanged) bool { return e.From == bob.self }).Presence; got != want {
		t.Errorf("seen with %+v, want %+v", got, want)
	}
}

func messages(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	bob.settle()
	bodies := []string{
		"hello", "  two spaces and a tab\t at both ends \t ", "line\nline\n\nline", `<b>&amp;</b> "quoted" 'too' ]]>`,
		"žluťoučký кошка 猫 \U0001f408\u200d\u2b1b", "?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA1g5IjD1ZGLDVQEyCgCyn9hb.",
	}
	for i := range 50 {
		bodies = append(bodies, fmt.Sprintf("number %d", i))
	}
	for i, body := range bodies {
		must(t, alice.Send(protocol.Outgoing{ID: fmt.Sprintf("id-%d", i), To: im.Addr{Bare: b.bare()}, Body: body}))
	}
	for i, want := range bodies {
		got := await(bob, fmt.Sprintf("message %d", i), func(protocol.Received) bool { return true })
		if got.Body != want || got.From != alice.self || got.Late || time.Since(got.Time).Abs() > time.Minute {
			t.Errorf("received %+v, want %q", got, want)
		}
	}
	for i := range bodies {
		if got := await(alice, "that it was sent", func(protocol.Sent) bool { return true }); got.ID != fmt.Sprintf("id-%d", i) {
			t.Errorf("%s was sent, want id-%d", got.ID, i)
		}
	}
	must(t, bob.Send(protocol.Outgoing{ID: "back", To: alice.self, Body: "to this device", Hints: protocol.Hints{Sealed: true}}))
	if got := await(alice, "the answer", func(protocol.Received) bool { return true }); got.Body != "to this device" || got.From != bob.self {
		t.Errorf("received %+v", got)
	}
}

func longest(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	bob.settle()
	limit := alice.Limits().MaxMessage
	if limit == 0 {
		limit = 50_000
	}
	body := strings.Repeat("&", limit)
	must(t, alice.Send(protocol.Outgoing{ID: "long", To: im.Addr{Bare: b.bare()}, Body: body}))
	if got := await(bob, "the message", func(protocol.Received) bool { return true }); got.Body != body {
		t.Errorf("%d of %d bytes arrived", len(got.Body), limit)
	}
}

func typing(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	s, ok := alice.Session.(protocol.TypingSender)
	if !ok {
		t.Skip("this network does not show typing")
	}
	for _, want := range []im.Typing{im.TypingComposing, im.TypingPaused, im.TypingComposing, im.TypingActive, im.TypingGone} {
		must(t, s.SendTyping(bob.self, want))
		if got := await(bob, "typing", func(protocol.TypingChanged) bool { return true }); got.State != want || got.From != alice.self {
			t.Errorf("%+v, want %v from %v", got, want, alice.self)
		}
	}
}

func receipts(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	bob, _ := join(t, b)
	s, ok := bob.Session.(protocol.ReceiptSender)
	if !ok {
		t.Fatal("this network has no receipts")
	}
	must(t, alice.Send(protocol.Outgoing{ID: "1", To: bob.self, Body: "frist", WantReceipt: true, Typing: true}))
	must(t, alice.Send(protocol.Outgoing{ID: "2", To: bob.self, Body: "first", Replaces: "1"}))
	first := await(bob, "the message", func(protocol.Received) bool { return true })
	if first.ID != "1" || !first.WantReceipt || first.Replaces != "" {
		t.Errorf("received %+v", first)
	}
	must(t, s.SendReceipt(first.From, first.ID))
	if second := await(bob, "the correction", func(protocol.Received) bool { return true }); second.ID != "2" || second.WantReceipt || second.Replaces != "1" {
		t.Errorf("received %+v", second)
	}
	if got := await(alice, "the receipt", func(protocol.Delivered) bool { return true }); got.ID != "1" || got.From != bob.self {
		t.Errorf("got %+v", got)
	}
}

func late(t *testing.T, a, b End) {
	alice, _ := join(t, a)
	before := time.Now().Add(-2 * time.Second)
	for _, body := range []string{"first", "second"} {
		must(t, alice.Send(protocol.Outgoing{ID: body, To: im.Addr{Bare: b.bare()}, Body: body}))
		await(alice, "that it was sent", func(e protocol.Sent) bool { return e.ID == body })
	}
	// What was handed over is stored only when the network has come to it. One
	// to ourselves goes after it and comes back.
	must(t, alice.Send(protocol.Outgoing{ID: "echo", To: alice.self, Body: "echo"}))
	await(alice, "the echo", func(e protocol.Received) bool { return e.Body == "echo" })
	bob, _ := join(t, b)
	for _, want := range []string{"first", "second"} {
		got := await(bob, want, func(protocol.Received) bool { return true })
		if got.Body != want || !got.Late || got.From.Bare != a.bare() || got.Time.Before(before) || got.Time.After(time.Now().Add(time.Minute)) {
			t.Errorf("received %+v, want %q, late", got, want)
		}
	}
}
