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

// lastSaid is the last line of somebody in the room, -1 for none.
func (p *page) lastSaid(nick string) int {
	for i := p.timeline.Len() - 1; i >= 0; i-- {
		if m := p.timeline.At(i); m.Kind == im.Chat && m.From.Resource == nick {
			return i
		}
	}
	return -1
}

// lastSaidItem is the entry of a menu that leads there.
func (p *page) lastSaidItem(nick string) *fyne.MenuItem {
	return possible(p.lastSaid(nick) >= 0, lang.T("Last Said"), func() {
		if i := p.lastSaid(nick); i >= 0 {
			p.lines.show(i)
			p.lines.sel = selection{true, place{i, 0}, place{i, p.lines.at(i).length}}
			p.lines.update()
			p.lines.scrolled()
		}
	})
}
