package otrplugin

import (
	"culver/otrplugin/otr"
	"culver/plugin"

	"culver/lang"
)

// When the peer's last device was away, its program may have been started anew, and
// the private conversation be gone there. Some programs, those with libotr among
// them, report nothing about a line that they cannot read: it would be lost, and
// nobody would be told. So the first lines after that wait, and a query goes out;
// they leave when the peer has shown keys, by its answer or by a message sealed with
// those that are in use:
//
//	sure --peer goes offline--> in doubt --a line is typed--> lines wait, query is out
//	 ^                             |                              |
//	 +-------sealed message, new keys, end of the conversation----+
//	 +-------no answer from somebody who is there-----------------+

// doubts reports that what is sealed now may be lost.
func (c *chat) doubts() bool { return c.doubted && c.state() == otr.Encrypted }

// peerAway: from here on it is not certain what the peer can read.
func (c *chat) peerAway() { c.doubted = c.state() == otr.Encrypted }

// makeSure lets a line wait, and asks the peer for a sign of its keys.
func (p *Plugin) makeSure(c *chat) (out plugin.Out, wait bool) {
	if !c.doubts() {
		return plugin.Out{}, false
	}
	name := p.name(c)
	if _, there := p.host.Online(c.id); !there {
		return c.hold(lang.F("Waiting until %s is back: it is not certain that %s can still read this", name, name)), true
	}
	out = c.hold(lang.F("Waiting to see whether %s can still read this", name))
	p.ask(c)
	if !c.asked() { // it cannot be asked for; that was told
		c.doubted = false
		return plugin.Out{}, false
	}
	return out, true
}

// askInDoubt asks on behalf of lines that waited for something else until now.
func (p *Plugin) askInDoubt(c *chat) {
	if _, there := p.host.Online(c.id); there && c.held && c.doubts() {
		p.ask(c)
	}
}

// proved notes that the peer has the keys which lines are sealed with.
func (c *chat) proved() {
	c.doubted = false
	c.unbidden.reset()
}

// believe gives up waiting for a sign of somebody who is there and gives none.
func (p *Plugin) believe(c *chat) {
	if _, there := p.host.Online(c.id); there && c.doubts() {
		c.doubted = false
		p.settle(c)
	}
}
