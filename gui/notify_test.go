package gui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func TestAttention(t *testing.T) {
	bob := peer("bob")
	g, f := start(t, messenger.Snapshot{})
	system := outside(g)
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
	if got := system.said(); len(got) != 0 || g.chats.last.window.Title() != "bob@example.org" {
		t.Errorf("nobody asked for %q, title %q", got, g.chats.last.window.Title())
	}
	come(plugin.Attention{Notify: true, Count: true})
	come(plugin.Attention{Notify: true, Count: true}) // in the place of the first one
	if got := system.said(); !slices.Equal(got, []string{"bob@example.org: New message", "bob@example.org: 2 new messages"}) {
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
	if got := system.said(); !slices.Equal(got, []string{"not bob@example.org"}) {
		t.Errorf("the user looks at it, and gets %q", got)
	}
	g.apply([]messenger.Event{messenger.Attention{Conv: peer("nobody"), How: plugin.Attention{Notify: true}}})
	f.said()
	g.Show(bob) // it was clicked
	f.has(t, "open bob@example.org")
}

// What a notification says is what the user chose, and never what is private.
func TestWhatNotificationsSay(t *testing.T) {
	bob := peer("bob")
	g, _ := start(t, messenger.Snapshot{})
	system := outside(g)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: bob}}})
	g.active = nil
	n := 0
	come := func(m im.Message, says plugin.Says) (Notification, bool) {
		n++
		m.ID, m.Conv = strconv.Itoa(n), bob
		system.told = nil
		g.apply([]messenger.Event{messenger.MessageAdded{Message: m}, messenger.Attention{Conv: bob, How: plugin.Attention{Notify: true, Says: says}}})
		return system.told[0], len(system.told) == 1
	}
	open := im.Message{Text: im.Plain("the canary\nsings")}
	private := im.Message{Text: im.Plain("the canary\nsings"), Seal: im.Seal{Level: im.Verified}}
	marked := im.Message{Text: im.Plain("the canary\nsings"), Private: true}
	for _, c := range []struct {
		m     im.Message
		says  plugin.Says
		title string
		text  bool
	}{
		{open, plugin.SaysWho, "bob@example.org", false}, {open, plugin.SaysNothing, "Culver", false}, {open, plugin.SaysText, "bob@example.org", true},
		{private, plugin.SaysText, "bob@example.org", false}, {marked, plugin.SaysText, "bob@example.org", false},
		{im.Message{Kind: im.Alarm, Text: open.Text}, plugin.SaysText, "bob@example.org", false},
	} {
		got, ok := come(c.m, c.says)
		if !ok || got.Title != c.title || strings.Contains(got.Title+got.Text+got.Line, "canary") != c.text || strings.Contains(got.Line, "canary") {
			t.Errorf("%+v, %v: %+v", c.m, c.says, got)
		}
	}
	if got, _ := come(open, plugin.SaysText); got.Text != "the canary sings" {
		t.Errorf("the text is %q", got.Text)
	}
	g.apply([]messenger.Event{messenger.SealChanged{Conv: bob, Seal: im.Seal{Level: im.Private}}})
	if got, _ := come(open, plugin.SaysText); strings.Contains(got.Text, "canary") {
		t.Error("something is said while the conversation is private")
	}
	if got, _ := come(private, plugin.SaysNothing); strings.Contains(got.Title+got.Text+got.Line, "bob") {
		t.Errorf("somebody is named: %+v", got)
	}
}

// Nothing stays beside the windows when the program is locked.
func TestNotificationsGoWithTheLock(t *testing.T) {
	bob := peer("bob")
	g, _ := start(t, messenger.Snapshot{})
	system := outside(g)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: bob}}})
	g.active = nil
	g.apply([]messenger.Event{messenger.Attention{Conv: bob, How: plugin.Attention{Notify: true}}})
	system.said()
	g.apply([]messenger.Event{messenger.Locking{}})
	if got := system.said(); !slices.Equal(got, []string{"not bob@example.org"}) {
		t.Errorf("left: %q", got)
	}
	g.Show(bob) // too late
}

func TestSoundsOfWhatOneSees(t *testing.T) {
	bob := peer("bob")
	g, _ := start(t, messenger.Snapshot{})
	system := outside(g)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: bob}}})
	play := func(always bool) {
		g.apply([]messenger.Event{messenger.SoundPlayed{Conv: bob, Sound: messenger.SoundReceived, Volume: 50, Always: always}})
	}
	g.active = g.chats.last.window
	if play(false); len(system.played) != 0 {
		t.Errorf("the user looks at it, and hears %q", system.played)
	}
	play(true)
	g.active = nil
	play(false)
	if !slices.Equal(system.played, []string{"received 50", "received 50"}) {
		t.Errorf("heard %q", system.played)
	}
}

func TestMutingByMenu(t *testing.T) {
	g, f, _ := talking(t, messenger.ConversationState{})
	mute := func() *fyne.MenuItem { return item(t, g.chats.last.window.MainMenu(), "Options", "Mute") }
	mute().Action()
	f.has(t, `heed bob@example.org "none"`)
	g.apply([]messenger.Event{messenger.HeedChanged{Conv: peer("bob"), Heed: messenger.HeedNone}})
	if !mute().Checked {
		t.Error("it is not marked")
	}
	mute().Action()
	f.has(t, `heed bob@example.org ""`)
	room := g.muteItem(peer("room"), true)
	if c := room.ChildMenu.Items; !c[1].Checked || c[0].Checked || c[2].Checked {
		t.Error("the usual choice is not marked")
	}
	room.ChildMenu.Items[0].Action()
	f.has(t, `heed room@example.org "all"`)
	g.settings[messenger.SettingSounds] = im.On
	g.soundItems()[1].Action()
	f.has(t, `set sounds ""`)
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingSounds, Value: ""}})
	if i := item(t, g.buddies.window.MainMenu(), "Tools", "Mute Sounds"); !i.Checked {
		t.Error("Mute Sounds is not marked")
	}
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
