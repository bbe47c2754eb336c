package otrplugin

import (
	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// AccountOnline goes on with what waited for the connection; private
// conversations outlive a short break of it. A broken connection stops
// authentications, which would never end.
func (p *Plugin) AccountOnline(id im.AccountID, online bool) {
	if !online {
		for _, c := range p.sortedChats(id) {
			p.loseAuthentication(c)
			c.stopWaiting()
			if c.state() == otr.Plaintext {
				c.closeQuestion() // nothing can be sent now
			}
			c.newCompany()
		}
		p.changed()
		return
	}
	if a := p.account(id); a.state == keyUnknown && p.speaks(id) {
		p.loadKey(a)
	}
	for _, c := range p.sortedChats(id) {
		if c.session == nil {
			continue
		}
		c.session.SetMaxFragment(p.host.MaxMessage(id))
		if c.held && (c.doubts() || c.state() == otr.Plaintext && p.mustWait(c)) {
			p.ask(c)
		}
	}
	p.changed()
}

// AccountRemoved forgets all that belonged to the account, its key included.
func (p *Plugin) AccountRemoved(id im.AccountID) {
	for _, c := range p.sortedChats(id) {
		if c.state() == otr.Encrypted {
			p.endSession(c)
		}
		c.forget()
		delete(p.chats, c.id)
	}
	if a := p.accounts[id]; a != nil {
		a.wipe()
		a.removed = true
		delete(p.accounts, id)
	}
	p.deleteKey(id)
	p.forgetAccount(id)
	p.changed()
}

// Shows does what is to be done when the peer comes or goes, or one of their devices.
func (p *Plugin) Shows(id im.ConvID, before, after im.Show, gone string) {
	switch {
	case before == im.Offline && after != im.Offline:
		p.peerOnline(id)
	case before != im.Offline && after == im.Offline:
		p.peerOffline(id)
	case gone != "":
		p.deviceOffline(id, gone)
	}
}

// peerOnline asks again on behalf of lines that wait: nobody was there to answer.
func (p *Plugin) peerOnline(id im.ConvID) {
	c := p.chats[id]
	if c == nil {
		return
	}
	c.newCompany()
	p.askUnbidden(c)
	p.changed()
}

// newCompany: somebody was away, or comes. What the user chose, or found out, was
// about who was there then.
func (c *chat) newCompany() { c.keepOpen, c.mute = false, false }

// peerOffline: the private conversation stays, for the peer may come back with
// it. Only what needs an answer now is given up.
func (p *Plugin) peerOffline(id im.ConvID) {
	if c := p.chats[id]; c != nil {
		p.loseAuthentication(c)
		c.newCompany()
		clear(c.devices) // they may come back as others
		c.peerAway()
	}
	p.changed()
}

// SigningOff ends the private conversations of the account, and tells the
// peers so. It is not the end that the user chooses by End: what is typed next
// waits until the conversation is private again.
func (p *Plugin) SigningOff(id im.AccountID) {
	for _, c := range p.sortedChats(id) {
		if c.state() == otr.Encrypted {
			c.wished = true
			p.endSession(c)
			p.notice(c, lang.F("What you write next to %s waits until the private conversation has been started again.", p.name(c)))
		}
	}
}
