package gui

import (
	"fmt"
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
	"culver/protocol"
)

func buddy(name string, groups ...string) buddylist.Event {
	c := peer(strings.ToLower(name))
	return buddylist.Buddy{Buddy: im.Buddy{Account: alice, Bare: c.Peer, Name: name, Groups: groups}}
}

func available(name string, status string) buddylist.Event {
	return buddylist.Presence{Account: alice, From: im.Addr{Bare: peer(name).Peer, Resource: "x"},
		Presence: im.Presence{Show: im.Available, Status: status}}
}

func friends() messenger.Snapshot {
	return messenger.Snapshot{
		Presence: im.Presence{Show: im.Available}, Accounts: []accounts.State{online()},
		Buddies: []buddylist.Event{buddy("Bob", "Friends"), buddy("Carol", "Friends"), buddy("Dave", "Work"),
			available("bob", "hello"), available("dave", "")},
	}
}

// shownRows are the rows of the Buddy List as they are described.
func shownRows(g *GUI) string {
	var out []string
	for _, e := range g.Describe() {
		switch e.Kind {
		case kindBuddy, kindGroup, kindRequest:
			out = append(out, e.Name)
		}
	}
	return strings.Join(out, "|")
}

func (w *buddyWindow) rowOf(t *testing.T, title string) int {
	t.Helper()
	for i := range w.rows().Len() {
		r := w.row(i)
		if r.Title == title && r.Kind != buddylist.GroupRow || r.Kind == buddylist.GroupRow && r.Group == title {
			return i
		}
	}
	t.Fatalf("there is no row %q", title)
	return 0
}

func TestBuddyListRows(t *testing.T) {
	g, f := start(t, friends())
	if got := shownRows(g); got != "Friends (1/2)|Bob|Work (1/1)|Dave" {
		t.Errorf("%s", got)
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingOffline, Value: im.On}})
	if got := shownRows(g); got != "Friends (1/2)|Bob|Carol|Work (1/1)|Dave" {
		t.Errorf("with those offline: %s", got)
	}
	g.buddies.press(g.buddies.rowOf(t, "Friends"))
	if got := shownRows(g); got != "Friends (1/2)|Work (1/1)|Dave" {
		t.Errorf("folded: %s", got)
	}
	f.has(t, `set buddylist.collapsed "Friends"`)
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("dave"), Count: 2}},
		messenger.BuddyListChanged{Change: buddylist.Asked{Conv: peer("mallory"), Reason: "hi"}}})
	if got := shownRows(g); !strings.HasPrefix(got, "mallory@example.org wants to see when you are online|") {
		t.Errorf("a request: %s", got)
	}
	if e := element(t, g, kindBuddy, "Dave"); e.Value != "Available (2)" {
		t.Errorf("%q", e.Value)
	}
}

func TestBuddyListKeepsTheChosenRow(t *testing.T) {
	g, _ := start(t, friends())
	g.buddies.list.choose(g.buddies.rowOf(t, "Dave"))
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: available("carol", "")}})
	if r := g.buddies.row(g.buddies.list.selected); r.Title != "Dave" {
		t.Errorf("%q is chosen", r.Title)
	}
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Removed{Conv: peer("dave")}},
		messenger.BuddyListChanged{Change: buddylist.Offline{Account: alice}}})
	if g.buddies.list.selected != -1 {
		t.Error("another row is chosen")
	}
}

func TestContacts(t *testing.T) {
	g, f := start(t, friends())
	w := g.buddies
	list := func(e buddylist.Event) { g.apply([]messenger.Event{messenger.BuddyListChanged{Change: e}}) }
	w.list.choose(w.rowOf(t, "Bob"))
	list(buddylist.Arranged{Arrangement: buddylist.Arrangement{Contacts: []buddylist.Contact{{Name: "Robert", Members: []im.ConvID{peer("carol"), peer("bob")}}}}})
	if got := shownRows(g); got != "Friends (1/1)|Robert|Work (1/1)|Dave" {
		t.Errorf("%s", got)
	}
	if w.chosen.Kind != buddylist.ContactRow || w.chosen.Conv != peer("bob") {
		t.Errorf("chosen is %+v", w.chosen)
	}
	w.open(w.list.selected)
	f.has(t, "open bob@example.org")
	list(buddylist.Unread{Conv: peer("carol"), Count: 1})
	w.open(w.list.selected)
	f.has(t, "open carol@example.org")
	w.list.TypedKey(key(fyne.KeyRight))
	if got := shownRows(g); got != "Friends (1/1)|Robert|Carol|Bob|Work (1/1)|Dave" {
		t.Errorf("expanded: %s", got)
	}
	w.list.TypedKey(key(fyne.KeyDown))
	w.open(w.list.selected)
	f.has(t, "open carol@example.org")
	w.list.TypedKey(key(fyne.KeyLeft))
	if w.chosen.Title != "Robert" {
		t.Errorf("the arrow leads to %q", w.chosen.Title)
	}
	w.list.TypedKey(key(fyne.KeyLeft))
	w.list.TypedKey(key(fyne.KeyLeft))
	if got := shownRows(g); got != "Friends (1/1)|Robert|Work (1/1)|Dave" || w.chosen.Kind != buddylist.GroupRow {
		t.Errorf("collapsed: %s, chosen %+v", got, w.chosen)
	}
	f.has(t)
}

func TestBuddyListOpens(t *testing.T) {
	g, f := start(t, friends())
	l := g.buddies.list
	l.choose(g.buddies.rowOf(t, "Bob"))
	l.TypedKey(key(fyne.KeyReturn))
	f.has(t, "open bob@example.org")
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	pos, _, _ := l.rowRect(g.buddies.rowOf(t, "Dave"))
	e.Position = pos.AddXY(30, 5)
	for range 2 {
		l.MouseDown(e)
		l.MouseUp(e)
	}
	f.has(t, "open dave@example.org")
	l.MouseDown(e)
	l.MouseUp(e)
	f.has(t)
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Asked{Conv: peer("mallory")}}})
	g.buddies.press(0)
	f.has(t, "request mallory@example.org")
}

func TestBuddyListKeys(t *testing.T) {
	g, f := start(t, friends())
	l := g.buddies.list
	for _, k := range []fyne.KeyName{fyne.KeyEnd, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyUp, fyne.KeyLeft} {
		l.TypedKey(key(k))
	}
	if got := shownRows(g); got != "Friends (1/2)|Work (1/1)|Dave" {
		t.Errorf("%s", got)
	}
	f.said()
	l.TypedKey(key(fyne.KeyLeft))
	f.has(t)
	l.TypedKey(key(fyne.KeyRight))
	if got := shownRows(g); !strings.Contains(got, "Bob") {
		t.Errorf("%s", got)
	}
}

func TestBuddyListSearch(t *testing.T) {
	g, f := start(t, friends())
	test.Type(g.buddies.list, "car")
	if got := shownRows(g); got != "Friends (1/2)|Carol" {
		t.Errorf("%s", got)
	}
	if g.buddies.search.Text != "car" || g.buddies.window.Canvas().Focused() != fyne.Focusable(g.buddies.search) {
		t.Errorf("the search reads %q", g.buddies.search.Text)
	}
	g.buddies.search.TypedKey(key(fyne.KeyReturn))
	f.has(t, "open carol@example.org")
	if g.buddies.search.Visible() || !strings.Contains(shownRows(g), "Dave") {
		t.Error("the search stays")
	}
	test.Type(g.buddies.list, "zzz")
	if !g.buddies.hint.Visible() {
		t.Error("no word that nobody was found")
	}
	g.buddies.search.TypedKey(key(fyne.KeyEscape))
	if g.buddies.hint.Visible() || g.buddies.search.Text != "" {
		t.Error("Escape does not end the search")
	}
}

func TestBuddyListHints(t *testing.T) {
	g, f := start(t, messenger.Snapshot{})
	press := func(name string) {
		t.Helper()
		element(t, g, kindButton, name)
		test.Tap(g.buddies.hintButton)
	}
	press("Add an Account…")
	f.has(t, "first run")
	g.apply([]messenger.Event{messenger.AccountChanged{State: online()}})
	press("Add a Buddy…")
	f.has(t, "add buddy")
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddy("Bob")}})
	press("Show Offline Buddies")
	f.has(t, `set buddylist.offline "on"`)
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: available("bob", "")}})
	if g.buddies.hint.Visible() {
		t.Error("a hint over buddies")
	}
}

func TestAccountStrips(t *testing.T) {
	g, f := start(t, friends())
	if described(g, kindButton, "Reconnect") {
		t.Error("a strip for an account that is online")
	}
	broken := online()
	broken.Status, broken.Problem = accounts.Waiting, &protocol.Failure{Text: "No connection to the network."}
	broken.Next = time.Date(2026, 1, 2, 15, 4, 5, 0, time.Local)
	g.apply([]messenger.Event{messenger.AccountChanged{State: broken}})
	element(t, g, kindStrip, "alice@example.net: No connection to the network. Trying again at 15:04:05.")
	test.Tap(g.buddies.offers[0].again)
	test.Tap(g.buddies.offers[0].modify)
	f.has(t, "reconnect xmpp:alice@example.net", "edit account xmpp:alice@example.net")
	broken.Status = accounts.Connecting
	g.apply([]messenger.Event{messenger.AccountChanged{State: broken}})
	element(t, g, kindStrip, "Connecting alice@example.net…")
	g.apply([]messenger.Event{messenger.AccountRemoved{Account: alice}})
	if len(g.buddies.drawn) != 0 {
		t.Error("a strip for an account that is gone")
	}
}

// item finds an entry of a menu bar by its path.
func item(t *testing.T, m *fyne.MainMenu, path ...string) *fyne.MenuItem {
	t.Helper()
	for _, menu := range m.Items {
		if menu.Label != path[0] {
			continue
		}
		for _, i := range menu.Items {
			if wordsOf(i) != path[1] {
				continue
			}
			if len(path) == 2 {
				return i
			}
			for _, sub := range i.ChildMenu.Items {
				if wordsOf(sub) == path[2] {
					return sub
				}
			}
		}
	}
	t.Fatalf("there is no %v", path)
	return nil
}

func TestBuddyListMenus(t *testing.T) {
	g, f := start(t, friends())
	menu := func(path ...string) *fyne.MenuItem { return item(t, g.buddies.window.MainMenu(), path...) }
	for _, c := range []struct {
		path []string
		want string
	}{
		{[]string{"Buddies", "New Instant Message…"}, "new message"},
		{[]string{"Buddies", "Add Buddy…"}, "add buddy"},
		{[]string{"Buddies", "Show", "Offline Buddies"}, `set buddylist.offline "on"`},
		{[]string{"Accounts", "Manage Accounts…"}, "accounts"},
		{[]string{"Tools", "Plugins…"}, "plugins"},
		{[]string{"Tools", "Theme", "Dark"}, `set theme "dark"`},
		{[]string{"Help", "About…"}, "about"},
		{[]string{"Buddies", "Quit"}, "quit"},
	} {
		menu(c.path...).Action()
		f.has(t, c.want)
	}
	if menu("Buddies", "Show", "Offline Buddies").Checked {
		t.Error("the wrong items are checked")
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingOffline, Value: im.On}, messenger.SettingChanged{Key: settingTheme, Value: themeDark}})
	if !menu("Buddies", "Show", "Offline Buddies").Checked || !menu("Tools", "Theme", "Dark").Checked {
		t.Error("the settings are not checked")
	}
	if l := g.app.Settings().Theme().(*look); l.mode != themeDark {
		t.Errorf("the theme is %q", l.mode)
	}
}

func TestOwnStatus(t *testing.T) {
	g, f := start(t, friends())
	s := g.buddies.status
	m := s.menu()
	m.Items[1].Action()
	f.has(t, `presence Away ""`)
	g.apply([]messenger.Event{messenger.PresenceWished{Presence: im.Presence{Show: im.Away, Status: "lunch"}}})
	if s.button.text != "Away" || s.message.Text != "lunch" {
		t.Errorf("%q, %q", s.button.text, s.message.Text)
	}
	g.buddies.window.Canvas().Focus(s.message)
	s.message.SetText("back soon")
	s.message.TypedKey(key(fyne.KeyReturn))
	f.has(t, `presence Away "back soon"`, `presence Away "back soon"`)
}

func TestClosingTheBuddyListQuits(t *testing.T) {
	g, f := start(t, friends())
	g.quit()
	f.has(t, "quit")
	g.apply([]messenger.Event{messenger.Stopped{}, messenger.Trouble{Text: "late"}})
	if !g.stopped || len(g.asked) != 0 {
		t.Error("it goes on")
	}
}

func BenchmarkBuddyList(b *testing.B) {
	g := New(test.NewApp(), func(func()) {})
	g.front = &fakeFront{}
	s := messenger.Snapshot{Accounts: []accounts.State{online()}, Settings: map[string]string{settingOffline: im.On}}
	for i := range 10_000 {
		s.Buddies = append(s.Buddies, buddy(fmt.Sprintf("Buddy%05d", i), fmt.Sprintf("Group %d", i%20)))
	}
	g.apply([]messenger.Event{s})
	b.Run("presence", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			e := available(fmt.Sprintf("buddy%05d", i%10_000), "").(buddylist.Presence)
			e.Presence.Show = im.Show(i / 10_000 % 2 * int(im.Available))
			g.apply([]messenger.Event{messenger.BuddyListChanged{Change: e}})
		}
	})
	b.Run("scroll", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			g.buddies.list.scrollTo(float32(i * 60 % 200_000))
		}
	})
	b.Run("refresh", func(b *testing.B) {
		for b.Loop() {
			g.buddies.drawRows()
		}
	})
}

func TestStrangersAreOneRow(t *testing.T) {
	g, f := start(t, friends())
	list := func(e buddylist.Event) { g.apply([]messenger.Event{messenger.BuddyListChanged{Change: e}}) }
	list(buddylist.Knocked{Conv: peer("mallory"), Request: true})
	if got := shownRows(g); !strings.HasPrefix(got, "mallory@example.org wants to reach you|") {
		t.Errorf("%s", got)
	}
	g.buddies.press(0)
	f.has(t, "request mallory@example.org")
	list(buddylist.Knocked{Conv: peer("eve")})
	if got := shownRows(g); !strings.HasPrefix(got, "2 people want to reach you|") {
		t.Errorf("%s", got)
	}
	g.buddies.press(0)
	f.has(t, "knocks")
	element(t, g, kindRequest, "2 people want to reach you")
}

func TestBlockingIsOfferedWhereItWorks(t *testing.T) {
	g, _ := start(t, friends())
	if items := g.blockItems(peer("bob")); items != nil {
		t.Error("offered where the server cannot do it")
	}
	for label, addresses := range map[string][]string{"Block…": nil, "Unblock…": {"example.org"}} {
		g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Blocked{Account: alice, Addresses: addresses}}})
		if items := g.blockItems(peer("bob")); len(items) != 1 || items[0].Label != label {
			t.Errorf("%v: %+v", addresses, items)
		}
	}
}
