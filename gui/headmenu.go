package gui

import (
	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// whoItems are the entries for whom the conversation is with: of the menu bar, and of what
// stands above the lines.
func (p *page) whoItems() []*fyne.MenuItem {
	g, f := p.gui, p.gui.front
	if room, nick, ok := im.SplitAside(p.conv); ok {
		return g.occupantItems(room, nick)
	}
	if p.room != nil {
		return nil // the room has a menu of its own
	}
	info := fyne.NewMenuItem(lang.T("Get Info"), func() { f.ShowInfo(p.conv) })
	info.Shortcut = control(fyne.KeyO)
	presence, _ := g.list.Presence(p.conv)
	items := []*fyne.MenuItem{info, possible(presence.Show != im.Offline, lang.T("Get Attention"), func() { f.GetAttention(p.conv) })}
	if _, known := g.list.Buddy(p.conv); known {
		rename := fyne.NewMenuItem(lang.T("Rename Buddy…"), func() { f.ShowRenameBuddy(p.conv) })
		rename.Shortcut = unmodified(fyne.KeyF2)
		items = append(items, rename, fyne.NewMenuItem(lang.T("Add Pounce…"), func() { f.ShowPounce(p.conv) }), fyne.NewMenuItem(lang.T("Set Picture…"), func() { f.ShowPortrait(p.conv) }))
		if g.list.Given(p.conv) != nil {
			items = append(items, fyne.NewMenuItem(lang.T("Remove My Picture for Them"), func() { f.DropPortrait(p.conv) }))
		}
		items = append(items, fyne.NewMenuItem(lang.T("Remove Buddy…"), func() { f.ShowRemoveBuddy(p.conv) }))
	} else {
		items = append(items, fyne.NewMenuItem(lang.T("Add Buddy…"), func() { f.ShowAddThis(p.conv) }))
	}
	items = append(items, g.blockItems(p.conv)...)
	return append(append(items, p.inviteItems()...), g.sendToItem(p.conv)...)
}

// inviteItems lead into the rooms to which they can be invited: none, if the user is in none.
func (p *page) inviteItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	p.gui.chats.each(func(o *page) {
		if o.room != nil && o.conv.Account == p.conv.Account && o.room.known.Place == conversation.Inside {
			items = append(items, fyne.NewMenuItem(oneLine(p.gui.name(o.conv), 60), func() { p.gui.front.ShowInvite(o.conv, p.conv.Peer) }))
		}
	})
	if items == nil {
		return nil
	}
	return []*fyne.MenuItem{submenu(lang.T("Invite To"), items...)}
}

// headItems is the menu of what stands above the lines.
func (p *page) headItems() []*fyne.MenuItem {
	items := p.whoItems()
	if p.room != nil {
		items = p.gui.roomItems(p.conv)
	}
	return append(items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.T("View History"), func() { p.gui.showHistory(p.conv) }), p.gui.muteItem(p.conv, p.room != nil))
}

// rename asks for another name for whom the conversation is with.
func (p *page) rename() {
	f := p.gui.front
	_, known := p.gui.list.Buddy(p.conv)
	switch {
	case p.room != nil:
		f.RoomAction(p.conv, conversation.RoomKeep)
	case p.kind == im.InAside:
	case known:
		f.ShowRenameBuddy(p.conv)
	default:
		f.ShowAddThis(p.conv)
	}
}
