package messenger

import "culver/im"

// RoomFront is what front ends may ask about rooms, in which many talk.
//
// A room is a conversation of a kind of its own: ConversationState.Kind is im.InRoom, and
// ConversationState.Room rebuilds what is known of it, in a conversation.Room that
// RoomChanged keeps fresh. Its lines come as those of any other conversation, with
// im.Message.Nick; Send sends there; a line is Done once the room has repeated it. Nobody
// who is there need be known, nothing is ever private (conversation.NotPrivate says so in
// the place of the seal), and plugins have no menu there.
//
// What can be done in a room and with somebody in it is data, as plugins' menus are:
// conversation.RoomActions and conversation.OccupantActions of the front end's own
// conversation.Room; draw them, and pass back what was chosen. Whatever needs more to be
// known opens a form, as ever.
//
// A conversation with one occupant alone is of the kind im.InAside, named by im.Aside; its
// peer is a nick in a room, nobody for good. Open opens it.
//
// The rooms of the Buddy List are rows of the kind buddylist.RoomRow; a double click is
// RoomAction with conversation.RoomJoin, which also brings the conversation to the front if
// the user is inside. Close of a room that the user is in leaves it.
type RoomFront interface {
	// ShowJoinRoom asks which room to go into; one that is not zero is filled in.
	ShowJoinRoom(c im.ConvID)
	// RoomAction does one of conversation.RoomActions.
	RoomAction(c im.ConvID, action string)
	// OccupantAction does one of conversation.OccupantActions, with the occupant of that
	// im.Occupant.Nick.
	OccupantAction(c im.ConvID, nick, action string)
	// SetRoomTopic says what the room is about: RoomChanged if the room agrees, else Trouble.
	SetRoomTopic(c im.ConvID, topic string)
	// SetRoomNick says what the user wants to be called in the room: RoomChanged if the room
	// agrees, else Trouble.
	SetRoomNick(c im.ConvID, nick string)
	// ShowInvite asks whom to invite into the room; who is filled in, an address or empty.
	ShowInvite(c im.ConvID, who string)
	// ShowInvitation asks what to do about one of Snapshot.Invitations.
	ShowInvitation(id InvitationID)
}

// InvitationID names an invitation into a room.
type InvitationID int64

// Invitation is somebody's wish that the user comes into a room. Nothing is answered to it
// before the user does.
type Invitation struct {
	ID   InvitationID
	Room im.ConvID
	// By is who invites, safe to show; Known: they are on the Buddy List. The form about
	// theirs opens by itself.
	By    string
	Known bool
	Words string // theirs, safe to show
}
