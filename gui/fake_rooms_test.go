package gui

import (
	"culver/im"
	"culver/messenger"
)

func (f *fakeFront) ShowJoinRoom(c im.ConvID)                 { f.note("join room %s", c.Peer) }
func (f *fakeFront) RoomAction(c im.ConvID, a string)         { f.note("room %s %s", c.Peer, a) }
func (f *fakeFront) ShowInvite(c im.ConvID, who string)       { f.note("invite %s %s", c.Peer, who) }
func (f *fakeFront) SetRoomTopic(c im.ConvID, t string)       { f.note("topic %s %q", c.Peer, t) }
func (f *fakeFront) SetRoomNick(c im.ConvID, n string)        { f.note("nick %s %q", c.Peer, n) }
func (f *fakeFront) ShowInvitation(id messenger.InvitationID) { f.note("invitation %d", id) }
func (f *fakeFront) OccupantAction(c im.ConvID, nick, a string) {
	f.note("occupant %s %s %s", c.Peer, nick, a)
}
