package xmpp

import (
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// What becomes of a message after it was sent, through real servers: it is confirmed by
// the device that got it, corrected, and both also for who was away.
func TestServerCarriesReceiptsAndCorrections(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice, bob := enter(t, s, a), enter(t, s, b)
		wait(alice, func(e protocol.PresenceChanged) bool { return e.From.Bare == b.Bare && e.Presence.Show == im.Available })
		must(t, alice.Send(protocol.Outgoing{ID: "line <1>", To: im.Addr{Bare: b.Bare}, Body: "frist", WantReceipt: true, Typing: true}))
		first := wait[protocol.Received](bob, nil)
		if first.ID != "line <1>" || !first.WantReceipt || first.Replaces != "" || first.Late {
			t.Errorf("got %+v", first)
		}
		must(t, bob.SendReceipt(first.From, first.ID))
		if got := wait[protocol.Delivered](alice, nil); got.ID != "line <1>" || got.From.Bare != b.Bare || got.From.Resource == "" {
			t.Errorf("got %+v", got)
		}
		must(t, alice.Send(protocol.Outgoing{ID: "2", To: im.Addr{Bare: b.Bare}, Body: "first", Replaces: "line <1>"}))
		if second := wait[protocol.Received](bob, nil); second.ID != "2" || second.Replaces != "line <1>" || second.Body != "first" {
			t.Errorf("got %+v", second)
		}
		leave(t, bob)
		wait(alice, func(e protocol.PresenceChanged) bool { return e.From.Bare == b.Bare && e.Presence.Show == im.Offline })
		must(t, alice.Send(protocol.Outgoing{ID: "3", To: im.Addr{Bare: b.Bare}, Body: "while you were away", WantReceipt: true}))
		must(t, alice.Send(protocol.Outgoing{ID: "4", To: im.Addr{Bare: b.Bare}, Body: "you were away", Replaces: "3"}))
		wait(alice, func(e protocol.Sent) bool { return e.ID == "4" })
		bob = enter(t, s, b)
		for _, want := range []protocol.Received{{ID: "3", WantReceipt: true}, {ID: "4", Replaces: "3"}} {
			got := wait(bob, func(e protocol.Received) bool { return e.ID == want.ID })
			if !got.Late || got.WantReceipt != want.WantReceipt || got.Replaces != want.Replaces {
				t.Errorf("got %+v", got)
			}
		}
	})
}
