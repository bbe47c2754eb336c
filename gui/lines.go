package gui

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"

	"culver/assets"
	"culver/conversation"
	"culver/im"
)

// lineActs is what lines of a conversation offer to do about a message.
type lineActs struct {
	again, edit, discard func(id string)
}

// chatLines draws messages as lines: it is the source of a page's transcript.
type chatLines struct {
	timeline *conversation.Timeline
	icons    icons
	name     func() string // of the peer
	self     func() string // of the user
	now      func() time.Time
	acts     lineActs
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
func (c *chatLines) Line(i int) line { return c.draw(c.timeline.At(i)) }

func (c *chatLines) draw(m im.Message) line {
	var l line
	add := func(s span) { l.spans = append(l.spans, s) }
	add(span{text: stamp(m.Time, c.now()), colour: colorSubtle})
	if m.Late {
		add(span{text: "(sent earlier) ", colour: colorSubtle})
	}
	switch m.Kind {
	case im.Alarm:
		l.back, l.bar = colorAlarmBack, colorAlarm
		add(span{icon: c.icons[assets.Alarm]})
		c.text(&l, m.Text, im.Bold, colorAlarm)
		return l
	case im.Notice:
		c.text(&l, m.Text, im.Italic, colorNotice)
		return l
	}
	if m.Seal.Level.Encrypted() {
		add(span{icon: c.icons.level(m.Seal.Level)})
	}
	dim := fyne.ThemeColorName("")
	nick, colour := c.name(), colorPeerNick
	if m.Out {
		nick, colour = c.self(), colorOwnNick
		if m.State == im.Waiting || m.State == im.Sending {
			dim = colorSubtle
		}
	}
	if dim != "" {
		colour = dim
	}
	add(span{text: nick + ": ", style: im.Bold, colour: colour})
	c.text(&l, m.Text, 0, dim)
	c.state(&l, m)
	return l
}

// text adds what somebody wrote. Links that may not be opened are plain text.
func (c *chatLines) text(l *line, t im.Text, style im.Style, colour fyne.ThemeColorName) {
	for _, s := range t {
		link := s.Link
		if _, ok := openable(link); !ok {
			link = ""
		}
		l.spans = append(l.spans, span{text: drawable(s.Text), style: s.Style | style, colour: colour, link: link})
	}
}

// state adds how far a line of the user's has come, and what they can do.
func (c *chatLines) state(l *line, m im.Message) {
	act := func(label string, do func(string)) {
		l.spans = append(l.spans, span{text: " ", quiet: true}, span{text: label, act: func() { do(m.ID) }, quiet: true})
	}
	switch m.State {
	case im.Waiting:
		text := oneLine(m.Reason, 300)
		switch {
		case text == "":
			text = "waiting"
		case !strings.HasPrefix(strings.ToLower(text), "waiting"):
			text = "waiting: " + text
		}
		l.spans = append(l.spans, span{text: "  ", quiet: true}, span{icon: c.icons[assets.Waiting]},
			span{text: text, style: im.Italic, colour: colorSubtle, quiet: true})
		act("Discard", c.acts.discard)
	case im.Failed:
		reason := oneLine(m.Reason, 300)
		if reason == "" {
			reason = "This message was not sent."
		}
		l.bar = colorAlarm
		l.spans = append(l.spans, span{text: "\n", quiet: true}, span{icon: c.icons[assets.Failed]},
			span{text: reason, colour: colorAlarm, quiet: true})
		act("Send again", c.acts.again)
		act("Edit", c.acts.edit)
		act("Discard", c.acts.discard)
	}
}

// stamp is the time of a line, with the date if that is not today.
func stamp(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = t.Local(), now.Local()
	if y, m, d := now.Date(); t.Before(time.Date(y, m, d, 0, 0, 0, 0, now.Location())) || t.After(now.Add(24*time.Hour)) {
		return t.Format("(2006-01-02 15:04:05) ")
	}
	return t.Format("(15:04:05) ")
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
