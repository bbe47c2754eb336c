package messenger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

func TestARoomThatPutsUsOutIsEnteredAFewTimes(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		lose := func() (joins int) {
			s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitLost}
			synctest.Wait()
			if got := s.ofRooms(); len(got) != 0 {
				t.Errorf("at once: %q", got)
			}
			<-time.After(9 * time.Minute)
			synctest.Wait()
			return len(s.ofRooms())
		}
		back := func() { s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob")} }
		for i := range 5 {
			if n := lose(); n != 1 {
				t.Fatalf("lost %d times, joined %d times", i+1, n)
			}
			back()
		}
		if n := lose(); n != 0 {
			t.Errorf("joined %d times after too many", n)
		}
		a.Until("the end", func() bool {
			e, listed := a.List.Room(room)
			return a.Chats[room].Room.Place == conversation.Outside && !(listed && e.Inside)
		})
	})
}

func TestARoomThatWasCalmIsEnteredAgain(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		for i := range 20 {
			<-time.After(10 * time.Minute)
			s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitLost}
			<-time.After(time.Second)
			synctest.Wait()
			if n := len(s.ofRooms()); n != 1 {
				t.Fatalf("lost %d times, joined %d times", i+1, n)
			}
			s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob")}
			synctest.Wait()
		}
	})
}
