package gui

import (
	"slices"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// chats are all conversations on show, and the windows that they are in.
type chats struct {
	gui     *GUI
	windows []*chatWindow          // at least one, which may be hidden
	last    *chatWindow            // that the user turned to last
	taken   map[im.ConvID][]string // lines to be edited, of conversations that were closed
	left    []im.ConvID            // that the user closed, the last one at the end
	asking  *formWindow            // whether to close what was not read
}

func newChats(g *GUI) *chats {
	s := &chats{gui: g, taken: map[im.ConvID][]string{}}
	s.last = newChatWindow(s)
	s.windows = []*chatWindow{s.last}
	return s
}

// front is the page in front of the window that the user turned to last, nil if there is none.
func (s *chats) front() *page { return s.last.front() }

func (s *chats) find(c im.ConvID) *page {
	for _, w := range s.windows {
		if p := w.find(c); p != nil {
			return p
		}
	}
	return nil
}

// each are all pages.
func (s *chats) each(do func(*page)) {
	for _, w := range s.windows {
		for _, p := range w.pages {
			do(p)
		}
	}
}

// active reports that the user is in a window of conversations.
func (s *chats) active() bool {
	return s.gui.active != nil && slices.ContainsFunc(s.windows, func(w *chatWindow) bool { return w.window == s.gui.active })
}

// open shows a conversation, in front if asked or if it is the only one in its window.
func (s *chats) open(c messenger.ConversationState, focus bool) {
	p, asked := s.find(c.Conv), focus
	if p == nil {
		w := s.windowFor(c.Kind)
		p = newPage(w, c)
		w.add(p)
		focus = focus || len(w.pages) == 1
		for _, text := range s.taken[c.Conv] {
			p.takenBack(text)
		}
		delete(s.taken, c.Conv)
		s.left = slices.DeleteFunc(s.left, func(l im.ConvID) bool { return l == c.Conv })
	} else {
		p.replace(c)
	}
	w := p.window
	if focus {
		w.pick(slices.Index(w.pages, p))
		s.last = w
	}
	if asked || w.shown || !s.hides() {
		w.show(focus)
	}
}

// hides reports that new conversations wait in the Buddy List, as unread, until the user
// opens them.
func (s *chats) hides() bool {
	switch s.gui.settings[messenger.SettingHide] {
	case messenger.HideAlways:
		return true
	case messenger.HideAway:
		seen := s.gui.own.presence.Show
		if s.gui.own.rested.Idle {
			seen = s.gui.own.rested.Seen
		}
		return seen != im.Available && seen != im.FreeForChat
	}
	return false
}

// windowFor is the window for a new conversation.
func (s *chats) windowFor(k im.ConvKind) *chatWindow {
	place := s.gui.settings[messenger.SettingPlacement]
	fits := func(w *chatWindow) bool {
		switch {
		case len(w.pages) == 0:
			return true
		case place == messenger.PlaceAlone:
			return false
		case place == messenger.PlaceKinds:
			return (w.pages[0].kind == im.WithPerson) == (k == im.WithPerson)
		}
		return true
	}
	if fits(s.last) {
		return s.last
	}
	if i := slices.IndexFunc(s.windows, fits); i >= 0 {
		return s.windows[i]
	}
	return s.another()
}

// another makes one more window.
func (s *chats) another() *chatWindow {
	w := newChatWindow(s)
	s.windows = append(s.windows, w)
	return w
}

// close takes a page away, and its window with the last one.
func (s *chats) close(c im.ConvID) {
	p := s.find(c)
	if p == nil {
		return
	}
	p.stopPause()
	p.stopDraft()
	p.looked()
	p.window.take(p)
	s.tidy()
}

// tidy removes windows that hold nothing, but for one.
func (s *chats) tidy() {
	for _, w := range slices.Clone(s.windows) {
		if len(w.pages) > 0 || len(s.windows) == 1 {
			continue
		}
		s.windows = slices.DeleteFunc(s.windows, func(o *chatWindow) bool { return o == w })
		w.shut()
		if s.last == w {
			s.last = s.windows[len(s.windows)-1]
		}
	}
}

// shut takes all windows away for good.
func (s *chats) shut() {
	s.each((*page).looked)
	for _, w := range s.windows {
		w.shut()
	}
}

// leave closes a conversation, at the user's wish. What stands in its entry comes back
// with it.
func (s *chats) leave(c im.ConvID) {
	p := s.find(c)
	if p == nil {
		return
	}
	p.keepDraft()
	if p.kind == im.WithPerson {
		s.left = append(slices.DeleteFunc(s.left, func(l im.ConvID) bool { return l == c }), c)
	}
	s.gui.front.Close(c)
}

// again opens the conversation that the user closed last.
func (s *chats) again() {
	if n := len(s.left); n > 0 {
		c := s.left[n-1]
		s.left = s.left[:n-1]
		s.gui.front.Open(c)
	}
}

func (s *chats) added(m im.Message) {
	p := s.find(m.Conv)
	if p == nil {
		return
	}
	p.added(m)
	if m.Kind == im.Alarm {
		p.counted = true
	}
}

// takenBack gives a line back to the entry of its conversation. If that was
// closed meanwhile, it is opened again: what the user wrote is not lost.
func (s *chats) takenBack(c im.ConvID, text string) {
	p := s.find(c)
	if p == nil {
		s.taken[c] = append(s.taken[c], text)
		s.gui.front.Open(c)
		return
	}
	p.takenBack(text)
}

func (s *chats) sealed(c im.ConvID, seal im.Seal) {
	if p := s.find(c); p != nil {
		p.seal = seal
		p.window.titles()
		p.drawButtons()
		p.buttons.Refresh()
		p.box.Refresh()
	}
}

func (s *chats) menus(c im.ConvID, menus []messenger.Menu) {
	if p := s.find(c); p != nil {
		p.setMenus(menus)
		if p == p.window.front() {
			p.window.drawMenu()
		}
	}
}

func (s *chats) accountChanged(a im.AccountID, d *dirt) {
	s.each(func(p *page) {
		if p.conv.Account == a {
			d.pages[p.conv] = true
		}
	})
}

// listChanged takes note of what the Buddy List says of those in conversations.
func (s *chats) listChanged(e buddylist.Event, d *dirt) {
	var c im.ConvID
	switch e := e.(type) {
	case buddylist.Typing:
		c = e.Conv
		if p := s.find(c); p != nil {
			p.typing = e.State
		}
	case buddylist.Unread:
		c = e.Conv
		if p := s.find(c); p != nil {
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
		s.accountChanged(e.Account, d)
		return
	case buddylist.Roster:
		s.accountChanged(e.Account, d)
		return
	case buddylist.Blocked:
		s.accountChanged(e.Account, d)
		return
	default:
		return
	}
	if s.find(c) != nil {
		d.pages[c] = true
	}
}

// draw shows what changed in a batch.
func (s *chats) draw(d dirt) {
	if len(d.pages) == 0 {
		return
	}
	for c := range d.pages {
		if p := s.find(c); p != nil {
			if presence, _ := s.gui.list.Presence(c); presence.Show == im.Offline {
				p.typing = im.TypingGone
			}
			p.draw()
			p.seen()
		}
	}
	for _, w := range s.windows {
		if len(w.pages) > 0 {
			w.titles()
			w.drawMenu()
		}
	}
}

// drawMenus draws the menu bars.
func (s *chats) drawMenus() {
	for _, w := range s.windows {
		if len(w.pages) > 0 {
			w.drawMenu()
		}
	}
}

// keepDrafts tells the messenger what stands in all entries.
func (s *chats) keepDrafts() { s.each((*page).keepDraft) }

// leaveAll closes conversations, but asks first if something in several was not read.
func (w *chatWindow) leaveAll(pages []*page) {
	g := w.gui
	pages = slices.Clone(pages)
	leave := func() {
		for _, p := range pages {
			w.set.leave(p.conv)
		}
	}
	unread := 0
	for _, p := range pages {
		if p.unread > 0 {
			unread++
		}
	}
	if unread == 0 {
		leave()
		return
	}
	if w.set.asking != nil {
		w.set.asking.window.RequestFocus()
		return
	}
	const closing = "close"
	f := plugin.Page(lang.T("Close conversations?"),
		lang.N(unread, "There are lines in %d conversation that you have not read.", "There are lines in %d conversations that you have not read.", unread),
		nil, plugin.Button{ID: "stay", Label: lang.T("Cancel"), Role: plugin.Cancel}, plugin.Button{ID: closing, Label: lang.T("Close"), Role: plugin.Default})
	w.set.asking, _ = g.Ask(f, func(a plugin.Answers) {
		if d := w.set.asking; d != nil {
			w.set.asking = nil
			d.Close()
		}
		if a.Action == closing {
			leave()
		}
	}).(*formWindow)
}
