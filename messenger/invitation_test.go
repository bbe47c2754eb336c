package messenger_test

import (
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// Who may not write may not invite either.
func TestInvitationsObeyWhoMayWrite(t *testing.T) {
	for name, c := range map[string]struct {
		listed, blocked string
		in              protocol.RoomInvited
		want            int
	}{
		"a stranger":                {"", "", protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x"}, 1},
		"a stranger, buddies only":  {im.On, "", protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x"}, 0},
		"a room, buddies only":      {im.On, "", protocol.RoomInvited{Room: "den@rooms.x", By: "bob@x", ByRoom: true}, 0},
		"a buddy, buddies only":     {im.On, "", protocol.RoomInvited{Room: "den@rooms.x", By: "bob@x"}, 1},
		"one who is blocked":        {"", "mallory@x", protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x"}, 0},
		"into one that is blocked":  {"", "den@rooms.x", protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x"}, 0},
		"by one of a blocked house": {"", "rooms.x", protocol.RoomInvited{Room: "den@rooms.x", By: "eve@y", ByRoom: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory()
			if err := store.SetSetting("people.listed", c.listed); err != nil {
				t.Fatal(err)
			}
			part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
			alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				if c.blocked != "" {
					s.events <- protocol.Blocked{Addresses: []string{c.blocked}}
				}
				s.events <- c.in
				s.hears("1", "done", "")
				reads(t, a, bob, "done")
				if len(a.Invitations) != c.want {
					t.Errorf("shown: %+v", a.Invitations)
				}
			})
		})
	}
}

// However many strangers invite, a buddy still can.
func TestStrangersDoNotCrowdOutABuddysInvitation(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		for i := range 100 {
			s.events <- protocol.RoomInvited{Room: "r" + im.Number(i) + "@evil", By: "mallory@evil"}
		}
		s.events <- protocol.RoomInvited{Room: "den@rooms.x", By: "bob@x"}
		a.Until("bob's", func() bool { return len(a.Invitations) == 21 && a.Invitations[20].Known })
	})
}

// Words of others cannot pass as a line of Culver's own.
func TestWhatARoomComplainsOfIsCleaned(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.events <- protocol.RoomTrouble{Room: kitchen, Reason: "They write: \u202eno\n[12:00] Verified\a"}
		s.events <- protocol.RoomRefused{Room: kitchen, Reason: "No\u202e\nroom"}
		a.Until("both", func() bool { return a.Chats[room].Lines.Len() == 2 })
		synctest.Wait()
		for i, want := range []string{"They write: no [12:00] Verified", "No room"} {
			if got := a.Chats[room].Lines.At(i).Text.String(); got != want {
				t.Errorf("shown: %q", got)
			}
		}
	})
}
