package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"culver/assets"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// chatWindow is a window of conversations, each of them a tab.
type chatWindow struct {
	gui    *GUI
	set    *chats
	window fyne.Window // nil until the first conversation, and so is size
	size   *windowSize
	shown  bool
	gone   bool // shut
	pages  []*page
	at     int // the page in front
	strip  *tabStrip
	stack  *fyne.Container
	tips   *tips
	menu   string // what the menu bar shows, to draw it only when it changes
}

func newChatWindow(set *chats) *chatWindow {
	w := &chatWindow{gui: set.gui, set: set, tips: newTips(set.gui)}
	w.strip = newTabStrip(w.pick, func(i int) {
		if i < len(w.pages) {
			w.leave(w.pages[i].conv)
		}
	})
	w.strip.menu = w.tabMenu
	w.strip.moved = w.move
	w.strip.torn = w.tear
	w.strip.about, w.strip.tips = w.tabTip, w.tips
	w.stack = container.NewStack()
	return w
}

// focused is called when something in the window gets the keyboard.
func (w *chatWindow) focused() {
	w.gui.active = w.window
	w.set.last = w
	if p := w.front(); p != nil {
		p.seen()
		p.lines.update()
	}
}

// front is the page in front, nil if there is none.
func (w *chatWindow) front() *page {
	if w.at < 0 || w.at >= len(w.pages) {
		return nil
	}
	return w.pages[w.at]
}

func (w *chatWindow) find(c im.ConvID) *page {
	for _, p := range w.pages {
		if p.conv == c {
			return p
		}
	}
	return nil
}

// make creates the window with the first page.
func (w *chatWindow) make() {
	g := w.gui
	w.window = g.app.NewWindow(lang.T("Conversation"))
	w.window.SetIcon(g.icons[assets.App])
	w.window.SetPadded(false)
	w.window.SetCloseIntercept(func() { w.leaveAll(w.pages) })
	c := w.window.Canvas()
	c.SetOnTypedRune(func(r rune) { // nothing has the focus
		if p := w.front(); p != nil {
			c.Focus(p.entry)
			p.entry.TypedRune(r)
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		g.used()
		if p := w.front(); p != nil && !g.helpKey(e) {
			c.Focus(p.entry)
		}
	})
	w.window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		if p := w.front(); p != nil {
			w.gui.dropped(p.conv, uris)
		}
	})
	g.hears(c)
	for _, s := range w.shortcuts() {
		c.AddShortcut(s, func(fyne.Shortcut) { w.shortcut(s) })
	}
	w.size = newWindowSize(g, w.window, messenger.SettingSizeChat, fyne.NewSize(560, 480),
		container.NewStack(container.NewBorder(w.strip, nil, nil, nil, w.stack), w.tips.layer))
}

// add puts a page behind the others.
func (w *chatWindow) add(p *page) {
	if w.window == nil {
		w.make()
	}
	p.window = w
	w.pages = append(w.pages, p)
	w.tabs()
	if len(w.pages) == 1 {
		w.at = -1
	}
}

func (w *chatWindow) show(focus bool) {
	if !w.shown {
		w.shown = true
		w.gui.cameUp()
		w.size.show()
	} else if focus {
		w.window.RequestFocus()
	}
	if p := w.front(); p != nil && focus {
		w.window.Canvas().Focus(p.entry)
	}
}

// refocus gives the keyboard to the entry when a click took it from everything:
// whoever types into this window means to write, and only a window with a focus
// is told when the user turns to it. Below an open menu, which has a focus of its
// own, it does the same.
func (w *chatWindow) refocus() {
	p := w.front()
	if p == nil || !w.shown || w.gone {
		return
	}
	switch w.window.Canvas().Focused().(type) {
	case *sendEntry, *transcript, *menuButton, *rowList, *textEntry, *pushButton:
		return
	}
	w.window.Canvas().Focus(p.entry)
}

// pick brings a page to the front.
func (w *chatWindow) pick(i int) {
	if i < 0 || i >= len(w.pages) {
		return
	}
	if i != w.at {
		closePopUps(w.window.Canvas())
		if p := w.front(); p != nil {
			p.keepDraft()
		}
	}
	w.at = i
	p := w.pages[i]
	w.strip.choose(i)
	w.stack.Objects = []fyne.CanvasObject{p.box}
	w.stack.Refresh()
	w.titles()
	w.drawMenu()
	w.window.Canvas().Focus(p.entry)
	p.seen()
}

// take takes a page out of the window, and hides that with the last one.
func (w *chatWindow) take(p *page) {
	i := slices.Index(w.pages, p)
	if i == w.at {
		closePopUps(w.window.Canvas()) // they are this page's
	}
	w.pages = slices.Delete(w.pages, i, i+1)
	w.tabs()
	if len(w.pages) == 0 {
		w.at = -1
		w.stack.Objects = nil
		w.size.keep()
		w.shown = false
		if w.gui.active == w.window {
			w.gui.active = nil
		}
		w.window.Hide()
		return
	}
	if i < w.at || w.at == len(w.pages) {
		w.at--
	}
	w.pick(w.at)
}

// shut takes the window away for good.
func (w *chatWindow) shut() {
	w.gone = true
	w.tips.leave()
	for _, p := range w.pages {
		p.stopPause()
		p.stopDraft()
	}
	if w.window != nil {
		w.size.leave()
		w.window.SetCloseIntercept(nil)
		w.window.Close()
	}
}

// tabs draws the tabs.
func (w *chatWindow) tabs() {
	titles := make([]tabTitle, len(w.pages))
	for i, p := range w.pages {
		titles[i] = p.title()
	}
	w.strip.setTabs(titles)
}

// titles draws the tabs and the title of the window.
func (w *chatWindow) titles() {
	w.tabs()
	p := w.front()
	if p == nil {
		return
	}
	title := p.name()
	if p.unread > 0 && p.counted {
		title = unreadTitle(title, p.unread)
	}
	if w.window.Title() != title {
		w.window.SetTitle(title)
	}
}
