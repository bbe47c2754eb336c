package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
)

// three are conversations with Bob, Carol and Dave, in this order.
func three(t *testing.T) (*GUI, *fakeFront) {
	t.Helper()
	g, f, _ := talking(t, messenger.ConversationState{})
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}},
		messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("dave")}}})
	f.said()
	return g, f
}

func (w *chatWindow) names() (all []string) {
	for _, p := range w.pages {
		all = append(all, p.conv.Peer[:len(p.conv.Peer)-len("@example.org")])
	}
	return all
}

func (g *GUI) wantWindows(t *testing.T, want ...[]string) {
	t.Helper()
	var got [][]string
	for _, w := range g.chats.windows {
		got = append(got, w.names())
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the windows hold %q, want %q", got, want)
	}
}

func pressTab(w *chatWindow, label string, i int) bool {
	for _, item := range w.tabItems(w.pages[i]) {
		if item.Label == label && item.Action != nil {
			item.Action()
			return true
		}
	}
	return false
}

func TestTabsMoveBetweenWindows(t *testing.T) {
	g, f := three(t)
	w := g.chats.last
	carol := w.pages[1]
	carol.entry.set("unsent")
	if !pressTab(w, "Move to a New Window", 1) {
		t.Fatal("it cannot be moved")
	}
	g.wantWindows(t, []string{"bob", "dave"}, []string{"carol"})
	other := carol.window
	if other == w || !other.shown || other.front() != carol || other.window.Canvas().Focused() != carol.entry || carol.entry.Text != "unsent" {
		t.Error("the page is not in the new window, ready to write")
	}
	g.active = other.window
	carol.entry.TypedShortcut(control(fyne.KeyPageDown)) // it is about its own window
	if w.front().conv != peer("bob") {
		t.Error("a shortcut went to the window that the page was in before")
	}
	f.said()
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "carol", "psst")},
		messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("carol"), Count: 1}}})
	f.has(t, "read carol@example.org")

	if pressTab(other, "Move to a New Window", 0) {
		t.Error("the only one can be moved to a window of its own")
	}
	if !pressTab(other, "Move to the Other Window", 0) {
		t.Error("it cannot be moved back")
	}
	g.wantWindows(t, []string{"bob", "dave", "carol"})
	if !other.gone || g.chats.last != w || w.front() != carol {
		t.Error("the empty window stays")
	}
	g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer("carol")}})
	g.wantWindows(t, []string{"bob", "dave"})
}

func TestTabsChangePlaces(t *testing.T) {
	g, _ := three(t)
	w := g.chats.last
	w.pages[0].entry.TypedShortcut(shifted(fyne.KeyPageDown))
	g.wantWindows(t, []string{"carol", "bob", "dave"})
	w.pages[1].entry.TypedShortcut(shifted(fyne.KeyPageDown))
	w.pages[2].entry.TypedShortcut(shifted(fyne.KeyPageDown)) // there is no further place
	g.wantWindows(t, []string{"carol", "dave", "bob"})
	w.front().entry.TypedShortcut(shifted(fyne.KeyPageUp))
	g.wantWindows(t, []string{"carol", "bob", "dave"})
	if w.front().conv != peer("bob") || w.strip.chosen != 1 {
		t.Error("the page in front is another one")
	}
	if pressTab(w, "Move Left", 0) || pressTab(w, "Move Right", 2) {
		t.Error("there is a place beyond the ends")
	}

	// By the mouse: over half of the next, and out of the strip.
	drag := func(from, dx, y float32) {
		for i := range 10 {
			w.strip.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(from+dx*float32(i+1)/10, y)}, Dragged: fyne.NewDelta(dx/10, 0)})
		}
		w.strip.DragEnd()
	}
	x, width := w.strip.place(0)
	_, next := w.strip.place(1)
	drag(x+width/2, next, 5)
	g.wantWindows(t, []string{"bob", "carol", "dave"})
	x, _ = w.strip.place(2)
	drag(x+10, 10, 200)
	g.wantWindows(t, []string{"bob", "carol"}, []string{"dave"})
	drag(x+500, 10, 200)
	g.chats.windows[1].strip.torn(0)
	g.wantWindows(t, []string{"bob", "carol"}, []string{"dave"})
}

func TestClosedConversationsComeBack(t *testing.T) {
	g, f := three(t)
	w := g.chats.last
	for _, name := range []string{"carol", "dave"} {
		w.leave(peer(name))
		g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer(name)}})
	}
	f.said()
	w.front().entry.TypedShortcut(shifted(fyne.KeyW))
	f.has(t, "open dave@example.org")
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}}}) // by other means
	w.front().entry.TypedShortcut(shifted(fyne.KeyW))
	f.has(t)
	if pressTab(w, "Reopen Closed Conversation", 0) {
		t.Error("there is another one to come back")
	}
}

func TestClosingWhatWasNotReadAsks(t *testing.T) {
	g, f := three(t)
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "carol", "psst")},
		messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("carol"), Count: 1}}})
	w := g.chats.last
	f.said()
	pressTab(w, "Close All", 0)
	pressTab(w, "Close All", 0)
	if len(g.asked) != 1 {
		t.Fatalf("%d forms ask", len(g.asked))
	}
	f.has(t)
	g.asked[0].press("stay")
	f.has(t)
	pressTab(w, "Close Others", 1) // all of them were read
	f.has(t, "close bob@example.org", "close dave@example.org")
	pressTab(w, "Close All", 0)
	g.asked[0].press("close")
	f.has(t, "close bob@example.org", "close carol@example.org", "close dave@example.org")
	if len(g.asked) != 0 {
		t.Error("the question stays")
	}
}

func TestTabByTabToWhatIsNew(t *testing.T) {
	g, _ := three(t)
	w := g.chats.last
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "dave", "psst")},
		messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("dave"), Count: 1}}})
	g.active = w.window
	tab := &desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierShortcutDefault}
	for _, want := range []string{"dave", "bob", "carol"} {
		w.front().entry.TypedShortcut(tab)
		if got := w.front().conv; got != peer(want) {
			t.Errorf("%s is in front, not %s", got.Peer, want)
		}
	}
}

func TestWhereNewConversationsOpen(t *testing.T) {
	room := im.ConvID{Account: alice, Peer: "kitchen@rooms.example.org"}
	for place, want := range map[string]int{messenger.PlaceLast: 1, messenger.PlaceKinds: 2, messenger.PlaceAlone: 4} {
		g, _, _ := talking(t, messenger.ConversationState{})
		g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingPlacement, Value: place},
			messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}},
			messenger.ConversationOpened{State: messenger.ConversationState{Conv: room, Kind: im.InRoom}},
			messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("dave")}, Focus: true}})
		if got := len(g.chats.windows); got != want {
			t.Errorf("%q: %d windows, want %d", place, got, want)
		}
		if p := g.chats.front(); p == nil || p.conv != peer("dave") {
			t.Errorf("%q: what was asked for is not in front", place)
		}
	}
}

func TestNewConversationsCanWait(t *testing.T) {
	for _, c := range []struct {
		hide   string
		show   im.Show
		opened bool
	}{{messenger.HideNever, im.Away, true}, {messenger.HideAway, im.Available, true}, {messenger.HideAway, im.Away, false}, {messenger.HideAlways, im.Available, false}} {
		g, _ := start(t, friends())
		g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingHide, Value: c.hide}, messenger.PresenceWished{Presence: im.Presence{Show: c.show}},
			messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}}})
		if g.chats.last.shown != c.opened {
			t.Errorf("%q, %v: the window is open: %v", c.hide, c.show, !c.opened)
		}
		g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
		if p := g.chats.front(); !g.chats.last.shown || p == nil || p.conv != peer("bob") {
			t.Errorf("%q, %v: it does not open when it is chosen", c.hide, c.show)
		}
	}
}
