package gui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/assets"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// chatWindow is the window of conversations, each of them a tab.
type chatWindow struct {
	gui    *GUI
	window fyne.Window // nil until the first conversation
	shown  bool
	gone   bool // shut
	keys   *keys
	pages  []*page
	at     int // the page in front
	strip  *tabStrip
	stack  *fyne.Container
	taken  map[im.ConvID][]string // lines to be edited, of conversations that were closed
	menu   string                 // what the menu bar shows, to draw it only when it changes
}

func newChatWindow(g *GUI) *chatWindow {
	w := &chatWindow{gui: g, taken: map[im.ConvID][]string{}}
	w.keys = &keys{hushed: g.hushed, used: g.used, shortcut: w.shortcut, typed: g.helpKey, lost: func() { g.later(w.refocus) }, focused: func() {
		g.active = w.window
		if p := w.front(); p != nil {
			p.seen()
		}
	}}
	w.strip = newTabStrip(w.pick, func(i int) {
		if i < len(w.pages) {
			w.leave(w.pages[i].conv)
		}
	})
	w.stack = container.NewStack()
	return w
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
	w.window.SetCloseIntercept(func() {
		for _, p := range slices.Clone(w.pages) {
			w.leave(p.conv)
		}
	})
	c := w.window.Canvas()
	c.SetOnTypedRune(func(r rune) { // nothing has the focus
		if p := w.front(); p != nil {
			c.Focus(p.entry)
			p.entry.TypedRune(r)
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		w.keys.onUsed()
		if p := w.front(); p != nil && !g.helpKey(e) {
			c.Focus(p.entry)
		}
	})
	w.window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		if p := w.front(); p != nil {
			w.gui.dropped(p.conv, uris)
		}
	})
	for _, s := range w.shortcuts() {
		c.AddShortcut(s, func(fyne.Shortcut) { w.shortcut(s) })
	}
	w.window.SetContent(g.sensed(container.NewBorder(w.strip, nil, nil, nil, w.stack)))
}

// open shows a conversation, in front if asked or if it is the only one.
func (w *chatWindow) open(s messenger.ConversationState, focus bool) {
	p := w.find(s.Conv)
	if p == nil {
		if w.window == nil {
			w.make()
		}
		p = newPage(w, s)
		w.pages = append(w.pages, p)
		for _, text := range w.taken[s.Conv] {
			p.takenBack(text)
		}
		delete(w.taken, s.Conv)
		w.tabs()
		if len(w.pages) == 1 {
			w.at = -1
			focus = true
		}
	} else {
		p.replace(s)
	}
	if focus {
		w.pick(slices.Index(w.pages, p))
	}
	w.show(focus)
}

func (w *chatWindow) show(focus bool) {
	if !w.shown {
		w.shown = true
		w.window.Resize(fyne.NewSize(560, 480))
		w.gui.cameUp()
		w.window.Show()
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

// close takes a page away, and the window with the last one.
func (w *chatWindow) close(c im.ConvID) {
	i := slices.IndexFunc(w.pages, func(p *page) bool { return p.conv == c })
	if i < 0 {
		return
	}
	if i == w.at {
		closePopUps(w.window.Canvas()) // they are this page's
	}
	w.pages[i].stopPause()
	w.pages[i].stopDraft()
	w.pages = slices.Delete(w.pages, i, i+1)
	w.tabs()
	if len(w.pages) == 0 {
		w.at = -1
		w.stack.Objects = nil
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
	for _, p := range w.pages {
		p.stopPause()
		p.stopDraft()
	}
	if w.window != nil {
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

func (w *chatWindow) added(m im.Message) {
	p := w.find(m.Conv)
	if p == nil {
		return
	}
	p.added(m)
	if m.Kind == im.Alarm {
		p.counted = true
	}
}

func (w *chatWindow) placed(m im.Message) {
	if p := w.find(m.Conv); p != nil {
		p.placed(m)
	}
}

func (w *chatWindow) changed(m im.Message) {
	if p := w.find(m.Conv); p != nil {
		p.changed(m)
	}
}

func (w *chatWindow) removed(c im.ConvID, id string) {
	if p := w.find(c); p != nil {
		p.removed(id)
	}
}

// takenBack gives a line back to the entry of its conversation. If that was
// closed meanwhile, it is opened again: what the user wrote is not lost.
func (w *chatWindow) takenBack(c im.ConvID, text string) {
	p := w.find(c)
	if p == nil {
		w.taken[c] = append(w.taken[c], text)
		w.gui.front.Open(c)
		return
	}
	p.takenBack(text)
}

func (w *chatWindow) sealed(c im.ConvID, s im.Seal) {
	if p := w.find(c); p != nil {
		p.seal = s
		w.titles()
		p.drawButtons()
		p.buttons.Refresh()
		p.box.Refresh()
	}
}

func (w *chatWindow) menus(c im.ConvID, menus []messenger.Menu) {
	if p := w.find(c); p != nil {
		p.setMenus(menus)
		if p == w.front() {
			w.drawMenu()
		}
	}
}

func (w *chatWindow) accountChanged(a im.AccountID, d *dirt) {
	for _, p := range w.pages {
		if p.conv.Account == a {
			d.pages[p.conv] = true
		}
	}
}

// listChanged takes note of what the Buddy List says of those in conversations.
func (w *chatWindow) listChanged(e buddylist.Event, d *dirt) {
	var c im.ConvID
	switch e := e.(type) {
	case buddylist.Typing:
		c = e.Conv
		if p := w.find(c); p != nil {
			p.typing = e.State
		}
	case buddylist.Unread:
		c = e.Conv
		if p := w.find(c); p != nil {
			p.setUnread(e.Count)
			p.named = e.Named
		}
	case buddylist.Presence:
		c = im.ConvID{Account: e.Account, Peer: e.From.Bare}
	case buddylist.Buddy:
		c = e.Buddy.Conv()
	case buddylist.Removed:
		c = e.Conv
	case buddylist.Picture:
		c = e.Conv
	case buddylist.Room:
		c = e.Room.Conv
	case buddylist.Offline:
		w.accountChanged(e.Account, d)
		return
	case buddylist.Roster:
		w.accountChanged(e.Account, d)
		return
	case buddylist.Blocked:
		w.accountChanged(e.Account, d)
		return
	default:
		return
	}
	if w.find(c) != nil {
		d.pages[c] = true
	}
}

// draw shows what changed in a batch.
func (w *chatWindow) draw(d dirt) {
	if len(d.pages) == 0 {
		return
	}
	for c := range d.pages {
		if p := w.find(c); p != nil {
			if presence, _ := w.gui.list.Presence(c); presence.Show == im.Offline {
				p.typing = im.TypingGone
			}
			p.draw()
			p.seen()
		}
	}
	if len(w.pages) > 0 {
		w.titles()
		w.drawMenu()
	}
}

// shortcuts are those beside the menus'.
func (w *chatWindow) shortcuts() []*desktop.CustomShortcut {
	all := []*desktop.CustomShortcut{
		control(fyne.KeyTab), control(fyne.KeyPageDown), control(fyne.KeyPageUp), control(fyne.KeyN), control(fyne.KeyM),
		{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
	}
	for n := range 9 {
		all = append(all, &desktop.CustomShortcut{KeyName: fyne.KeyName(fmt.Sprint(n + 1)), Modifier: fyne.KeyModifierAlt})
	}
	return all
}

// shortcut does what a shortcut is for. It reports whether it is one of ours.
func (w *chatWindow) shortcut(s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || !slices.ContainsFunc(w.shortcuts(), func(o *desktop.CustomShortcut) bool { return *o == *c }) {
		return false
	}
	n := len(w.pages)
	switch {
	case n == 0:
	case c.Modifier == fyne.KeyModifierAlt:
		w.pick(int(c.KeyName[0] - '1'))
	case c.KeyName == fyne.KeyPageUp, c.KeyName == fyne.KeyTab && c.Modifier&fyne.KeyModifierShift != 0:
		w.pick((w.at + n - 1) % n)
	case c.KeyName == fyne.KeyPageDown, c.KeyName == fyne.KeyTab:
		w.pick((w.at + 1) % n)
	default:
		w.gui.front.ShowNewMessage()
	}
	return true
}

// drawMenu makes the menu bar for the page in front.
func (w *chatWindow) drawMenu() {
	p := w.front()
	if p == nil {
		return
	}
	f := w.gui.front
	listed, _ := w.gui.list.Buddy(p.conv)
	some := p.unsent() >= 0
	mend := p.lastCorrectable(p.timeline.Len()) >= 0
	who := p.whoItems()
	can := ""
	for _, i := range who {
		can += fmt.Sprintln(i.Label, i.Disabled)
	}
	if p.room != nil {
		can += fmt.Sprint(conversation.RoomActions(p.room.known), p.room.showsPeople(), p.room.showsStirs(), p.room.crowded())
	}
	signature := fmt.Sprintf("%v %v %v %v %v %v %v %v %v %v %+v", p.conv, listed.Subscription, p.telling, some, mend, can, w.gui.canLock, p.logging, p.seal.Level.Encrypted(), p.files, p.menus)
	if signature == w.menu {
		return
	}
	w.menu = signature
	another := fyne.NewMenuItem(lang.T("New Instant Message…"), f.ShowNewMessage)
	another.Shortcut = control(fyne.KeyM)
	closing := fyne.NewMenuItem(lang.T("Close"), func() {
		if p := w.front(); p != nil {
			w.leave(p.conv)
		}
	})
	closing.Shortcut = control(fyne.KeyW)
	quit := fyne.NewMenuItem(lang.T("Quit"), w.gui.quit)
	quit.IsQuit = true
	quit.Shortcut = control(fyne.KeyQ)
	unsent := func(do func(im.ConvID, string)) func() {
		return func() {
			if p := w.front(); p != nil {
				if i := p.unsent(); i >= 0 {
					do(p.conv, p.timeline.At(i).ID)
				}
			}
		}
	}
	edit := fyne.NewMenuItem(lang.T("Edit Unsent Line"), unsent(f.Edit))
	edit.Shortcut, edit.Disabled = control(fyne.KeyE), !some
	discard := fyne.NewMenuItem(lang.T("Discard Unsent Line"), unsent(f.Discard))
	discard.Disabled = !some
	correct := fyne.NewMenuItem(lang.T("Correct Last Line"), func() {
		if p := w.front(); p != nil {
			p.correctLast()
		}
	})
	correct.Disabled = !mend
	past := fyne.NewMenuItem(lang.T("View History"), func() { w.gui.showHistory(p.conv) })
	past.Shortcut = control(fyne.KeyL)
	find := fyne.NewMenuItem(lang.T("Find…"), func() { w.gui.searchHistory(p.conv) })
	find.Shortcut = control(fyne.KeyF)
	join := fyne.NewMenuItem(lang.T("Join a Chat…"), func() { f.ShowJoinRoom(im.ConvID{}) })
	join.Shortcut = control(fyne.KeyG)
	items := append([]*fyne.MenuItem{another, join}, w.gui.fileItems(p.conv)...)
	items = append(items, who...)
	items = append(items, fyne.NewMenuItemSeparator(), past, find, fyne.NewMenuItemSeparator(), correct, edit, discard, fyne.NewMenuItemSeparator(), closing,
		fyne.NewMenuItemSeparator())
	if w.gui.canLock {
		items = append(items, w.gui.lockItem())
	}
	bar := fyne.NewMainMenu(fyne.NewMenu(lang.T("Conversation"), append(items, quit)...), fyne.NewMenu(lang.T("Options"), p.options()...))
	if p.room != nil {
		bar.Items = append(bar.Items, fyne.NewMenu(lang.T("Room"), w.gui.roomItems(p.conv)...))
	}
	for _, m := range p.menus {
		bar.Items = append(bar.Items, w.gui.pluginMenu(p.conv, m))
	}
	w.window.SetMainMenu(bar)
}
