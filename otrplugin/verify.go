package otrplugin

import (
	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// verifyByHand stores what the user says of the fingerprint that was shown.
func (p *Plugin) verifyByHand(c *chat, a *authentication, values map[string]string) {
	verified, problem := p.saysOfKey(c, a.fingerprint, values)
	if problem != "" {
		p.complain(c, problem)
		return
	}
	k := p.knownKey(c.id, a.fingerprint)
	p.closeWizard(c)
	if k != nil {
		p.verify(c, k, verified)
	}
}

// saysOfKey reads from fingerprintFields whether the user has verified a key. What
// he was given has to be the same then. That it is another one is also said in the
// conversation, where it stays.
func (p *Plugin) saysOfKey(c *chat, theirs otr.Fingerprint, values map[string]string) (verified bool, problem string) {
	m := p.compared(c.id, theirs, values[fieldGiven])
	if m.differs {
		p.alarm(c, m.problem)
	}
	if values[fieldVerified] != choiceHave {
		return false, ""
	}
	return true, m.problem
}

// match is what came of comparing what the user was given with the key shown.
type match struct {
	entered bool
	problem string // none: it is the same
	differs bool   // it is another key
}

// warning is what must not be overlooked.
func (m match) warning() string {
	if m.differs {
		return m.problem
	}
	return ""
}

func (p *Plugin) compared(id im.ConvID, theirs otr.Fingerprint, given string) match {
	if blank(given) {
		return match{}
	}
	problem, differs := p.compareGiven(id, theirs, given)
	return match{entered: true, problem: problem, differs: differs}
}

// verify stores what the user says of a fingerprint, and shows the difference.
func (p *Plugin) verify(c *chat, k *knownKey, verified bool) {
	by := proofNone
	if verified {
		by = proofFingerprint
	}
	if k.trusted() == verified && k.Trust != trustNone {
		return // it stays known how it was verified
	}
	p.trust(c, k, by)
}

// preferTrusted goes on with a key that was just verified, if by that the one that
// is written to has become one that nothing is sent to.
func (p *Plugin) preferTrusted(c *chat) {
	if c.where.sending == toChosen || !p.gated(c) {
		return
	}
	if i, ok := p.preferred(c); ok && p.acceptable(c.id, i.Fingerprint) && p.turn(c, i) {
		p.notice(c, lang.F("What you write goes to %s now.", p.nameAndLevel(c, i)))
		p.reviewSessions(c)
	}
}

// trust stores trust in a key, and tells what it changes in the conversation.
func (p *Plugin) trust(c *chat, k *knownKey, by proof) {
	if err := p.setTrust(k, by); err != nil {
		p.alarm(c, lang.F("What you said about the fingerprint of %s could not be saved: %s", p.name(c), inWords(err)))
		return
	}
	before := c.level
	p.preferTrusted(c)
	p.reseal(c)
	if c.level != before {
		p.say(c, levelLinked(c.level, linked(pageLevels, "The conversation with %s is now: {%s}.", p.name(c), c.level.String())))
	}
	p.openGate(c)
	p.changed()
}
