package gui

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/messenger"
)

// entries are the entries of a menu, in words: a star is a tick, brackets are what is not
// possible.
func entries(m *fyne.Menu) string {
	var all []string
	for _, i := range m.Items {
		label := i.Label
		switch {
		case i.IsSeparator:
			label = "-"
		case i.Disabled:
			label = "(" + label + ")"
		case i.Checked:
			label = "*" + label
		}
		if i.ChildMenu != nil {
			label += " [" + entries(i.ChildMenu) + "]"
		}
		all = append(all, label)
	}
	return strings.Join(all, ", ")
}

// inTray is a front end with a place for its icon, and bob in a conversation.
func inTray(t *testing.T) (*GUI, *fakeFront, *fakeSystem) {
	t.Helper()
	g, f, _ := talking(t, messenger.ConversationState{})
	s := outside(g)
	g.settings[messenger.SettingTray], g.settings[messenger.SettingSounds] = messenger.TrayAlways, im.On
	g.TrayThere(true)
	f.said()
	return g, f, s
}

func unread(g *GUI, n int) {
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Unread{Conv: peer("bob"), Count: n}}})
}

func TestTray(t *testing.T) {
	g, f, s := inTray(t)
	g.active = nil
	const rest = "-, New Instant Message…, Join a Chat…, Change Status [*Available, Away, Do not disturb, Not available, Offline, -, New Status…, Saved Statuses…], -, Manage Accounts…, Plugins…, Mute Sounds, -, Quit"
	if got := entries(s.tray.Menu); got != "Hide Buddy List, (Unread Messages), "+rest {
		t.Errorf("the menu is %s", got)
	}
	quiet := s.tray
	if img, err := png.Decode(bytes.NewReader(quiet.Icon.Content())); err != nil || img.Bounds().Dx() != trayIconSize || quiet.Urgent || quiet.Tip != "Available" {
		t.Errorf("%v %+v", err, quiet)
	}
	unread(g, 2)
	if got := entries(s.tray.Menu); got != "Hide Buddy List, Unread Messages [Bob (2)], "+rest || !s.tray.Urgent || bytes.Equal(s.tray.Icon.Content(), quiet.Icon.Content()) || s.badge != 1 {
		t.Errorf("the menu is %s, badge %d", got, s.badge)
	}
	if s.tray.Tip != "1 conversation with unread messages" {
		t.Errorf("the tip is %q", s.tray.Tip)
	}
	item(t, fyne.NewMainMenu(s.tray.Menu), "", "Unread Messages", "Bob (2)").Action()
	f.has(t, "open bob@example.org")
	g.TrayPressed()
	f.has(t, "open bob@example.org")
	item(t, fyne.NewMainMenu(s.tray.Menu), "", "Change Status", "Away").Action()
	f.has(t, `presence Away ""`)
	unread(g, 0)
	if s.tray.Urgent || s.badge != 0 || s.tray.Icon != quiet.Icon {
		t.Error("it still calls")
	}
	// Nothing new: the same tray.
	before := s.tray
	g.apply([]messenger.Event{messenger.AccountChanged{State: online()}})
	if s.tray != before {
		t.Error("it is drawn again for nothing")
	}
	g.apply([]messenger.Event{messenger.PresenceWished{Presence: im.Presence{Show: im.Away}}})
	if s.tray.Icon == quiet.Icon || s.tray.Tip != "Away" {
		t.Error("it does not follow the status")
	}
	// Who is muted does not call.
	g.apply([]messenger.Event{messenger.HeedChanged{Conv: peer("bob"), Heed: messenger.HeedNone}})
	unread(g, 3)
	if s.tray.Urgent || s.badge != 0 {
		t.Error("the muted call")
	}
}

func TestBuddyListHidesBehindTheTray(t *testing.T) {
	g, f, s := inTray(t)
	g.buddies.closing()
	f.has(t)
	if !g.buddies.hidden || !strings.HasPrefix(entries(s.tray.Menu), "Show Buddy List, ") {
		t.Fatal("it is not hidden")
	}
	g.TrayPressed()
	if g.buddies.hidden || !strings.HasPrefix(entries(s.tray.Menu), "Hide Buddy List, ") {
		t.Error("it does not come back")
	}
	g.TrayPressed()
	if !g.buddies.hidden {
		t.Error("it does not go")
	}
	g.Raise() // the program was started again
	if g.buddies.hidden {
		t.Error("it stays away")
	}
	// Without the tray nothing stays hidden, and the button is the end.
	for what, gone := range map[string]func(){
		"the tray is gone": func() { g.TrayThere(false) },
		"never": func() {
			g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingTray, Value: messenger.TrayNever}})
		},
	} {
		g.TrayThere(true)
		g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingTray, Value: messenger.TrayAlways}})
		g.buddies.closing()
		f.said()
		if !g.buddies.hidden {
			t.Fatalf("%s: it was not hidden", what)
		}
		gone()
		if g.buddies.hidden || s.tray != nil {
			t.Errorf("%s: it stays hidden", what)
		}
		g.buddies.closing()
		if got := f.said(); !slices.Contains(got, "quit") {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// On unread messages only, the icon stays while the Buddy List is behind it.
func TestTrayOnUnread(t *testing.T) {
	g, _, s := inTray(t)
	choose := item(t, g.buddies.window.MainMenu(), "Tools", "Tray Icon", "On Unread Messages")
	choose.Action()
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingTray, Value: messenger.TrayUnread}})
	if s.tray != nil {
		t.Error("there is an icon")
	}
	g.active = nil
	if unread(g, 1); s.tray == nil {
		t.Fatal("there is no icon")
	}
	g.buddies.closing()
	if unread(g, 0); s.tray == nil || !g.buddies.hidden {
		t.Error("the Buddy List is out of reach")
	}
	g.TrayPressed()
	if s.tray != nil || g.buddies.hidden {
		t.Error("the icon stays")
	}
}

// Locked, nothing is left beside the windows; what was in a menu does nothing.
func TestTrayGoesWithTheLock(t *testing.T) {
	g, f, s := inTray(t)
	g.active = nil
	unread(g, 1)
	menu := s.tray.Menu
	g.buddies.closing()
	g.apply([]messenger.Event{messenger.Locking{}})
	if s.tray != nil || s.badge != 0 {
		t.Error("something is left")
	}
	f.said()
	for _, i := range menu.Items {
		if i.Action != nil {
			i.Action()
		}
	}
	f.has(t)
	g.TrayPressed()
	g.front = f
	g.detached = false
	g.apply([]messenger.Event{messenger.Snapshot{Accounts: []accounts.State{online()}, Settings: map[string]string{messenger.SettingTray: messenger.TrayAlways}}})
	if s.tray == nil || g.buddies.hidden {
		t.Error("it does not come back")
	}
}
