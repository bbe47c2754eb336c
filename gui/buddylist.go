package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// buddyWindow is the Buddy List.
type buddyWindow struct {
	gui    *GUI
	window fyne.Window
	size   *windowSize
	keys   *keys
	view   buddylist.View
	chosen buddylist.Row // if any row is
	shown  bool
	came   bool // it was on the screen
	hidden bool // behind the icon beside the clock
	gone   bool // shut

	briefHeight, tallHeight float32                    // of rows
	widened                 struct{ from, to float32 } // for larger letters
	idleLater               bool                       // they are drawn again in a minute

	strips     *fyne.Container
	drawn      []strip
	offers     []stripOffer
	backs      []*canvas.Rectangle
	inviting   *pushButton // answers an invitation; nil: there is none
	search     *textEntry
	list       *rowList
	hint       *fyne.Container
	empty      emptyHint
	hintButton *pushButton
	status     *statusBar
	bar        *fyne.MainMenu
	says       string // its menus
	tips       *tips
}

func newBuddyWindow(g *GUI) *buddyWindow {
	return newBuddyWindowIn(g, g.app.NewWindow(lang.T("Buddy List")))
}

func newBuddyWindowIn(g *GUI, window fyne.Window) *buddyWindow {
	w := &buddyWindow{gui: g, tips: newTips(g), window: window}
	w.window.SetIcon(g.icons[assets.App])
	w.window.SetPadded(false)
	w.window.SetCloseIntercept(w.closing)
	w.keys = &keys{hushed: g.hushed, used: g.used, typed: w.typed, focused: func() { g.active = w.window }, lost: func() { g.later(w.refocus) },
		tips: func() *tips { return w.tips }, panes: w.panes}
	w.window.SetOnDropped(w.dropped)
	w.strips = container.NewVBox()
	w.list = newRowList(w.keys, buddyRowHeight, func() int { return w.rows().Len() }, func() rowView { return newBuddyRow(w) })
	w.list.tops = w.rowTop
	w.list.chosen = w.choose
	w.list.opened = w.open
	w.list.pressed = w.press
	w.list.menu = w.popUp
	w.list.fold = w.fold
	w.list.about = w.rowTip
	w.list.drag = newListDrag(w)
	w.search = newListSearch(w.keys, w.list, lang.T("Find a buddy"), func() { w.search.Show() }, w.stopSearch)
	w.search.OnChanged = func(s string) {
		w.view.Filter = strings.TrimSpace(s)
		w.drawRows()
		for i := range w.rows().Len() {
			if k := w.row(i).Kind; k == buddylist.BuddyRow || k == buddylist.ContactRow || k == buddylist.RoomRow {
				w.list.choose(i)
				break
			}
		}
	}
	w.hint = container.NewStack()
	w.hint.Hide()
	w.status = newStatusBar(g, w.keys)
	body := container.NewBorder(container.NewVBox(w.strips, w.search), container.NewPadded(w.status.box), nil, nil,
		container.NewStack(w.list, w.hint))
	w.size = newWindowSize(g, w.window, messenger.SettingSizeList, fyne.NewSize(buddyWidth, buddyHeight), container.NewStack(body, w.tips.layer))
	return w
}

func (w *buddyWindow) show() {
	w.shown = true
	w.appear()
	w.window.Canvas().Focus(w.list)
}

// appear brings the window on the screen, as large as it was if it is for the first time.
func (w *buddyWindow) appear() {
	w.gui.cameUp()
	if w.came {
		w.window.Show()
		return
	}
	w.came = true
	w.drawMenu()
	w.size.usual = w.natural()
	w.size.show()
}

// refocus gives the keyboard to the list when a click took it from everything.
func (w *buddyWindow) refocus() {
	if !w.shown || w.gone {
		return
	}
	switch w.window.Canvas().Focused().(type) {
	case *rowList, *textEntry, *statusEntry, *menuButton, *pushButton, *faceButton:
		return
	}
	w.window.Canvas().Focus(w.list)
}

func (w *buddyWindow) shut() {
	w.gone = true
	w.tips.leave()
	w.size.leave()
	w.window.SetCloseIntercept(nil)
	if w.came {
		w.window.Close()
	}
}

// rows are those on the screen. They follow the list: what has changed in it is taken up
// by drawRows.
func (w *buddyWindow) rows() *buddylist.Display { return w.gui.list.Display() }

func (w *buddyWindow) row(i int) buddylist.Row { return w.rows().Row(i) }

// choose is told which row is chosen, -1: none.
func (w *buddyWindow) choose(i int) {
	w.chosen = buddylist.Row{}
	if i >= 0 {
		w.chosen = w.row(i)
	}
}

// drawRows takes up what has changed, and keeps the chosen row chosen.
func (w *buddyWindow) drawRows() {
	g := w.gui
	w.view.ShowOffline = g.settings[settingOffline] == im.On
	w.view.ShowEmpty = g.settings[settingEmpty] == im.On
	w.measureRows()
	w.view.Sort = sortOf(g.settings[settingSort])
	rows := w.rows()
	rows.Update(w.view)
	if w.list.selected >= 0 {
		w.list.selected = rows.Find(w.chosen)
		w.choose(w.list.selected)
	}
	w.list.Refresh()
	w.list.drag.moved()
	w.tips.renew()
	w.drawHint()
}

// fold is for the arrows to the left and to the right: they fold and unfold groups and
// contacts, and that to the left leads from what is within one to its head.
func (w *buddyWindow) fold(i int, e *fyne.KeyEvent) {
	r := w.row(i)
	folds := r.Kind == buddylist.GroupRow || r.Kind == buddylist.ContactRow
	switch {
	case folds && r.Collapsed == (e.Name == fyne.KeyRight):
		w.toggle(r)
	case e.Name != fyne.KeyLeft:
	case r.Inside:
		r.Kind, r.Conv, r.Inside = buddylist.ContactRow, r.Head, false
		w.list.choose(w.rows().Find(r))
	case r.Group != "" && r.Kind != buddylist.GroupRow:
		for ; i >= 0 && w.row(i).Kind != buddylist.GroupRow; i-- {
		}
		w.list.choose(i)
	}
}

// open is Enter or a double click on a row.
func (w *buddyWindow) open(i int) {
	if i >= w.rows().Len() {
		return
	}
	switch r := w.row(i); r.Kind {
	case buddylist.BuddyRow:
		w.gui.front.Open(r.Conv)
		w.stopSearch()
	case buddylist.ContactRow:
		if !r.Waiting.IsZero() {
			r.Conv = r.Waiting
		}
		w.gui.front.Open(r.Conv)
		w.stopSearch()
	case buddylist.RoomRow:
		w.gui.front.RoomAction(r.Conv, conversation.RoomJoin)
		w.stopSearch()
	default:
		w.press(i)
	}
}

// press is a single press of the left button: groups fold, requests are answered.
func (w *buddyWindow) press(i int) {
	switch r := w.row(i); r.Kind {
	case buddylist.GroupRow:
		w.toggle(r)
	case buddylist.ContactRow:
		if w.list.pressAt.X < 6+rowIndent {
			w.toggle(r)
		}
	case buddylist.RequestRow:
		w.gui.front.ShowRequest(r.Conv)
	case buddylist.KnockRow:
		w.gui.showKnocks(r)
	}
}

// showKnocks shows the stranger who wants to reach the user, or the list of them.
func (g *GUI) showKnocks(r buddylist.Row) {
	if r.Conv.IsZero() {
		g.front.ShowKnocks()
		return
	}
	g.front.ShowRequest(r.Conv)
}

// blockItems are the entries to block somebody, where that can be done.
func (g *GUI) blockItems(c im.ConvID) []*fyne.MenuItem {
	if !g.list.CanBlock(c.Account) {
		return nil
	}
	label := lang.T("Block…")
	if g.list.BlockedAs(c) != "" {
		label = lang.T("Unblock…")
	}
	return []*fyne.MenuItem{fyne.NewMenuItem(label, func() { g.front.ShowBlock(c) })}
}

// toggle folds or unfolds a group, lastingly, or a contact.
func (w *buddyWindow) toggle(r buddylist.Row) {
	if r.Kind == buddylist.ContactRow {
		if w.view.Expanded == nil {
			w.view.Expanded = map[im.ConvID]bool{}
		}
		w.view.Expanded[r.Head] = r.Collapsed
		w.drawRows()
		return
	}
	if w.view.Collapsed == nil {
		w.view.Collapsed = map[string]bool{}
	}
	w.view.Collapsed[r.Group] = !w.view.Collapsed[r.Group]
	w.drawRows()
	var folded []string
	for name, is := range w.view.Collapsed {
		if is {
			folded = append(folded, name)
		}
	}
	slices.Sort(folded)
	w.gui.front.SetSetting(settingCollapsed, strings.Join(folded, "\n"))
}

// dropped is for files that were dropped onto a buddy.
func (w *buddyWindow) dropped(at fyne.Position, uris []fyne.URI) {
	if w.gui.over() || !w.list.Visible() {
		return
	}
	i := w.list.rowAt(at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(w.list)))
	if i < 0 {
		return
	}
	if r := w.row(i); r.Kind == buddylist.BuddyRow || r.Kind == buddylist.ContactRow {
		w.gui.dropped(r.Conv, uris)
	}
}

// popUp is the menu of the right button.
func (w *buddyWindow) popUp(i int, at fyne.Position) {
	popUp(fyne.NewMenu("", w.rowItems(w.row(i))...), w.window.Canvas(), at)
}

// showHistory shows the history of the chosen buddy, or that of the last conversation.
func (w *buddyWindow) showHistory() {
	var c im.ConvID
	switch w.chosen.Kind {
	case buddylist.BuddyRow, buddylist.ContactRow, buddylist.RoomRow:
		c = w.chosen.Conv
	}
	w.gui.showHistory(c)
}

func (w *buddyWindow) stopSearch() {
	if !w.search.Visible() {
		return
	}
	w.search.SetText("")
	w.search.Hide()
	w.window.Canvas().Focus(w.list)
}

func (w *buddyWindow) typed(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape && w.search.Visible() {
		w.stopSearch()
		return true
	}
	return w.gui.helpKey(e)
}

// emptyHint is why the list shows nobody.
type emptyHint int

const (
	notEmpty emptyHint = iota
	noAccounts
	noBuddies
	nobodyOnline
	nobodyFound
)

// drawHint says what to do while there is nobody to show.
func (w *buddyWindow) drawHint() {
	g := w.gui
	why := notEmpty
	switch {
	case w.rows().Len() > 0:
	case w.view.Filter != "":
		why = nobodyFound
	case len(g.accounts) == 0:
		why = noAccounts
	case g.list.Empty():
		why = noBuddies
	default:
		why = nobodyOnline
	}
	if why == w.empty {
		return
	}
	w.empty = why
	w.hint.Hidden = why == notEmpty
	text, label := "", ""
	var do func()
	switch why {
	case noAccounts:
		text, label, do = lang.T("Culver needs an account to reach your buddies."), lang.T("Add an Account…"), func() { g.front.ShowFirstRun() }
	case noBuddies:
		text, label, do = lang.T("There is nobody on your Buddy List yet."), lang.T("Add a Buddy…"), func() { g.front.ShowAddBuddy() }
	case nobodyOnline:
		text, label, do = lang.T("None of your buddies is online."), lang.T("Show Offline Buddies"), func() { g.front.SetSetting(settingOffline, im.On) }
	case nobodyFound:
		text = lang.T("No buddy has this in their name or address.")
	}
	w.hint.Objects = nil
	if why != notEmpty {
		words := wrapped(text)
		words.centred = true
		parts := []fyne.CanvasObject{words}
		w.hintButton = nil
		if do != nil {
			w.hintButton = newPushButton(w.keys, label, do)
			parts = append(parts, container.NewCenter(w.hintButton))
		}
		inner := container.NewVBox(parts...)
		w.hint.Objects = []fyne.CanvasObject{container.New(&hintLayout{}, inner)}
	}
	w.hint.Refresh()
}

// hintLayout puts its one object a third from the top, with margins.
type hintLayout struct{}

// MinSize implements fyne.Layout.
func (hintLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, 60) }

// Layout implements fyne.Layout.
func (hintLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	margin := 4 * theme.InnerPadding()
	o[0].Resize(fyne.NewSize(size.Width-2*margin, o[0].MinSize().Height))
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(size.Width-2*margin, h))
	o[0].Move(fyne.NewPos(margin, fyne.Max(0, (size.Height-h)/3)))
}
