package messenger

import (
	"slices"

	"culver/im"
	"culver/protocol"
)

// maxEarly bounds the texts of a conversation that wait.
const maxEarly = 64

// early is a text that has overtaken others on its way. A plugin has it wait for them.
type early struct {
	ticket uint64
	e      protocol.Received
	came   *wired
}

// wait keeps a text until it is ready.
func (c *chat) wait(x early) {
	if len(c.early) == maxEarly {
		c.early = slices.Delete(c.early, 0, 1)
	}
	c.early = append(c.early, x)
}

// readReady gives the plugins the texts that do not wait any more.
func (m *Messenger) readReady(c *chat) {
	for len(c.ready) > 0 {
		ticket := c.ready[0]
		c.ready = slices.Delete(c.ready, 0, 1)
		at := slices.IndexFunc(c.early, func(x early) bool { return x.ticket == ticket })
		if at < 0 {
			continue
		}
		x := c.early[at]
		c.early = slices.Delete(c.early, at, at+1)
		m.read(c, x.e, x.came, ticket)
	}
}

// Ready has a text that waits given to the plugin again, once that has returned.
func (h *hosted) Ready(c im.ConvID, ticket uint64) {
	ch, ok := h.m.chats[c]
	if !ok || h.ended {
		return
	}
	ch.ready = append(ch.ready, ticket)
	h.m.inbox.Put(func() { h.m.readReady(ch) })
}
