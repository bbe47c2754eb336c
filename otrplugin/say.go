package otrplugin

import (
	"fmt"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
)

// say shows a line in the conversation that is more than plain text.
func (p *Plugin) say(c *chat, parts ...im.Text) {
	var t im.Text
	for _, part := range parts {
		t = append(t, part...)
	}
	p.host.Notice(c.id, im.Notice, t)
}

// listed is names in a sentence, no more than the most and how many others there are.
func listed(names []string, most int) string {
	switch n := len(names); {
	case n > most:
		first, others := strings.Join(names[:most], ", "), n-most
		return count(others, lang.F("%s and one other", first), lang.N(others, "%s and %d other", "%s and %d others", first, others))
	case n > 1:
		return lang.F("%s and %s", strings.Join(names[:n-1], ", "), names[n-1])
	default:
		return strings.Join(names, "")
	}
}

// count chooses what is said of a number of things: one is in words.
func count(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// fingerprints is so many of them.
func fingerprints(n int) string {
	return count(n, lang.T("one fingerprint"), lang.N(n, "%d fingerprint", "%d fingerprints", n))
}

// buddies is so many of them.
func buddies(n int) string {
	return count(n, lang.T("one buddy"), lang.N(n, "%d buddy", "%d buddies", n))
}

// settingsOfBuddies are those of so many.
func settingsOfBuddies(n int) string {
	return count(n, lang.T("settings of one buddy"), lang.N(n, "settings of %d buddy", "settings of %d buddies", n))
}

// verifiedOfThem says how many of the fingerprints just named are.
func verifiedOfThem(n int) string {
	return count(n, lang.T("one of them verified"), lang.N(n, "%d of them verified", "%d of them verified", n))
}

// inQuestionOfThem says how many of the fingerprints just named are.
func inQuestionOfThem(n int) string {
	return count(n, lang.T("one of them in question"), lang.N(n, "%d of them in question", "%d of them in question", n))
}

// together is sentences, one after the other.
func together(sentences ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(sentences), func(s string) bool { return s == "" }), " ")
}

// linked is a text, of which what is in braces opens a page of the guide.
//
//culver:text 1
func linked(page, format string, args ...any) im.Text {
	if false {
		_ = fmt.Sprintf(format, args...) // so that vet looks at it
	}
	const begin, end = "\x01", "\x02" // which names do not have
	marked := strings.NewReplacer("{", begin, "}", end).Replace(lang.Of(format))
	before, rest, _ := strings.Cut(fmt.Sprintf(marked, args...), begin)
	words, after, _ := strings.Cut(rest, end)
	all := im.Text{{Text: before}, {Text: words, Link: im.GuideLink(pluginID, page)}, {Text: after}}
	return slices.DeleteFunc(all, func(s im.Span) bool { return s.Text == "" })
}

func plain(s string) im.Text { return im.Plain(s) }

// seeGuide is words that open a page of the guide.
func seeGuide(words, page string) im.Text {
	return im.Text{{Text: words, Link: im.GuideLink(pluginID, page)}}
}

// levelLinked puts the icon of a level before its name, which is the link in the text.
func levelLinked(l im.Level, t im.Text) im.Text {
	for i := range t {
		if t[i].Link != "" {
			t[i].Icon, t[i].HasIcon = l, true
		}
	}
	return t
}

// withLevel puts the icon of a level before the text, for a line that tells of it.
func withLevel(l im.Level, t im.Text) im.Text {
	t[0].Icon, t[0].HasIcon = l, true
	return t
}
