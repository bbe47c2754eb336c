package gui

import (
	"fmt"
	"strconv"
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
	if got := g.notices.TryTake(); len(got) != 0 || g.chats.last.window.Title() != "bob@example.org" {
		t.Errorf("nobody asked for %q, title %q", got, g.chats.last.window.Title())
	}
	come(plugin.Attention{Notify: true, Count: true})
	come(plugin.Attention{Notify: true, Count: true}) // once until the user looks
	if got := g.notices.TryTake(); len(got) != 1 || got[0] != "New message from bob@example.org" {
		t.Errorf("the notifications are %q", got)
	}
	if got := g.chats.last.window.Title(); got != "bob@example.org (2)" {
		t.Errorf("the title is %q", got)
	}
	g.active = g.chats.last.window
	p.seen()
	if got := g.chats.last.window.Title(); got != "bob@example.org" {
		t.Errorf("the title is %q after the user looked", got)
	}
	come(plugin.Attention{Notify: true})
	if got := g.notices.TryTake(); len(got) != 0 {
		t.Errorf("the user looks at it, and gets %q", got)
	}
	g.apply([]messenger.Event{messenger.Attention{Conv: peer("nobody"), How: plugin.Attention{Notify: true}}})
}

func TestWhatIsCountedInTheTitle(t *testing.T) {
	bob := peer("bob")
	g, _ := start(t, messenger.Snapshot{})
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: bob}}})
	g.active = nil
	unread, next := 0, 0
	come := func(kind im.Kind, how plugin.Attention) {
		unread, next = unread+1, next+1
		g.apply([]messenger.Event{
			messenger.MessageAdded{Message: im.Message{ID: strconv.Itoa(next), Conv: bob, Kind: kind, Text: im.Plain("x")}},
			messenger.BuddyListChanged{Change: buddylist.Unread{Conv: bob, Count: unread}},
			messenger.Attention{Conv: bob, How: how},
		})
	}
	title := func(want string) {
		t.Helper()
		if got := g.chats.last.window.Title(); got != want {
			t.Errorf("the title is %q, want %q", got, want)
		}
	}
	quiet, counted := plugin.Attention{}, plugin.Attention{Count: true}
	come(im.Alarm, quiet)
	title("bob@example.org (1)")
	come(im.Chat, plugin.Attention{Notify: true}) // it does not hide the alarm
	title("bob@example.org (2)")

	for name, look := range map[string]func(){
		"the user looked here": func() {
			g.active = g.chats.last.window
			g.chats.find(bob).seen()
			g.active = nil
		},
		"the user looked elsewhere": func() {
			g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Unread{Conv: bob}}})
		},
	} {
		come(im.Chat, counted)
		title(fmt.Sprintf("bob@example.org (%d)", unread))
		look()
		unread = 0
		come(im.Chat, quiet)
		if got := g.chats.last.window.Title(); got != "bob@example.org" {
			t.Errorf("%s: the title is %q", name, got)
		}
		g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Unread{Conv: bob}}})
		unread = 0
	}
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
