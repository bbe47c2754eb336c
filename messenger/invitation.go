package messenger

import (
	"slices"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// invitation is one that waits for the user's answer.
type invitation struct {
	Invitation
	by       string // the address of who invites, as the network says
	byRoom   bool
	password string
	asking   *dialog
}

// maxInvitations is how many wait on all accounts together, maxStrangeInvitations how many
// of them are of people who are not on the Buddy List.
const (
	maxInvitations        = 50
	maxStrangeInvitations = 20
)

// invited are the invitations that wait.
func (m *Messenger) invited() []Invitation {
	out := make([]Invitation, len(m.invitations))
	for i, in := range m.invitations {
		out[i] = in.Invitation
	}
	return out
}

// roomInvited takes an invitation. Nobody is gone to, and nothing is answered, before the
// user says so; strangers only knock.
func (m *Messenger) roomInvited(a *account, e protocol.RoomInvited) {
	id := im.ConvID{Account: a.id, Peer: e.Room}
	if r := m.rooms[id]; r != nil && r.known.Place != conversation.Outside || m.person(id) {
		return
	}
	by := im.ConvID{Account: a.id, Peer: e.By}
	_, listed := m.list.Buddy(by)
	known := listed && !e.ByRoom // what a room says of who invites, anybody may have made up
	if !known && m.settings[SettingOnlyBuddies] == im.On || m.list.BlockedAs(by) != "" || m.list.BlockedAs(id) != "" {
		return
	}
	strangers := 0
	for _, in := range m.invitations {
		if in.Room == id && in.by == e.By {
			return
		}
		if !in.Known {
			strangers++
		}
	}
	if len(m.invitations) >= maxInvitations || !known && strangers >= maxStrangeInvitations {
		return
	}
	m.lastInvitation++
	in := &invitation{by: e.By, byRoom: e.ByRoom, password: e.Password, Invitation: Invitation{ID: m.lastInvitation, Room: id,
		By: conversation.Name(m.list.Title(by)), Known: known, Words: conversation.Name(e.Words)}}
	m.invitations = append(m.invitations, in)
	m.publish(InvitationsChanged{m.invited()})
	if in.Known {
		m.showInvitation(in)
	}
}

func (m *Messenger) endInvitation(in *invitation) {
	m.invitations = slices.DeleteFunc(m.invitations, func(other *invitation) bool { return other == in })
	if in.asking != nil {
		in.asking.Close()
		in.asking = nil
	}
	m.publish(InvitationsChanged{m.invited()})
}

// ShowInvitation asks what to do about an invitation.
func (m *Messenger) ShowInvitation(id InvitationID) {
	m.inbox.Put(func() {
		for _, in := range m.invitations {
			if in.ID == id {
				m.showInvitation(in)
			}
		}
	})
}

func (m *Messenger) showInvitation(in *invitation) {
	if in.asking != nil {
		in.asking.raise()
		return
	}
	room := conversation.Name(in.Room.Peer)
	intro := lang.F("%s invites you into the room %s.", in.By, room)
	if !in.Known {
		intro = lang.F("Somebody who is not on your Buddy List invites you into the room %s. They say that they are %s.", room, in.By)
	}
	fields := []im.Field{}
	if in.Words != "" {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.F("They write: %s", in.Words)})
	}
	fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("If you join, all who are there see that you are.")})
	buttons := []plugin.Button{{ID: "ignore", Label: lang.T("Ignore")}, {ID: "later", Label: lang.T("Later"), Role: plugin.Cancel},
		{ID: "join", Label: lang.T("Join…"), Role: plugin.Default}}
	if in.byRoom {
		buttons = slices.Insert(buttons, 1, plugin.Button{ID: "decline", Label: lang.T("Decline")})
	}
	f := plugin.Page(lang.F("Invitation into %s", room), intro, fields, buttons...)
	f.Quiet = true
	in.asking = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		switch a.Action {
		case "join":
			m.endInvitation(in)
			m.showJoinRoom(in.Room, in.password)
		case "decline":
			if s, err := m.roomService(in.Room.Account); err == nil {
				err = s.DeclineRoom(in.Room.Peer, in.by, "")
				if err != nil {
					m.trouble(lang.T("The invitation could not be declined."), err)
				}
			}
			m.endInvitation(in)
		case "ignore":
			m.endInvitation(in)
		default:
			in.asking.Close()
			in.asking = nil
		}
	})
}
