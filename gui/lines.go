package gui

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// lineActs is what lines of a conversation offer to do about a message.
type lineActs struct {
	again, edit, discard func(id string)
	guide                func(plugin, page string) // a link in a notice was clicked
}

// chatLines draws messages as lines: it is the source of a page's transcript.
type chatLines struct {
	timeline     *conversation.Timeline
	icons        icons
	name         func() string // of the peer
	self         func() string // of the user
	stamp        func(time.Time) string
	styled       func() bool           // whether what people write is shown as they formatted it; nil: it is
	above        func(i int) []heading // of line i; nil: none
	mending      func() string         // the ID of the line that the user corrects; nil: none
	acts         lineActs
	transferOf   func(line string) (messenger.Transfer, bool) // the one that a line is of; nil: none is
	transferActs transferActs
	room         *roomLines // of a room; nil: of people
}

// roomLines is what lines of a room are drawn by.
type roomLines struct {
	nick  func() string                // the user's own there
	stirs func(id string) (stir, bool) // who came and went, if that is what a line says
	whole func(id string)              // shows or hides all of them
}

var _ lineSource = (*chatLines)(nil)

// Len implements lineSource.
func (c *chatLines) Len() int { return c.timeline.Len() }

// Weight implements lineSource.
func (c *chatLines) Weight(i int) int {
	m := c.timeline.At(i)
	n := 22 + len(m.Reason)
	for _, s := range m.Text {
		n += len(s.Text)
	}
	return n
}

// Line implements lineSource.
func (c *chatLines) Line(i int) line {
	var around neighbours
	if i > 0 {
		around.before = c.timeline.At(i - 1)
	}
	if i+1 < c.timeline.Len() {
		around.after = c.timeline.At(i + 1)
	}
	l := c.draw(c.timeline.At(i), around)
	if c.above != nil {
		l.above = c.above(i)
	}
	return l
}

// neighbours are the messages before and after one, as far as it looks different
// for them: see [alike] and [warnedOf].
type neighbours struct{ before, after im.Message }

// unsent reports a line of the user's that waits, or was not sent.
func unsent(m im.Message) bool {
	return m.Kind == im.Chat && m.Out && (m.State == im.Waiting || m.State == im.Failed)
}

// alike reports that two lines were not sent for the same reason: it is told
// once, below the last of them.
func alike(a, b im.Message) bool {
	return unsent(a) && unsent(b) && a.State == b.State && a.Reason == b.Reason
}

// warnedOf reports that the alarm just above a message is about how it came: in the
// open, while the conversation was not.
func warnedOf(m, above im.Message) bool {
	return above.Kind == im.Alarm && above.Seal.Level != im.Open && m.Kind == im.Chat && !m.Out && !m.Seal.Level.Encrypted()
}

func (c *chatLines) draw(m im.Message, around neighbours) line {
	var l line
	add := func(s span) { l.spans = append(l.spans, s) }
	add(span{text: c.stamp(m.Time), colour: colorSubtle})
	if m.Late {
		add(span{text: lang.T("(sent earlier)") + " ", colour: colorSubtle})
	}
	switch m.Kind {
	case im.Alarm:
		l.back, l.bar = colorAlarmBack, colorAlarm
		l.mark = mark{c.icons[assets.Alarm], lang.T("Warning"), lang.T("Warning")}
		c.notice(&l, m.Text, im.Bold, colorAlarm)
		return l
	case im.Notice:
		if c.transferOf != nil {
			if t, ok := c.transferOf(m.ID); ok {
				c.transfer(&l, m, t)
				return l
			}
		}
		if c.room != nil {
			if s, ok := c.room.stirs(m.ID); ok {
				c.stirred(&l, m.ID, s)
				return l
			}
		}
		c.notice(&l, m.Text, im.Italic, colorNotice)
		return l
	}
	l.mark = c.mark(m)
	dim := fyne.ThemeColorName("")
	nick, colour := c.name(), colorPeerNick
	if m.Nick != "" {
		nick, colour = oneLine(m.Nick, 60), nickColor(m.Nick)
	}
	if m.Out {
		nick, colour = c.self(), colorOwnNick
		if c.room != nil {
			nick = c.room.nick()
		}
		if m.State == im.Waiting || m.State == im.Sending {
			dim = colorSubtle
		}
	}
	if dim != "" {
		colour = dim
	}
	said := func(parts ...string) { // apart: a name that is written from the right must not take them along
		for _, p := range parts {
			add(span{text: p, style: im.Bold, colour: colour})
		}
	}
	if does, ok := conversation.Action(m.Text); ok {
		said("* ", nick, " ")
		c.said(&l, does, dim)
	} else {
		said(nick, ": ")
		c.said(&l, m.Text, dim)
	}
	if c.room != nil && !m.Out && conversation.Names(m.Text.String(), c.room.nick()) {
		l.back, l.bar = colorNamed, theme.ColorNamePrimary
	}
	if m.Edited {
		add(span{text: " " + lang.T("(edited)"), colour: colorSubtle, quiet: true})
	}
	l.tick = c.tick(m)
	if c.mending != nil && c.mending() == m.ID {
		l.bar = theme.ColorNamePrimary
	}
	c.state(&l, m, alike(m, around.after))
	if warnedOf(m, around.before) {
		l.back, l.bar, l.mark.icon = colorAlarmBack, colorAlarm, c.icons.level(im.Open)
	}
	return l
}

// mark is how a message travelled, or that it did not. It stands where no text
// can reach, so that none can imitate it.
func (c *chatLines) mark(m im.Message) mark {
	switch m.State {
	case im.Waiting:
		return mark{c.icons[assets.Waiting], lang.T("Waiting"), lang.T("Waiting: this line has not been sent yet")}
	case im.Failed:
		return mark{c.icons[assets.Failed], lang.T("Failed"), lang.T("Failed: this line was not sent")}
	}
	word := lang.T("Not private: not encrypted on its way")
	if c.room != nil {
		word = conversation.NotPrivate()
	}
	switch m.Seal.Level {
	case im.Private:
		word = lang.T("Unverified: encrypted, but nobody made sure who is at the other end")
	case im.Verified:
		word = lang.T("Private: encrypted, and you made sure who is at the other end")
	}
	level := m.Seal.Level
	if !level.Encrypted() {
		level = im.Open
	}
	return mark{c.icons.mark(level), level.String(), word}
}

// tick is how far a line of the user's has come, if that went well.
func (c *chatLines) tick(m im.Message) mark {
	if !m.Out {
		return mark{}
	}
	switch m.State {
	case im.Sending:
		return mark{c.icons[assets.Sending], lang.T("Sending"), lang.T("Sending: on its way to the server")}
	case im.Done:
		if c.room != nil {
			return mark{c.icons[assets.Sent], lang.T("Sent"), lang.T("Sent: the room has it")}
		}
		return mark{c.icons[assets.Sent], lang.T("Sent"), lang.T("Sent: the server has it")}
	case im.Delivered:
		return mark{c.icons[assets.Delivered], lang.T("Received"), lang.T("Received: it has arrived on a device of theirs")}
	}
	return mark{}
}

// notice adds what Culver or a plugin says: with icons, and links to guides.
func (c *chatLines) notice(l *line, t im.Text, style im.Style, colour fyne.ThemeColorName) {
	for _, s := range t {
		if s.HasIcon {
			l.spans = append(l.spans, span{icon: c.icons.level(s.Icon)})
		}
		out := span{text: drawable(s.Text), style: s.Style | style, colour: colour, words: true}
		if id, page, ok := im.ParseGuideLink(s.Link); ok {
			out.act = func() { c.acts.guide(id, page) }
		} else if _, ok := openable(s.Link); ok {
			out.link = s.Link
		}
		l.spans = append(l.spans, out)
	}
}

// state adds how far a line of the user's has come, and what they can do; brief
// leaves the reason to the line below.
func (c *chatLines) state(l *line, m im.Message, brief bool) {
	act := func(label string, do func(string)) {
		if do == nil {
			return
		}
		l.spans = append(l.spans, span{text: "  ", quiet: true}, span{text: label, act: func() { do(m.ID) }, quiet: true})
	}
	switch m.State {
	case im.Waiting:
		text := oneLine(m.Reason, 300)
		switch {
		case brief:
			text = ""
		case text == "":
			text = lang.T("Waiting")
		case !strings.HasPrefix(strings.ToLower(text), strings.ToLower(lang.T("Waiting"))):
			text = lang.F("Waiting: %s", text)
		}
		if text != "" {
			l.spans = append(l.spans, span{text: "\n", quiet: true}, span{text: text, style: im.Italic, colour: colorSubtle, quiet: true})
		}
		act(lang.T("Edit"), c.acts.edit)
		act(lang.T("Discard"), c.acts.discard)
	case im.Failed:
		reason := oneLine(m.Reason, 300)
		if reason == "" {
			reason = lang.T("This message was not sent.")
		}
		l.bar = colorAlarm
		if !brief {
			l.spans = append(l.spans, span{text: "\n", quiet: true}, span{text: reason, colour: colorAlarm, quiet: true})
		}
		act(lang.T("Send again"), c.acts.again)
		act(lang.T("Edit"), c.acts.edit)
		act(lang.T("Discard"), c.acts.discard)
	}
}

// drawable is s without what cannot be drawn: the core has taken markup and
// controls out already; what is left would show as boxes.
func drawable(s string) string {
	if strings.IndexFunc(s, undrawable) < 0 {
		return strings.ReplaceAll(s, "\t", "    ")
	}
	s = strings.ReplaceAll(s, "\t", "    ")
	return strings.Map(func(r rune) rune {
		if undrawable(r) {
			return -1
		}
		return r
	}, s)
}

func undrawable(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r)
}
