package messenger

import (
	"slices"

	"culver/im"
)

// numbered is a sealed line, the name under which it left, and the number by which the
// plugin that sealed it calls it.
type numbered struct {
	number uint64
	line   string
	name   string
}

// maxNumbered bounds the lines of a conversation of which that is kept.
const maxNumbered = 1024

func (c *chat) number(line, name string, number uint64) {
	if number == 0 {
		return
	}
	if len(c.numbered) == maxNumbered {
		c.numbered = slices.Delete(c.numbered, 0, maxNumbered/2)
	}
	c.numbered = append(c.numbered, numbered{number, line, name})
}

// leftAs is the name under which a line left that a plugin sealed, by its number; empty
// if there is no such line.
func (c *chat) leftAs(by string, number uint64) string {
	i := slices.IndexFunc(c.numbered, func(n numbered) bool { return n.number == number })
	if i < 0 {
		return ""
	}
	if msg, ok := c.timeline.Find(c.numbered[i].line); !ok || msg.Seal.By != by {
		return ""
	}
	return c.numbered[i].name
}

// Doubt fails lines that the peer may not have read.
func (h *hosted) Doubt(c im.ConvID, lines []uint64, why string) {
	if ch, ok := h.m.chats[c]; ok && !h.ended {
		h.m.inbox.Put(func() { h.m.doubt(ch, h.plugin.Info().ID, lines, why) })
	}
}

func (m *Messenger) doubt(c *chat, by string, lines []uint64, why string) {
	var doubted []string
	c.numbered = slices.DeleteFunc(c.numbered, func(n numbered) bool {
		if !slices.Contains(lines, n.number) {
			return false
		}
		doubted = append(doubted, n.line)
		return true
	})
	for _, line := range doubted {
		m.inTurns(func() {
			if msg, ok := c.timeline.Find(line); ok && msg.Seal.By == by && (msg.State == im.Done || msg.State == im.Sending) {
				m.fail(c, msg, why)
			}
		})
	}
}
