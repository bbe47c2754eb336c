package gui

import (
	"slices"

	"fyne.io/fyne/v2"

	"culver/lang"
)

// tabMenu is the menu of a tab.
func (w *chatWindow) tabMenu(i int, at fyne.Position) {
	if i < 0 || i >= len(w.pages) {
		return
	}
	popUp(fyne.NewMenu("", w.tabItems(w.pages[i])...), w.window.Canvas(), at)
}

// tabItems are what can be done with a page's tab. The positions of other tabs may
// change while the menu is open.
func (w *chatWindow) tabItems(p *page) []*fyne.MenuItem {
	item := func(label string, possible bool, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			if slices.Contains(w.pages, p) {
				do()
			}
		})
		if !possible {
			i.Action, i.Disabled = nil, true
		}
		return i
	}
	several := len(w.pages) > 1
	at := slices.Index(w.pages, p)
	return []*fyne.MenuItem{
		item(lang.T("Close"), true, func() { w.leave(p.conv) }),
		item(lang.T("Close Others"), several, func() {
			w.leaveAll(slices.DeleteFunc(slices.Clone(w.pages), func(o *page) bool { return o == p }))
		}),
		item(lang.T("Close All"), several, func() { w.leaveAll(w.pages) }),
		fyne.NewMenuItemSeparator(),
		item(lang.T("Move to a New Window"), several, func() { w.detach(p) }),
		item(lang.T("Move to the Other Window"), len(w.set.windows) > 1, func() { w.join(p) }),
		item(lang.T("Move Left"), at > 0, func() { w.move(slices.Index(w.pages, p), slices.Index(w.pages, p)-1) }),
		item(lang.T("Move Right"), at < len(w.pages)-1, func() { w.move(slices.Index(w.pages, p), slices.Index(w.pages, p)+1) }),
		fyne.NewMenuItemSeparator(),
		item(lang.T("Reopen Closed Conversation"), len(w.set.left) > 0, w.set.again),
	}
}

// move puts the tab at one place to another.
func (w *chatWindow) move(from, to int) {
	if from < 0 || from >= len(w.pages) || to < 0 || to >= len(w.pages) || from == to {
		return
	}
	front := w.front()
	p := w.pages[from]
	w.pages = slices.Insert(slices.Delete(w.pages, from, from+1), to, p)
	w.at = slices.Index(w.pages, front)
	w.tabs()
	w.strip.choose(w.at)
}

// tear is a tab that was dragged out of the strip: it gets a window of its own.
func (w *chatWindow) tear(i int) {
	if i >= 0 && i < len(w.pages) && len(w.pages) > 1 {
		w.detach(w.pages[i])
	}
}

// detach moves a page to a window of its own.
func (w *chatWindow) detach(p *page) { w.give(p, w.set.another()) }

// join moves a page to the next one of the other windows.
func (w *chatWindow) join(p *page) {
	all := w.set.windows
	w.give(p, all[(slices.Index(all, w)+1)%len(all)])
}

// give moves a page to another window.
func (w *chatWindow) give(p *page, to *chatWindow) {
	p.keepDraft()
	w.take(p)
	to.add(p)
	to.pick(len(to.pages) - 1)
	w.set.last = to
	to.show(true)
	w.set.tidy()
}
