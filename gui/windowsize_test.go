package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"culver/messenger"
)

// onScreen is a front end that begins with settings on a screen.
func onScreen(t *testing.T, width, height int, settings map[string]string) (*GUI, *fakeFront) {
	t.Helper()
	g := New(test.NewTempApp(t), func(func()) {})
	f := &fakeFront{}
	g.front = f
	g.SetScreen(func() (int, int) { return width, height })
	g.apply([]messenger.Event{messenger.Snapshot{Settings: settings, Conversations: []messenger.ConversationState{{Conv: peer("bob")}}}})
	f.said()
	return g, f
}

func TestWindowsAreAsLargeAsTheyWere(t *testing.T) {
	g, f := onScreen(t, 1920, 1080, map[string]string{messenger.SettingSizeList: "410x777", messenger.SettingSizeChat: "700x600", messenger.SettingSizePast: "900x500"})
	g.showHistory(peer("bob"))
	for what, w := range map[string]struct {
		window fyne.Window
		want   fyne.Size
	}{
		"list": {g.buddies.window, fyne.NewSize(410, 777)},
		"chat": {g.chats.last.window, fyne.NewSize(700, 600)},
		"past": {g.past.window, fyne.NewSize(900, 500)},
	} {
		if got := w.window.Canvas().Size(); got != w.want {
			t.Errorf("%s: %v", what, got)
		}
	}
	f.said()

	// The user makes it larger: it is kept when that comes to rest, once.
	g.buddies.window.Resize(fyne.NewSize(420, 700))
	g.buddies.window.Resize(fyne.NewSize(500, 640))
	f.has(t)
	if g.buddies.size.timer == nil {
		t.Fatal("nobody looks at the size")
	}
	g.buddies.size.keep()
	g.buddies.size.keep()
	f.has(t, `set size.buddylist "500x640"`)

	// Also at once, if the window goes.
	g.chats.last.window.Resize(fyne.NewSize(640, 500))
	g.chats.close(peer("bob"))
	f.has(t, `set size.conversation "640x500"`)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	if got := g.chats.last.window.Canvas().Size(); got != fyne.NewSize(640, 500) {
		t.Errorf("it comes back as %v", got)
	}
	f.said()
	g.past.window.Resize(fyne.NewSize(800, 640))
	g.quit()
	f.has(t, `set size.history "800x640"`, "quit")
}

// A profile comes to a smaller screen, or has something else there.
func TestWindowsFitTheScreen(t *testing.T) {
	for value, want := range map[string]fyne.Size{
		"1900x1000":    fyne.NewSize(1024-frameWidth, 600-frameHeight),
		"400x9999999":  fyne.NewSize(400, 600-frameHeight),
		"0x-5":         fyne.NewSize(leastWindow, leastWindow),
		"":             {},
		"wide":         {},
		"99999999999x": {},
	} {
		g, f := onScreen(t, 1024, 600, map[string]string{messenger.SettingSizeList: value})
		if want.IsZero() {
			want = g.buddies.natural()
		}
		if got := g.buddies.window.Canvas().Size().Max(g.buddies.window.Content().MinSize()); got != want.Max(g.buddies.window.Content().MinSize()) {
			t.Errorf("%q: %v, not %v", value, got, want)
		}
		g.buddies.size.keep()
		f.has(t) // what did not fit here fits again elsewhere
	}
}

// Locking keeps it, and nothing after it.
func TestSizesAndTheLock(t *testing.T) {
	g, f := onScreen(t, 1920, 1080, nil)
	list := g.buddies
	list.window.Resize(fyne.NewSize(500, 640))
	g.apply([]messenger.Event{messenger.Locking{}})
	f.has(t, `set size.buddylist "500x640"`)
	list.size.changed()
	if list.size.timer != nil {
		t.Error("a window that is gone is looked at")
	}
}

// However narrow the user makes a window, all of its menus can be reached.
func TestWindowsAreWideEnoughForTheirMenus(t *testing.T) {
	if onMac {
		t.Skip("they are not in the window")
	}
	g, _ := onScreen(t, 1920, 1080, nil)
	for name, w := range map[string]fyne.Window{"list": g.buddies.window, "chat": g.chats.last.window} {
		titles := float32(0)
		for _, m := range w.MainMenu().Items {
			titles += fyne.MeasureText(m.Label, theme.TextSize(), fyne.TextStyle{}).Width
		}
		if least := w.Content().MinSize().Width; least <= titles || least > 2*titles {
			t.Errorf("%s: no less than %v, for titles of %v", name, least, titles)
		}
	}
}

// A window that has another size is drawn again, though nothing in it changes.
func TestWindowsAreDrawnAgainAfterTheyChangedTheirSize(t *testing.T) {
	n := 0
	s := &sensor{resized: func() { n++ }}
	s.ExtendBaseWidget(s)
	for _, step := range []struct {
		size fyne.Size
		n    int
	}{{fyne.NewSize(300, 400), 0}, {fyne.NewSize(300, 400), 0}, {fyne.NewSize(300, 200), 1}, {fyne.NewSize(500, 200), 2}} {
		s.Resize(step.size)
		if n != step.n || s.Size() != step.size {
			t.Errorf("%v: drawn %d times, wanted %d", step.size, n, step.n)
		}
	}
}
