package otrplugin

import (
	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// tellNewKey tells that the private conversation goes on with a key that the user
// never accepted. A peer can show another one every moment, so if one was told
// of just now, the rest is put off, but never left out: meanwhile nothing is
// sent to the key, and the level says Unverified. What must be told at once is
// what the user asked for, and that a verified key was left.
func (p *Plugin) tellNewKey(c *chat, f otr.Fingerprint, atOnce bool) {
	if !p.mayTell(c, aboutNewKey) && !atOnce {
		p.tellNewKeyLater(c)
		return
	}
	c.stopTellingLater()
	p.tellStarted(c)
	p.host.Notice(c.id, im.Alarm, p.newKeyText(c, f))
}

// tellNewKeyLater tells of the key that is in use when it is due.
func (p *Plugin) tellNewKeyLater(c *chat) {
	if c.stopNewKey != nil {
		return
	}
	due := c.told[aboutNewKey].Add(complaintEvery)
	c.stopNewKey = p.host.After(due.Sub(p.host.Now()), func() {
		c.stopNewKey = nil
		if f, ok := c.peerKey(); ok && p.gated(c) {
			p.tellNewKey(c, f, false)
		}
	})
}

func (c *chat) stopTellingLater() {
	if c.stopNewKey != nil {
		c.stopNewKey()
		c.stopNewKey = nil
	}
}

// newKeyText is short: the window about the key says the rest.
func (p *Plugin) newKeyText(c *chat, f otr.Fingerprint) im.Text {
	name := p.name(c)
	what := lang.F("%s shows a key that you have never seen; another one was known before.", name)
	switch {
	case p.trustsOther(c.id, f):
		what = lang.F("WARNING: %s shows a key that you have not verified, although you verified another one before.", name)
	case p.formerKey(c.id, f) == nil:
		what = lang.F("%s shows a key that you have never seen; another one may have been known before.", name)
	}
	return im.Text{
		{Text: what, Style: im.Bold},
		{Text: " " + lang.T("Nothing is sent to it until you decide. To make sure who it is, choose Authenticate buddy in the OTR menu.")},
	}
}
