package otrplugin

import (
	"culver/im"
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

// saysOfKey reads from fingerprintFields whether the user has verified a key:
// he says so, or entered a fingerprint that he was given. That it is another one
// is also said in the conversation, where it stays.
func (p *Plugin) saysOfKey(c *chat, theirs otr.Fingerprint, values map[string]string) (verified bool, problem string) {
	given := values[fieldGiven]
	if blank(given) {
		return values[fieldVerified] == choiceHave, ""
	}
	problem, differs := p.compareGiven(c.id, theirs, given)
	if differs {
		p.alarm(c, problem)
	}
	return true, problem
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

// trust stores trust in a key, and tells what it changes in the conversation.
func (p *Plugin) trust(c *chat, k *knownKey, by proof) {
	if err := p.setTrust(k, by); err != nil {
		p.alarm(c, "What you said about the fingerprint of "+p.name(c)+" could not be saved: "+sentence(err.Error()))
		return
	}
	before := c.level
	p.reseal(c)
	if c.level != before {
		p.say(c, plain("The conversation with "+p.name(c)+" is now: "),
			withLevel(c.level, im.Text{{Text: c.level.String(), Link: im.GuideLink(pluginID, pageLevels)}}), plain("."))
	}
	p.openGate(c)
	p.changed()
}
