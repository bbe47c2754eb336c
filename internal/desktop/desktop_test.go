package desktop_test

import (
	"context"
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"culver/internal/desktop"
	"culver/internal/testkit"
)

// begin is a program on a desktop that can do this; told is what the user did.
func begin(t *testing.T, can ...string) (*desktop.Session, *testkit.Desktop, chan string) {
	t.Helper()
	bus := testkit.StartBus(t)
	d := bus.StartDesktop(can...)
	s, told := session(t, bus.Address)
	return s, d, told
}

func session(t *testing.T, address string) (*desktop.Session, chan string) {
	t.Helper()
	told := make(chan string, 100)
	s := desktop.New(address, desktop.App{ID: "im.culver.Culver", Name: "Culver", Icon: image.NewNRGBA(image.Rect(0, 0, 2, 3))}, desktop.Handlers{
		Clicked: func(key string) { told <- "clicked " + key },
		Tray:    func(there bool) { told <- fmt.Sprint("tray ", there) },
		Pressed: func() { told <- "pressed" },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx) }()
	t.Cleanup(func() { s.End(); cancel(); <-ended })
	return s, told
}

func is(t *testing.T, told chan string, want string) {
	t.Helper()
	select {
	case got := <-told:
		if got != want {
			t.Errorf("told %q, not %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("nobody tells %q", want)
	}
}

func notice(key, text string) desktop.Notice {
	return desktop.Notice{Key: key, Title: "Zoë <b>& Co", Text: text, Line: "New message from Zoë", Open: "Open"}
}

func TestNotifications(t *testing.T) {
	s, d, told := begin(t, "body", "body-markup", "actions")
	s.Notify(notice("zoe", "<a href='file:///'>1 & 2</a>"))
	n := d.UntilNote(0)
	if n.Title != "Zoë ‹b›+ Co" || n.Text != "&lt;a href='file:///'&gt;1 &amp; 2&lt;/a&gt;" || n.Replaces != 0 || fmt.Sprint(n.Actions) != "[default Open]" {
		t.Errorf("%+v", n)
	}
	if h := fmt.Sprintln(n.Hints["desktop-entry"], n.Hints["suppress-sound"], n.Hints["image-data"].Value()); !strings.HasPrefix(h, `"im.culver.Culver" true [2 3 8 true 8 4 [`) {
		t.Errorf("%v", n.Hints)
	}
	// One for each key.
	s.Notify(notice("zoe", "2"))
	s.Notify(notice("bob", "1"))
	if again, other := d.UntilNote(1), d.UntilNote(2); again.Replaces != n.ID || other.Replaces != 0 {
		t.Errorf("%+v, %+v", again, other)
	}
	d.Clicks(n.ID)
	is(t, told, "clicked zoe")
	d.UntilClosed(n.ID)
	s.Withdraw("bob")
	d.UntilClosed(d.UntilNote(2).ID)
	s.Notify(notice("carol", "1"))
	carol := d.UntilNote(3)
	// What is gone is nobody's, and what comes next is new.
	d.Clicks(n.ID)
	s.Notify(notice("zoe", "3"))
	next := d.UntilNote(4)
	if next.Replaces != 0 {
		t.Errorf("%+v", next)
	}
	d.Dismisses(next.ID)
	d.Clicks(next.ID)
	d.Clicks(carol.ID) // it is known by then that the other one is gone
	is(t, told, "clicked carol")
	s.Notify(notice("zoe", "4"))
	last := d.UntilNote(5)
	d.Clicks(last.ID)
	is(t, told, "clicked zoe")
}

// What a service cannot do is not asked of it: some then show a dialog.
func TestNotificationsWithoutTextAndActions(t *testing.T) {
	s, d, _ := begin(t)
	s.Notify(notice("zoe", "1"))
	if n := d.UntilNote(0); n.Title != "New message from Zoë" || n.Text != "" || len(n.Actions) != 0 {
		t.Errorf("%+v", n)
	}
}

func TestNotificationsOfPlainText(t *testing.T) {
	s, d, _ := begin(t, "body")
	s.Notify(notice("zoe", "a <b>& c"))
	if n := d.UntilNote(0); n.Text != "a ‹b›+ c" {
		t.Errorf("%+v", n)
	}
}

// Without a bus, or without a service on it, nothing happens; none is started.
func TestWithoutADesktop(t *testing.T) {
	for _, address := range []string{"", "autolaunch:", "unix:path=/nowhere/at/all", testkit.StartBus(t).Address} {
		s, told := session(t, address)
		s.Notify(notice("zoe", "1"))
		s.Withdraw("zoe")
		s.Badge(1)
		s.ShowTray(&desktop.Tray{Icon: image.NewNRGBA(image.Rect(0, 0, 2, 2))})
		s.End()
		if len(told) != 0 {
			t.Errorf("%q: told %q", address, <-told)
		}
	}
}

func TestBadge(t *testing.T) {
	s, d, _ := begin(t)
	s.Badge(3)
	d.UntilBadge("count:@x 3")
	s.Badge(0)
	d.UntilBadge("count-visible:false")
}

func TestTray(t *testing.T) {
	s, d, told := begin(t)
	one, two := image.NewNRGBA(image.Rect(0, 0, 2, 2)), image.NewNRGBA(image.Rect(0, 0, 3, 3))
	menu := func(unread string, do string) []desktop.Item {
		return []desktop.Item{
			{Label: "Show_it", Do: func() { told <- do }}, {Separator: true},
			{Label: unread, Sub: []desktop.Item{{Label: "Zoë", Checked: true, Do: func() { told <- "zoe" }}}},
			{Label: "Not now", Off: true, Do: func() { told <- "never" }},
		}
	}
	s.ShowTray(&desktop.Tray{Icon: one, Tip: "Available", Menu: menu("Unread", "show")})
	d.ShowIcons(true)
	is(t, told, "tray true")
	i := d.UntilIcon()
	if got := i.Menu(); got != "Show_it, -, Unread [*Zoë], (Not now)" {
		t.Errorf("the menu is %s", got)
	}
	if says := fmt.Sprintln(i.Property("Status"), i.Property("Id"), i.Property("ItemIsMenu"), i.Property("Category")); says != "Active im.culver.Culver false Communications\n" {
		t.Errorf("it says %s", says)
	}
	if tip := fmt.Sprint(i.Property("ToolTip")); !strings.Contains(tip, "Available") {
		t.Errorf("the tip is %s", tip)
	}
	i.Presses()
	is(t, told, "pressed")
	i.Chooses("Unread", "Zoë")
	is(t, told, "zoe")
	i.Chooses("(Not now)")
	// What looks the same is not sent again, and does what it is to do now.
	s.ShowTray(&desktop.Tray{Icon: one, Tip: "Available", Menu: menu("Unread", "show again")})
	s.ShowTray(&desktop.Tray{Icon: two, Tip: "1 unread", Urgent: true, Menu: menu("Unread", "show again")})
	n := d.UntilChange(0, "NewIcon")
	n = d.UntilChange(n, "NewStatus")
	if got := i.Property("Status"); got != "NeedsAttention" {
		t.Errorf("the status is %v", got)
	}
	i.Chooses("Show_it")
	is(t, told, "show again")
	s.ShowTray(&desktop.Tray{Icon: two, Tip: "1 unread", Urgent: true, Menu: menu("More", "show")})
	d.UntilChange(n, "LayoutUpdated")
	if got := i.Menu(); got != "Show_it, -, More [*Zoë], (Not now)" {
		t.Errorf("the menu is %s", got)
	}
	// The tray goes and comes back.
	d.ShowIcons(false)
	is(t, told, "tray false")
	d.UntilNoIcon()
	d.ShowIcons(true)
	is(t, told, "tray true")
	d.UntilIcon()
	s.ShowTray(nil)
	d.UntilNoIcon()
}
