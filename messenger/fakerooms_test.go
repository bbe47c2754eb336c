package messenger_test

import (
	"fmt"

	"culver/im"
	"culver/protocol"
)

// The rooms of the fake network: what is asked of them is noted, and the test answers.

var _ protocol.Rooms = (*fakeSession)(nil)

func (s *fakeSession) room(format string, args ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, fmt.Sprintf(format, args...))
	return nil
}

// ofRooms is what was asked since the last time.
func (s *fakeSession) ofRooms() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	return out
}

func (s *fakeSession) JoinRoom(j protocol.RoomJoin) error {
	if s.net.broken {
		return protocol.ErrOffline
	}
	return s.room("join %s as %s with %q", j.Room, j.Nick, j.Password)
}
func (s *fakeSession) LeaveRoom(room string) error           { return s.room("leave %s", room) }
func (s *fakeSession) SetRoomNick(room, nick string) error   { return s.room("nick %s", nick) }
func (s *fakeSession) SetRoomTopic(room, topic string) error { return s.room("topic %s", topic) }
func (s *fakeSession) InviteToRoom(room, bare, reason string) error {
	return s.room("invite %s: %s", bare, reason)
}
func (s *fakeSession) DeclineRoom(room, bare, reason string) error {
	return s.room("decline %s to %s", room, bare)
}
func (s *fakeSession) SetRole(id, room, nick string, role im.Role, reason string) error {
	return s.room("role of %s: %v (%s)", nick, role, reason)
}
func (s *fakeSession) SetStanding(id, room, bare string, to im.Standing, reason string) error {
	s.answerTo(id)
	return s.room("standing of %s: %v (%s)", bare, to, reason)
}
func (s *fakeSession) DestroyRoom(id, room, reason string) error {
	return s.room("destroy: %s", reason)
}
func (s *fakeSession) SetRoomSettings(id, room string, answers map[string]string) error {
	s.answerTo(id)
	return s.room("set %v", answers)
}
func (s *fakeSession) AskRoomSettings(id, room string) error {
	s.answerTo(id)
	return s.room("settings")
}
func (s *fakeSession) AskStanding(id, room string, to im.Standing) error {
	s.answerTo(id)
	return s.room("who is %v", to)
}
func (s *fakeSession) FindRooms(id, service string) error {
	s.answerTo(id)
	return s.room("find at %q", service)
}
func (s *fakeSession) SetBookmark(b im.Bookmark) error {
	return s.room("keep %s %q %q %q %v", b.Room, b.Name, b.Nick, b.Password, b.Auto)
}
func (s *fakeSession) RemoveBookmark(room string) error { return s.room("forget %s", room) }

// answerTo notes under which ID the last question is to be answered.
func (s *fakeSession) answerTo(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ask = id
}
