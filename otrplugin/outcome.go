package otrplugin

import (
	"time"

	"culver/lang"
	"culver/otrplugin/otr"
)

// progress: SMP went on.
func (p *Plugin) progress(c *chat, e otr.Event) {
	if c.auth != nil && c.auth.step == running && c.auth.tag == e.Tag && e.Percent > c.auth.percent {
		c.auth.percent = min(e.Percent, 99)
		p.awaitPeer(c, c.auth)
		p.redraw(c)
	}
}

// slowAfter is how long the peer may take before the user is told that it is
// not the program that hangs.
const slowAfter = 30 * time.Second

func (p *Plugin) awaitPeer(c *chat, a *authentication) {
	a.stopWaiting()
	a.stopSlow = p.host.After(slowAfter, func() {
		if c.auth == a && a.step == running {
			a.slow = true
			p.redraw(c)
		}
	})
}

// decided: SMP came to its end, good or bad. What comes of it at another device
// than that of the dialog is not what it shows.
func (p *Plugin) decided(c *chat, e otr.Event) {
	a := c.auth
	name := p.name(c)
	if e.Kind == otr.SMPSuccess {
		p.succeeded(c, e)
		return
	}
	if a != nil && a.request() != nil && a.request().tag == e.Tag { // the user has not answered yet
		p.givenUp(c)
		return
	}
	if a == nil || a.step != running || a.tag != e.Tag {
		return
	}
	kept := ""
	if p.trusted(c.id, a.fingerprint) {
		kept = lang.T("You verified this key before, and that was not taken back; do so in the settings of OTR if you doubt it.")
	}
	var why string
	switch e.Kind {
	case otr.SMPFailure:
		why = lang.T("Authentication failed: the secrets are not the same. Either one of you mistyped or remembered it " +
			"differently (capital letters, spaces and accents count), or you are talking to an impostor.")
	case otr.SMPAborted:
		why = lang.F("The authentication was stopped at the other end. Either %s cancelled it, or the secrets are not the "+
			"same: some programs stop then. So it may be a mistyped secret, or an impostor.", name)
	case otr.SMPCheated:
		why = lang.T("The authentication was stopped: what came from the other end proves nothing. Somebody may be trying to " +
			"cheat, or a program is broken.")
	case otr.SMPExpired:
		why = lang.F("The authentication was stopped, because no answer came from %s. Try again when %s is there.", name, name)
	default:
		why = lang.T("The authentication was stopped by an error: a message came that did not fit. Please try again.")
	}
	p.failAuthentication(c, together(why, kept))
}

// givenUp: the peer does not want to know any more.
func (p *Plugin) givenUp(c *chat) {
	why := lang.F("%s gave up the authentication before you answered.", p.name(c))
	untold := true
	if c.auth.step == choosing {
		c.auth.next = nil
		p.redraw(c)
	} else {
		untold = p.leaveAuthentication(c, why)
	}
	if untold && p.mayTell(c, aboutGivenUp) {
		p.notice(c, why)
	}
}

// succeeded: the secrets are the same. Who answered a question knows nothing
// about the asker, who could have asked it of the real buddy: only the asker's
// trust grows then.
func (p *Plugin) succeeded(c *chat, e otr.Event) {
	a := c.auth
	name := p.name(c)
	if a == nil || a.step != running || a.tag != e.Tag || a.fingerprint != e.Fingerprint {
		return
	}
	k := p.knownKey(c.id, e.Fingerprint)
	if k == nil {
		return
	}
	if !a.ours && a.asksAnswer {
		text := lang.F("%s has authenticated you successfully.", name)
		if !k.trusted() {
			a.askBack = true
			text = together(text, lang.F("That tells %s who you are. You still don't know who asked: to make sure of %s, ask "+
				"a question of your own, too.", name, name))
		}
		p.finishAuthentication(c, text)
		return
	}
	p.finishAuthentication(c, lang.F("Authentication successful: it is %s at the other end.", name))
	by := proofSecret
	if a.asksAnswer {
		by = proofQuestion
	}
	p.trust(c, k, by)
}

// finishAuthentication shows what was reached.
func (p *Plugin) finishAuthentication(c *chat, result string) {
	c.auth.stopWaiting()
	c.auth.step, c.auth.percent, c.auth.result = over, 100, result
	p.redraw(c)
}

// failAuthentication shows why nothing was reached, and leaves a line of it in the
// conversation.
func (p *Plugin) failAuthentication(c *chat, problem string) {
	c.auth.stopWaiting()
	c.auth.step, c.auth.problem = over, problem
	p.redraw(c)
	if p.mayTell(c, aboutFailed) {
		p.say(c, plain(lang.F("The authentication of %s failed.", p.peerAt(c, c.auth))+" "),
			seeGuide(lang.T("What does that mean?"), pageAuthenticate))
	}
}

// mayRepeat reports that the user asked in vain, and may do so again.
func (a *authentication) mayRepeat() bool {
	return a.step == over && a.ours && !a.stayed && a.problem != ""
}

// checkAuthentication notices that the engine stopped SMP without a word, as
// when the keys were refreshed.
func (p *Plugin) checkAuthentication(c *chat) {
	if c.auth == nil || c.session != nil && c.session.SMPRunning() {
		return
	}
	switch c.auth.step {
	case choosing:
		if c.auth.next != nil {
			c.auth.next = nil
			p.redraw(c)
		}
	case answering:
		p.dropAuthentication(c, lang.F("The authentication of %s was interrupted.", p.name(c)))
	case running:
		p.failAuthentication(c, lang.T("The authentication was interrupted. Please try again."))
	}
}

// leaveAuthentication takes the dialog away, unless the user may be typing in it:
// then it stays, and says why. It reports whether that is still to be told.
func (p *Plugin) leaveAuthentication(c *chat, why string) (untold bool) {
	if a := c.auth; a.step == choosing || a.step == answering && a.typed {
		switch a.stayed = true; {
		case a.step == answering:
			why = together(why, lang.T("Your answer was not sent."))
		case a.typed:
			why = together(why, lang.T("Nothing you typed was sent."))
		}
		p.failAuthentication(c, why)
		return false
	}
	p.closeAuthentication(c)
	return true
}

// dropAuthentication ends the dialog, with a word if something was going on, to the
// peer, too, if he still waits at another device.
func (p *Plugin) dropAuthentication(c *chat, why string) {
	if c.auth == nil {
		return
	}
	step, begun := c.auth.step, c.auth.step != choosing || c.auth.next != nil
	if step == over {
		if c.auth.problem == "" { // nobody may take away what the user has to read
			p.closeAuthentication(c)
		}
		return
	}
	if p.leaveAuthentication(c, why) {
		p.notice(c, why)
	}
	if begun && !c.overtaken && c.session.SMPRunning() {
		p.abandon(c)
	}
}

// loseAuthentication gives up what cannot be finished: the connection is gone. The
// wizard stays; there is time until it comes back.
func (p *Plugin) loseAuthentication(c *chat) {
	if c.auth == nil || c.auth.request() == nil && c.auth.step != running {
		return
	}
	why := lang.F("The authentication of %s was stopped, because the connection was lost.", p.name(c))
	switch {
	case c.auth.step == choosing:
		c.auth.next = nil
		p.redraw(c)
	case p.leaveAuthentication(c, why):
		p.notice(c, why)
	}
	p.abandon(c)
}

// abandon stops SMP of which nothing is shown any more.
func (p *Plugin) abandon(c *chat) {
	if r, err := c.session.Abort(); err == nil {
		p.apply(c, r, "") // nobody may be there to read it
	}
}

// waitsFor is the device of the peer's without which it cannot go on, 0 if there is
// none yet.
func (a *authentication) waitsFor() uint32 {
	if a.step == choosing && a.next != nil {
		return a.next.tag
	}
	return a.tag
}
