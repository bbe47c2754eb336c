package otrplugin

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// answerWithin is how long a peer may take to answer a query before the user is
// told; nothing is given up then.
const answerWithin = 20 * time.Second

// exchangeWithin is how long that may take if an answer has come and the key
// exchange is under way: on a slow link, its messages take their time.
const exchangeWithin = 2 * time.Minute

// start does what the menu says: it asks for a private conversation, or
// refreshes it. What the user wishes stands even if the key is out of reach now:
// nothing typed after this leaves in clear once it is back.
func (p *Plugin) start(c *chat) {
	c.talked = true
	c.keepOpen = false
	c.putOff = time.Time{}
	c.mute = false
	c.unbidden.reset()
	c.wished = c.state() != otr.Encrypted
	name := p.name(c)
	if !p.needKey(c.id.Account) {
		if a := p.account(c.id.Account); a.outOfReach() {
			p.alarm(c, p.keyFailure(a))
			return
		}
		c.startWhenReady = true
		p.notice(c, lang.F("Preparing your private key; the private conversation with %s starts after that.", name))
		return
	}
	if c.state() == otr.Encrypted {
		p.notice(c, lang.F("Attempting to refresh the private conversation with %s…", name))
	} else {
		p.notice(c, lang.F("Attempting to start a private conversation with %s…", name))
	}
	c.stopWaiting()
	p.ask(c)
	c.starts = c.asked()
}

// ask sends the query once, and waits for an answer.
func (p *Plugin) ask(c *chat) { p.askAt(c, "") }

// askAt sends it to one device of the peer's, "" for wherever they are.
func (p *Plugin) askAt(c *chat, resource string) {
	if c.asked() || p.sessionPolicy(c) == otr.Never { // the lines that wait say why
		return
	}
	s := p.session(c)
	s.SetPolicy(p.sessionPolicy(c))
	r, err := s.Start()
	if err := p.do(c, resource, r, err); err != nil {
		p.notice(c, lang.F("The private conversation with %s could not be asked for: %s", p.name(c), inWords(err)))
		return
	}
	c.stopWaiting()
	c.askedAt = p.host.Now()
	p.awaitAnswer(c)
}

func (p *Plugin) awaitAnswer(c *chat) {
	c.stopWait = p.host.After(answerWithin, func() { p.unanswered(c) })
}

// asked reports that a query is out, and unanswered.
func (c *chat) asked() bool { return c.stopWait != nil }

// stopWaiting: the peer answered, or nobody waits for it any more.
func (c *chat) stopWaiting() {
	c.starts = false
	if c.stopWait != nil {
		c.stopWait()
		c.stopWait = nil
	}
}

// release lets the core send the waiting lines, through Outgoing again.
func (p *Plugin) release(c *chat) {
	c.held = false
	p.host.Release(c.id)
}

// mayReleaseOpen reports whether the user may choose to send waiting lines in
// clear.
func (p *Plugin) mayReleaseOpen(c *chat) bool {
	return c.held && c.state() == otr.Plaintext && !p.requires(c.id) && p.accounts[c.id.Account].waitsForNothing()
}

func (a *account) waitsForNothing() bool {
	return a != nil && a.state != keyLoading && a.state != keyGenerating
}

// askToReleaseOpen makes sure that the user wants to send in clear.
func (p *Plugin) askToReleaseOpen(c *chat) {
	if !p.mayReleaseOpen(c) {
		return
	}
	p.askWaiting(c, plugin.Page(lang.T("Send unencrypted?"),
		lang.F("Your waiting lines to %s would be sent without protection: others may be able to read them. So would what you write after them, "+
			"until you choose Start private conversation, or one of you goes offline.", p.name(c)),
		nil,
		plugin.Button{ID: buttonKeep, Label: lang.T("Keep waiting"), Role: plugin.Cancel},
		plugin.Button{ID: buttonSend, Label: lang.T("Send unencrypted"), Role: plugin.Danger},
	), func() { p.sendOpenAfterAll(c) })
}

// sendOpenAfterAll sends what waits in clear: the user was asked and agreed.
func (p *Plugin) sendOpenAfterAll(c *chat) {
	if !p.mayReleaseOpen(c) {
		return
	}
	c.stopWaiting()
	c.keepOpen, c.wished, c.agreed = true, false, true
	p.release(c)
	p.host.After(0, func() { c.agreed = false }) // it was asked about these lines only
}

// askWaiting shows a question about waiting lines; send is called on Send.
func (p *Plugin) askWaiting(c *chat, form plugin.Form, send func()) {
	c.closeQuestion()
	c.question = p.host.Ask(c.id, form, func(a plugin.Answers) {
		c.closeQuestion()
		switch a.Action {
		case buttonSend:
			send()
		case buttonAgain:
			p.start(c)
		}
	})
}

// NoneHeld: the user took back what waited, so nothing is to be asked about it. To
// correct a line, or to throw it away, is no word about how the next one may leave:
// a private conversation that was wished for still is.
func (p *Plugin) NoneHeld(id im.ConvID) {
	c := p.chats[id]
	if c == nil || !c.held {
		return
	}
	c.held, c.again = false, false
	c.closeQuestion()
	p.changed()
}

// Resume takes up the wish for a private conversation that lines were typed in.
func (p *Plugin) Resume(id im.ConvID) {
	c := p.chat(id)
	c.wished = c.wished || c.state() == otr.Plaintext
}
