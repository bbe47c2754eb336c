package gui

import (
	"testing"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func TestAttention(t *testing.T) {
	bob := peer("bob")
	g, _ := start(t, messenger.Snapshot{})
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: bob}}})
	p := g.chats.find(bob)
	g.active = nil // the keyboard is in another program
	come := func(how plugin.Attention) {
		t.Helper()
		g.apply([]messenger.Event{
			messenger.MessageAdded{Message: im.Message{ID: "1", Conv: bob, Text: im.Plain("between us")}},
			messenger.BuddyListChanged{Change: buddylist.Unread{Conv: bob, Count: 2}},
			messenger.Attention{Conv: bob, How: how},
		})
	}
	come(plugin.Attention{})
	if got := g.notices.TryTake(); len(got) != 0 || g.chats.window.Title() != "bob@example.org" {
		t.Errorf("nobody asked for %q, title %q", got, g.chats.window.Title())
	}
	come(plugin.Attention{Notify: true, Count: true})
	come(plugin.Attention{Notify: true, Count: true}) // once until the user looks
	if got := g.notices.TryTake(); len(got) != 1 || got[0] != "New message from bob@example.org" {
		t.Errorf("the notifications are %q", got)
	}
	if got := g.chats.window.Title(); got != "bob@example.org (2)" {
		t.Errorf("the title is %q", got)
	}
	g.active = g.chats.window
	p.seen()
	if got := g.chats.window.Title(); got != "bob@example.org" {
		t.Errorf("the title is %q after the user looked", got)
	}
	come(plugin.Attention{Notify: true})
	if got := g.notices.TryTake(); len(got) != 0 {
		t.Errorf("the user looks at it, and gets %q", got)
	}
	g.apply([]messenger.Event{messenger.Attention{Conv: peer("nobody"), How: plugin.Attention{Notify: true}}})
}

func TestNamesInNotificationsMeanNothingToAShellOrAParser(t *testing.T) {
	for name, want := range map[string]string{
		"Zoë Müller":                   "Zoë Müller",
		"bob.b-b_b@example.net":        "bob.b-b_b@example.net",
		"$(calc.exe) `x`; \"&|<b>'%A%": "calc.exe x bA",
	} {
		if got := spelled(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
