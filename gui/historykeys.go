package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/im"
	"culver/lang"
)

// typed is what keys do that no control has a use for.
func (w *historyWindow) typed(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyEscape {
		if w.find.on() {
			w.find.clear()
		} else {
			w.close()
		}
		return true
	}
	return w.gui.helpKey(e)
}

// typedFilter is what Enter and Escape do in the filter.
func (w *historyWindow) typedFilter(e *fyne.KeyEvent) bool {
	switch {
	case e.Name == fyne.KeyEscape && w.filter.Text != "":
		w.filter.SetText("")
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		if len(w.shown) > 0 {
			w.list.choose(max(0, w.list.selected))
			w.focus(w.lines)
		}
	default:
		return w.typed(e)
	}
	return true
}

func (w *historyWindow) shortcuts() []*desktop.CustomShortcut {
	return []*desktop.CustomShortcut{control(fyne.KeyF), control(fyne.KeyW), control(fyne.KeyQ)}
}

// shortcut does what a shortcut is for. It reports whether it is one of ours.
func (w *historyWindow) shortcut(s fyne.Shortcut) bool {
	if w.gui.anywhere(s) {
		return true
	}
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || !slices.ContainsFunc(w.shortcuts(), func(o *desktop.CustomShortcut) bool { return *o == *c }) {
		return false
	}
	switch {
	case c.KeyName == fyne.KeyF:
		w.focus(w.find.entry)
		w.find.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	case c.KeyName == fyne.KeyW:
		w.close()
	case c.KeyName == fyne.KeyQ:
		w.gui.quit()
	}
	return true
}

// meant is the line that the keyboard means: the one that was clicked, or found, or
// else the last in sight.
func (w *historyWindow) meant() int {
	if s := w.lines.sel; s.on && s.at.line < w.source.timeline.Len() {
		return s.at.line
	}
	if i := w.source.index(w.source.found); i >= 0 {
		return i
	}
	if w.lines.renderer == nil || len(w.lines.renderer.visible) == 0 {
		return -1
	}
	in := w.lines.renderer.visible
	return in[len(in)-1].index
}

// lineMenu is what the right button offers for a line beside copying.
func (w *historyWindow) lineMenu(i int) []*fyne.MenuItem {
	m := w.source.timeline.At(i)
	return []*fyne.MenuItem{fyne.NewMenuItem(lang.T("Delete This Line…"), func() { w.gui.front.EraseLine(m.Conv, m.ID) })}
}

// eraseMenu offers to delete what is on show, from little to all.
func (w *historyWindow) eraseMenu() *fyne.Menu {
	f := w.gui.front
	var items []*fyne.MenuItem
	_, some := w.past()
	if d := w.days.chosen; some && !d.isZero() {
		day := fyne.NewMenuItem(lang.F("This Day: %s…", d.String()), func() {
			f.ShowErase(im.Range{Conv: w.conv, From: d.start(time.Local), Until: d.add(1).start(time.Local)})
		})
		if !w.days.shows(d) { // "this" could be any that is on show
			day = fyne.NewMenuItem(lang.T("A Day: Choose It in the Calendar"), nil)
			day.Disabled = true
		}
		items = append(items, day)
	}
	if some {
		items = append(items, fyne.NewMenuItem(lang.F("Everything with %s…", w.name(w.conv)), func() { f.ShowErase(im.Range{Conv: w.conv}) }))
	}
	if len(w.pasts) > 0 {
		items = append(items, fyne.NewMenuItem(lang.T("All History…"), func() { f.ShowErase(im.Range{}) }))
	}
	return fyne.NewMenu("", items...)
}
