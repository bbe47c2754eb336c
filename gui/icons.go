package gui

import (
	"fyne.io/fyne/v2"

	"culver/assets"
	"culver/im"
)

// icons are the program's drawings as the toolkit takes them, made once.
type icons map[assets.Icon]fyne.Resource

func newIcons() icons {
	all := icons{}
	for _, i := range assets.Icons() {
		all[i] = fyne.NewStaticResource(string(i)+".svg", i.SVG())
	}
	// Window managers are given a bitmap.
	all[assets.App] = fyne.NewStaticResource("culver.png", assets.AppPNG())
	return all
}

// presence is the icon of an availability.
func (i icons) presence(s im.Show) fyne.Resource {
	switch s {
	case im.FreeForChat:
		return i[assets.FreeForChat]
	case im.Available:
		return i[assets.Available]
	case im.DoNotDisturb:
		return i[assets.DoNotDisturb]
	case im.Away:
		return i[assets.Away]
	case im.ExtendedAway:
		return i[assets.NotAvailable]
	default:
		return i[assets.Offline]
	}
}

// mark is the icon of a message that travelled at a level.
func (i icons) mark(l im.Level) fyne.Resource {
	if l.Encrypted() {
		return i.level(l)
	}
	return i[assets.MarkOpen]
}

// level is the icon of a level of protection.
func (i icons) level(l im.Level) fyne.Resource {
	switch l {
	case im.Private:
		return i[assets.LevelPrivate]
	case im.Verified:
		return i[assets.LevelVerified]
	case im.Ended:
		return i[assets.LevelEnded]
	default:
		return i[assets.LevelOpen]
	}
}

// role is the icon of what somebody may do in a room.
func (i icons) role(r im.Role) fyne.Resource {
	switch r {
	case im.Moderator:
		return i[assets.RoleModerator]
	case im.Participant:
		return i[assets.RoleParticipant]
	default:
		return i[assets.RoleVisitor]
	}
}

// room is the icon of a room that the user is in, or is not.
func (i icons) room(inside bool) fyne.Resource {
	if inside {
		return i[assets.Room]
	}
	return i[assets.RoomOutside]
}
