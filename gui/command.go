package gui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// here says something to the user alone, behind the last line. It is gone when the
// conversation is closed.
func (p *page) here(text string) {
	p.remarks++
	p.added(im.Message{ID: fmt.Sprintf("remark %d", p.remarks), Conv: p.conv, Kind: im.Notice, Text: im.Plain(text), Time: p.gui.now()})
	p.lines.toEnd()
}

// obey does what the user typed if it is a command; else it returns what is to be said.
func (p *page) obey(text string) (say string, done bool) {
	t := conversation.ReadTyped(text, p.kind)
	switch {
	case t.Problem != "":
		p.here(t.Problem)
	case t.Command != "":
		p.entry.done(text)
		if !p.command(t) {
			p.entry.set(text)
		}
	default:
		return t.Say, false
	}
	return "", true
}

// command does what the user typed, and reports whether that was understood.
func (p *page) command(t conversation.Typed) bool {
	g, f := p.gui, p.gui.front
	switch t.Command {
	case conversation.CommandHelp:
		return p.help(t.Value)
	case conversation.CommandClear:
		p.clear()
	case conversation.CommandClose:
		p.window.leave(p.conv)
	case conversation.CommandHistory:
		g.showHistory(p.conv)
	case conversation.CommandIM:
		f.ShowNewMessage()
	case conversation.CommandJoin:
		f.ShowJoinRoom(im.ConvID{Account: p.conv.Account, Peer: t.Value})
	case conversation.CommandAway:
		f.SetPresence(im.Presence{Show: im.Away, Status: t.Value})
	case conversation.CommandBack:
		f.SetPresence(im.Presence{Show: im.Available})
	case conversation.CommandInfo:
		if p.room != nil {
			f.RoomAction(p.conv, conversation.RoomAbout)
		} else {
			f.ShowInfo(p.conv)
		}
	case conversation.CommandBuzz:
		f.GetAttention(p.conv)
	case conversation.CommandFile:
		if items := g.fileItems(p.conv); len(items) > 0 && items[0].Action != nil {
			items[0].Action()
			return true
		}
		p.here(lang.T("Files cannot be sent here now."))
	default:
		return p.roomCommand(t)
	}
	return true
}

// roomCommand does what there is in rooms only.
func (p *page) roomCommand(t conversation.Typed) bool {
	f := p.gui.front
	occupant := func(action string) bool {
		all := p.room.known.Occupants()
		i := slices.IndexFunc(all, func(o im.Occupant) bool { return strings.EqualFold(o.Name, t.Value) })
		if i < 0 {
			p.here(lang.F("There is nobody called %s in the room.", oneLine(t.Value, 60)))
			return false
		}
		can := conversation.OccupantActions(p.room.known, all[i].Nick)
		for _, a := range can {
			if a.ID == action && !a.Off {
				f.OccupantAction(p.conv, all[i].Nick, action)
				return true
			}
		}
		p.here(lang.T("You may not do that here."))
		return false
	}
	switch t.Command {
	case conversation.CommandNick:
		if t.Value == "" {
			f.RoomAction(p.conv, conversation.RoomNick)
		} else {
			f.SetRoomNick(p.conv, t.Value)
		}
	case conversation.CommandTopic:
		if t.Value == "" {
			f.RoomAction(p.conv, conversation.RoomTopic)
		} else {
			f.SetRoomTopic(p.conv, t.Value)
		}
	case conversation.CommandInvite:
		f.ShowInvite(p.conv, t.Value)
	case conversation.CommandMessage:
		return occupant(conversation.OccupantTalk)
	case conversation.CommandKick:
		return occupant(conversation.OccupantKick)
	case conversation.CommandBan:
		return occupant(conversation.OccupantBan)
	case conversation.CommandLeave:
		f.RoomAction(p.conv, conversation.RoomLeave)
	}
	return true
}

// help lists the commands, or explains one.
func (p *page) help(name string) bool {
	name = strings.ToLower(strings.TrimPrefix(name, "/"))
	var lines []string
	for _, c := range conversation.Commands(p.kind) {
		if name == "" || c.Name == name {
			lines = append(lines, c.Line())
		}
	}
	if len(lines) == 0 {
		p.here(lang.F("There is no command /%.40s here. /help lists them. To say it as it is, type a second slash in front.", name))
		return false
	}
	p.here(strings.Join(lines, "\n"))
	return true
}

// clear takes all lines off the screen but for those that were not sent. They stay in the
// history.
func (p *page) clear() {
	for i := p.timeline.Len() - 1; i >= 0; i-- {
		if id := p.timeline.At(i).ID; !p.pending[id] && id != p.mending.id {
			p.removed(id)
		}
	}
	p.older, p.begins = false, false // or they would come back at once
	p.lines.headed()
}

// clearItem is the entry of the menu for it.
func (p *page) clearItem() *fyne.MenuItem {
	return fyne.NewMenuItem(lang.T("Clear Scrollback"), p.clear)
}

// canComplete reports that Tab would complete a command, or a name in a room.
func (p *page) canComplete() bool {
	return p.completing() || p.room != nil && p.room.canComplete() || p.codeBegun() || len(conversation.CommandNames(p.entry.Text, p.kind)) > 0
}

// completing reports that Tab has completed a command, and nothing was typed since.
func (p *page) completing() bool { return p.completed.text != "" && p.completed.text == p.entry.Text }

// complete completes the command or the emoji that is begun, or a name in a room; again, it goes on to
// the next one that fits.
func (p *page) complete(back bool) bool {
	c := &p.completed
	names := conversation.CommandNames(p.entry.Text, p.kind)
	from, chars := emojiNames(p.entry.Text)
	switch {
	case p.completing():
		step := 1
		if back {
			step = len(c.names) - 1
		}
		c.at = (c.at + step) % len(c.names)
	case len(names) > 0:
		*c = completion{names: names}
	case len(chars) > 0:
		*c = completion{from: from, names: chars}
	default:
		return p.room != nil && p.room.complete(back)
	}
	c.text = p.entry.Text[:c.from] + c.names[c.at] + " "
	p.entry.set(c.text)
	return true
}
