package gui

import (
	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// roomChanged takes what is new of a room.
func (s *chats) roomChanged(e messenger.RoomChanged, d *dirt) {
	if p := s.find(e.Conv); p != nil && p.room != nil {
		p.room.change(e.Change)
		d.pages[e.Conv] = true
	}
	s.each(func(p *page) { // the asides in it
		if room, _, ok := im.SplitAside(p.conv); ok && room == e.Conv {
			d.pages[p.conv] = true
		}
	})
}

// settingChanged takes a setting of rooms.
func (s *chats) settingChanged(key string, d *dirt) {
	if key == settingTimes || key == settingFormatting {
		s.looksChanged()
	}
	if key == settingFormatBar {
		s.each((*page).drawFormatBar)
		s.drawMenus()
	}
	if key != settingPeople && key != settingStirs && key != settingWide {
		return
	}
	s.each(func(p *page) {
		if p.room != nil {
			d.pages[p.conv] = true
		}
	})
}

// whoItems are the entries for whom the conversation is with.
func (p *page) whoItems() []*fyne.MenuItem {
	g, f := p.gui, p.gui.front
	if room, nick, ok := im.SplitAside(p.conv); ok {
		return g.occupantItems(room, nick)
	}
	if p.room != nil {
		return nil // the room has a menu of its own
	}
	buddy := fyne.NewMenuItem(lang.T("Add Buddy…"), func() { f.ShowAddThis(p.conv) })
	if _, known := g.list.Buddy(p.conv); known {
		buddy = fyne.NewMenuItem(lang.T("Rename Buddy…"), func() { f.ShowRenameBuddy(p.conv) })
	}
	info := fyne.NewMenuItem(lang.T("Get Info"), func() { f.ShowInfo(p.conv) })
	return append(append([]*fyne.MenuItem{buddy, info}, g.blockItems(p.conv)...), g.sendToItem(p.conv)...)
}
