package xmpp

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
)

// freshRoom is the address of a room that nobody has been in.
func freshRoom(s *testkit.Server) string {
	return "room-" + strings.ToLower(rand.Text())[:8] + "@conference." + s.Host
}

func (c *client) enter(room, nick string) protocol.RoomJoined {
	c.t.Helper()
	must(c.t, c.JoinRoom(protocol.RoomJoin{Room: room, Nick: nick}))
	return wait(c, func(e protocol.RoomJoined) bool { return e.Room == room })
}

func (c *client) sayInRoom(room, nick, id, text string) {
	c.t.Helper()
	must(c.t, c.Send(protocol.Outgoing{ID: id, To: im.Addr{Bare: room, Resource: nick}, Body: text, Room: true}))
}

// done waits for the answer to what was asked with this ID.
func (c *client) doneWith(id string) string {
	c.t.Helper()
	return wait(c, func(e protocol.RoomDone) bool { return e.ID == id }).Reason
}

func occupant(nick string) func(protocol.OccupantHere) bool {
	return func(e protocol.OccupantHere) bool { return e.Occupant.Nick == nick }
}

func TestRoomsOfServers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		alice, bob := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "bob"))
		room := freshRoom(s)

		joined := alice.enter(room, "Alice")
		if !joined.Created || joined.Nick != "Alice" || len(joined.Occupants) != 1 || joined.Occupants[0].Standing != im.Owner {
			t.Errorf("made a room as %+v", joined)
		}
		traits := wait(alice, func(e protocol.RoomDescribed) bool { return e.Traits.Known }).Traits
		t.Logf("%+v", traits)
		if !traits.Open || traits.Password || !traits.Archive {
			t.Errorf("a new room is %+v", traits)
		}

		// The nick is taken; another one is offered.
		must(t, bob.JoinRoom(protocol.RoomJoin{Room: room, Nick: "Alice"}))
		if e := wait[protocol.RoomRefused](bob, nil); e.Why != protocol.NickTaken || e.Nick != "Alice_" {
			t.Errorf("refused with %+v", e)
		}
		if joined := bob.enter(room, "Bob"); len(joined.Occupants) != 2 || joined.Created {
			t.Errorf("bob sees %+v", joined)
		}
		here := wait(alice, occupant("Bob"))
		if here.Occupant.Role != im.Participant || here.Occupant.Bare != bob.address.Bare().String() {
			t.Errorf("alice sees %+v", here)
		}

		// What is said comes back to who said it, with the ID that they gave it.
		alice.sayInRoom(room, "", "line-1", "soup <is> ready")
		wait(alice, func(e protocol.Sent) bool { return e.ID == "line-1" })
		back := wait[protocol.RoomMessage](alice, nil)
		got := wait[protocol.RoomMessage](bob, nil)
		if !back.Own || got.Own || got.Nick != "Alice" || got.Body != "soup <is> ready" || got.ID != "line-1" || got.Archive == "" || got.Archive != back.Archive {
			t.Errorf("said %+v, heard %+v", back, got)
		}

		bob.sayInRoom(room, "Alice", "aside-1", "psst")
		wait(bob, func(e protocol.Sent) bool { return e.ID == "aside-1" })
		if e := wait[protocol.RoomAside](alice, nil); e.Nick != "Bob" || e.Body != "psst" {
			t.Errorf("aside: %+v", e)
		}
		bob.sayInRoom(room, "Nobody", "aside-2", "psst")
		if e := wait[protocol.Rejected](bob, nil); e.ID != "aside-2" {
			t.Errorf("%+v", e)
		}

		must(t, alice.SetRoomTopic(room, "Dinner & more"))
		if e := wait(bob, func(e protocol.RoomTopic) bool { return e.Topic != "" }); e.Topic != "Dinner & more" || e.By != "Alice" {
			t.Errorf("topic: %+v", e)
		}

		must(t, bob.SetRoomNick(room, "Alice"))
		if e := wait[protocol.RoomTrouble](bob, nil); !strings.Contains(e.Reason, "Alice") {
			t.Errorf("%+v", e)
		}
		must(t, bob.SetRoomNick(room, "Robert"))
		if e := wait[protocol.OccupantGone](alice, nil); e.Nick != "Bob" || e.Renamed != "Robert" {
			t.Errorf("%+v", e)
		}
		wait(alice, occupant("Robert"))
		wait(bob, occupant("Robert"))

		// What moderators, administrators and owners do.
		must(t, alice.SetRole("1", room, "Robert", im.Moderator, ""))
		if why := alice.doneWith("1"); why != "" {
			t.Error(why)
		}
		wait(bob, func(e protocol.OccupantHere) bool { return e.Occupant.Own && e.Occupant.Role == im.Moderator })
		must(t, bob.SetStanding("2", room, "eve@example.net", im.Owner, ""))
		if why := bob.doneWith("2"); why == "" {
			t.Error("bob could make an owner")
		}
		must(t, alice.SetStanding("3", room, "Eve@example.net", im.Member, "old friend"))
		if why := alice.doneWith("3"); why != "" {
			t.Error(why)
		}
		must(t, alice.AskStanding("4", room, im.Member))
		if e := wait[protocol.RoomPeople](alice, nil); len(e.People) != 1 || e.People[0].Bare != "eve@example.net" {
			t.Errorf("%+v", e)
		}
		must(t, alice.AskRoomSettings("5", room))
		settings := wait[protocol.RoomSettings](alice, nil).Form
		answers := map[string]string{}
		for _, f := range settings.Fields {
			answers[f.ID] = f.Value
		}
		if _, ok := answers["muc#roomconfig_membersonly"]; !ok {
			t.Errorf("the settings are %+v", settings)
		}
		answers["muc#roomconfig_membersonly"], answers["muc#roomconfig_roomname"] = "", "The kitchen"
		answers["muc#roomconfig_publicroom"] = im.On
		must(t, alice.SetRoomSettings("6", room, answers))
		if why := alice.doneWith("6"); why != "" {
			t.Error(why)
		}
		wait(alice, func(e protocol.RoomDescribed) bool { return e.Traits.Name == "The kitchen" })
		must(t, bob.AskRoomSettings("7", room))
		if why := bob.doneWith("7"); why == "" {
			t.Error("bob sees the settings")
		}

		must(t, alice.FindRooms("8", ""))
		found := wait[protocol.RoomsFound](alice, nil)
		listed := false
		for _, f := range found.Rooms {
			listed = listed || f.Room == room && strings.HasPrefix(f.Name, "The kitchen")
		}
		if !listed || found.Service != "conference."+s.Host {
			t.Errorf("found %+v", found)
		}

		// Somebody new reads what was said.
		carol := servedBy(t, s, s.Fresh(t, "carol"))
		carol.enter(room, "Carol")
		if e := wait[protocol.RoomMessage](carol, nil); e.Body != "soup <is> ready" || !e.Late || e.Nick != "Alice" || e.Own || e.Archive != got.Archive || time.Since(e.Time) > time.Hour {
			t.Errorf("history: %+v", e)
		}
		// Bob comes back, and reads on from where he was.
		must(t, bob.LeaveRoom(room))
		wait[protocol.RoomLeft](bob, nil)
		wait(alice, func(e protocol.OccupantGone) bool { return e.Nick == "Robert" })
		alice.sayInRoom(room, "", "line-2", "soup is cold")
		wait(alice, func(e protocol.Sent) bool { return e.ID == "line-2" })
		must(t, bob.JoinRoom(protocol.RoomJoin{Room: room, Nick: "Bob", Since: got.Time, After: got.Archive}))
		wait[protocol.RoomJoined](bob, nil)
		if e := wait[protocol.RoomMessage](bob, nil); e.Body != "soup is cold" || !e.Late {
			t.Errorf("history: %+v", e)
		}

		// We are still there; and once kicked, we are told why.
		must(t, bob.sessionDo(func(l *link) { l.checkRooms(0) }))
		must(t, alice.SetRole("9", room, "Bob", im.NoRole, "too loud"))
		if why := alice.doneWith("9"); why != "" {
			t.Error(why)
		}
		if e := wait[protocol.RoomLeft](bob, nil); e.Why != protocol.ExitKicked || e.Words != "too loud" || e.Room != room {
			t.Errorf("kicked: %+v", e)
		}
		// A ban. (ejabberd 23.01 lets in who was a moderator before.)
		who := carol.address.Bare().String()
		must(t, alice.SetStanding("10", room, who, im.Banned, "sold it"))
		if why := alice.doneWith("10"); why != "" {
			t.Error(why)
		}
		if e := wait[protocol.RoomLeft](carol, nil); e.Why != protocol.ExitBanned || e.Words != "sold it" {
			t.Errorf("banned: %+v", e)
		}
		must(t, alice.AskStanding("12", room, im.Banned))
		if e := wait[protocol.RoomPeople](alice, nil); len(e.People) != 1 || e.People[0].Bare != who {
			t.Errorf("banned are %+v", e)
		}
		must(t, carol.JoinRoom(protocol.RoomJoin{Room: room, Nick: "Carol"}))
		if e := wait[protocol.RoomRefused](carol, nil); e.Why != protocol.BannedFromRoom {
			t.Errorf("%+v", e)
		}
		bob.enter(room, "Bob")
		must(t, alice.DestroyRoom("11", room, "all is eaten"))
		if e := wait[protocol.RoomLeft](bob, nil); e.Why != protocol.ExitDestroyed || e.Words != "all is eaten" {
			t.Errorf("%+v", e)
		}
	})
}

// sessionDo runs f on Run's goroutine.
func (c *client) sessionDo(f func(l *link)) error {
	l, err := c.online()
	if err != nil {
		return err
	}
	return l.do(func() { f(l) })
}

func TestBookmarksAtServers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, s *testkit.Server) {
		user, other := s.Fresh(t, "alice"), s.Fresh(t, "eve")
		alice, phone := servedBy(t, s, user), servedBy(t, s, user)
		if e := wait[protocol.Bookmarks](alice, nil); len(e.All) != 0 {
			t.Errorf("a new account has %+v", e)
		}
		want := im.Bookmark{Room: freshRoom(s), Name: "Küche & <co>", Nick: "al", Password: "salt", Auto: true}
		must(t, alice.SetBookmark(want))
		if e := wait[protocol.BookmarkChanged](alice, nil); e.Bookmark != want {
			t.Errorf("kept %+v", e)
		}
		wait(phone, func(e protocol.Event) bool { // it is told, or it asks later
			if all, ok := e.(protocol.Bookmarks); ok {
				return slices.Contains(all.All, want)
			}
			changed, ok := e.(protocol.BookmarkChanged)
			return ok && changed.Bookmark == want
		})
		// Nobody else can read it.
		eve := servedBy(t, s, other)
		told := make(chan *element, 1)
		must(t, eve.sessionDo(func(l *link) {
			l.askInTime(user.Bare, "get", newElement(nsPubSub, "pubsub", newElement(nsPubSub, "items").with("node", nsBookmarks)), func(answer *element) { told <- answer })
		}))
		if answer := <-told; answer == nil || answer.attr("type") != "error" {
			t.Error("eve can read which rooms alice keeps")
		}
		want.Auto, want.Name = false, ""
		must(t, phone.SetBookmark(want))
		wait(alice, func(e protocol.BookmarkChanged) bool { return e.Bookmark == want })
		alice.cancel()
		alice.end()
		alice = servedBy(t, s, user)
		if e := wait[protocol.Bookmarks](alice, nil); len(e.All) != 1 || e.All[0] != want {
			t.Errorf("after signing in again: %+v", e)
		}
		must(t, alice.RemoveBookmark(want.Room))
		wait(alice, func(e protocol.BookmarkRemoved) bool { return e.Room == want.Room })
	})
}
