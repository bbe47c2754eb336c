package main

import (
	"culver/im"
)

// rooms are conversations of several people.
var rooms = []shot{
	form("join-room-problem", named("Join a Chat"), menu("Buddies", "Join a Chat…"), press("Join"), sees("problem", "")),
	form("find-rooms", named("Find Rooms"), menu("Buddies", "Join a Chat…"), press("Find Rooms…")).ends(escape, plain(named("Join a Chat"))),
	still("room", kitchen, menu("Buddies", "Join a Chat…"), fill("Room", "kitchen@conference.localhost"), press("Join"), seesValue("room", "kitchen@conference.localhost", "inside"),
		enters("bob"), sees("occupant", "bob"), enters("carol"), sees("occupant", "carol"), tellsRoom("bob", "The soup is ready!"), tellsRoom("carol", "alice: are you coming, too?"),
		sees("line", "are you coming"), tells("In a minute.")),
	still("menu-room", kitchen, menuOf(kitchen, "Room")).ends(back),
	still("menu-occupant", kitchen, context("occupant", "bob")).ends(back),
	form("room-topic", named("Topic of %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Set Topic…")),
	form("room-nick", named("Nickname in %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Change Nickname…")),
	form("room-invite", named("Invite into %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Invite…")),
	form("room-keep", named("Keep %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Keep in Buddy List…")).ends(press("Keep")),
	form("room-about", named("About %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "About This Room…")),
	form("room-people", named("Members and bans of %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Members and Bans…")),
	form("room-settings", named("Settings of %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Room Settings…"), sees("button", "Save")),
	form("room-destroy", named("Destroy %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Destroy Room…")),
	form("occupant", named("Info on %s", "bob"), context("occupant", "bob", "Get Info")),
	form("occupant-kick", named("Kick %s", "bob"), context("occupant", "bob", "Kick…")),
	form("occupant-ban", named("Ban %s", "bob"), context("occupant", "bob", "Ban…")),
	form("occupant-owner", named("Make %s an owner", "bob"), context("occupant", "bob", "Make Owner…")),
	still("room-aside", named("bob in kitchen@conference.localhost"), context("occupant", "bob", "Message Within the Room"), sees("seal", "")).ends(key("ctrl+w")),
	form("room-remove", named("Remove %s", "kitchen@conference.localhost"), menuOf(kitchen, "Room", "Remove from Buddy List…")),
	still("room-left", kitchen, menuOf(kitchen, "Room", "Leave Room"), sees("button", "Join Room")).ends(front(kitchen), key("ctrl+w"), gone(kitchen)),
	still("buddy-list-invitation", buddyList, invites("bob"), sees("button", "Answer…")),
	form("invitation", named("Invitation into %s", "pantry@conference.localhost"), press("Answer…")),
}

// enters lets somebody go into the kitchen.
func enters(name string) step {
	return func(w *walk) {
		a := w.actors[name]
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer(speak("Join a Chat"), "ok", "account="+string(a.Self), "room=kitchen@conference.localhost")
	}
}

func tellsRoom(name, text string) step {
	return func(w *walk) {
		a, c := w.actors[name], im.ConvID{Account: w.actors[name].Self, Peer: "kitchen@conference.localhost"}
		a.Until("being inside", func() bool {
			return a.Chats[c] != nil && a.Chats[c].Room != nil && len(a.Chats[c].Room.Occupants()) > 1
		})
		a.M.Send(c, text, im.Open)
	}
}

// invites lets somebody make another room, and ask the person to come there.
func invites(name string) step {
	return func(w *walk) {
		a := w.actors[name]
		c := im.ConvID{Account: a.Self, Peer: "pantry@conference.localhost"}
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer(speak("Join a Chat"), "ok", "account="+string(a.Self), "room="+c.Peer)
		a.Until("being inside", func() bool {
			return a.Chats[c] != nil && a.Chats[c].Room != nil && len(a.Chats[c].Room.Occupants()) > 0
		})
		a.M.ShowInvite(c, "alice@localhost")
		a.Answer(named("Invite into %s", c.Peer).String(), "ok")
	}
}
