package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

const kitchen = "kitchen@rooms.x"

// cooks are alice, as a moderator, and others.
func cooks(names ...string) []im.Occupant {
	all := []im.Occupant{{Nick: "alice", Role: im.Moderator, Standing: im.Owner, Own: true}}
	for _, n := range names {
		all = append(all, im.Occupant{Nick: n, Bare: strings.ToLower(n) + "@x", Role: im.Participant})
	}
	return all
}

// inRoom puts alice into the kitchen, with OTR at its most eager.
func inRoom(t *testing.T, f func(s *fakeSession, a *scenetest.Actor, room im.ConvID)) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice", "password=salt")
		a.Until("going in", func() bool { return a.Chats[room] != nil && a.Chats[room].Room.Place == conversation.GoingIn })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{`join kitchen@rooms.x as alice with "salt"`}) {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob", "Eve")}
		a.Until("being in", func() bool {
			e, _ := a.List.Room(room)
			return e.Inside && a.Chats[room].Room.Place == conversation.Inside
		})
		f(s, a, room)
	})
}

// That too many write to the user alone is said once, however much they write.
func TestTooManyAsidesAreToldOnce(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		for i := range 60 {
			nick := fmt.Sprint("n", i)
			s.events <- protocol.OccupantHere{Room: kitchen, Occupant: im.Occupant{Nick: nick, Role: im.Participant}}
			s.events <- protocol.RoomAside{Room: kitchen, Nick: nick, ID: nick, Body: "buy", Time: time.Now()}
		}
		synctest.Wait()
		a.Until("the word", func() bool { return len(a.Trouble) > 0 })
		if len(a.Trouble) != 1 {
			t.Errorf("%d times", len(a.Trouble))
		}
	})
}

// What is asked and shown about people and rooms of an account goes with the account.
func TestFormsOfARemovedAccountAreClosed(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		bob := im.ConvID{Account: a.Self, Peer: "bob@x"}
		a.M.RoomAction(room, conversation.RoomPeople)
		a.M.RoomAction(room, conversation.RoomInvite)
		a.M.RoomAction(room, conversation.RoomSettings)
		a.M.ShowInfo(bob)
		a.M.ShowHistorySettings()
		a.M.ShowAccounts()
		d := a.Form("Accounts", "add")
		if n := len(a.Dialogs); n != 6 {
			t.Fatalf("%d forms", n)
		}
		a.M.Answer(d.ID, plugin.Answers{Action: "delete", Rows: []string{string(a.Self)}})
		a.Until("its removal", func() bool { return len(a.Accounts) == 0 })
		var left []string
		for _, d := range a.Dialogs {
			left = append(left, d.Form.Title)
		}
		if slices.Sort(left); !slices.Equal(left, []string{"Accounts", "History Settings"}) {
			t.Errorf("on show are %q", left)
		}
		for _, text := range a.Trouble {
			t.Errorf("told %q", text)
		}
	})
}

// What a server says of a line that came back is cleaned like all that others write.
func TestWhyALineCameBackIsCleaned(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.net.silent = true
		a.M.Send(room, "hello", im.Open)
		msg := a.ExpectState(room, im.Sending)
		s.events <- protocol.Rejected{ID: msg.ID, From: im.Addr{Bare: kitchen}, Reason: "no\u202e\n[12:00] It is Verified"}
		if m := a.ExpectState(room, im.Failed); strings.ContainsAny(m.Reason, "\n\u202e") {
			t.Errorf("%q", m.Reason)
		}
	})
}

func TestARoomIsJoinedAndLeft(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		if got := a.Chats[room].Room.Len(); got != 3 {
			t.Errorf("%d people", got)
		}
		if e, ok := a.List.Room(room); !ok || !e.Inside || e.Kept || e.People != 3 {
			t.Errorf("the Buddy List has %+v, %v", e, ok)
		}
		s.events <- protocol.OccupantGone{Room: kitchen, Nick: "Eve"}
		s.events <- protocol.OccupantHere{Room: kitchen, Occupant: im.Occupant{Nick: "Dan\u202e", Role: im.Visitor}}
		a.Until("Dan", func() bool { o, ok := a.Chats[room].Room.Occupant("Dan\u202e"); return ok && o.Name == "Dan" })
		if _, there := a.Chats[room].Room.Occupant("Eve"); there {
			t.Error("Eve is still there")
		}
		a.M.Close(room)
		a.Until("its end", func() bool { _, open := a.Chats[room]; _, listed := a.List.Room(room); return !open && !listed })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{"leave kitchen@rooms.x"}) {
			t.Errorf("asked %q", got)
		}
	})
}

// What an occupant says to the user alone comes twice if a connection breaks.
func TestAsidesThatComeTwiceAreShownOnce(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		for _, e := range []protocol.RoomAside{{ID: longID, Body: "psst"}, {ID: longID, Body: "psst", Late: true}, {ID: otherID, Body: "psst"}, {ID: longID, Body: "well?"}} {
			e.Room, e.Nick = kitchen, "Bob"
			s.events <- e
		}
		bob := im.Aside(room, "Bob")
		a.Expect(bob, "well?")
		if got := read(a, bob); !slices.Equal(got, []string{"psst", "psst", "well?"}) {
			t.Errorf("reads %q", got)
		}
	})
}

// Nothing of a plugin's gets into a room, and nothing there is held to be private.
func TestNothingOfOTRIsSentToARoom(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.Switch("require", true)
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice")
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		a.Until("going in", func() bool { return a.Chats[room] != nil })
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks("Bob")}
		a.Until("being in", func() bool { return a.Chats[room].Room.Place == conversation.Inside })
		a.M.Send(room, "hello all", im.Open)
		a.M.Send(im.Aside(room, "Bob"), "hello you", im.Open)
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: "1", Body: "?OTRv23?"}
		s.events <- protocol.RoomAside{Room: kitchen, Nick: "Bob", ID: "2", Body: "?OTRv23?"}
		synctest.Wait() // the fake tells of what was sent
		a.Expect(room, "?OTRv23?")
		a.Expect(im.Aside(room, "Bob"), "?OTRv23?")
		if got := s.bodies(); !slices.Equal(got, []string{"hello all", "hello you"}) {
			t.Errorf("on the wire: %q", got)
		}
		for _, c := range []im.ConvID{room, im.Aside(room, "Bob")} {
			if len(a.Chats[c].Menus) > 0 || a.Chats[c].Seal.Level != im.Open {
				t.Errorf("%s: %+v, %v", c.Peer, a.Chats[c].Menus, a.Chats[c].Seal)
			}
		}
		for i, o := range s.wire {
			if !o.Room || o.Hints != (protocol.Hints{}) || o.To.Bare != kitchen || (o.To.Resource == "Bob") != (i == 1) {
				t.Errorf("sent %+v", o)
			}
		}
	})
}

func TestALineInARoomIsDoneWhenTheRoomRepeatsIt(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		s.net.silent = true
		id := a.M.Send(room, "soup is ready", im.Open)
		a.ExpectState(room, im.Sending)
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "alice", ID: id, Body: "soup is ready", Own: true, Archive: "77"}
		if msg := a.ExpectState(room, im.Done); msg.Archive != "77" {
			t.Errorf("%+v", msg)
		}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "alice", ID: id, Body: "soup is ready", Own: true, Archive: "77", Late: true}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: "b1", Body: "coming", Archive: "78"}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: "other", Body: "coming", Archive: "78", Late: true}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Bob", ID: "b1", Body: "coming", Late: true}
		s.events <- protocol.RoomMessage{Room: kitchen, Nick: "Eve", ID: "b1", Body: "me too, alice"}
		a.Expect(room, "me too")
		if got := said(a, room); len(got) != 2 {
			t.Errorf("lines: %q", got)
		}
		a.Until("two unread lines, one of which names alice", func() bool {
			rows := a.List.Rows(buddylist.View{})
			r := rows[len(rows)-1]
			return r.Unread == 2 && r.Named == 1
		})
	})
}

func TestAfterABreakTheRoomIsEnteredAgain(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		s.events <- protocol.Bookmarks{All: []im.Bookmark{{Room: kitchen, Name: "Kitchen\n", Nick: "al", Password: "salt", Auto: true}, {Room: "pub@rooms.x"}}}
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "al", Occupants: cooks()}
		a.Until("being in", func() bool { return a.Chats[room] != nil && a.Chats[room].Room.Place == conversation.Inside })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{`join kitchen@rooms.x as al with "salt"`}) {
			t.Errorf("asked %q", got)
		}
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "Lost."}
		a.Until("being out", func() bool { return a.Chats[room].Room.Place == conversation.Outside })
		a.M.Send(room, "still here?", im.Open)
		a.ExpectState(room, im.Waiting)
		a.M.Reconnect(a.Self)
		s = net.online()
		a.Until("going in", func() bool { return a.Chats[room].Room.Place == conversation.GoingIn })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{`join kitchen@rooms.x as al with "salt"`}) {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "al", Occupants: cooks()}
		a.ExpectState(room, im.Done)
		if e, _ := a.List.Room(im.ConvID{Account: a.Self, Peer: "pub@rooms.x"}); !e.Kept || e.Inside || a.List.Title(room) != "Kitchen" {
			t.Errorf("the Buddy List has %+v", e)
		}
		s.events <- protocol.BookmarkRemoved{Room: "pub@rooms.x"}
		a.Until("the room to go", func() bool { _, ok := a.List.Room(im.ConvID{Account: a.Self, Peer: "pub@rooms.x"}); return !ok })
	})
}

// A room that is to be entered while the connection breaks is entered with the next one.
func TestARoomIsEnteredOnceThereIsAConnection(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		net.broken = true
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice")
		a.Until("being told", func() bool { return a.Chats[room] != nil && a.Chats[room].Room.Why == "Waiting until you are online." })
		net.broken = false
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "Lost."}
		synctest.Wait()
		a.M.Reconnect(a.Self)
		net.online()
		a.Until("going in", func() bool { return a.Chats[room].Room.Place == conversation.GoingIn })
	})
}

// Whoever invites, nobody is gone to before the user says so.
func TestAnInvitationIsOnlyAQuestion(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		bob := im.ConvID{Account: a.Self, Peer: "bob@x"}
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "bob@x", Name: "Bob"}}}
		s.events <- protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x", Words: "come\u202e!", Password: "x"}
		s.events <- protocol.RoomInvited{Room: "den@rooms.x", By: "mallory@x"}
		s.events <- protocol.RoomInvited{Room: "den@rooms.x", By: bob.Peer, ByRoom: true}
		s.events <- protocol.RoomInvited{Room: kitchen, By: "mallory@x"}
		a.Until("both", func() bool { return len(a.Invitations) == 2 })
		if len(a.Dialogs) != 0 {
			t.Errorf("a form opened by itself: %s", a.Describe())
		}
		if in := a.Invitations[0]; in.Known || in.Words != "come!" || in.By != "mallory@x" {
			t.Errorf("%+v", in)
		}
		s.events <- protocol.RoomInvited{Room: "pub@rooms.x", By: "bob@x"}
		a.Answer("Invitation into pub", "later")
		for range 100 {
			s.events <- protocol.RoomInvited{Room: "r@x", By: im.Number(len(a.Invitations)) + "@evil"}
		}
		a.M.ShowInvitation(a.Invitations[1].ID)
		a.Answer("Invitation into den", "decline")
		a.Until("its end", func() bool { return len(a.Invitations) < 21 && a.Invitations[1].Room.Peer == "pub@rooms.x" })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{"decline den@rooms.x to bob@x"}) {
			t.Errorf("asked %q", got)
		}
		a.M.ShowInvitation(a.Invitations[0].ID)
		a.Answer("Invitation into den", "join")
		a.Answer("Join a Chat", "ok", "nick=al")
		a.Until("going in", func() bool { c := a.Chats[im.ConvID{Account: a.Self, Peer: "den@rooms.x"}]; return c != nil })
		synctest.Wait()
		if got := s.ofRooms(); !slices.Equal(got, []string{`join den@rooms.x as al with "x"`}) {
			t.Errorf("asked %q", got)
		}
	})
}

// Who can read along is on show all the time; only when that changes does a line say so,
// also if nobody could before.
func TestARoomThatOpensUpIsAnAlarm(t *testing.T) {
	inRoom(t, func(s *fakeSession, a *scenetest.Actor, room im.ConvID) {
		quiet := im.RoomTraits{Known: true, Anonymous: true}
		s.events <- protocol.RoomDescribed{Room: kitchen, Traits: quiet}
		a.Until("what it is like", func() bool { return a.Chats[room].Room.Traits.Known })
		synctest.Wait()
		if n := a.Chats[room].Lines.Len(); n != 0 {
			t.Errorf("%d lines say what is on show", n)
		}
		s.events <- protocol.RoomDescribed{Room: kitchen} // its service does not say
		logged := quiet
		logged.Logged = true
		s.events <- protocol.RoomDescribed{Room: kitchen, Traits: logged}
		s.events <- protocol.RoomDescribed{Room: kitchen, Traits: quiet}
		a.Until("both lines", func() bool { return a.Chats[room].Lines.Len() == 2 })
		synctest.Wait()
		for i, want := range []string{"This room has changed. What is said in this room is written down, and may be published.", "This room has changed. It is less open than before."} {
			kind := []im.Kind{im.Alarm, im.Notice}[i] // that it is less open alarms nobody
			if got := a.Chats[room].Lines.At(i); got.Kind != kind || got.Text.String() != want {
				t.Errorf("%v: %q", got.Kind, got.Text)
			}
		}
	})
}

// The room that was found and chosen stands in the form that asked for one, and what was
// shown before is not touched: front ends draw it meanwhile.
func TestARoomThatWasFoundIsFilledIn(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.ShowJoinRoom(im.ConvID{})
		before := a.Form("Join a Chat", "").Form
		a.Answer("Join a Chat", "browse")
		asked := func() string {
			synctest.Wait()
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.ask
		}
		early := asked() // of our own service, as the window opens
		a.Answer("Find Rooms", "list", "service=rooms.x")
		late := asked()
		s.events <- protocol.RoomsFound{ID: early, Service: "own.x", Rooms: []protocol.RoomFound{{Room: "hall@own.x"}}}
		synctest.Wait()
		if f := a.Form("Find Rooms", "").Form.Tabs[0].Fields; f[0].Value != "rooms.x" || len(f[2].Rows) != 0 {
			t.Errorf("an answer that came too late is shown: %+v", f)
		}
		s.events <- protocol.RoomsFound{ID: late, Service: "rooms.x", Rooms: []protocol.RoomFound{{Room: kitchen}, {Room: "den@rooms.x", Name: "The Den"}}}
		a.Until("the rooms", func() bool { return len(a.Form("Find Rooms", "").Form.Tabs[0].Fields[2].Rows) == 2 })
		rows := a.Form("Find Rooms", "").Form.Tabs[0].Fields[2].Rows
		if rows[0].Cells[0] != "kitchen" || rows[1].Cells[0] != "The Den" {
			t.Errorf("found %+v", rows)
		}
		a.M.Answer(a.Form("Find Rooms", "").ID, plugin.Answers{Action: "use", Rows: []string{kitchen}})
		a.Until("the room", func() bool {
			return a.Form("Join a Chat", "").Form.Tabs[0].Fields[1].Value == kitchen && len(a.Dialogs) == 1
		})
		if before.Tabs[0].Fields[1].Value != "" {
			t.Error("the form that was shown before has changed")
		}
	})
}

// Who asked to go in is asked for the password with the keyboard there, and told when it was
// not the right one; when the account connects, the question waits.
func TestThePasswordOfARoom(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		s := net.online()
		a.UntilOnline()
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		place := func() conversation.Place { return a.Chats[room].Room.Place }
		refused := func() plugin.Form {
			t.Helper()
			a.Until("going in", func() bool { return a.Chats[room] != nil && place() == conversation.GoingIn })
			s.events <- protocol.RoomRefused{Room: kitchen, Why: protocol.WrongRoomSecret, Reason: "It asks for a password."}
			a.Until("the question", func() bool { return len(a.Dialogs) == 1 && place() == conversation.Outside })
			return a.Form("Join "+kitchen, "").Form
		}
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice")
		if f := refused(); f.Intro != "It asks for a password." || f.Quiet {
			t.Errorf("%+v", f)
		}
		a.Answer("Join "+kitchen, "ok", "password=pepper")
		const wrong = "This is not the password of the room " + kitchen + "."
		if f := refused(); f.Intro != wrong || f.Quiet || a.Chats[room].Room.Why != wrong {
			t.Errorf("%+v, %q", f, a.Chats[room].Room.Why)
		}
		a.Answer("Join "+kitchen, "ok", "password=salt")
		a.Until("going in", func() bool { return place() == conversation.GoingIn })
		s.events <- protocol.RoomJoined{Room: kitchen, Nick: "alice", Occupants: cooks()}
		a.Until("being in", func() bool { return place() == conversation.Inside })
		s.events <- protocol.RoomLeft{Room: kitchen, Why: protocol.ExitShutdown} // it is entered again by itself
		if f := refused(); !f.Quiet {
			t.Errorf("%+v", f)
		}
	})
}
