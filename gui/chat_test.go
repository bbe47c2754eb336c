package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func otrMenu(actions ...plugin.Action) []messenger.Menu {
	return []messenger.Menu{{Plugin: "otr", Title: "OTR", Actions: actions}}
}

// talking is a front end with a conversation with Bob in front.
func talking(t *testing.T, state messenger.ConversationState) (*GUI, *fakeFront, *page) {
	t.Helper()
	g, f := start(t, friends())
	state.Conv = peer("bob")
	g.apply([]messenger.Event{messenger.ConversationOpened{State: state, Focus: true}})
	f.said()
	return g, f, g.chats.front()
}

func incoming(id, name, text string) im.Message {
	return im.Message{ID: id, Conv: peer(name), From: im.Addr{Bare: peer(name).Peer}, Text: im.Plain(text), Time: time.Now()}
}

// shownLines are the lines of the transcript in sight.
func shownLines(g *GUI) []string {
	var out []string
	for _, e := range g.Describe() {
		if e.Kind == kindLine {
			_, text, _ := strings.Cut(e.Name, ") ")
			out = append(out, text)
		}
	}
	return out
}

func TestConversation(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Messages: []im.Message{incoming("1", "bob", "hello")}})
	if got := shownLines(g); !slices.Equal(got, []string{"Bob: hello"}) {
		t.Errorf("%q", got)
	}
	if e := element(t, g, kindHead, "Bob"); e.Value != "Available - hello" {
		t.Errorf("the head says %q", e.Value)
	}
	test.Type(p.entry, "hi there")
	p.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t, "typing 2", `send bob@example.org "hi there"`)
	if p.entry.Text != "" {
		t.Errorf("the entry keeps %q", p.entry.Text)
	}
	p.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t)
	own := im.Message{ID: "own1", Conv: peer("bob"), Out: true, Text: im.Plain("hi there"), Time: time.Now(), State: im.Sending}
	g.apply([]messenger.Event{messenger.MessageAdded{Message: own}})
	own.State = im.Done
	g.apply([]messenger.Event{messenger.MessageChanged{Message: own}, messenger.MessageAdded{Message: incoming("2", "bob", "bye")}})
	if got := shownLines(g); !slices.Equal(got, []string{"Bob: hello", "alice@example.net: hi there", "Bob: bye"}) {
		t.Errorf("%q", got)
	}
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "own1"}})
	if got := shownLines(g); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestWhatWasNotSentIsNotLost(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	failed := im.Message{ID: "x", Conv: peer("bob"), Out: true, Text: im.Plain("dear Bob"), Time: time.Now(), State: im.Failed, Reason: "It ended."}
	waiting := im.Message{ID: "y", Conv: peer("bob"), Out: true, Text: im.Plain("later"), Time: time.Now(), State: im.Waiting, Reason: "not connected"}
	g.apply([]messenger.Event{messenger.MessageAdded{Message: failed}, messenger.MessageAdded{Message: waiting}})
	if got := shownLines(g); len(got) != 2 || !strings.Contains(got[0], "It ended.") || !strings.Contains(got[1], "Waiting: not connected") {
		t.Errorf("%q", got)
	}
	act := func(i int, label string) {
		t.Helper()
		for _, s := range p.lines.at(i).line.spans {
			if s.text == label && s.act != nil {
				s.act()
				return
			}
		}
		t.Fatalf("line %d offers no %q", i, label)
	}
	act(0, "Send again")
	f.has(t, "retry x")
	act(1, "Discard")
	f.has(t, "discard y")
	act(1, "Edit")
	f.has(t, "edit y")
	act(0, "Edit")
	f.has(t, "edit x")
	labels := func(i int) (out []string) {
		for _, m := range p.lineMenu(i) {
			out = append(out, m.Label)
		}
		return out
	}
	if got := labels(0); !slices.Equal(got, []string{"Send Again", "Edit", "Discard"}) {
		t.Errorf("%q", got)
	}
	if got := labels(1); !slices.Equal(got, []string{"Edit", "Discard"}) {
		t.Errorf("%q", got)
	}
	p.lines.selectAll()
	if text := p.lines.selected(); strings.Contains(text, "Send again") || !strings.Contains(text, "dear Bob") {
		t.Errorf("copies %q", text)
	}
}

func TestSendEntryKeys(t *testing.T) {
	_, f, p := talking(t, messenger.ConversationState{})
	say := func(text string) {
		p.entry.SetText(text)
		p.entry.TypedKey(key(fyne.KeyReturn))
	}
	say("one")
	say("two")
	f.said()
	up := func() { p.entry.TypedKey(key(fyne.KeyUp)) }
	up()
	if p.entry.Text != "two" {
		t.Errorf("Up brings %q", p.entry.Text)
	}
	up()
	up()
	if p.entry.Text != "one" {
		t.Errorf("Up again brings %q", p.entry.Text)
	}
	p.entry.TypedKey(key(fyne.KeyDown))
	p.entry.TypedKey(key(fyne.KeyDown))
	if p.entry.Text != "" {
		t.Errorf("Down brings %q", p.entry.Text)
	}
	p.entry.SetText("a draft")
	up()
	if p.entry.Text != "a draft" {
		t.Errorf("Up replaced a draft by %q", p.entry.Text)
	}
	p.entry.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierShortcutDefault})
	if p.entry.Text != "two" {
		t.Errorf("Ctrl+Up brings %q", p.entry.Text)
	}
	p.entry.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierShortcutDefault})
	if p.entry.Text != "a draft" {
		t.Errorf("the draft came back as %q", p.entry.Text)
	}
	if p.entry.AcceptsTab() {
		t.Error("Tab does not leave the entry")
	}
	p.entry.SetText(strings.Repeat("a long line that wraps ", 60))
	p.entry.fit()
	if p.entry.rows != entryMaxRows {
		t.Errorf("%d rows for a long text", p.entry.rows)
	}
	p.entry.set("")
	if p.entry.rows != entryMinRows {
		t.Errorf("%d rows for no text", p.entry.rows)
	}
}

func TestTypingIsToldOnce(t *testing.T) {
	_, f, p := talking(t, messenger.ConversationState{})
	test.Type(p.entry, "abc")
	f.has(t, "typing 2")
	p.entry.SetText("")
	f.has(t, "typing 1")
	p.stopPause()
}

func TestPluginMenu(t *testing.T) {
	actions := []plugin.Action{{ID: "start", Label: "Start private conversation"}, {ID: "end", Label: "End", Off: true}, {},
		{Label: "Bob (alice)"}, {Label: "Not private", HasIcon: true}}
	g, f, p := talking(t, messenger.ConversationState{Menus: otrMenu(actions...)})
	b := element(t, g, kindMenuButton, "Not private")
	if b.X < 300 || b.Y < 300 || !b.Enabled {
		t.Errorf("the button is not at the bottom right: %+v", b)
	}
	m := g.pluginMenu(p.conv, p.menus[0])
	if len(m.Items) != 5 || !m.Items[2].IsSeparator || !m.Items[1].Disabled || usable(m.Items[3]) || m.Items[4].Icon == nil || usable(m.Items[4]) || m.Items[0].Disabled {
		t.Errorf("%+v", m.Items)
	}
	item(t, g.chats.last.window.MainMenu(), "OTR", "Start private conversation").Action()
	f.has(t, "invoke otr bob@example.org start")
	for _, c := range []struct {
		level im.Level
		word  string
	}{{im.Private, "Unverified"}, {im.Verified, "Private"}, {im.Ended, "Finished"}, {im.Open, "Not private"}} {
		g.apply([]messenger.Event{messenger.SealChanged{Conv: peer("bob"), Seal: im.Seal{Level: c.level, By: "otr"}}})
		element(t, g, kindMenuButton, c.word)
	}
	g.apply([]messenger.Event{messenger.MenusChanged{Conv: peer("bob"), Menus: otrMenu(plugin.Action{ID: "end", Label: "Only this"})}})
	item(t, g.chats.last.window.MainMenu(), "OTR", "Only this")

	for _, open := range []func(){
		func() { test.Tap(p.levels[0]) }, func() { test.TapSecondary(p.levels[0]) },
		func() { p.levels[0].MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonTertiary}) },
		func() { p.levels[0].TypedKey(key(fyne.KeySpace)) },
	} {
		open()
		element(t, g, kindMenuItem, "Only this")
		popped(t, g).close()
	}
	off := online()
	off.Status = accounts.Offline
	g.apply([]messenger.Event{messenger.AccountChanged{State: off}})
	if element(t, g, kindMenuButton, "Not private").Enabled {
		t.Error("the button of an account that is offline can be used")
	}
	g.apply([]messenger.Event{messenger.MenusChanged{Conv: peer("bob")}})
	if described(g, kindMenuButton, "Not private") || slices.ContainsFunc(g.chats.last.window.MainMenu().Items, func(m *fyne.Menu) bool { return m.Label == "OTR" }) {
		t.Error("the menu stays")
	}
}

func TestTabs(t *testing.T) {
	g, f, bob := talking(t, messenger.ConversationState{})
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}},
		messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("dave")}}})
	w := g.chats.last
	if w.front() != bob || len(w.pages) != 3 {
		t.Fatal("a conversation that was not asked for took the front")
	}
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "carol", "psst")},
		messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("carol"), Count: 1}}})
	element(t, g, kindTab, "Carol (1)")
	shortcut := func(k fyne.KeyName, m fyne.KeyModifier) {
		t.Helper()
		w.front().entry.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: m})
	}
	ctrl := fyne.KeyModifierShortcutDefault
	shortcut(fyne.KeyPageDown, ctrl)
	f.has(t, "read carol@example.org")
	element(t, g, kindTab, "Carol")
	if w.window.Title() != "Carol" {
		t.Errorf("the title is %q", w.window.Title())
	}
	shortcut(fyne.KeyTab, ctrl)
	shortcut(fyne.KeyTab, ctrl)
	if w.front() != bob {
		t.Error("tabs do not go round")
	}
	shortcut(fyne.KeyTab, ctrl|fyne.KeyModifierShift)
	if w.front().conv != peer("dave") {
		t.Error("nor back")
	}
	shortcut(fyne.Key2, fyne.KeyModifierAlt)
	if w.front().conv != peer("carol") {
		t.Error("Alt+2 is not the second")
	}
	item(t, w.window.MainMenu(), "Conversation", "Close").Action()
	f.has(t, "close carol@example.org")
	g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer("carol")}})
	if w.front().conv != peer("dave") || len(w.pages) != 2 {
		t.Errorf("%v is in front", w.front().conv)
	}
	w.strip.dropped(0)
	f.has(t, "close bob@example.org")
	g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer("bob")}, messenger.ConversationClosed{Conv: peer("dave")}})
	if w.shown || w.front() != nil {
		t.Error("the window stays")
	}
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	if !w.shown || w.front().conv != peer("bob") {
		t.Error("it does not come back")
	}
}

func TestUnreadIsReadOnlyWhenSeen(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	system := outside(g)
	unread := func(n int) {
		g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming(time.Now().String(), "bob", "ping")},
			messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("bob"), Count: n}},
			messenger.Attention{Conv: peer("bob"), How: plugin.Attention{Notify: true}}})
	}
	g.active = nil // the keyboard is in another program
	unread(1)
	f.has(t)
	if e := element(t, g, kindTab, "Bob (1)"); e.Value != im.On {
		t.Error("the tab is not in front")
	}
	if got := system.said(); !slices.Equal(got, []string{"Bob: New message"}) {
		t.Errorf("notifications %q", got)
	}
	unread(2)
	if got := system.said(); !slices.Equal(got, []string{"Bob: 2 new messages"}) {
		t.Errorf("told again: %q", got)
	}
	p.entry.FocusGained()
	f.has(t, "read bob@example.org")
	unread(1)
	f.has(t, "read bob@example.org")
	if got := system.said(); !slices.Equal(got, []string{"not bob@example.org"}) {
		t.Errorf("told of what is in sight: %q", got)
	}
}

func TestHeadAndTypingLine(t *testing.T) {
	g, _, _ := talking(t, messenger.ConversationState{})
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Typing{Conv: peer("bob"), State: im.TypingComposing}}})
	element(t, g, kindTyping, "Bob is typing…")
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Offline{Account: alice}}})
	if e := element(t, g, kindHead, "Bob"); e.Value != "Offline" {
		t.Errorf("the head says %q", e.Value)
	}
	if described(g, kindTyping, "Bob is typing…") {
		t.Error("somebody offline types")
	}
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Buddy{Buddy: im.Buddy{Account: alice, Bare: peer("bob").Peer, Name: "Robert"}}}})
	element(t, g, kindHead, "Robert")
	if g.chats.last.window.Title() != "Robert" {
		t.Errorf("the title is %q", g.chats.last.window.Title())
	}
}
