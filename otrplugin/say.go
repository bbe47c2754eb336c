package otrplugin

import (
	"strconv"
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
		return lang.F("%s and %s", strings.Join(names[:most], ", "), count(n-most, "other", "others"))
	case n > 1:
		return lang.F("%s and %s", strings.Join(names[:n-1], ", "), names[n-1])
	default:
		return strings.Join(names, "")
	}
}

// count is a number of things, in words.
func count(n int, one, more string) string {
	if n == 1 {
		return lang.F("one %s", one)
	}
	return strconv.Itoa(n) + " " + more
}

func plain(s string) im.Text { return im.Plain(s) }

// seeGuide is words that open a page of the guide.
func seeGuide(words, page string) im.Text {
	return im.Text{{Text: words, Link: im.GuideLink(pluginID, page)}}
}

// withLevel puts the icon of a level before the text, for a line that tells of it.
func withLevel(l im.Level, t im.Text) im.Text {
	t[0].Icon, t[0].HasIcon = l, true
	return t
}
