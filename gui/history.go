package gui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	toolkit "fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// historyWindow shows what is kept of all conversations: one at a time, by day,
// and what is searched for in all of them. There is one for the program; it forgets
// everything when it closes.
//
// All it knows are answers of the messenger. Each question has an ID, and an answer
// to any but the last question of its kind is dropped.
type historyWindow struct {
	gui    *GUI
	window fyne.Window
	size   *windowSize
	keys   *keys
	closed bool

	// The conversations that there is a history of.
	pasts  []im.Past
	names  map[im.ConvID]string
	shown  []im.Past // as filtered
	known  bool      // pasts came
	filter *textEntry
	list   *rowList
	days   *calendar

	// The one on show.
	conv   im.ConvID
	source *pastLines
	lines  *transcript
	head   *pageHead
	hint   *fyne.Container
	empty  string // what the hint says
	export *pushButton
	erase  *menuButton

	find historySearch
	body *fyne.Container // right of the list
	icon fyne.Resource

	pastsAsk, daysAsk  messenger.AskID
	linesAsk, olderAsk messenger.AskID // 0: none under way
	newerAsk           messenger.AskID
	want               wantedPlace // where to go when linesAsk is answered
	freshAt            *time.Timer // until what is new is asked for
	stale              bool        // the calendar may show a day too many
}

// showHistory shows the history of a conversation; of the last one if c is zero.
func (g *GUI) showHistory(c im.ConvID) {
	w := g.history()
	w.open(c)
	w.window.Canvas().Focus(w.lines)
}

// searchHistory is for looking for words in the history of a conversation.
func (g *GUI) searchHistory(c im.ConvID, words string) {
	w := g.history()
	w.open(c)
	w.find.only(true)
	if words != "" {
		w.find.entry.SetText(words)
	}
	w.window.Canvas().Focus(w.find.entry)
}

// history is the window, in front.
func (g *GUI) history() *historyWindow {
	if g.past == nil {
		g.past = newHistoryWindow(g)
		g.cameUp()
		g.past.size.show()
		g.past.refresh()
	} else {
		g.past.window.RequestFocus()
		g.past.freshen()
	}
	return g.past
}

func newHistoryWindow(g *GUI) *historyWindow {
	w := &historyWindow{gui: g, icon: theme.NewThemedResource(theme.HistoryIcon())}
	w.window = g.app.NewWindow(lang.T("History"))
	w.window.SetIcon(g.icons[assets.App])
	w.window.SetPadded(false)
	w.window.SetCloseIntercept(w.close)
	w.keys = &keys{hushed: g.hushed, used: g.used, typed: w.typed, shortcut: w.shortcut,
		focused: func() { g.active = w.window }, lost: func() { g.later(w.refocus) }, panes: w.panes}

	k := *w.keys
	k.typed = w.typedFilter
	w.filter = newTextEntry(&k, false)
	w.filter.SetPlaceHolder(lang.T("Find a conversation"))
	w.filter.OnChanged = func(string) { w.drawList() }
	w.filter.down = func() { w.focus(w.list) }
	w.list = newRowList(w.keys, pastRowHeight, func() int { return len(w.shown) }, func() rowView { return newPastRow(w) })
	w.list.chosen = func(i int) {
		if i >= 0 && w.shown[i].Conv != w.conv {
			w.open(w.shown[i].Conv)
		}
	}
	w.list.opened = func(int) { w.focus(w.lines) }
	w.list.typed = func(r rune) { w.focus(w.filter); w.filter.TypedRune(r) }
	w.days = newCalendar(w.keys, g.now, firstWeekday(string(toolkit.SystemLocale())), w.day)

	w.source = w.newSource()
	w.lines = newTranscript(w.source, w.keys)
	w.lines.linked = g.linked
	w.lines.extra = w.lineMenu
	w.lines.line = w.meant
	w.lines.edges = w.more
	w.lines.moved = w.scrolled
	w.lines.typed = func(r rune) { w.focus(w.find.entry); w.find.entry.TypedRune(r) }
	w.head = newPageHead()
	w.hint = container.NewStack()
	w.hint.Hide()
	w.export = newPushButton(w.keys, lang.T("Export…"), func() { g.front.ShowExport(im.Range{Conv: w.conv}) })
	w.erase = newMenuButton(w.keys, w.eraseMenu)
	w.erase.set(nil, lang.T("Delete"), theme.ColorNameForeground)
	w.find.make(w)

	left := container.NewBorder(w.filter, w.days, nil, nil, w.list)
	bar := container.NewHBox(w.export, w.erase)
	w.body = container.New(&historyLayout{w}, w.find.box, w.find.results, w.head, container.NewStack(w.lines, w.hint), bar)
	c := w.window.Canvas()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { w.keys.onTyped(e) })
	g.hears(c)
	for _, s := range w.shortcuts() {
		c.AddShortcut(s, func(fyne.Shortcut) { w.shortcut(s) })
	}
	w.size = newWindowSize(g, w.window, messenger.SettingSizePast, fyne.NewSize(860, 600), container.NewPadded(container.New(&historySides{}, left, w.body)))
	w.draw()
	return w
}

func (w *historyWindow) newSource() *pastLines {
	g := w.gui
	s := &pastLines{chatLines: chatLines{icons: g.icons, styled: func() bool { return g.shows(settingFormatting) },
		name: func() string { return w.name(w.conv) },
		self: func() string { return g.self(w.conv.Account) },
		acts: lineActs{guide: func(id, page string) { g.front.ShowGuide(id, page) }},
	}}
	s.take(nil, false, false)
	return s
}

// self is what the user is called in conversations of an account.
func (g *GUI) self(a im.AccountID) string {
	if s, ok := g.account(a); ok {
		return oneLine(s.Account.Title(), 60)
	}
	return a.Bare()
}

// name is what people call the peer of a conversation, who may be on no list any more.
func (w *historyWindow) name(c im.ConvID) string {
	if n := oneLine(w.names[c], 60); n != "" {
		return n
	}
	return w.gui.name(c)
}

// focus gives a control the keyboard.
func (w *historyWindow) focus(o fyne.Focusable) { w.window.Canvas().Focus(o) }

// refocus gives the keyboard to the transcript when a click took it from everything.
func (w *historyWindow) refocus() {
	if !w.closed && !w.gui.over() && w.window.Canvas().Focused() == nil && w.window.Canvas().Overlays().Top() == nil {
		w.focus(w.lines)
	}
}

// close takes the window away, and forgets.
func (w *historyWindow) close() {
	if w.closed {
		return
	}
	w.size.keep()
	w.size.leave()
	w.closed = true
	w.find.quit()
	if w.freshAt != nil {
		w.freshAt.Stop()
	}
	if w.gui.active == w.window {
		w.gui.active = nil
	}
	w.gui.past = nil
	if !w.gui.over() { // else it is to come back
		w.gui.front.LookBack(im.ConvID{})
	}
	w.window.SetCloseIntercept(nil)
	w.window.Close()
}

// open shows a conversation, at its end. A zero one is the one on show, or else the last.
func (w *historyWindow) open(c im.ConvID) {
	if c.IsZero() {
		c = w.conv
	}
	if c.IsZero() && len(w.pasts) > 0 {
		c = w.pasts[0].Conv
	}
	if c.IsZero() || c == w.conv {
		w.draw()
		return
	}
	w.turn(c)
	w.ask(messenger.LinesQuery{}, wantedPlace{})
}

// turn makes a conversation the one on show, without lines yet.
func (w *historyWindow) turn(c im.ConvID) {
	w.conv = c
	w.gui.front.LookBack(c)
	w.load(nil, false, false)
	w.lines.update()
	w.days.setDays(nil)
	w.days.choose(date{})
	w.askDays()
	w.find.turned()
	w.drawList()
	w.list.choose(w.list.selected) // into sight
	w.draw()
}

// refresh asks again for what there is.
func (w *historyWindow) refresh() { w.pastsAsk = w.gui.front.Pasts() }

// answered takes what the messenger says about the history.
func (w *historyWindow) answered(e messenger.Event) {
	switch e := e.(type) {
	case messenger.PastsListed:
		w.listed(e)
	case messenger.DaysListed:
		w.dated(e)
	case messenger.LinesFound:
		w.found(e)
	case messenger.HitsFound:
		w.find.found(e)
	case messenger.Erased:
		w.erased(e.Range)
	}
}

// listed takes the conversations that there are.
func (w *historyWindow) listed(e messenger.PastsListed) {
	if e.Ask != w.pastsAsk {
		return
	}
	w.pasts, w.names, w.known = e.Pasts, e.Names, true
	w.drawList()
	if w.conv.IsZero() {
		w.open(im.ConvID{})
	}
	w.draw()
}

// past is what there is of the conversation on show.
func (w *historyWindow) past() (im.Past, bool) {
	i := slices.IndexFunc(w.pasts, func(p im.Past) bool { return p.Conv == w.conv })
	if i < 0 {
		return im.Past{}, false
	}
	return w.pasts[i], true
}

// drawList shows the conversations that fit the filter.
func (w *historyWindow) drawList() {
	words := strings.Fields(strings.ToLower(w.filter.Text))
	w.shown = nil
	for _, p := range w.pasts {
		text := strings.ToLower(w.name(p.Conv) + " " + p.Conv.Peer)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			w.shown = append(w.shown, p)
		}
	}
	w.list.selected = slices.IndexFunc(w.shown, func(p im.Past) bool { return p.Conv == w.conv })
	w.list.Refresh()
}

// draw shows what is not in a list or the transcript: who it is, how much there is,
// and what to say if there is nothing.
func (w *historyWindow) draw() {
	p, some := w.past()
	name, about := lang.T("History"), ""
	if !w.conv.IsZero() {
		name = w.name(w.conv)
	}
	if some {
		about = lang.N(p.Lines, "%s line since %s", "%s lines since %s", im.Number(p.Lines), im.Date(p.First.Local()))
	}
	via := ""
	if len(w.gui.accounts) > 1 && !w.conv.IsZero() {
		via = lang.F("via %s", w.gui.self(w.conv.Account))
	}
	w.head.set(w.icon, name, about, via)
	setDisabled(w.export, !some)
	setDisabled(w.erase, len(w.pasts) == 0)
	empty := ""
	switch {
	case !w.known || some || w.source.timeline.Len() > 0 || w.linesAsk != 0:
	case w.conv.IsZero():
		empty = lang.T("No history is kept yet. What is said in conversations that are not private will be here; private ones are not kept unless you choose so.")
	default:
		empty = lang.F("Nothing is kept of conversations with %s. Private conversations are not kept unless you choose so, nor are those without a tick at Options > Keep a History.", name)
	}
	if empty == w.empty {
		return
	}
	w.empty = empty
	w.hint.Hidden = empty == ""
	words := wrapped(empty)
	words.centred = true
	w.hint.Objects = []fyne.CanvasObject{container.New(&hintLayout{}, words)}
	w.hint.Refresh()
}

// counted is a number of lines for people to read.
func counted(n int) string { return lang.N(n, "%s line", "%s lines", im.Number(n)) }
