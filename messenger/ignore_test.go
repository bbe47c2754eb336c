package messenger_test

import (
	"slices"
	"testing"

	"culver/conversation"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// What somebody says whom the user ignores is not shown, not counted, and not written down.
func TestWhoIsIgnoredInARoomIsNotRead(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		a.M.OccupantAction(room, "Eve", conversation.OccupantIgnore)
		a.Until("that", func() bool { return a.Chats[room].Room.Ignores("Eve") })
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Eve", ID: "1", Body: "look at me"}
		s.events <- protocol.RoomAside{Room: kitchen, Nick: "Eve", ID: "2", Body: "look at me"}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: "3", Body: "hello"}
		a.Expect(room, "hello")
		if slices.Contains(read(a, room), "look at me") {
			t.Error("it is shown")
		}
		if _, open := a.Chats[im.Aside(room, "Eve")]; open {
			t.Error("she opened a conversation")
		}
		a.M.OccupantAction(room, "Eve", conversation.OccupantHeed)
		a.Until("that", func() bool { return !a.Chats[room].Room.Ignores("Eve") })
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Eve", ID: "4", Body: "and now?"}
		a.Expect(room, "and now?")
	})
}
