package messenger

import (
	"bufio"
	"strings"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// exportFormat is one that the history can be written in.
type exportFormat struct {
	id, label, suffix string
	write             func(*bufio.Writer) scribe
}

var exportFormats = [...]exportFormat{
	{"text", lang.Mark("Text"), ".txt", func(w *bufio.Writer) scribe { return &textScribe{w: w} }},
	{"html", lang.Mark("Web page (HTML)"), ".html", func(w *bufio.Writer) scribe { return &htmlScribe{w: w} }},
}

// textScribe writes plain text. What people wrote begins only behind a time and a
// name: further lines of it stand in, so that they cannot pass for lines of others.
type textScribe struct {
	w    *bufio.Writer
	past exportPast
	days days
}

func (s *textScribe) begin(title string) {
	s.put(title, "\n", exportedOn(), "\n")
}

func (s *textScribe) conversation(p exportPast) {
	s.past, s.days = p, days{}
	s.put("\n", strings.Repeat("=", 72), "\n", p.between())
	if p.description != "" {
		s.put(", ", p.description)
	}
	s.put("\n")
}

func (s *textScribe) line(msg im.Message) {
	if day := s.days.next(msg.Time.Local()); day != "" {
		s.put("\n--- ", day, " ---\n")
	}
	s.put("[", msg.Time.Local().Format("2006-01-02 15:04:05"), "] ")
	for _, mark := range marksOf(msg) {
		s.put("(", mark, ") ")
	}
	if msg.Kind == im.Chat {
		s.put(s.past.by(msg), ": ")
	} else {
		s.put("* ")
	}
	s.put(strings.ReplaceAll(textOf(msg), "\n", "\n    "), "\n")
}

func (s *textScribe) end() {}

func (s *textScribe) put(parts ...string) {
	for _, p := range parts {
		s.w.WriteString(p)
	}
}

// textOf is what a line says, as it is safe to show: with all that ends lines made
// the same.
func textOf(msg im.Message) string {
	return endings.Replace(conversation.Clean(msg.Text.String()))
}

var endings = strings.NewReplacer("\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n")

// by is who wrote a line.
func (p exportPast) by(msg im.Message) string {
	if msg.Out {
		return p.self
	}
	return p.name
}

// marksOf is what there is to know of a line beside what it says.
func marksOf(msg im.Message) (marks []string) {
	switch msg.Seal.Level {
	case im.Verified:
		marks = append(marks, lang.As("a mark of a line", "private"))
	case im.Private:
		marks = append(marks, lang.As("a mark of a line", "private, unverified"))
	}
	if msg.Late {
		marks = append(marks, lang.As("a mark of a line", "delayed"))
	}
	if msg.Edited {
		marks = append(marks, lang.As("a mark of a line", "edited"))
	}
	switch {
	case msg.State == im.Failed, msg.State == im.Waiting:
		marks = append(marks, lang.As("a mark of a line", "not sent"))
	case msg.State == im.Sending:
		marks = append(marks, lang.As("a mark of a line", "under way"))
	}
	return marks
}

// days tells when another day begins, or another time zone.
type days struct{ last string }

// next is a heading if the line is of another day than the one before.
func (d *days) next(t time.Time) string {
	day := lang.F("%s, %s (UTC%s)", im.Weekday(t.Weekday()), im.Date(t), t.Format("-07:00"))
	if day == d.last {
		return ""
	}
	d.last = day
	return day
}
