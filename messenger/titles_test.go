package messenger_test

import (
	"fmt"
	"runtime"
	"testing"

	"culver/conversation"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

func TestOccupantsWhoLookLikeBuddies(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		like := func(nick, want string) {
			t.Helper()
			s.events <- protocol.OccupantHere{Room: kitchen, Occupant: im.Occupant{Nick: nick}}
			here := func() bool { _, there := a.Chats[room].Room.Occupant(nick); return there }
			a.Until("somebody more", here)
			if o, _ := a.Chats[room].Room.Occupant(nick); o.Like != want {
				t.Errorf("%q looks like %q, not %q", nick, o.Like, want)
			}
			s.events <- protocol.OccupantGone{Room: kitchen, Nick: nick}
			a.Until("nobody more", func() bool { return !here() })
		}
		carol := im.Buddy{Bare: "carol@x", Name: "Carol"}
		like("B0B@x", "bob@x")
		like("CaroI", "")
		s.events <- protocol.BuddyChanged{Buddy: carol}
		like("CaroI", "Carol")
		carol.Name = "Dora"
		s.events <- protocol.BuddyChanged{Buddy: carol}
		like("CaroI", "")
		like("D0RA", "Dora")
		s.events <- protocol.BuddyRemoved{Bare: carol.Bare}
		like("D0RA", "")
		like("B0B@x", "bob@x")
	})
}

// What somebody's name looks like is found by a look at their name, not at all others.
func TestALargeRoomIsEntered(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		const n = 5000
		names := []string{"Carol", "CaroI"}
		for i := range n {
			names = append(names, fmt.Sprintf("cook %d", i))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks(names...)}
		for i := range n {
			s.events <- protocol.OccupantHere{Room: kitchen, Occupant: im.Occupant{Nick: fmt.Sprintf("cook %d", i), Role: im.Participant, Presence: im.Presence{Show: im.Away}}}
		}
		a.Until("all inside", func() bool {
			o, _ := a.Chats[room].Room.Occupant(fmt.Sprintf("cook %d", n-1))
			return a.Chats[room].Room.Place == conversation.Inside && o.Presence.Show == im.Away
		})
		runtime.ReadMemStats(&after)
		for nick, want := range map[string]string{"Carol": "CaroI", "CaroI": "Carol", "cook 7": ""} {
			if o, _ := a.Chats[room].Room.Occupant(nick); o.Like != want {
				t.Errorf("%s looks like %q, not %q", nick, o.Like, want)
			}
		}
		if got := (after.Mallocs - before.Mallocs) / n; got > 1000 {
			t.Errorf("%d allocations for each", got)
		}
	})
}
