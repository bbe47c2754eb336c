package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/messenger"
)

func (p *page) types(text string) {
	p.entry.set(text)
	p.entry.TypedKey(key(fyne.KeyReturn))
}

func (p *page) lastLine() string {
	if p.timeline.Len() == 0 {
		return ""
	}
	return p.timeline.At(p.timeline.Len() - 1).Text.String()
}

func TestCommands(t *testing.T) {
	_, f, p := talking(t, messenger.ConversationState{CanSendFiles: true})
	f.said()
	for _, c := range []struct{ typed, told string }{
		{"/away back soon", `presence Away "back soon"`},
		{"/back", `presence Available ""`},
		{"/info", "info bob@example.org"},
		{"/im", "new message"},
		{"//etc", `send bob@example.org "/etc"`},
		{"/say /away", `send bob@example.org "/away"`},
		{"/me waves", `send bob@example.org "/me waves"`},
		{"/etc/passwd is a file", `send bob@example.org "/etc/passwd is a file"`},
	} {
		p.types(c.typed)
		want := []string{c.told}
		if strings.HasPrefix(c.told, "send") { // only then the buddy was told that something is typed
			want = append([]string{"typing 2"}, want...)
		}
		f.has(t, want...)
		if p.entry.Text != "" {
			t.Errorf("%s stays in the entry", c.typed)
		}
	}
	p.types("/help")
	f.has(t)
	for _, c := range conversation.Commands(im.WithPerson) {
		if !strings.Contains(p.lastLine(), c.Line()) {
			t.Errorf("/help does not tell of /%s", c.Name)
		}
	}
	p.types("/help away")
	if got := p.lastLine(); !strings.HasPrefix(got, "/away message: ") {
		t.Errorf("/help away says %q", got)
	}
	for _, typed := range []string{"/nonsense", "/topic tea", "/help nonsense", "/me"} {
		n := p.timeline.Len()
		p.types(typed)
		f.has(t)
		if p.entry.Text != typed || p.timeline.Len() != n+1 {
			t.Errorf("%s: %q is left, %q said", typed, p.entry.Text, p.lastLine())
		}
	}
	p.entry.set("")
	f.said()
	p.types("/close")

	f.has(t, "close bob@example.org")
}

func TestClear(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Older: true})
	waits := im.Message{ID: "w", Conv: p.conv, Out: true, Text: im.Plain("waits"), State: im.Waiting}
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "bob", "one")}, messenger.MessageAdded{Message: waits},
		messenger.MessageAdded{Message: incoming("2", "bob", "two")}})
	f.said()
	p.types("/clear")
	if p.timeline.Len() != 1 || p.lastLine() != "waits" {
		t.Errorf("%d lines are left", p.timeline.Len())
	}
	f.has(t) // nothing older is asked for
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("3", "bob", "three")}})
	if p.timeline.Len() != 2 {
		t.Error("what comes then is not shown")
	}
}

func TestCommandsAreCompletedByTab(t *testing.T) {
	_, _, p := talking(t, messenger.ConversationState{})
	p.entry.set("/c")
	if !p.entry.AcceptsTab() {
		t.Fatal("Tab leaves the entry")
	}
	for _, want := range []string{"/clear ", "/close ", "/clear "} {
		p.entry.TypedKey(key(fyne.KeyTab))
		if p.entry.Text != want {
			t.Errorf("%q, want %q", p.entry.Text, want)
		}
	}
	for _, text := range []string{"", "c", "/x", "/clear now"} {
		if p.entry.set(text); p.entry.AcceptsTab() {
			t.Errorf("%q: Tab stays in the entry", text)
		}
	}
}

func TestCommandsOfRooms(t *testing.T) {
	_, f, p := cooking(t, cook("Bob", im.Participant))
	f.said()
	for typed, told := range map[string]string{
		"/nick Ally":              `nick kitchen@rooms.example.org "Ally"`,
		"/nick":                   "room kitchen@rooms.example.org nick",
		"/topic tea at five":      `topic kitchen@rooms.example.org "tea at five"`,
		"/invite eve@example.org": "invite kitchen@rooms.example.org eve@example.org",
		"/msg bob":                "occupant kitchen@rooms.example.org Bob talk",
		"/kick Bob":               "occupant kitchen@rooms.example.org Bob kick",
		"/leave":                  "room kitchen@rooms.example.org leave",
		"/info":                   "room kitchen@rooms.example.org about",
	} {
		p.types(typed)
		f.has(t, told)
	}
	for _, typed := range []string{"/kick Mallory", "/msg Mallory", "/ban ally"} { // who is not there, and oneself
		p.types(typed)
		f.has(t)
		if p.entry.Text != typed {
			t.Errorf("%s is gone from the entry", typed)
		}
	}
}
