package gui

import (
	"strings"
	"unicode"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// attention makes the user aware of a conversation. Unless they chose otherwise, a
// notification says who, never what: notifications are shown on locked screens and
// kept by the system. There is one for each conversation until they look at it.
func (g *GUI) attention(e messenger.Attention) {
	p := g.chats.find(e.Conv)
	if p == nil {
		return
	}
	p.counted = p.counted || e.How.Count
	if e.How.Notify && !p.inFront() {
		p.news++
		g.system.Notify(p.notification(e.How.Says))
	}
}

// notification tells of what came while the user did not look.
func (p *page) notification(says plugin.Says) Notification {
	n := Notification{Conv: p.conv, Title: p.gui.name(p.conv), Text: lang.T("New message"), Open: lang.T("Open")}
	if p.news > 1 {
		n.Text = lang.N(p.news, "%d new message", "%d new messages", p.news)
	}
	n.Line = lang.F("New message from %s", spelled(n.Title))
	switch says {
	case plugin.SaysNothing:
		n.Title, n.Line = "Culver", lang.T("New message")
	case plugin.SaysText:
		if text := p.lastOpen(); text != "" {
			n.Text = text
		}
	}
	return n
}

// lastOpen is what was said last, if anybody could have read it on its way: what is
// private is not shown outside the window.
func (p *page) lastOpen() string {
	i := p.timeline.Len() - 1
	if i < 0 || p.seal.Level != im.Open {
		return ""
	}
	m := p.timeline.At(i)
	if m.Kind != im.Chat || m.Out || m.Private || m.Seal.Level != im.Open {
		return ""
	}
	text := oneLine(m.Text.String(), 200)
	if p.room != nil && m.Nick != "" {
		return lang.F("%s: %s", oneLine(m.Nick, 40), text)
	}
	return text
}

// looked is told that the user has seen all there is.
func (p *page) looked() {
	if p.news > 0 {
		p.news = 0
		p.gui.system.Withdraw(p.conv)
	}
}

// Show brings a conversation to the front: its notification was clicked.
func (g *GUI) Show(c im.ConvID) {
	if g.over() || g.front == nil {
		g.Raise() // whoever it was about is not on the screen any more
		return
	}
	g.front.Open(c)
	if p := g.chats.find(c); p != nil && p.window.shown {
		unfold(p.window.window)
	}
}

// played plays a sound, unless the user sees what it stands for.
func (g *GUI) played(e messenger.SoundPlayed) {
	if p := g.chats.find(e.Conv); e.Always || p == nil || !p.inFront() {
		g.system.Play(string(e.Sound), e.Volume)
	}
}

// spelled is a name with nothing in it but letters, digits and what addresses are
// written with: some systems read notifications as markup, or pass them through a
// shell, and the name may be one that a peer chose.
func spelled(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" @._-", r) {
			return r
		}
		return -1
	}, name)
}

// name is what people call a peer, fit for a label.
func (g *GUI) name(c im.ConvID) string {
	if room, nick, ok := im.SplitAside(c); ok {
		return g.asideName(room, nick)
	}
	return oneLine(g.list.Title(c), 60)
}
