// Package assets holds Culver's own drawings, embedded in the program.
//
// The drawings are by the authors of Culver and under its licence. Icons that
// tell states apart differ in shape, not in colour alone. The package owns no
// state; any goroutine may use it.
package assets

import (
	"embed"
	"fmt"
)

//go:embed icons/*.svg icon-128.png
var files embed.FS

// Icon names one drawing.
type Icon string

// The icons. All but App are drawn on a square of 16 units.
const (
	App Icon = "app"

	Available    Icon = "presence-available"
	FreeForChat  Icon = "presence-chat"
	Away         Icon = "presence-away"
	DoNotDisturb Icon = "presence-dnd"
	NotAvailable Icon = "presence-xa"
	Offline      Icon = "presence-offline"

	LevelOpen     Icon = "level-open"
	LevelPrivate  Icon = "level-private"
	LevelVerified Icon = "level-verified"
	LevelEnded    Icon = "level-ended"
	MarkOpen      Icon = "mark-open" // LevelOpen for single messages: they may be many

	Alarm   Icon = "alarm"
	Failed  Icon = "failed"
	Waiting Icon = "waiting"
	Request Icon = "request"

	Sending   Icon = "sending" // how far a line of the user's has come
	Sent      Icon = "sent"
	Delivered Icon = "delivered"
	Typing    Icon = "typing"
	Unread    Icon = "unread"

	Room            Icon = "room" // the user is in it
	RoomOutside     Icon = "room-outside"
	RoleModerator   Icon = "role-moderator"
	RoleParticipant Icon = "role-participant"
	RoleVisitor     Icon = "role-visitor"

	ToolEmoji Icon = "tool-emoji" // above an entry
	ToolLink  Icon = "tool-link"
)

// Icons are all icons, for tests and for front ends that load them at once.
func Icons() []Icon {
	return []Icon{
		App, Available, FreeForChat, Away, DoNotDisturb, NotAvailable, Offline,
		LevelOpen, LevelPrivate, LevelVerified, LevelEnded, MarkOpen,
		Alarm, Failed, Waiting, Sending, Sent, Delivered, Request, Typing, Unread,
		Room, RoomOutside, RoleModerator, RoleParticipant, RoleVisitor, ToolEmoji, ToolLink,
	}
}

// SVG returns the drawing. It panics for a name that is not one of the
// constants: that is a bug.
func (i Icon) SVG() []byte {
	b, err := files.ReadFile("icons/" + string(i) + ".svg")
	if err != nil {
		panic(fmt.Sprintf("assets: no icon %q", string(i)))
	}
	return b
}

// AppPNG is the program's icon as a PNG of 128 by 128 pixels, for systems that take no SVG:
// each window has it uncompressed. (icon.png is the same for packages.)
func AppPNG() []byte {
	b, err := files.ReadFile("icon-128.png")
	if err != nil {
		panic("assets: no icon-128.png")
	}
	return b
}
