package otrplugin

import (
	"cmp"

	"culver/lang"
	"culver/otrplugin/otr"
)

// accept lets lines go to the holder of f: the user said so.
func (p *Plugin) accept(c *chat, f otr.Fingerprint) {
	k := p.knownKey(c.id, f)
	if k == nil {
		return
	}
	if !p.acceptable(c.id, f) {
		if err := p.setAccepted(k); err != nil {
			p.undecided(c, lang.F("Your lines stay waiting, because your decision could not be saved: %s", inWords(err)))
			return
		}
		p.notice(c, lang.F("You accepted a key of %s without verifying it. What you write to it is sent; the conversation "+
			"stays Unverified. The fingerprint is %s.", p.name(c), f.String()))
	}
	p.openGate(c)
}

// undecided tells that a decision has come to nothing.
func (p *Plugin) undecided(c *chat, why string) {
	if c.newKey != nil {
		c.newKey.problem = why
		p.redrawKey(c)
	}
	p.alarm(c, why)
}

// openGate sends what waited for the key to be accepted, once it is.
func (p *Plugin) openGate(c *chat) {
	p.reviewKey(c)
	if _, ok := c.peerKey(); !ok || p.gated(c) {
		return
	}
	c.closeQuestion()
	r, err := c.session.Release()
	if err := p.do(c, "", r, err); err != nil {
		p.notice(c, lang.F("A message that waited could not be sent again: %s", inWords(err)))
	}
	p.askInDoubt(c)
	p.changed()
}

// refuse lets nothing go to a key, now and when it comes back, and ends what is
// private with it.
func (p *Plugin) refuse(c *chat, k *knownKey) {
	if k.trusted() {
		return
	}
	if err := p.setRefused(k); err != nil {
		p.undecided(c, together(lang.F("The key was not refused, because that could not be saved: %s", inWords(err)),
			lang.T("Nothing is sent to it as long as you don't accept it.")))
		return
	}
	p.closeKeyQuestion(c)
	text := lang.F("You refused a key of %s; nothing is sent to it.", p.name(c))
	switch was, moved := c.peerKey(); {
	case p.avoidRefused(c): // before the other ends, or that would look like the peer's doing
		if now, ok := c.instance(c.session.TheirTag()); ok && moved && was != now.Fingerprint {
			text = together(text, lang.F("What you write goes to %s again.", p.nameAndLevel(c, now)))
		}
		p.endRefused(c, k.fingerprint)
	case p.endRefused(c, k.fingerprint):
		text = together(text, lang.T("The private conversation has ended; what you write waits for the next one."))
	}
	if len(p.known[c.id]) > 1 {
		text = together(text, lang.T("To change that, choose Keys of this buddy in the OTR menu."))
	} else {
		text = together(text, inKnownFingerprints())
	}
	p.notice(c, text)
	p.settle(c)
	p.askHeldAgain(c)
	p.changed()
}

// avoidRefused goes on with another device of the peer's, one whose key is
// accepted, if what is written would go to a refused one. It reports whether
// there is such a device.
func (p *Plugin) avoidRefused(c *chat) bool {
	f, ok := c.peerKey()
	if !ok || !p.refused(c.id, f) {
		return false
	}
	to, ok := p.otherThan(c, f)
	if !ok || !c.session.Select(to.Tag) {
		return false
	}
	if c.where.sending == toChosen {
		c.where.sending, c.where.chosen = toBest, 0
	}
	p.turnTo(c, otr.Event{Tag: to.Tag, Fingerprint: to.Fingerprint})
	return true
}

// endRefused ends the private conversation with a key just refused, at all devices
// that have it. It reports whether no other device is left: what is typed then
// waits for one, for the user did not choose to talk in clear.
func (p *Plugin) endRefused(c *chat, f otr.Fingerprint) (all bool) {
	var refused, others []otr.Instance
	for _, i := range c.privates() {
		if i.Fingerprint == f {
			refused = append(refused, i)
		} else {
			others = append(others, i)
		}
	}
	switch {
	case len(refused) == 0:
		return false
	case len(others) > 0:
		for _, i := range refused {
			p.tellUntold(c, p.endSessionAt(c, i.Tag))
		}
		return false
	}
	c.keepOpen, c.wished = false, true
	r, err := c.session.End()
	err = cmp.Or(err, p.put(c, r, ""))
	c.session.SetPolicy(p.sessionPolicy(c))
	p.sessionEnded(c)
	p.tellUntold(c, err)
	return true
}

func (p *Plugin) tellUntold(c *chat, err error) {
	if err != nil {
		p.notice(c, lang.F("%s could not be told that the private conversation has ended: %s", p.name(c), inWords(err)))
	}
}

// tellRefused tells, now and then, that a refused key is there again.
func (p *Plugin) tellRefused(c *chat, f otr.Fingerprint, elsewhere bool) {
	k := p.knownKey(c.id, f)
	if k == nil || !p.mayTell(c, aboutRefusedKey) {
		return
	}
	text := lang.F("%s shows a key that you refused.", p.name(c))
	if day := p.day(k.RefusedAt); day != "" {
		text = lang.F("%s shows a key that you refused on %s.", p.name(c), day)
	}
	sent := lang.T("Nothing you write is sent to it.")
	if elsewhere {
		sent = lang.T("Nothing you write is sent to it; it goes to the other device.")
	}
	p.alarm(c, together(text, sent, inKnownFingerprints()))
}

func inKnownFingerprints() string {
	return lang.T("To change that, open Known fingerprints in the settings of OTR.")
}

// waitingForKey is why a line waits although the conversation is private.
func (p *Plugin) waitingForKey(c *chat) string {
	if f, ok := c.peerKey(); ok && p.refused(c.id, f) {
		return lang.F("Waiting, because you refused the key that %s shows", p.name(c))
	}
	return lang.F("Waiting for your decision about the new key of %s (in the OTR menu)", p.name(c))
}
