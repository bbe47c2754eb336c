package messenger

import (
	"culver/conversation"
	"culver/lang"
	"culver/protocol"
)

// exit is why somebody had to leave a room, by whose will, and what was said about it,
// if that is known.
type exit struct {
	why       protocol.RoomExit
	by, words string
}

func newExit(why protocol.RoomExit, by, words string) exit {
	return exit{why, conversation.Name(by), conversation.Name(words)}
}

// own says it of the user; empty: it was their own wish.
func (x exit) own() string {
	known := x.by != ""
	switch {
	case x.why == protocol.ExitKicked && known:
		return x.end(lang.F("You were made to leave this room by %s", x.by))
	case x.why == protocol.ExitKicked:
		return x.end(lang.T("You were made to leave this room"))
	case x.why == protocol.ExitBanned && known:
		return x.end(lang.F("You were banned from this room by %s", x.by))
	case x.why == protocol.ExitBanned:
		return x.end(lang.T("You were banned from this room"))
	case x.why == protocol.ExitMembers:
		return lang.T("You were made to leave this room: only members may be there now.")
	case x.why == protocol.ExitShutdown:
		return lang.T("You were disconnected: the service of this room stops.")
	}
	return x.destroyed()
}

// of says it of somebody else.
func (x exit) of(name string) string {
	known := x.by != ""
	switch {
	case x.why == protocol.ExitKicked && known:
		return x.end(lang.F("%s was made to leave the room by %s", name, x.by))
	case x.why == protocol.ExitKicked:
		return x.end(lang.F("%s was made to leave the room", name))
	case x.why == protocol.ExitBanned && known:
		return x.end(lang.F("%s was banned from the room by %s", name, x.by))
	case x.why == protocol.ExitBanned:
		return x.end(lang.F("%s was banned from the room", name))
	case x.why == protocol.ExitMembers:
		return lang.F("%s was made to leave the room: only members may be there now.", name)
	case x.why == protocol.ExitShutdown:
		return lang.F("%s was disconnected: the service of the room stops.", name)
	}
	return x.destroyed()
}

func (x exit) destroyed() string {
	switch {
	case x.why != protocol.ExitDestroyed:
		return ""
	case x.by != "":
		return x.end(lang.F("The room was destroyed by %s", x.by))
	default:
		return x.end(lang.T("The room was destroyed"))
	}
}

// end ends a sentence in what was said.
func (x exit) end(text string) string {
	if x.words != "" {
		return text + ": " + x.words
	}
	return text + "."
}
