package messenger_test

import (
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// Who looks for a room is told if not all of them can be shown.
func TestMoreRoomsThanCanBeShown(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		a.M.ShowJoinRoom(im.ConvID{})
		join := a.Form("Join a Chat", "browse")
		a.M.Answer(join.ID, plugin.Answers{Action: "browse", Values: map[string]string{"account": string(a.Self)}})
		find := a.Form("Find Rooms", "")
		for _, more := range []bool{false, true} {
			a.M.Answer(find.ID, plugin.Answers{Action: "list", Values: map[string]string{"service": "rooms.x"}})
			synctest.Wait()
			s.mu.Lock()
			id := s.ask
			s.mu.Unlock()
			s.events <- protocol.RoomsFound{ID: id, Service: "rooms.x", Rooms: []protocol.RoomFound{{Room: kitchen}}, More: more}
			synctest.Wait()
			a.Until("the rooms", func() bool { return len(a.Dialogs[find.ID].Form.Tabs[0].Fields[2].Rows) == 1 })
			if told := a.Dialogs[find.ID].Form.Problem; (told != "") != more {
				t.Errorf("told %q", told)
			}
		}
	})
}
