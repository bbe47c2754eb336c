package otrplugin

import (
	"slices"

	"culver/lang"
	"culver/otrplugin/otr"
)

// line is the number of a text of the session's for the core: no other text of the
// conversation has it, nor those of its sessions before.
func (c *chat) line(text uint64) uint64 {
	c.lines = max(c.lines, c.linesBefore+text)
	return c.linesBefore + text
}

// unread tells the core of lines that the peer may not have read.
func (p *Plugin) unread(c *chat, e otr.Event) {
	lines := slices.Clone(e.Texts)
	for n := range lines {
		lines[n] += c.linesBefore
	}
	p.host.Doubt(c.id, lines, lang.F("It is not certain that %s could read this line: perhaps their program had other keys. "+
		"If it was not read, send it again.", p.name(c)))
}
