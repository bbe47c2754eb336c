package otrplugin

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// complaintEvery bounds how often the same trouble is told: a peer must not be
// able to fill the conversation with our own lines.
const complaintEvery = 30 * time.Second

// complaint is a trouble that is told only every so often: the name of an event
// of the engine, or one of these.
type complaint string

const (
	aboutLateQuery  complaint = "late query"
	aboutNewKey     complaint = "new key"
	aboutRefusedKey complaint = "refused key"
	aboutUnsavedKey complaint = "unsaved key"
	aboutAsked      complaint = "asked"
	aboutGivenUp    complaint = "given up"
	aboutRequests   complaint = "requests"
	aboutFailed     complaint = "failed"
	aboutElsewhere  complaint = "elsewhere"

	aboutKeyElsewhere   complaint = "key elsewhere"
	aboutMissed         complaint = "missed"
	aboutRefusedRequest complaint = "refused request"
)

// mayTell reports whether a complaint is due, and notes it.
func (p *Plugin) mayTell(c *chat, about complaint) bool {
	now := p.host.Now()
	if last, ok := c.told[about]; ok && now.Sub(last) < complaintEvery {
		return false
	}
	c.told[about] = now
	return true
}

// event acts on one thing that happened in the session.
func (p *Plugin) event(c *chat, e otr.Event) {
	name := p.name(c)
	switch e.Kind {
	case otr.GoneSecure:
		c.where.noteSince(e.Tag, p.host.Now())
		if c.elsewhere(e) {
			p.goneSecureElsewhere(c, e)
		} else {
			c.proved()
			p.goneSecure(c, e)
			p.reviewChoiceOf(c, e.Tag)
		}
	case otr.Refreshed:
		if c.elsewhere(e) {
			p.goneSecureElsewhere(c, e)
		} else {
			c.proved()
			p.refreshed(c, e)
		}
	case otr.PeerEnded:
		p.sessionEnded(c)
		p.say(c, withLevel(c.level, plain(lang.F("%s has ended the private conversation. Nothing you write will be sent "+
			"until you end it, too, or start it again: both are in the OTR menu.", name)+" ")), seeGuide(lang.T("What's this?"), pageLevels))
	case otr.Ended:
		p.sessionEnded(c)
		p.say(c, withLevel(c.level, plain(lang.F("The private conversation with %s has ended. From now on, others may be "+
			"able to read along.", name))))
	case otr.InstanceSwitched:
		p.switched(c, e)

	case otr.AskSecret:
		p.asked(c, e, false)
	case otr.AskAnswer:
		p.asked(c, e, true)
	case otr.SMPProgress:
		p.progress(c, e)
	case otr.SMPSuccess, otr.SMPFailure, otr.SMPAborted, otr.SMPCheated, otr.SMPError, otr.SMPExpired:
		p.decided(c, e)

	case otr.Unread:
		p.unread(c, e)

	case otr.KeyReceived:
		p.arrived(c, e)

	default:
		p.trouble(c, e)
	}
	clear(e.Key)
}

// trouble tells what went wrong, at most every so often for each kind.
func (p *Plugin) trouble(c *chat, e otr.Event) {
	name := p.name(c)
	var text string
	switch e.Kind {
	case otr.EncryptionRequired:
		text = lang.F("A private conversation with %s is being started; your line is sent once it is private.", name)
	case otr.NotInPrivate:
		text = lang.F("%s sent an encrypted message that cannot be read here, since there is no private conversation on this "+
			"side. Choose Start private conversation in the OTR menu, and ask for it again.", name)
	case otr.Unreadable:
		text = lang.F("An encrypted message from %s could not be read. If it happens again, choose Refresh private "+
			"conversation in the OTR menu.", name)
	case otr.Malformed:
		text = lang.F("A damaged OTR message came from %s; it was thrown away.", name)
	case otr.SetupFailed:
		text = lang.F("Setting up the private conversation with %s failed: what came did not fit together. Nothing has "+
			"changed; choose Start private conversation in the OTR menu to try again.", name)
	case otr.NoCommonVersion:
		text = lang.F("%s asks for a private conversation in a version of OTR that Culver does not speak.", name)
	case otr.PeerError:
		text = lang.F("The program of %s reports a problem: “%s”", name, words(e.Text))
	case otr.OtherInstance:
		p.tellOfMissed(c)
		return
	case otr.Reflected:
		text = lang.T("Your own OTR messages come back to you: either you talk to yourself, or somebody between sends them back.")
	case otr.Resent:
		text = lang.F("The last message to %s could not be read there and was sent again.", name)
	default:
		return
	}
	if p.mayTell(c, complaint(e.Kind.String())) {
		p.notice(c, text)
	}
}

// goneSecure: a private conversation began, or goes on with another key.
func (p *Plugin) goneSecure(c *chat, e otr.Event) {
	before, asked := c.level, c.asked()
	if !before.Encrypted() {
		c.newRecord()
	}
	defer p.askToKeep(c)
	how := p.meet(c, e.Fingerprint)
	if c.auth != nil && c.auth.fingerprint != e.Fingerprint && !(c.auth.picked && c.auth.stands(c)) {
		p.dropAuthentication(c, lang.F("The authentication of %s was stopped, because the key has changed.", p.name(c)))
	}
	c.stopWaiting()
	c.mute = false
	c.closeQuestion()
	c.about = otr.Fingerprint{}
	c.noteKey(e.Tag, e.Fingerprint)
	c.used = e.Fingerprint
	c.keepOpen = false
	p.reseal(c)
	if p.refused(c.id, e.Fingerprint) {
		p.tellRefused(c, e.Fingerprint, p.avoidRefused(c))
		p.askHeldAgain(c)
		return
	}
	if how == metOther {
		p.tellNewKey(c, e.Fingerprint, asked || before == im.Verified)
		p.askHeldAgain(c)
		return
	}
	p.tellStarted(c)
	if how == metFirst {
		p.say(c, plain(lang.F("%s has not been authenticated yet. To make sure who is at the other end, choose Authenticate "+
			"buddy in the OTR menu.", p.name(c))+" "), seeGuide(lang.T("How does that work?"), pageAuthenticate))
		return
	}
	p.warnOfLess(c, before)
}

// warnOfLess tells of a level that fell without anybody ending anything.
func (p *Plugin) warnOfLess(c *chat, before im.Level) {
	if before == im.Verified && c.level == im.Private {
		p.alarm(c, lang.F("%s now uses another key, which you have not verified. To make sure who it is, choose Authenticate "+
			"buddy in the OTR menu.", p.name(c)))
	}
}

// askHeldAgain has the lines that wait do so for the reason that there is now.
func (p *Plugin) askHeldAgain(c *chat) {
	if c.held {
		c.again = true
		p.release(c)
	}
}

func (c *chat) noteKey(tag uint32, f otr.Fingerprint) {
	if _, ok := c.keys[tag]; !ok && len(c.keys) >= maxDevices {
		clear(c.keys)
	}
	c.keys[tag] = f
}

// tellStarted says how private the conversation now is, and what is kept of it.
func (p *Plugin) tellStarted(c *chat) {
	text := linked(pageUnverified, "An {unverified} private conversation with %s has started.", p.name(c))
	if c.level == im.Verified {
		text = plain(lang.F("A private conversation with %s has started.", p.name(c)))
	}
	p.say(c, withLevel(c.level, text), plain(" "+p.keptSentence(c)))
}

// refreshed: new session keys, same long-term key. If the peer has several
// devices, it may be another one than before.
func (p *Plugin) refreshed(c *chat, e otr.Event) {
	before := c.level
	c.stopWaiting()
	p.turnTo(c, e)
	p.meet(c, e.Fingerprint)
	what := lang.F("The unverified private conversation with %s was refreshed.", p.name(c))
	if c.level == im.Verified {
		what = lang.F("The private conversation with %s was refreshed.", p.name(c))
	}
	p.say(c, withLevel(c.level, plain(what)))
	p.warnOfLess(c, before)
}

// switched: what we send goes to another device of the peer's from here on.
func (p *Plugin) switched(c *chat, e otr.Event) {
	before := c.level
	to, _ := c.instance(e.Tag)
	was := c.where.live
	if better, ok := p.preferred(c); ok && better.Tag != e.Tag && c.session.Select(better.Tag) {
		to = better
		e.Tag, e.Fingerprint = to.Tag, to.Fingerprint
	}
	p.turnTo(c, e)
	if p.refused(c.id, e.Fingerprint) {
		p.tellRefused(c, e.Fingerprint, p.avoidRefused(c))
		return
	}
	if to.Tag != was {
		p.tellOfSwitch(c, to)
	}
	c.where.live = to.Tag
	p.warnOfLess(c, before)
}

// turnTo notes the key of the device that the conversation goes on with.
func (p *Plugin) turnTo(c *chat, e otr.Event) {
	if c.auth != nil && c.auth.fingerprint != e.Fingerprint && !(c.auth.picked && c.auth.stands(c)) {
		p.dropAuthentication(c, lang.F("The authentication of %s was stopped, because another device answers now.", p.name(c)))
	}
	if c.used != e.Fingerprint {
		c.about = otr.Fingerprint{}
	}
	c.used = e.Fingerprint
	c.noteKey(e.Tag, e.Fingerprint)
	p.reseal(c)
}

// sessionEnded clears what lived with the private conversation. If another
// device of the peer's is still in one, that goes on.
func (p *Plugin) sessionEnded(c *chat) {
	if c.state() == otr.Encrypted {
		p.reseal(c)
		return
	}
	c.stopWaiting()
	c.closeQuestion()
	clear(c.keys)
	clear(c.devices)
	if c.where.sending == toChosen {
		c.where.sending, c.where.chosen = toBest, 0
	}
	p.dropAuthentication(c, lang.F("The authentication of %s was stopped, because the private conversation ended.", p.name(c)))
	p.reseal(c)
}
