package gui

import (
	"fyne.io/fyne/v2"
)

// pane is a part of a window that F6 leads to.
type pane struct {
	area  fyne.CanvasObject
	first fyne.Focusable // gets the keyboard there
}

// around is what F6 and F10 do in a window with panes: the next one, with Shift the one
// before, and the menu bar. It reports whether it was one of these.
func (k *keys) around(e *fyne.KeyEvent) bool {
	if k == nil || k.panes == nil {
		return false
	}
	back := modifiers()&fyne.KeyModifierShift != 0
	switch {
	case e.Name == fyne.KeyF6:
		nextPane(inSight(k.panes()), back)
	case e.Name == fyne.KeyF10 && !back:
		openMenuBar(k.panes())
	default:
		return false
	}
	return true
}

// inSight are those of the panes that are on the screen.
func inSight(all []pane) []pane {
	var there []pane
	for _, p := range all {
		if p.area.Visible() && p.area.Size().Height > 0 {
			there = append(there, p)
		}
	}
	return there
}

// nextPane gives the keyboard to the pane after the one that has it, or before it. If none
// has it, the first one gets it.
func nextPane(panes []pane, back bool) {
	if len(panes) == 0 {
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(panes[0].area)
	if c == nil {
		return
	}
	at, step := -1, 1
	if back {
		step = len(panes) - 1
	}
	for i, p := range panes {
		if holdsFocus(p.area, c.Focused()) {
			at = i
		}
	}
	if at < 0 {
		step = 1
	}
	c.Focus(panes[(at+step)%len(panes)].first)
}

// holdsFocus reports that what has the keyboard is within an area.
func holdsFocus(area fyne.CanvasObject, focused fyne.Focusable) bool {
	o, ok := focused.(fyne.CanvasObject)
	if !ok {
		return false
	}
	d := fyne.CurrentApp().Driver()
	from, at := d.AbsolutePositionForObject(area), d.AbsolutePositionForObject(o)
	in := at.Subtract(from).AddXY(o.Size().Width/2, o.Size().Height/2)
	return in.X >= 0 && in.Y >= 0 && in.X < area.Size().Width && in.Y < area.Size().Height
}

// openMenuBar gives the keyboard to the menus of the window, as Alt does.
func openMenuBar(panes []pane) {
	if len(panes) == 0 {
		return
	}
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(panes[0].area).(interface{ ToggleMenu() }); ok {
		c.ToggleMenu()
	}
}

func (w *buddyWindow) panes() []pane {
	all := []pane{{w.list, w.list}, {w.status.box, w.status.button}}
	if w.hintButton != nil && w.hint.Visible() {
		all[0] = pane{w.hint, w.hintButton}
	}
	if len(w.offers) > 0 {
		all = append([]pane{{w.strips, w.offers[0].again}}, all...)
	}
	return all
}

func (p *page) panes() []pane {
	all := []pane{{p.lines, p.lines}}
	if p.room != nil && p.room.showsPeople() {
		all = append(all, pane{p.room.people.box, p.room.people.list})
	}
	all = append(all, pane{p.entry, p.entry})
	if p.finder != nil {
		all = append([]pane{{p.bars, p.finder.entry}}, all...)
	}
	for i, m := range p.menus {
		if !m.NoButton {
			return append(all, pane{p.buttons, p.levels[i]})
		}
	}
	return all
}

func (w *historyWindow) panes() []pane {
	return []pane{{w.filter, w.filter}, {w.list, w.list}, {w.days, w.days}, {w.find.box, w.find.entry}, {w.find.results, w.find.list}, {w.lines, w.lines}, {w.export, w.export}}
}

// panes of a form: its pages at the side, what is on the page in front, and the buttons.
func (w *formWindow) panes() []pane {
	var all []pane
	if w.side != nil {
		all = append(all, pane{w.side.box, w.side.list})
	}
	if first := w.firstField(); first != nil {
		all = append(all, pane{w.scroll, first})
	}
	for _, b := range w.form.Buttons {
		if push, ok := w.buttons[b.ID]; ok && !push.Disabled() {
			return append(all, pane{w.bar, push})
		}
	}
	return all
}
