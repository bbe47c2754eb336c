package otrplugin

import (
	"time"

	"culver/otrplugin/otr"
)

// unbidden is the queries that a peer causes by coming online while lines wait.
// Between two of them without a sign of the peer's keys lies more and more time:
// whoever comes and goes all the time, or a server that pretends so, is not sent one
// each time.
type unbidden struct {
	count int // since the last sign
	last  time.Time
	stop  func() // of the one that is put off; nil: none is
}

// apart is the least time after the first of them, the second, and all later ones.
var apart = [...]time.Duration{time.Minute, 5 * time.Minute, time.Hour}

// wait is how long it takes until the next one may leave.
func (u *unbidden) wait(now time.Time) time.Duration {
	if u.count == 0 {
		return 0
	}
	return u.last.Add(apart[min(u.count, len(apart))-1]).Sub(now)
}

// reset: the peer gave a sign, or the user starts anew.
func (u *unbidden) reset() {
	if u.stop != nil {
		u.stop()
	}
	*u = unbidden{}
}

// askUnbidden asks again on behalf of lines that wait, now or as soon as it may.
func (p *Plugin) askUnbidden(c *chat) {
	if !p.waitsForPeer(c) || c.unbidden.stop != nil {
		return
	}
	if wait := c.unbidden.wait(p.host.Now()); wait > 0 {
		c.unbidden.stop = p.host.After(wait, func() {
			c.unbidden.stop = nil
			if _, there := p.host.Online(c.id); there && !c.asked() {
				p.askUnbidden(c)
			}
		})
		return
	}
	c.unbidden.count++
	c.unbidden.last = p.host.Now()
	c.closeQuestion() // it was about nobody answering
	c.stopWaiting()
	p.ask(c)
}

// waitsForPeer reports that lines wait for nothing but an answer of the peer's.
func (p *Plugin) waitsForPeer(c *chat) bool {
	return c.held && p.accounts[c.id.Account].waitsForNothing() &&
		(c.doubts() || c.state() == otr.Plaintext && p.mustWait(c))
}
