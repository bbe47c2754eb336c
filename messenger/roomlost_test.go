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

// A service that stops, and then does not answer for a while, is asked again: later each time.
func TestARoomWhoseServiceIsStartedAnewIsEnteredAgain(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		joins := func(d time.Duration) int {
			<-time.After(d)
			synctest.Wait()
			return len(s.ofRooms())
		}
		s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitShutdown}
		if n := joins(9 * time.Minute); n != 1 {
			t.Fatalf("joined %d times after it stopped", n)
		}
		for range 3 {
			s.events <- protocol.RoomRefused{Room: kitchen, Why: protocol.RoomUnreachable, Reason: "It does not answer."}
			if n := joins(0); n != 0 {
				t.Error("at once")
			}
			if n := joins(9 * time.Minute); n != 1 {
				t.Fatalf("joined %d times after it did not answer", n)
			}
		}
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob")}
		a.Until("being in", func() bool { return a.Chats[room].Room.Place == conversation.Inside })
	})
}

func TestARoomThatNeverAnswersIsLeftAloneUntilTheNextSession(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitLost}
		joins := 0
		for range 10 {
			<-time.After(9 * time.Minute)
			synctest.Wait()
			n := len(s.ofRooms())
			if joins += n; n == 0 {
				break
			}
			s.events <- protocol.RoomRefused{Room: kitchen, Why: protocol.RoomUnreachable, Reason: "It does not answer."}
		}
		a.Until("the end", func() bool { return a.Chats[room].Room.Why == "It does not answer. Try again later." })
		if joins != 5 {
			t.Errorf("joined %d times", joins)
		}
		s.lose()
		synctest.Wait()
		a.M.Reconnect(a.Self)
		next := s.net.online()
		synctest.Wait()
		if got := next.ofRooms(); len(got) != 1 {
			t.Errorf("in the next session: %q", got)
		}
	})
}

// Whoever went out stays out, whatever becomes of the service.
func TestARoomThatWasLeftIsNotEnteredWhenItsServiceStops(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		a.M.Close(room)
		synctest.Wait()
		s.ofRooms()
		s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitShutdown}
		<-time.After(time.Hour)
		synctest.Wait()
		if got := s.ofRooms(); len(got) != 0 {
			t.Errorf("then asked %q", got)
		}
	})
}
