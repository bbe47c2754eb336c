package gui

import (
	"strings"
	"testing"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/messenger"
)

func drawnBy(m im.Message) line {
	c := &chatLines{timeline: conversation.NewTimeline(nil), icons: newIcons(), stamp: func(t time.Time) string { return stamp(t, time.Now(), messenger.TimesWhole) },
		name: func() string { return "Bob" }, self: func() string { return "me" },
		acts: lineActs{again: func(string) {}, edit: func(string) {}, discard: func(string) {}}}
	return c.draw(m, neighbours{})
}

func textOf(l line) string {
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

func TestLinesTellKindsApart(t *testing.T) {
	notice := drawnBy(im.Message{Kind: im.Notice, Text: im.Plain("signed off")})
	alarm := drawnBy(im.Message{Kind: im.Alarm, Text: im.Plain("NOT encrypted")})
	sealed := drawnBy(im.Message{Text: im.Plain("x"), Seal: im.Seal{Level: im.Verified}})
	open := drawnBy(im.Message{Text: im.Plain("x")})
	late := drawnBy(im.Message{Text: im.Plain("x"), Late: true})
	if notice.bar != "" || notice.spans[len(notice.spans)-1].style&im.Italic == 0 {
		t.Errorf("a notice: %+v", notice)
	}
	if alarm.bar != colorAlarm || alarm.back == "" || alarm.spans[len(alarm.spans)-1].style&im.Bold == 0 {
		t.Errorf("an alarm: %+v", alarm)
	}
	if notice.mark.icon != nil || alarm.mark.name != "Warning" || sealed.mark.name != "Private" || open.mark.name != "Not private" {
		t.Errorf("marks: %q, %q, %q, %q", notice.mark.name, alarm.mark.name, sealed.mark.name, open.mark.name)
	}
	if !strings.Contains(textOf(late), "sent earlier") {
		t.Errorf("late: %q", textOf(late))
	}
}

func TestLinesCannotImitate(t *testing.T) {
	l := drawnBy(im.Message{Text: im.Text{{Text: "a\x00b\x1b[1m\tc", Link: "javascript:alert(1)"}}})
	if got := textOf(l); got != "Bob: ab[1m    c" {
		t.Errorf("%q", got)
	}
	for _, s := range l.spans {
		if s.link != "" {
			t.Errorf("a link to %q", s.link)
		}
	}
}

func TestStamp(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.Local)
	for _, c := range []struct {
		t    time.Time
		look string
		want string
	}{
		{now.Add(-time.Hour), messenger.TimesWhole, "(11:00:00) "},
		{now.Add(-13 * time.Hour), messenger.TimesWhole, "(2026-03-03 23:00:00) "},
		{now.AddDate(1, 0, 0), messenger.TimesWhole, "(2027-03-04 12:00:00) "},
		{now.Add(-time.Hour), messenger.TimesMinutes, "(11:00) "},
		{now.Add(-13 * time.Hour), messenger.TimesMinutes, "(2026-03-03 23:00) "},
		{now, messenger.TimesNone, ""},
		{time.Time{}, messenger.TimesWhole, ""},
	} {
		if got := stamp(c.t, now, c.look); got != c.want {
			t.Errorf("%v is %q, not %q", c.t, got, c.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                           "plain",
		" two\nlines\tand  gaps ":         "two lines and gaps",
		"evil\u202egnp.exe":               "evilgnp.exe",
		"a\u2066b\u2069c\u200f":           "abc",
		"\x00\x07bell":                    "bell",
		"bad\xffutf8":                     "badutf8",
		strings.Repeat("x", 30) + " tail": strings.Repeat("x", 20) + "…",
	} {
		if got := oneLine(in, 20); got != want {
			t.Errorf("%q is %q, not %q", in, got, want)
		}
	}
}

func TestOpenable(t *testing.T) {
	for link, want := range map[string]bool{
		"https://example.org/a?b#c": true, "http://example.org": true, "HTTP://EXAMPLE.ORG": true,
		"xmpp:bob@example.org": true, "xmpp:bob@example.org?message": true,
		"": false, "javascript:alert(1)": false, "file:///etc/passwd": false, "https:///nohost": false, "https://": false,
		"data:text/html,x": false, "ssh://host": false, "https://exa mple.org": false, "https://example.org/\n": false,
		"https://example.org/\u202e": false, "mailto:a@b": false, "http:opaque": false,
	} {
		if _, ok := openable(link); ok != want {
			t.Errorf("%q: %v", link, ok)
		}
	}
}

func TestLinkTarget(t *testing.T) {
	for link, want := range map[string]string{
		"https://bank.example@evil.example/login": "evil.example",
		"https://example.org:8443/x":              "example.org",
		"xmpp:bob@example.org?message":            "bob@example.org?message",
	} {
		u, ok := openable(link)
		if !ok {
			t.Fatalf("%q cannot be opened", link)
		}
		if got := linkTarget(u); got != want {
			t.Errorf("%q leads to %q, not %q", link, got, want)
		}
	}
}

func FuzzOpenable(f *testing.F) {
	f.Add("https://example.org/")
	f.Add("xmpp:a@b")
	f.Fuzz(func(t *testing.T, link string) {
		u, ok := openable(link)
		if !ok {
			return
		}
		switch strings.ToLower(u.Scheme) {
		case "http", "https", "xmpp":
		default:
			t.Errorf("%q may be opened", link)
		}
		if strings.ContainsAny(linkTarget(u), "\n\r\x00") {
			t.Errorf("%q leads to %q", link, linkTarget(u))
		}
	})
}

func TestWaitingIsSaidOnce(t *testing.T) {
	for reason, want := range map[string]string{
		"":                          "Waiting",
		"not connected":             "Waiting: not connected",
		"Waiting for your decision": "Waiting for your decision",
	} {
		l := drawnBy(im.Message{Out: true, Text: im.Plain("x"), State: im.Waiting, Reason: reason})
		if got := textOf(l); got != "me: x\n"+want+"  Edit  Discard" {
			t.Errorf("%q is drawn as %q", reason, got)
		}
	}
}
