package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

func TestAttentionIsAskedOfTheUser(t *testing.T) {
	alone(t, part(&listener{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &awareness{a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		ask := func(who string) func() {
			return func() { w.s.events <- protocol.AttentionAsked{From: im.Addr{Bare: who, Resource: "x"}} }
		}
		if told, heard := w.after(ask("mallory@x")); len(told)+len(heard) != 0 || len(a.Chats) != 0 {
			t.Errorf("a stranger: told %v, heard %v", told, heard)
		}
		a.M.Open(bob)
		if told, heard := w.after(ask(bob.Peer)); len(told) != 1 || len(heard) != 1 {
			t.Errorf("at first: told %v, heard %v", told, heard)
		}
		lines := func() int { return len(read(a, bob)) }
		if n := lines(); n != 1 {
			t.Errorf("%d lines", n)
		}
		if told, heard := w.after(ask(bob.Peer)); len(told)+len(heard) != 0 || lines() != 1 {
			t.Errorf("at once again: told %v, heard %v", told, heard)
		}
		<-time.After(2 * time.Minute)
		a.M.SetPresence(im.Presence{Show: im.DoNotDisturb})
		if told, heard := w.after(ask(bob.Peer)); len(heard) != 0 || slices.ContainsFunc(told, func(n plugin.Attention) bool { return n.Notify }) || lines() != 2 {
			t.Errorf("not to be disturbed: told %+v, heard %v", told, heard)
		}
		a.M.SetPresence(im.Presence{Show: im.Available})
		a.M.SetHeed(bob, messenger.HeedNone)
		<-time.After(2 * time.Minute)
		if told, heard := w.after(ask(bob.Peer)); len(told)+len(heard) != 0 || lines() != 3 {
			t.Errorf("muted: told %v, heard %v", told, heard)
		}
		if got := w.s.said(); len(got) != 0 {
			t.Errorf("answered %q", got)
		}
	})
}

func TestAskingABuddyForAttention(t *testing.T) {
	alone(t, part(&listener{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.Open(bob)
		a.M.GetAttention(bob)
		a.Expect(bob, "cannot be asked for attention now")
		if got := s.said(); len(got) != 0 {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.PresenceChanged{From: im.Addr{Bare: bob.Peer, Resource: "x"}, Presence: im.Presence{Show: im.Available}}
		synctest.Wait()
		a.M.GetAttention(bob)
		s.events <- protocol.AttentionAnswered{Bare: bob.Peer}
		a.Expect(bob, "does not take that")
		a.M.GetAttention(bob)
		synctest.Wait()
		s.events <- protocol.AttentionAnswered{Bare: bob.Peer, Asked: true}
		a.Expect(bob, "for attention.")
		a.M.GetAttention(bob)
		a.Expect(bob, "just now")
		if got := s.said(); !slices.Equal(got, []string{"attention to " + bob.Peer, "attention to " + bob.Peer}) {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.AttentionAnswered{Bare: "mallory@x", Asked: true}
		synctest.Wait()
	})
}
