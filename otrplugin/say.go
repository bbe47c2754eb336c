package otrplugin

import "culver/im"

// say shows a line in the conversation that is more than plain text.
func (p *Plugin) say(c *chat, kind im.Kind, parts ...im.Text) {
	var t im.Text
	for _, part := range parts {
		t = append(t, part...)
	}
	p.host.Notice(c.id, kind, t)
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
