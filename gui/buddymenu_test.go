package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/protocol"
)

// labels are the entries of a menu: with * if ticked, in brackets if not possible now.
func labels(items []*fyne.MenuItem) string {
	var out []string
	for _, i := range items {
		switch {
		case i.IsSeparator:
			continue
		case i.Checked:
			out = append(out, "*"+i.Label)
		case i.Disabled:
			out = append(out, "("+i.Label+")")
		default:
			out = append(out, i.Label)
		}
	}
	return strings.Join(out, "|")
}

// pick does the entry with a label, in a menu or what is below it.
func pickItem(t *testing.T, items []*fyne.MenuItem, label string) {
	t.Helper()
	for _, i := range items {
		if i.Label == label && i.Action != nil {
			i.Action()
			return
		}
		if i.ChildMenu != nil && strings.Contains("|"+labels(i.ChildMenu.Items)+"|", label+"|") {
			pickItem(t, i.ChildMenu.Items, label)
			return
		}
	}
	t.Errorf("there is no %q in %s", label, labels(items))
}

func child(t *testing.T, items []*fyne.MenuItem, label string) string {
	t.Helper()
	for _, i := range items {
		if i.Label == label && i.ChildMenu != nil {
			return labels(i.ChildMenu.Items)
		}
	}
	t.Errorf("there is no menu %q", label)
	return ""
}

func (w *buddyWindow) itemsOf(t *testing.T, title string) []*fyne.MenuItem {
	t.Helper()
	return w.rowItems(w.row(w.rowOf(t, title)))
}

func TestBuddyMenu(t *testing.T) {
	g, f := start(t, friends())
	w := g.buddies
	items := w.itemsOf(t, "Bob")
	if got := labels(items); got != "IM|Get Info|View History|Mute|Show When Offline|Move To|Merge…|Authorisation|Add Pounce…|Set Picture…|Rename…|Remove…" {
		t.Errorf("%s", got)
	}
	if got := child(t, items, "Move To"); got != "*Friends|Work|Buddies|Add Group…" {
		t.Errorf("%s", got)
	}
	if got := child(t, items, "Authorisation"); got != "Ask Again to See Them Online|(Do Not Let Them See Me Online)|(Do Not See Them Online)" {
		t.Errorf("%s", got)
	}
	for _, label := range []string{"Show When Offline", "Work", "Add Group…", "Merge…", "Ask Again to See Them Online", "Set Picture…"} {
		pickItem(t, items, label)
	}
	f.has(t, "always bob@example.org true", "move bob@example.org from Friends to Work", "add group", "merge bob@example.org", "ask presence of bob@example.org", "portrait of bob@example.org")

	both := buddylist.Buddy{Buddy: im.Buddy{Account: alice, Bare: "bob@example.org", Name: "Bob", Subscription: im.SubscriptionBoth}}
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: both}, messenger.BuddyListChanged{Change: buddylist.Noted{Conv: peer("bob"), Note: buddylist.Note{Always: true}}}})
	items = w.itemsOf(t, "Bob")
	if got := child(t, items, "Authorisation"); got != "(Ask Again to See Them Online)|Do Not Let Them See Me Online|Do Not See Them Online" {
		t.Errorf("%s", got)
	}
	pickItem(t, items, "Do Not Let Them See Me Online")
	pickItem(t, items, "Do Not See Them Online")
	pickItem(t, items, "Show When Offline")
	f.has(t, "stop presence to bob@example.org", "drop presence of bob@example.org", "always bob@example.org false")
}

func TestGroupAndContactMenus(t *testing.T) {
	g, f := start(t, friends())
	w := g.buddies
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Arranged{Arrangement: buddylist.Arrangement{Contacts: []buddylist.Contact{{Members: []im.ConvID{peer("bob"), peer("dave")}}}}}},
		messenger.BuddyListChanged{Change: buddylist.Room{Room: buddylist.RoomEntry{Conv: peer("pub"), Name: "Pub", Kept: true, Auto: true}}}})
	items := w.itemsOf(t, "Friends")
	if got := labels(items); got != "Collapse|Add Buddy…|Add Group…|(Move Up)|(Move Down)|Rename…|Delete…" {
		t.Errorf("%s", got)
	}
	for _, label := range []string{"Add Buddy…", "Rename…", "Delete…"} {
		pickItem(t, items, label)
	}
	f.has(t, "add buddy to Friends", "rename group Friends", "delete group Friends")
	items = w.itemsOf(t, "Bob")
	if got := labels(items); got != "Expand|IM|Get Info|View History|Mute|Show When Offline|Move To|Add Pounce…|Merge…|Split|Rename…|Remove…" {
		t.Errorf("%s", got)
	}
	for _, label := range []string{"Split", "Rename…", "Remove…"} {
		pickItem(t, items, label)
	}
	f.has(t, "split contact of bob@example.org", "rename contact of bob@example.org", "remove contact of bob@example.org")

	// The arrow before its name unfolds a contact; what is within one has a menu as well.
	i := w.rowOf(t, "Bob")
	at, _, _ := w.list.rowRect(i)
	press := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: at.AddXY(8, 4)}}
	w.list.MouseDown(press)
	w.list.MouseUp(press)
	if got := shownRows(g); got != "Friends (1/2)|Bob|Bob|Dave|Chats (0/1)" {
		t.Errorf("%s", got)
	}
	pickItem(t, w.itemsOf(t, "Dave"), "Take Out of the Contact")
	f.has(t, "split dave@example.org")

	pickItem(t, w.itemsOf(t, "Pub"), "Join When Connected")
	pickItem(t, w.rowItems(buddylist.Row{Kind: buddylist.GroupRow, Rooms: true}), "Add Chat…")
	f.has(t, "auto-join pub@example.org false", "add room")

	if got := child(t, g.sendToItem(peer("bob")), "Send To"); got != "*bob@example.org|dave@example.org" {
		t.Errorf("%s", got)
	}
	pickItem(t, g.sendToItem(peer("bob")), "dave@example.org")
	f.has(t, "open dave@example.org")
	if g.sendToItem(peer("carol")) != nil {
		t.Error("Send To for somebody with one address")
	}
}

func TestSortAndDetails(t *testing.T) {
	s := friends()
	s.Settings = map[string]string{settingOffline: im.On, settingDetails: im.On, settingIdleTimes: im.On}
	g, f := start(t, s)
	w := g.buddies
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	g.now = func() time.Time { return now }
	list := func(e buddylist.Event) { g.apply([]messenger.Event{messenger.BuddyListChanged{Change: e}}) }
	list(buddylist.Presence{Account: alice, From: im.Addr{Bare: "carol@example.org"}, Presence: im.Presence{Show: im.Away, Idle: now.Add(-65 * time.Minute)}})
	list(buddylist.Presence{Account: alice, From: im.Addr{Bare: "dave@example.org", Resource: "x"}, Presence: im.Presence{Show: im.Away}})
	for title, want := range map[string]string{"Bob": "hello", "Carol": "idle 1 h 5 min", "Dave": "Away"} {
		if got := w.look(w.row(w.rowOf(t, title))).status; got != want {
			t.Errorf("%s: %q", title, got)
		}
	}
	if got := shownRows(g); got != "Friends (2/2)|Bob|Carol|Work (1/1)|Dave" {
		t.Errorf("%s", got)
	}
	// Groups are one line, buddies two, and a press finds them.
	if w.tallHeight <= w.briefHeight || w.list.top(5) != 2*w.briefHeight+3*w.tallHeight {
		t.Errorf("%v %v %v", w.briefHeight, w.tallHeight, w.list.top(5))
	}
	for i := range 5 {
		if at := w.list.rowAt(fyne.NewPos(9, w.list.top(i)+1)); at != i {
			t.Errorf("row %d is at %d", i, at)
		}
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingDetails}, messenger.SettingChanged{Key: settingIdleTimes}})
	if got := w.look(w.row(w.rowOf(t, "Carol"))).status; got != "" || w.tallHeight != w.briefHeight {
		t.Errorf("%q", got)
	}

	list(buddylist.Presence{Account: alice, From: im.Addr{Bare: "bob@example.org"}})
	list(buddylist.Arranged{Arrangement: buddylist.Arrangement{Order: map[string][]im.ConvID{"Friends": {peer("carol"), peer("bob")}}}})
	list(buddylist.Spoke{Conv: peer("bob"), Time: now})
	for value, want := range map[string]string{sortStatus: "Carol|Bob", sortName: "Bob|Carol", sortHand: "Carol|Bob", sortActivity: "Bob|Carol"} {
		g.apply([]messenger.Event{messenger.SettingChanged{Key: settingSort, Value: value}})
		if got := shownRows(g); got != "Friends (1/2)|"+want+"|Work (1/1)|Dave" {
			t.Errorf("%q: %s", value, got)
		}
	}
	f.said()
	pickItem(t, []*fyne.MenuItem{w.sortItem()}, "Manually")
	f.has(t, `set buddylist.sort "hand"`)
	w.list.choose(-1)
	w.showInfo()
	w.list.choose(w.rowOf(t, "Dave"))
	w.showInfo()
	f.has(t, "info ", "info dave@example.org")
}

func TestSignedOnElsewhere(t *testing.T) {
	s := friends()
	s.Accounts[0].Status, s.Accounts[0].Problem = accounts.Stopped, &protocol.Failure{Cause: protocol.Replaced, Text: "Signed on elsewhere."}
	g, _ := start(t, s)
	element(t, g, kindButton, "Re-enable")
}

func TestRowsTellOfPermissions(t *testing.T) {
	g, _ := start(t, friends())
	for _, c := range []struct {
		buddy im.Buddy
		want  string
	}{
		{im.Buddy{Subscription: im.SubscriptionBoth}, ""},
		{im.Buddy{Subscription: im.SubscriptionTo}, ""},
		{im.Buddy{Subscription: im.SubscriptionFrom}, "you may not see when they are online"},
		{im.Buddy{Subscription: im.SubscriptionNone}, "you may not see when they are online"},
		{im.Buddy{Subscription: im.SubscriptionNone, Asking: true}, "waiting for their permission"},
	} {
		if got := g.buddies.look(buddylist.Row{Kind: buddylist.BuddyRow, Buddy: c.buddy}).status; got != c.want {
			t.Errorf("%+v: %q", c.buddy, got)
		}
	}
}
