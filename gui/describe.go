package gui

import (
	"fmt"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// Element is one thing on the screen, for tests that use the program as a person
// does. Where it is, is told in pixels within its window.
type Element struct {
	Window  string  `json:"window"` // the title
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`         // its label
	ID      string  `json:"id,omitempty"` // of a field, a button or an action
	Value   string  `json:"value,omitempty"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Width   float64 `json:"width"`
	Height  float64 `json:"height"`
	Enabled bool    `json:"enabled"`
	Focused bool    `json:"focused,omitempty"`
	Chosen  bool    `json:"chosen,omitempty"` // of a row

	pos  fyne.Position // the same as the toolkit counts
	size fyne.Size
}

// The kinds of element.
const (
	kindWindow     = "window"
	kindButton     = "button"
	kindEntry      = "entry"  // Value is the text, but for secrets
	kindChoice     = "choice" // one of several; Value is "on" for the chosen one
	kindSelect     = "select" // a choice that opens a menu; Value is the chosen label
	kindSwitch     = "switch" // Value is "on" or ""
	kindNote       = "note"
	kindProblem    = "problem" // with the answers, or what failed
	kindCode       = "code"
	kindQR         = "qr" // Value is what it says
	kindImage      = "image"
	kindProse      = "prose"    // a paragraph of formatted text
	kindProgress   = "progress" // Value is the percentage, empty if unknown
	kindColumn     = "column"   // Value is "up" or "down" where it is sorted by
	kindRow        = "row"      // of a table; Value is the cells, with tabs between
	kindTab        = "tab"      // Value is "on" for the one in front
	kindMenuButton = "menubutton"
	kindMenu       = "menu" // a title in the menu bar
	kindMenuItem   = "menuitem"
	kindBuddy      = "buddy"    // Value is the availability
	kindRoom       = "room"     // in the Buddy List; Value is where the user is, and what is unread
	kindOccupant   = "occupant" // of a room; Value is the role
	kindSeal       = "seal"     // of a room, or an aside in it: who can read
	kindGroup      = "group"
	kindRequest    = "request"
	kindStrip      = "strip"
	kindHead       = "head"    // above a transcript
	kindTyping     = "typing"  // what the peer does at the keyboard
	kindLine       = "line"    // of a transcript, in sight; Value is its mark
	kindHeading    = "heading" // above a line: the day
	kindMark       = "mark"    // beside a line; Value is "on" while it is explained
	kindTick       = "tick"    // at the other side of a line: how far it has come
	kindLink       = "link"    // within a line or a paragraph
	kindPast       = "past"    // a conversation that there is a history of; Value is how much
	kindHit        = "hit"     // a line that was found; Value is who said it, and when
	kindTip        = "tip"     // about what the pointer rests on; Value is its lines
	kindDay        = "day"     // of a calendar; enabled if it has something to show
)

// Describe lists what can be seen now. It tells nothing that is not on the
// screen: no secrets, and of conversations only the lines in sight. It belongs
// to the toolkit's goroutine.
func (g *GUI) Describe() []Element {
	var all []Element
	g.describers(func(window fyne.Window, describe func(*description)) {
		all = append(all, elementsOf(window, describe)...)
	})
	return all
}

// describeWindow lists what can be seen of one window.
func (g *GUI) describeWindow(window fyne.Window) (all []Element) {
	g.describers(func(w fyne.Window, describe func(*description)) {
		if w == window {
			all = elementsOf(window, describe)
		}
	})
	return all
}

// describers are all windows that are shown.
func (g *GUI) describers(each func(fyne.Window, func(*description))) {
	if g.buddies.shown && !g.buddies.hidden {
		each(g.buddies.window, g.buddies.describe)
	}
	for _, w := range g.chats.windows {
		if w.shown {
			each(w.window, w.describe)
		}
	}
	if w := g.past; w != nil {
		each(w.window, w.describe)
	}
	for _, w := range g.asked {
		each(w.window, w.describe)
	}
}

// elementsOf are what a window tells of itself.
func elementsOf(window fyne.Window, describe func(*description)) []Element {
	d := &description{window: window}
	describe(d)
	return d.finish()
}

// description collects the elements of one window.
type description struct {
	window fyne.Window
	out    []Element
}

// add tells of an object. It returns the element, to be completed.
func (d *description) add(kind, name string, o fyne.CanvasObject) *Element {
	if !o.Visible() {
		return &Element{}
	}
	e := d.at(kind, name, fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size())
	if w, ok := o.(fyne.Disableable); ok {
		e.Enabled = !w.Disabled()
	}
	if f, ok := o.(fyne.Focusable); ok {
		e.Focused = d.window.Canvas().Focused() == f
	}
	return e
}

// at tells of a place that is no object of its own.
func (d *description) at(kind, name string, pos fyne.Position, size fyne.Size) *Element {
	c := d.window.Canvas()
	x, y := c.PixelCoordinateForPosition(pos)
	s := c.Scale()
	d.out = append(d.out, Element{Window: d.window.Title(), Kind: kind, Name: name, Enabled: true,
		X: float64(x), Y: float64(y), Width: float64(size.Width * s), Height: float64(size.Height * s), pos: pos, size: size})
	return &d.out[len(d.out)-1]
}

// finish adds what every window may have: its menu bar and open menus.
func (d *description) finish() []Element {
	c := d.window.Canvas()
	d.at(kindWindow, d.window.Title(), fyne.Position{}, c.Size())
	d.menuBar()
	for _, o := range c.Overlays().List() {
		d.overlay(o)
	}
	return d.out
}

// menuBar tells of the titles of the menu bar, and of the menu that is open
// below it. The driver draws the bar and keeps its type to itself; what can be
// asked of it is found by its shape.
func (d *description) menuBar() {
	trees, ok := d.window.Canvas().(interface{ ObjectTrees() []fyne.CanvasObject })
	if !ok {
		return
	}
	for _, tree := range trees.ObjectTrees() {
		items, ok := member[[]fyne.CanvasObject](tree, "Items")
		if !ok {
			continue
		}
		for _, o := range items {
			m, ok := member[*fyne.Menu](o, "Menu")
			if !ok {
				continue
			}
			d.add(kindMenu, m.Label, o)
			if child, ok := o.(interface{ Child() *widget.Menu }); ok {
				d.menu(child.Child())
			}
		}
	}
}

// overlay tells of a menu that popped up.
func (d *description) overlay(o fyne.CanvasObject) {
	if p, ok := o.(*popMenu); ok {
		d.popMenu(p)
		return
	}
	if p, ok := o.(*emojiPicker); ok {
		p.describe(d)
		return
	}
	content, ok := member[fyne.CanvasObject](o, "Content")
	if !ok {
		return
	}
	if p, ok := content.(*widget.PopUpMenu); ok {
		d.menu(p.Menu)
	}
}

// popMenu tells of the menus of our own that are open.
func (d *description) popMenu(p *popMenu) {
	for _, l := range p.levels {
		for n := l.first; n < l.end(); n++ {
			i := l.menu.Items[n]
			if i.IsSeparator {
				continue
			}
			e := d.at(kindMenuItem, i.Label, fyne.NewPos(l.at.X, l.top(n)), fyne.NewSize(l.size.Width, entryHeight(i)))
			e.Enabled, e.Value, e.Focused = usable(i), on(i.Checked), n == l.chosen
		}
	}
}

func (d *description) menu(m *widget.Menu) {
	if m == nil || !m.Visible() {
		return
	}
	for _, o := range m.Items {
		i, ok := member[*fyne.MenuItem](o, "Item")
		if !ok {
			continue
		}
		e := d.add(kindMenuItem, wordsOf(i), o)
		e.Enabled, e.Value = usable(i), on(i.Checked)
		if child, ok := o.(interface{ Child() *widget.Menu }); ok {
			d.menu(child.Child())
		}
	}
}

// member reads an exported field of what o points to.
func member[T any](o any, name string) (value T, ok bool) {
	v := reflect.ValueOf(o)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return value, false
	}
	f := v.Elem().FieldByName(name)
	if !f.IsValid() || !f.CanInterface() {
		return value, false
	}
	value, ok = f.Interface().(T)
	return value, ok
}

func on(is bool) string {
	if is {
		return im.On
	}
	return ""
}

// rows tells of the rows of a list in sight.
func (d *description) rows(l *rowList, tell func(i int) (kind, name, value string)) {
	if !l.Visible() {
		return
	}
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	for i := range l.count() {
		pos, size, seen := l.rowRect(i)
		if !seen {
			continue
		}
		kind, name, value := tell(i)
		e := d.at(kind, name, origin.Add(pos), size)
		e.Value = value
		e.Focused = l.focused && i == l.selected
		e.Chosen = i == l.selected
		if l.marked != nil {
			e.Chosen = l.marked(i)
		}
	}
}

func (d *description) menuButton(b *menuButton) { d.add(kindMenuButton, b.text, b) }

func (w *buddyWindow) describe(d *description) {
	d.tip(w.tips)
	for i, s := range w.drawn {
		d.add(kindStrip, s.text, w.strips.Objects[i])
	}
	for _, o := range w.offers {
		d.add(kindButton, o.again.Text, o.again).ID = string(o.account)
		d.add(kindButton, o.modify.Text, o.modify).ID = string(o.account)
	}
	if w.inviting != nil {
		d.add(kindButton, w.inviting.Text, w.inviting)
	}
	d.add(kindEntry, w.search.PlaceHolder, w.search).Value = w.search.Text
	d.rows(w.list, func(i int) (kind, name, value string) {
		r := w.row(i)
		switch r.Kind {
		case buddylist.GroupRow:
			return kindGroup, groupText(r), on(!r.Collapsed)
		case buddylist.RequestRow:
			return kindRequest, requestText(oneLine(r.Title, 60)), ""
		case buddylist.KnockRow:
			return kindRequest, knockText(r), ""
		case buddylist.RoomRow:
			value = "outside"
			if r.Room.Inside {
				value = "inside"
			}
			if r.Unread > 0 {
				value += " (" + roomUnread(r.Unread, r.Named) + ")"
			}
			return kindRoom, oneLine(r.Title, 60), value
		}
		value = r.Presence.Show.String()
		if r.Unread > 0 {
			value += fmt.Sprintf(" (%d)", r.Unread)
		}
		if r.Twin {
			value += " " + w.gui.via(r.Conv.Account)
		}
		return kindBuddy, oneLine(r.Title, 60), value
	})
	if w.hint.Visible() && w.hintButton != nil {
		d.add(kindButton, w.hintButton.Text, w.hintButton)
	}
	d.menuButton(w.status.button)
	d.add(kindButton, lang.T("Your picture"), w.status.face)
	d.add(kindEntry, w.status.message.PlaceHolder, w.status.message).Value = w.status.message.Text
}

func (w *chatWindow) describe(d *description) {
	d.tip(w.tips)
	d.tabs(w.strip)
	p := w.front()
	if p == nil {
		return
	}
	d.add(kindHead, p.head.name, p.head).Value = p.head.status
	if p.room != nil {
		p.room.describe(d)
	}
	if p.aside != nil {
		d.add(kindSeal, p.aside.text, p.aside)
	}
	p.lines.describe(d)
	if p.format != nil && !p.tools.Hidden {
		p.format.describe(d)
	}
	if p.finder != nil {
		p.finder.describe(d)
	}
	d.add(kindTyping, p.foot.text, p.foot)
	d.add(kindEntry, "Message", p.entry).Value = p.entry.Text
	for i, m := range p.menus {
		if !m.NoButton {
			d.menuButton(p.levels[i])
		}
	}
}

func (t *transcript) describe(d *description) {
	if t.renderer == nil {
		return
	}
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	for _, j := range []*jump{t.up, t.down} {
		d.add(kindButton, j.text, j)
	}
	for _, v := range t.renderer.visible {
		for i, h := range v.line.above {
			d.at(kindHeading, h.text, origin.AddXY(0, float32(v.y+float64(i)*t.headingHeight())), fyne.NewSize(t.column(), float32(t.headingHeight())))
		}
		e := d.at(kindLine, string(t.runes(v.index)), origin.AddXY(0, float32(v.y+v.top)), fyne.NewSize(t.column(), float32(v.height-v.top)))
		e.Value = v.line.mark.name
		if v.line.mark.icon != nil {
			icon := fyne.NewSquareSize(theme.IconInlineSize() - 2)
			d.at(kindMark, v.line.mark.name, origin.AddXY(transcriptMargin, float32(v.y+v.top)+lineGap/2), icon).Value = on(v.index == t.pointed && !t.ticked)
		}
		if v.line.tick.icon != nil {
			icon := fyne.NewSquareSize(theme.IconInlineSize() - 2)
			d.at(kindTick, v.line.tick.name, origin.AddXY(t.tickLeft(), float32(v.y+v.top)+lineGap/2), icon).Value = on(v.index == t.pointed && t.ticked)
		}
		t.describeBelow(d, v, origin)
		for _, p := range v.pieces {
			s := v.line.spans[p.span]
			if s.link == "" && s.act == nil {
				continue
			}
			y := v.y + v.top + lineGap/2 + float64(p.row)*t.rowHeight()
			d.at(kindLink, s.text, origin.AddXY(textLeft()+p.x, float32(y)), fyne.NewSize(p.w, float32(t.rowHeight()))).Value = s.link
		}
	}
}

func (w *formWindow) describe(d *description) {
	if w.intro.Visible() {
		d.add(kindNote, w.intro.text, w.intro)
	}
	if w.side != nil {
		w.side.describe(d)
	}
	d.tabs(w.strip)
	if w.tab < len(w.layouts) {
		for _, s := range w.layouts[w.tab].slots {
			s.describe(d)
		}
	}
	d.add(kindProblem, w.warning.words.text, w.warning)
	d.add(kindProblem, w.problem.words.text, w.problem)
	if w.form.Doing != "" {
		d.add(kindNote, w.doing.text, w.doing)
	}
	for _, b := range w.form.Buttons {
		if p, ok := w.buttons[b.ID]; ok {
			d.add(kindButton, p.Text, p).ID = b.ID
		}
	}
}
