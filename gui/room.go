package gui

import (
	"cmp"
	"fmt"

	"fyne.io/fyne/v2"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// roomOf is what is known of a room: all of it if its conversation is open, else what the
// Buddy List says.
func (g *GUI) roomOf(c im.ConvID) *conversation.Room {
	if p := g.chats.find(c); p != nil && p.room != nil {
		return p.room.known
	}
	r := conversation.NewRoom()
	if e, ok := g.list.Room(c); ok {
		r.Apply(conversation.RoomKept{Kept: e.Kept, Auto: e.Auto})
		if e.Inside {
			r.Apply(conversation.RoomEntered{})
		}
	}
	return r
}

// roomItems is the menu of a room.
func (g *GUI) roomItems(c im.ConvID) []*fyne.MenuItem {
	return g.pluginItems(conversation.RoomActions(g.roomOf(c)), func(id string) { g.front.RoomAction(c, id) })
}

// occupantItems is the menu of somebody in a room.
func (g *GUI) occupantItems(c im.ConvID, nick string) []*fyne.MenuItem {
	items := g.pluginItems(conversation.OccupantActions(g.roomOf(c), nick), func(id string) { g.front.OccupantAction(c, nick, id) })
	if p := g.chats.find(c); p != nil && len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator(), p.lastSaidItem(nick))
	}
	return items
}

// roomStatus is what a row of the Buddy List says of a room beside its name.
func roomStatus(r buddylist.RoomEntry) string {
	if !r.Inside {
		return ""
	}
	return roomCount(r.People)
}

// roomUnread says how many lines of a room were not seen, and how many of them name the user.
func roomUnread(all, named int) string {
	if named == 0 {
		return fmt.Sprint(min(all, 999))
	}
	return lang.F("%d, %d to you", min(all, 999), min(named, 999))
}

// asideName is what people call a conversation with one occupant of a room alone.
func (g *GUI) asideName(room im.ConvID, nick string) string {
	if nick = conversation.Name(nick); nick == "" {
		nick = lang.T("(no name)")
	}
	return lang.F("%s in %s", oneLine(nick, 40), oneLine(g.list.Title(room), 60))
}

// asideSelf is what the user is called in the room that a conversation with one occupant is
// in: there nobody may know their address.
func (p *page) asideSelf() string {
	room, _, _ := im.SplitAside(p.conv)
	if nick := conversation.Name(p.gui.roomOf(room).Nick); nick != "" {
		p.asideNick = oneLine(nick, 60)
	}
	return cmp.Or(p.asideNick, p.gui.self(p.conv.Account))
}

// invitationStrip is the strip for the invitations that wait, none if there are none.
func (g *GUI) invitationStrip() []strip {
	switch len(g.invitations) {
	case 0:
		return nil
	case 1:
		in := g.invitations[0]
		return []strip{{text: lang.F("%s invites you into the room %s.", oneLine(in.By, 60), oneLine(g.list.Title(in.Room), 60)), invitation: in.ID}}
	}
	return []strip{{text: lang.N(len(g.invitations), "%d invitation into a room waits for your answer.", "%d invitations into rooms wait for your answer.", len(g.invitations)), invitation: g.invitations[0].ID}}
}
