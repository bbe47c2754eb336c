package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

const (
	tipMembers = 4  // of a contact
	tipPeople  = 12 // of a room
)

// rowTip is what there is to know about a row of the Buddy List.
func (w *buddyWindow) rowTip(i int) tip {
	if i < 0 || i >= w.rows().Len() || w.gui.over() {
		return tip{}
	}
	switch r := w.row(i); r.Kind {
	case buddylist.BuddyRow:
		return w.gui.buddyTip(r.Conv)
	case buddylist.ContactRow:
		return w.gui.contactTip(r)
	case buddylist.RoomRow:
		return w.gui.roomTip(r.Conv)
	case buddylist.RequestRow:
		return tip{title: requestText(oneLine(r.Title, 60)), lines: said(r.Conv.Peer, r.Reason)}
	case buddylist.KnockRow:
		if r.Conv.IsZero() {
			return tip{}
		}
		return tip{title: knockText(r), lines: said(r.Conv.Peer, r.Reason)}
	default:
		return groupTip(r)
	}
}

// said is the address of somebody, and their words.
func said(address, words string) []string {
	lines := []string{lang.F("Address: %s", oneLine(address, tipLongest))}
	if words != "" {
		lines = append(lines, lang.F("They say: %s", oneLine(words, tipLongest)))
	}
	return lines
}

// groupTip is what there is to know about a group.
func groupTip(r buddylist.Row) tip {
	t := tip{title: oneLine(buddylist.GroupName(r.Group, r.Rooms), tipLongest)}
	if r.Rooms {
		t.lines = []string{lang.F("You are in %d of %d", r.Online, r.Total)}
	} else {
		t.lines = []string{lang.F("Online: %d of %d", r.Online, r.Total)}
	}
	return t
}

// buddyTip is what there is to know about somebody.
func (g *GUI) buddyTip(c im.ConvID) tip {
	return tip{face: g.list.Picture(c), title: oneLine(g.name(c), tipLongest), lines: g.buddyLines(c, g.name(c))}
}

// contactTip is what there is to know about several buddies who are one.
func (g *GUI) contactTip(r buddylist.Row) tip {
	t := tip{face: r.Picture, title: oneLine(r.Title, tipLongest)}
	members, _ := g.list.Contact(r.Conv)
	for i, c := range members {
		if i == tipMembers {
			t.lines = append(t.lines, lang.N(len(members)-i, "and %d more address", "and %d more addresses", len(members)-i))
			break
		}
		if i > 0 {
			t.lines = append(t.lines, "")
		}
		t.lines = append(t.lines, g.buddyLines(c, t.title)...)
	}
	return t
}

// buddyLines tell about a buddy what the list, and an open conversation, say, below a
// heading.
func (g *GUI) buddyLines(c im.ConvID, heading string) []string {
	clean := func(s string) string { return oneLine(s, 120) }
	var lines []string
	if address := clean(c.Peer); address != heading {
		lines = append(lines, lang.F("Address: %s", address))
	}
	b, listed := g.list.Buddy(c)
	if a, ok := g.account(c.Account); ok && len(g.accounts) > 1 {
		lines = append(lines, lang.F("Your account: %s", clean(a.Account.Title())))
	}
	if name := clean(b.Name); name != "" && name != heading {
		lines = append(lines, lang.F("Name: %s", name))
	}
	lines = append(lines, g.list.OnlineWith(c, clean)...)
	best, _ := g.list.Presence(c)
	if !best.Idle.IsZero() {
		lines = append(lines, im.UpperFirst(idleText(g.now().Sub(best.Idle))))
	}
	if since := g.list.Since(c); !since.IsZero() {
		lines = append(lines, lang.F("Seen online since: %s", g.moment(since)))
	}
	if line := g.list.LastSeen(c); line != "" {
		lines = append(lines, line)
	} else if best.Show == im.Offline && listed {
		lines = append(lines, im.Offline.String())
	}
	if g.list.BlockedAs(c) != "" {
		lines = append(lines, lang.T("Blocked: nothing that they send reaches you"))
	}
	if b.Subscription != im.SubscriptionBoth || !listed {
		lines = append(lines, g.list.Standing(c))
	}
	if p := g.chats.find(c); p != nil && p.kind == im.WithPerson {
		lines = append(lines, lang.F("Conversation: %s", p.seal.Level.String()))
	}
	return lines
}

// moment is a time of today, or with the day before it.
func (g *GUI) moment(t time.Time) string {
	t, now := t.Local(), g.now().Local()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return lang.F("%s at %s", im.Date(t), t.Format("15:04"))
}

// roomTip is what there is to know about a room: about who is in it, only if the user is.
func (g *GUI) roomTip(c im.ConvID) tip {
	entry, _ := g.list.Room(c)
	t := tip{title: oneLine(entry.Title(), tipLongest), lines: []string{lang.F("Address: %s", oneLine(c.Peer, 120))}}
	if via := g.via(c.Account); via != "" {
		t.lines = append(t.lines, im.UpperFirst(via))
	}
	if entry.Inside {
		t.lines = append(t.lines, im.UpperFirst(roomStatus(entry)))
	} else {
		t.lines = append(t.lines, lang.T("You are not in it"))
	}
	p := g.chats.find(c)
	if p == nil || p.room == nil || !entry.Inside {
		return t
	}
	if topic := oneLine(p.room.known.Topic, 200); topic != "" {
		t.lines = append(t.lines, lang.F("Topic: %s", topic))
	}
	var names []string
	for i, o := range p.room.known.Occupants() {
		if i == tipPeople {
			names = append(names, "…")
			break
		}
		names = append(names, oneLine(o.Name, 40))
	}
	if len(names) > 0 {
		t.lines = append(t.lines, lang.F("People: %s", strings.Join(names, ", ")))
	}
	return t
}

// levelTip says what it means that a conversation is protected so well.
func levelTip(l im.Level) tip {
	words := ""
	switch l {
	case im.Private:
		words = lang.T("Only the two of you can read this, but you have not made sure yet who it is.")
	case im.Verified:
		words = lang.T("Only the two of you can read this, and you have made sure who it is.")
	case im.Ended:
		words = lang.T("The private conversation was ended at the other side. Nothing is sent before you end it, too, or begin a new one.")
	default:
		words = lang.T("Whoever runs the servers between you can read this.")
	}
	return tip{title: l.String(), lines: []string{words}}
}

// headTip is what there is to know about whom a conversation is with.
func (p *page) headTip() tip {
	switch p.kind {
	case im.InRoom:
		return p.gui.roomTip(p.conv)
	case im.WithPerson:
		return p.gui.buddyTip(p.conv)
	}
	return tip{}
}

// levelTip is what there is to know about the button of a plugin's menu.
func (p *page) levelTip(i int) tip {
	if i >= len(p.menus) {
		return tip{}
	}
	if m := p.menus[i]; p.seal.By != m.Plugin && (i > 0 || p.seal.By != "") {
		return tip{title: oneLine(m.Title, 60)}
	}
	return levelTip(p.seal.Level)
}

// tabTip is what there is to know about a tab.
func (w *chatWindow) tabTip(i int) tip {
	if i < 0 || i >= len(w.pages) || w.gui.over() {
		return tip{}
	}
	return w.pages[i].headTip()
}

// rest is told that the pointer is on tab i.
func (s *tabStrip) rest(i int, e *desktop.MouseEvent) {
	if s.about == nil {
		return
	}
	if i < 0 || s.drag.on {
		s.tips.leave()
		return
	}
	x, width := s.place(i)
	s.tips.rest(tipTab{s, i}, e.AbsolutePosition.Subtract(e.Position).AddXY(x-s.offset, 0), fyne.NewSize(width, s.Size().Height),
		e.AbsolutePosition.X, func() tip { return s.about(i) })
}

// tipTab is a tab that has a tip.
type tipTab struct {
	strip *tabStrip
	tab   int
}
