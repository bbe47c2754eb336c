package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// intrusions are the ways in which others may say that an address is a room.
var intrusions = map[string]func(s *fakeSession, address string){
	"bookmark": func(s *fakeSession, address string) {
		s.events <- protocol.Bookmarks{All: []im.Bookmark{{Room: address, Name: "Bob", Auto: true}}}
	},
	"changed bookmark": func(s *fakeSession, address string) {
		s.events <- protocol.BookmarkChanged{Bookmark: im.Bookmark{Room: address, Auto: true}}
	},
	"invitation": func(s *fakeSession, address string) {
		s.events <- protocol.RoomInvited{Room: address, By: "mallory@x"}
	},
	"being in": func(s *fakeSession, address string) {
		s.events <- protocol.RoomJoined{Room: address, Nick: "alice", Occupants: cooks("Bob")}
	},
}

// Whatever the server says, what is said to a buddy is never said in a room: it would not
// be sealed there.
func TestABuddyNeverBecomesARoom(t *testing.T) {
	for name, intrude := range intrusions {
		t.Run(name, func(t *testing.T) {
			alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				a.Switch("require", true)
				intrude(s, bob.Peer)
				intrude(s, "alice@x")
				intrusions["being in"](s, bob.Peer)
				synctest.Wait()
				if got := s.ofRooms(); len(got) > 0 || len(a.Invitations) > 0 {
					t.Errorf("asked %q, shown %v", got, a.Invitations)
				}
				a.M.Open(bob)
				a.M.Send(bob, "only for bob", im.Open)
				synctest.Wait()
				if slices.ContainsFunc(s.wire, func(o protocol.Outgoing) bool { return o.Room || o.Body == "only for bob" }) {
					t.Errorf("left: %+v", s.wire)
				}
			})
		})
	}
}

// What a buddy says is shown, today and after a restart.
func TestABuddyIsHeardWhateverIsCalledARoom(t *testing.T) {
	for name, intrude := range intrusions {
		t.Run(name, func(t *testing.T) {
			alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				intrude(s, bob.Peer)
				s.hears("1", "hello", "")
				reads(t, a, bob, "hello")
				a.Quit()
				a.Start()
				s = net.online()
				a.UntilOnline()
				s.hears("2", "again", "")
				a.Expect(bob, "again")
			})
		})
	}
}

// staysAPerson has somebody intrude before and after a restart: nothing comes of it.
func staysAPerson(t *testing.T, net *fakenet, a *scenetest.Actor, s *fakeSession, intrude func(*fakeSession)) *fakeSession {
	t.Helper()
	intrude(s)
	synctest.Wait()
	a.Quit()
	a.Start()
	s = net.online()
	a.UntilOnline()
	intrude(s)
	synctest.Wait()
	if got := s.ofRooms(); len(got) > 0 || len(a.Invitations) > 0 {
		t.Errorf("asked %q, shown %v", got, a.Invitations)
	}
	return s
}

// Nor does somebody whom the server took off the Buddy List first.
func TestNobodyWhomTheUserWroteToBecomesARoom(t *testing.T) {
	for name, intrude := range intrusions {
		t.Run(name, func(t *testing.T) {
			alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				a.M.Send(bob, "hello", im.Open)
				a.ExpectState(bob, im.Done)
				net.friends = nil
				s.events <- protocol.BuddyRemoved{Bare: bob.Peer}
				s = staysAPerson(t, net, a, s, func(s *fakeSession) { intrude(s, bob.Peer) })
				a.M.ShowJoinRoom(bob)
				a.Answer("Join a Chat", "ok")
				a.Answer("Join a Chat", "cancel")
				s.hears("1", "still me", "")
				a.Expect(bob, "still me")
				if a.Chats[bob].Kind != im.WithPerson {
					t.Error("it is shown as a room")
				}
			})
		})
	}
}

// Nor does a buddy with whom the user never spoke here, once the server took them off the
// list; it does not happen to those whom the user takes off.
func TestNobodyWhoWasOnTheListBecomesARoom(t *testing.T) {
	gone := map[string]func(net *fakenet, s *fakeSession, bare string){
		"a change": func(net *fakenet, s *fakeSession, bare string) { s.events <- protocol.BuddyRemoved{Bare: bare} },
		"the list": func(net *fakenet, s *fakeSession, bare string) {
			s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "carol@x"}}}
		},
	}
	for name, intrude := range intrusions {
		for way, takeOff := range gone {
			t.Run(name+" after "+way, func(t *testing.T) {
				alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
					s := net.online()
					a.UntilOnline()
					net.friends = nil
					takeOff(net, s, bob.Peer)
					staysAPerson(t, net, a, s, func(s *fakeSession) { intrude(s, bob.Peer) })
				})
			})
		}
	}
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.BuddyRemoved{Bare: bob.Peer}
		synctest.Wait()
		a.M.ShowJoinRoom(bob)
		a.Answer("Join a Chat", "ok") // the user says so
		synctest.Wait()
		if got := s.ofRooms(); len(got) != 1 {
			t.Errorf("asked %q", got)
		}
	})
}

// What the disk says is a room is none if it is a buddy.
func TestARoomOnTheDiskIsNoBuddy(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		a.Quit()
		if err := store.SetSetting("rooms."+string(a.Self), `[{"Room":"bob@x","Name":"Bob","Kept":true},{"Room":"alice@x"}]`); err != nil {
			t.Fatal(err)
		}
		a.Start()
		s := net.online()
		a.UntilOnline()
		s.hears("1", "hello", "")
		reads(t, a, bob, "hello")
		if _, listed := a.List.Room(bob); listed {
			t.Error("bob is listed as a room")
		}
	})
}

// No room is made before the user has answered the form.
func TestAnInvitationChangesNothingBeforeTheUserJoins(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.events <- protocol.RoomInvited{Room: "carol@x", By: "mallory@x"}
		a.Until("it", func() bool { return len(a.Invitations) == 1 })
		a.M.ShowInvitation(a.Invitations[0].ID)
		a.Answer("Invitation into", "join")
		a.Answer("Join a Chat", "cancel")
		carol := im.ConvID{Account: a.Self, Peer: "carol@x"}
		a.M.Open(carol)
		a.Until("the conversation", func() bool { return a.Chats[carol] != nil })
		if a.Chats[carol].Kind != im.WithPerson {
			t.Error("carol is a room")
		}
	})
}

// Whoever becomes a buddy is a room no longer, and what was written there stays here.
func TestARoomThatBecomesABuddyIsForgotten(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.net.silent = true
		a.M.Send(room, "for the room", im.Open)
		a.ExpectState(room, im.Sending)
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: kitchen}}
		a.Until("a person", func() bool { return a.Chats[room] != nil && a.Chats[room].Kind == im.WithPerson })
		msg := a.ExpectState(room, im.Failed)
		if _, listed := a.List.Room(room); listed {
			t.Error("it is still listed as a room")
		}
		a.M.Retry(room, msg.ID)
		synctest.Wait()
		a.ExpectState(room, im.Failed)
		if got := s.ofRooms(); !slices.Contains(got, "leave kitchen@rooms.x") {
			t.Errorf("asked %q", got)
		}
		if len(s.wire) != 1 {
			t.Errorf("sent %+v", s.wire)
		}
	})
}
