package gui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

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
	signature := fmt.Sprintf("%v %v %v %v %v %v %v %v %v %v %v %v %v %v %v %v %v %+v", p.conv, p.fresh.id != "", w.gui.settings[settingFormatBar], w.gui.heeds[p.conv], listed.Subscription, p.telling, some, mend, can, w.gui.canLock, p.logging, p.seal.Level.Encrypted(), p.files, w.at, len(w.pages), len(w.set.windows), len(w.set.left), p.menus)
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
	past := fyne.NewMenuItem(lang.T("View History"), func() { w.gui.showHistory(p.conv) })
	past.Shortcut = control(fyne.KeyL)
	find := fyne.NewMenuItem(lang.T("Find…"), p.find)
	find.Shortcut = control(fyne.KeyF)
	search := fyne.NewMenuItem(lang.T("Search History…"), func() { w.gui.searchHistory(p.conv, "") })
	search.Shortcut = shifted(fyne.KeyF)
	join := fyne.NewMenuItem(lang.T("Join a Chat…"), func() { f.ShowJoinRoom(im.ConvID{}) })
	join.Shortcut = control(fyne.KeyG)
	items := append([]*fyne.MenuItem{another, join}, w.gui.fileItems(p.conv)...)
	items = append(items, fyne.NewMenuItemSeparator(), find, submenu(lang.T("Go To"), p.goItems()...),
		fyne.NewMenuItemSeparator(), past, search,
		fyne.NewMenuItem(lang.T("Save As…"), func() { f.ShowExport(im.Range{Conv: p.conv}) }), p.clearItem(),
		fyne.NewMenuItemSeparator(), submenu(lang.T("Your Lines"), w.ownLineItems(some, mend)...),
		submenu(lang.T("Tab"), w.tabItems(p)...), closing, fyne.NewMenuItemSeparator())
	if w.gui.canLock {
		items = append(items, w.gui.lockItem())
	}
	bar := fyne.NewMainMenu(fyne.NewMenu(lang.T("Conversation"), append(items, quit)...), fyne.NewMenu(lang.T("Options"), p.options()...))
	if len(who) > 0 {
		bar.Items = append(bar.Items, fyne.NewMenu(lang.T("Buddy"), who...))
	}
	bar.Items = append(bar.Items, p.insertMenu())
	if p.room != nil {
		bar.Items = append(bar.Items, fyne.NewMenu(lang.T("Room"), w.gui.roomItems(p.conv)...))
	}
	for _, m := range p.menus {
		bar.Items = append(bar.Items, w.gui.pluginMenu(p.conv, m))
	}
	w.window.SetMainMenu(withKeys(bar))
}

// ownLineItems are about the lines that the user wrote: some may be unsent, and the last
// one may be there to mend.
func (w *chatWindow) ownLineItems(some, mend bool) []*fyne.MenuItem {
	unsent := func(do func(im.ConvID, string)) func() {
		return func() {
			if p := w.front(); p != nil {
				if i := p.unsent(); i >= 0 {
					do(p.conv, p.timeline.At(i).ID)
				}
			}
		}
	}
	correct := possible(mend, lang.T("Correct Last Line"), func() {
		if p := w.front(); p != nil {
			p.correctLast()
		}
	})
	edit := possible(some, lang.T("Edit Unsent Line"), unsent(w.gui.front.Edit))
	edit.Shortcut = control(fyne.KeyE)
	return []*fyne.MenuItem{correct, edit, possible(some, lang.T("Discard Unsent Line"), unsent(w.gui.front.Discard))}
}
