package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// wish is what the user wants the windows to look like.
func (g *GUI) wish() wish {
	w := wish{mode: themeSystem, strong: g.settings[messenger.SettingContrast] == im.On, zoom: 100}
	if m := g.settings[settingTheme]; m == themeLight || m == themeDark {
		w.mode = m
	}
	if z, err := strconv.Atoi(g.settings[messenger.SettingZoom]); err == nil && slices.Contains(messenger.Zooms[:], strconv.Itoa(z)) {
		w.zoom = z
	}
	return w
}

// dress has all windows look like that.
func (g *GUI) dress() {
	want := g.wish()
	was, ok := g.app.Settings().Theme().(*look)
	if ok && was.wish == want {
		return
	}
	g.app.Settings().SetTheme(newLook(want))
	if g.buddies.window != nil {
		g.buddies.drawStrips() // they have colours of their own
	}
	if ok && was.zoom != want.zoom {
		g.buddies.zoomed()
		g.chats.each(func(p *page) { p.lines.renew() })
		if g.past != nil {
			g.past.lines.renew()
		}
		for _, w := range g.asked {
			w.size(false)
		}
		g.later(g.relay) // once the menu bars have their new height
	}
}

// relay has the windows with menus laid out anew: the toolkit does so only when they are
// resized.
func (g *GUI) relay() {
	if g.over() || !g.buddies.shown {
		return
	}
	windows := []fyne.Window{g.buddies.window}
	for _, w := range g.chats.windows {
		windows = append(windows, w.window)
	}
	for _, w := range windows {
		if w == nil || w.Content() == nil { // it has not come up yet
			continue
		}
		if c, ok := w.Canvas().(interface{ Resize(fyne.Size) }); ok {
			c.Resize(w.Canvas().Size())
		}
	}
}

// zoomed fits the Buddy List to larger letters, and makes it as it was when they are
// smaller again, unless the user has chosen another width since.
func (w *buddyWindow) zoomed() {
	w.measureRows()
	w.list.Refresh()
	if !w.shown {
		return
	}
	now := w.window.Canvas().Size()
	before := now.Width
	if d := now.Width - w.widened.to; -sizeSlack <= d && d <= sizeSlack {
		before = w.widened.from
	}
	w.widened.from, w.widened.to = before, before
	if w.gui.wish().zoom > 100 {
		w.widened.to = fyne.Max(before, w.natural().Width)
	}
	w.window.Resize(fyne.NewSize(w.widened.to, now.Height))
}

// zoomBy makes letters larger or smaller by steps; 0: as they are by themselves.
func (g *GUI) zoomBy(steps int) {
	all := messenger.Zooms[:]
	i := slices.Index(all, strconv.Itoa(g.wish().zoom)) + steps
	zoom := messenger.Zoom100
	if steps != 0 {
		zoom = all[max(0, min(i, len(all)-1))]
	}
	if g.front != nil && !g.over() && zoom != g.settings[messenger.SettingZoom] {
		g.front.SetSetting(messenger.SettingZoom, zoom)
	}
}

// everywhere are the shortcuts that all windows have, and what they do.
func (g *GUI) everywhere() map[desktop.CustomShortcut]func() {
	all := map[desktop.CustomShortcut]func(){
		*lockShortcut():         g.lock,
		*control(fyne.KeyComma): func() { g.front.ShowPreferences("") },
		*control(fyne.KeyEqual): func() { g.zoomBy(1) },
		*shifted(fyne.KeyEqual): func() { g.zoomBy(1) }, // it is a plus then, on many keyboards
		*control(fyne.KeyPlus):  func() { g.zoomBy(1) },
		*control(fyne.KeyMinus): func() { g.zoomBy(-1) },
		*control(fyne.Key0):     func() { g.zoomBy(0) },
		*shifted(fyne.KeySlash): func() { g.front.ShowShortcuts() }, // the question mark
		*control(fyne.KeySlash): func() { g.front.ShowShortcuts() },
	}
	return all
}

// anywhere does what a shortcut is for in all windows. It reports whether it is one.
func (g *GUI) anywhere(s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return false
	}
	do, ok := g.everywhere()[*c]
	if ok && g.front != nil && !g.over() {
		do()
	}
	return ok
}

// hears has a window do what these shortcuts are for.
func (g *GUI) hears(c fyne.Canvas) {
	for s := range g.everywhere() {
		c.AddShortcut(&s, func(s fyne.Shortcut) { g.anywhere(s) })
	}
}

// lookMenu is the menu of what all windows look like.
func (g *GUI) lookMenu() *fyne.MenuItem {
	wish := g.wish()
	mode := func(m, label string) *fyne.MenuItem {
		return ticked(wish.mode == m, label, func() { g.front.SetSetting(settingTheme, m) })
	}
	zoom := func(label string, key fyne.KeyName, steps int) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() { g.zoomBy(steps) })
		i.Shortcut = control(key)
		return i
	}
	return submenu(lang.T("Theme"), mode(themeLight, lang.T("Light")), mode(themeDark, lang.T("Dark")), mode(themeSystem, lang.T("System")),
		fyne.NewMenuItemSeparator(),
		ticked(wish.strong, lang.T("High Contrast"), func() { g.front.SetSetting(messenger.SettingContrast, im.Switch(!wish.strong)) }),
		fyne.NewMenuItemSeparator(),
		zoom(lang.T("Larger Text"), fyne.KeyPlus, 1), zoom(lang.T("Smaller Text"), fyne.KeyMinus, -1), zoom(lang.T("Normal Text"), fyne.Key0, 0))
}
