package gui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/messenger"
	"culver/plugin"
)

// menuTrial is a menu in a window, and what was chosen in it.
type menuTrial struct {
	*popMenu
	canvas fyne.Canvas
	done   []string
}

func (m *menuTrial) entry(label string) *fyne.MenuItem {
	return fyne.NewMenuItem(label, func() { m.done = append(m.done, label) })
}

// tryMenu pops up: Alpha, an impossible one, a separator, a line to read, More
// with a submenu, Last.
func tryMenu(t *testing.T, size fyne.Size) *menuTrial {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(newLook(wish{mode: themeLight}))
	w := app.NewWindow("")
	w.SetPadded(false)
	w.SetContent(container.NewStack(canvas.NewRectangle(nil)))
	w.Resize(size)
	m := &menuTrial{canvas: w.Canvas()}
	off := m.entry("Impossible")
	off.Disabled = true
	more := fyne.NewMenuItem("More", nil)
	more.ChildMenu = fyne.NewMenu("", m.entry("Inner one"), m.entry("Inner two"))
	ticked := m.entry("Last")
	ticked.Checked = true
	m.popMenu = newPopMenu(fyne.NewMenu("", off, m.entry("Alpha"), fyne.NewMenuItemSeparator(), fyne.NewMenuItem("to read", nil), more, ticked), w.Canvas())
	m.show(fyne.NewPos(20, 20))
	return m
}

func (m *menuTrial) open() bool {
	return slices.Contains(m.canvas.Overlays().List(), fyne.CanvasObject(m.popMenu))
}

func (m *menuTrial) keys(names ...fyne.KeyName) {
	for _, n := range names {
		m.TypedKey(key(n))
	}
}

// at is the middle of an entry.
func (m *menuTrial) at(level, entry int) fyne.Position {
	l := m.levels[level]
	return fyne.NewPos(l.at.X+l.size.Width/2, l.top(entry)+entryHeight(l.menu.Items[entry])/2)
}

func (m *menuTrial) tap(at fyne.Position) { m.Tapped(&fyne.PointEvent{Position: at}) }

func (m *menuTrial) move(at fyne.Position) {
	e := &desktop.MouseEvent{}
	e.Position = at
	m.MouseMoved(e)
}

func TestMenuKeysPassWhatIsNotPossible(t *testing.T) {
	m := tryMenu(t, fyne.NewSize(500, 400))
	chosen := func() string {
		if l := m.top(); l.chosen >= 0 {
			return l.menu.Items[l.chosen].Label
		}
		return ""
	}
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyDown, "Alpha"}, {fyne.KeyDown, "More"}, {fyne.KeyDown, "Last"}, {fyne.KeyDown, "Alpha"}, {fyne.KeyUp, "Last"},
		{fyne.KeyHome, "Alpha"}, {fyne.KeyEnd, "Last"}, {fyne.KeyUp, "More"}, {fyne.KeyRight, "Inner one"}, {fyne.KeyDown, "Inner two"},
		{fyne.KeyLeft, "More"}, {fyne.KeyReturn, "Inner one"}, {fyne.KeyEscape, "More"}} {
		m.keys(c.key)
		if got := chosen(); got != c.want {
			t.Fatalf("after %s %q is chosen, not %q", c.key, got, c.want)
		}
	}
	m.TypedRune('l')
	if chosen() != "Last" {
		t.Errorf("L leads to %q", chosen())
	}
	m.TypedRune('i')
	if chosen() != "Last" {
		t.Errorf("I leads to what is not possible: %q", chosen())
	}
	m.keys(fyne.KeyReturn)
	if !slices.Equal(m.done, []string{"Last"}) || m.open() {
		t.Errorf("did %q, open: %v", m.done, m.open())
	}
}

func TestMenuEscapeDoesNothing(t *testing.T) {
	m := tryMenu(t, fyne.NewSize(500, 400))
	m.keys(fyne.KeyReturn)
	if !m.open() {
		t.Error("Enter without a choice closed the menu")
	}
	m.keys(fyne.KeyDown, fyne.KeyEscape)
	if len(m.done) > 0 || m.open() {
		t.Errorf("did %q, open: %v", m.done, m.open())
	}
}

func TestMenuMouse(t *testing.T) {
	m := tryMenu(t, fyne.NewSize(500, 400))
	for _, entry := range []int{0, 2, 3} { // impossible, a separator, to read
		m.move(m.at(0, entry))
		m.tap(m.at(0, entry))
		if len(m.done) > 0 || !m.open() || m.levels[0].chosen != -1 {
			t.Fatalf("entry %d: did %q, open: %v", entry, m.done, m.open())
		}
	}
	m.move(m.at(0, 4))
	if len(m.levels) != 2 {
		t.Fatal("the submenu does not open under the mouse")
	}
	m.tap(m.at(0, 4))
	if len(m.levels) != 2 {
		t.Error("a click on what opened a submenu closes it")
	}
	// On the way to the submenu the mouse passes a neighbour.
	m.move(m.at(0, 4))
	m.move(m.at(0, 5).AddXY(m.levels[0].size.Width/2-1, -8))
	if len(m.levels) != 2 {
		t.Error("the submenu closed on the way to it")
	}
	m.move(m.at(1, 1))
	m.tap(m.at(1, 1))
	if !slices.Equal(m.done, []string{"Inner two"}) || m.open() {
		t.Errorf("did %q, open: %v", m.done, m.open())
	}
	m = tryMenu(t, fyne.NewSize(500, 400))
	deeper := fyne.NewMenuItem("Deeper", nil)
	deeper.ChildMenu = fyne.NewMenu("", m.entry("Deepest"))
	more := m.levels[0].menu.Items[4]
	more.ChildMenu.Items = append(more.ChildMenu.Items, deeper)
	m.move(m.at(0, 4))
	m.move(m.at(1, 2))
	if len(m.levels) != 3 {
		t.Fatal("the submenu of a submenu does not open")
	}
	m.move(m.at(0, 4))
	if len(m.levels) != 2 || m.levels[1].chosen != -1 {
		t.Error("it stays open when the mouse goes back")
	}
	m.move(m.at(0, 1))
	if len(m.levels) != 1 {
		t.Error("the submenu stays open over another entry")
	}
	m.tap(fyne.NewPos(480, 380))
	if len(m.done) > 0 || m.open() {
		t.Errorf("a click beside it did %q, open: %v", m.done, m.open())
	}
}

func TestMenuFitsSmallWindows(t *testing.T) {
	m := tryMenu(t, fyne.NewSize(150, 70))
	m.keys(fyne.KeyEnd, fyne.KeyUp, fyne.KeyRight)
	for n, l := range m.levels {
		if l.at.X < 0 || l.at.Y < 0 || l.at.Y+l.size.Height > 70 {
			t.Errorf("level %d is at %v, %v", n, l.at, l.size)
		}
	}
	m.keys(fyne.KeyLeft)
	l := m.top()
	for range l.menu.Items {
		m.keys(fyne.KeyDown)
		if l.chosen < l.first || l.chosen >= l.end() {
			t.Errorf("entry %d is chosen, %d to %d are in sight", l.chosen, l.first, l.end())
		}
	}
	m.keys(fyne.KeyEnd)
	first := l.first
	m.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: l.at.AddXY(5, 5)}, Scrolled: fyne.NewDelta(0, 10)})
	if first == 0 || l.first != first-1 || l.chosen != -1 {
		t.Errorf("scrolled from %d to %d", first, l.first)
	}
	m.Resize(fyne.NewSize(500, 400))
}

func TestMenusCloseWithTheirPage(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Menus: otrMenu(plugin.Action{ID: "start", Label: "Start"})})
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}}})
	p.levels[0].open()
	g.chats.last.pick(0)
	popped(t, g)
	g.chats.last.pick(1)
	if described(g, kindMenuItem, "Start") {
		t.Error("the menu stays over another page")
	}
	g.chats.last.pick(0)
	p.levels[0].open()
	g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer("carol")}})
	popped(t, g)
	g.apply([]messenger.Event{messenger.ConversationClosed{Conv: peer("bob")}})
	if len(g.chats.last.window.Canvas().Overlays().List()) != 0 {
		t.Error("the menu stays without its page")
	}
}

func TestMenuIsDescribed(t *testing.T) {
	m := tryMenu(t, fyne.NewSize(500, 400))
	m.keys(fyne.KeyEnd, fyne.KeyUp, fyne.KeyRight)
	d := &description{window: fyne.CurrentApp().Driver().AllWindows()[0]}
	d.overlay(m.popMenu)
	got := ""
	for _, e := range d.out {
		got += fmt.Sprintf("%s %v %q %v|", e.Name, e.Enabled, e.Value, e.Focused)
	}
	want := `Impossible false "" false|Alpha true "" false|to read false "" false|More true "" true|Last true "on" false|` +
		`Inner one true "" true|Inner two true "" false|`
	if got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}
