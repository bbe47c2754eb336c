package otrplugin

import (
	"time"

	"culver/otrplugin/otr"
	"culver/plugin"
)

// earlyWait is how long a sealed message waits for others that were sent before it
// and have not come yet. Servers mix up the order when a broken connection is
// resumed; what is read too late cannot be read at all.
const earlyWait = 2 * time.Second

// early are the messages of a conversation that have overtaken others.
type early struct {
	waiting map[uint64]earlyOne // by the engine's number
	ready   map[uint64]earlyOne // by ticket: what has come of them is still to be shown
	stop    func()              // the timer; nil: none runs
	due     time.Time           // when that ends
}

type earlyOne struct {
	ticket   uint64
	resource string
	late     bool
	result   otr.Result
}

// forget forgets them all.
func (e *early) forget() {
	if e.stop != nil {
		e.stop()
	}
	*e = early{}
}

// keepEarly notes a message that waits in the engine, if it does, and returns its
// ticket.
func (p *Plugin) keepEarly(c *chat, r otr.Result, resource string, late bool) (ticket uint64) {
	if r.Early == 0 {
		return 0
	}
	if c.early.waiting == nil {
		c.early.waiting, c.early.ready = make(map[uint64]earlyOne), make(map[uint64]earlyOne)
	}
	p.tickets++
	c.early.waiting[r.Early] = earlyOne{ticket: p.tickets, resource: resource, late: late}
	return p.tickets
}

// ripen has messages shown that wait no longer, and sees to it that the others do
// not wait for ever.
func (p *Plugin) ripen(c *chat, results []otr.Result) {
	for _, r := range results {
		if x, ok := c.early.waiting[r.Early]; ok {
			delete(c.early.waiting, r.Early)
			x.result = r
			c.early.ready[x.ticket] = x
			p.host.Ready(c.id, x.ticket)
		}
	}
	if c.session == nil {
		return
	}
	at, ok := c.session.Due()
	if c.early.stop != nil {
		if !ok || !at.Before(c.early.due) {
			return
		}
		c.early.stop()
	}
	if ok {
		c.early.due = at
		c.early.stop = p.host.After(max(at.Sub(p.host.Now()), 0), func() {
			c.early.stop = nil
			if c.session != nil {
				p.apply(c, c.session.Tick(), "")
			}
		})
	}
}

// readEarly shows a message that has waited, and does what it asks for.
func (p *Plugin) readEarly(c *chat, ticket uint64) plugin.In {
	x, ok := c.early.ready[ticket]
	if !ok {
		return plugin.In{Drop: true}
	}
	delete(c.early.ready, ticket)
	if x.late {
		return p.digestLate(c, x.result)
	}
	return p.digest(c, x.result, x.resource)
}
