package otrplugin

import (
	"errors"
	"strings"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// step is where the one authentication dialog of a conversation stands:
//
//	choosing --Authenticate--> running --result--> over
//	answering --Authenticate--^    (the peer asked)
//
// Cancel, a closed window, a lost connection and the end of the private
// conversation leave it from everywhere.
type step int

const (
	choosing step = iota
	answering
	running
	over
)

// authentication is the dialog, and what the engine does meanwhile.
type authentication struct {
	dialog      plugin.Dialog
	step        step
	fingerprint otr.Fingerprint // of the peer: what is made sure of
	tag         uint32          // of the instance that asks, when answering
	ours        bool            // we asked
	withNote    string          // why the form is shown again
	question    string          // the peer's, when answering
	asksAnswer  bool            // question and answer, not a shared secret
	percent     int
	result      string
	problem     string // what is wrong with the answers, or what failed
	askBack     bool   // offer to ask a question of our own
}

// authenticate opens the wizard, or shows again the one that is open.
func (p *Plugin) authenticate(c *chat) {
	if c.state() != otr.Encrypted {
		p.notice(c, "Start a private conversation with "+p.name(c)+" first, then authenticate.")
		return
	}
	f, ok := c.session.PeerFingerprint()
	if !ok {
		return
	}
	if c.auth != nil && c.auth.step != over {
		p.redraw(c)
		return
	}
	p.openAuthentication(c, &authentication{step: choosing, ours: true, fingerprint: f})
}

// openAuthentication shows a dialog in place of one that may still be there.
func (p *Plugin) openAuthentication(c *chat, a *authentication) {
	if c.auth != nil {
		c.auth.dialog.Close()
	}
	c.auth = a
	a.dialog = p.host.Ask(c.id, p.authenticationForm(c, a), func(answers plugin.Answers) {
		if c.auth == a {
			p.authenticationAnswered(c, a, answers)
		}
	})
}

func (p *Plugin) redraw(c *chat) { c.auth.dialog.Update(p.authenticationForm(c, c.auth)) }

func (p *Plugin) closeAuthentication(c *chat) {
	if c.auth != nil {
		c.auth.dialog.Close()
		c.auth = nil
	}
}

// authenticationAnswered is what the user did in the dialog.
func (p *Plugin) authenticationAnswered(c *chat, a *authentication, answers plugin.Answers) {
	switch answers.Action {
	case buttonAuthenticate:
		switch a.step {
		case choosing:
			p.submit(c, a, answers.Values)
		case answering:
			p.reply(c, a, answers.Values)
		}
	case buttonAskBack:
		if a.step == over && a.askBack {
			p.closeAuthentication(c)
			p.authenticate(c)
		}
	default: // Cancel, Close, or the window was closed
		p.cancelAuthentication(c)
	}
}

// cancelAuthentication closes the dialog and tells the peer, if it waits.
func (p *Plugin) cancelAuthentication(c *chat) {
	step := c.auth.step
	p.closeAuthentication(c)
	if step != answering && step != running {
		return
	}
	r, err := c.session.Abort()
	if wireErr := p.apply(c, r, ""); err == nil {
		err = wireErr
	}
	if err != nil {
		p.notice(c, p.name(c)+" could not be told that the authentication was cancelled: "+sentence(err.Error()))
	}
}

// submit takes the filled-in wizard.
func (p *Plugin) submit(c *chat, a *authentication, values map[string]string) {
	switch values[fieldMethod] {
	case methodFingerprint:
		p.verifyByHand(c, a, values[fieldVerified] == choiceHave)
	case methodSecret:
		p.begin(c, a, values[fieldSecret], "")
	default:
		question := strings.TrimSpace(values[fieldQuestion])
		if question == "" {
			p.complain(c, "Type a question that only "+p.name(c)+" can answer.")
			return
		}
		p.begin(c, a, values[fieldAnswer], question)
	}
}

const emptySecret = "An empty secret would prove nothing. Type something that only the two of you know."

// begin starts SMP.
func (p *Plugin) begin(c *chat, a *authentication, secret, question string) {
	if strings.TrimSpace(secret) == "" {
		p.complain(c, emptySecret)
		return
	}
	a.asksAnswer = question != ""
	p.run(c, a, secret, func(b []byte) (otr.Result, error) { return c.session.Authenticate(b, question) })
}

// reply answers the peer's SMP.
func (p *Plugin) reply(c *chat, a *authentication, values map[string]string) {
	id := fieldSecret
	if a.asksAnswer {
		id = fieldAnswer
	}
	if strings.TrimSpace(values[id]) == "" {
		p.complain(c, emptySecret)
		return
	}
	p.run(c, a, values[id], c.session.Answer)
}

// run gives the secret to the engine, and turns the dialog into progress.
func (p *Plugin) run(c *chat, a *authentication, secret string, do func([]byte) (otr.Result, error)) {
	b := []byte(secret)
	r, err := do(b)
	clear(b)
	switch {
	case errors.Is(err, otr.ErrEmptySecret):
		p.complain(c, emptySecret)
		return
	case errors.Is(err, otr.ErrNotAsked):
		p.failAuthentication(c, p.name(c)+" does not wait for an answer any more.")
		return
	case errors.Is(err, otr.ErrTooLong):
		p.complain(c, "The question is too long.")
		return
	}
	if err == nil {
		a.step, a.withNote, a.problem, a.percent = running, "", "", startPercent
		p.redraw(c)
	}
	if wireErr := p.apply(c, r, ""); err == nil {
		err = wireErr
	}
	if err != nil && c.auth == a {
		p.failAuthentication(c, "The authentication could not be carried out: "+sentence(err.Error()))
	}
}

// startPercent shows that something has begun.
const startPercent = 10

func (p *Plugin) complain(c *chat, text string) {
	c.auth.problem = text
	p.redraw(c)
}

// verifyByHand stores what the user says of the fingerprint that was shown.
func (p *Plugin) verifyByHand(c *chat, a *authentication, verified bool) {
	k := p.knownKey(c.id, a.fingerprint)
	p.closeAuthentication(c)
	if k != nil {
		p.verify(c, k, verified)
	}
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
		p.say(c, im.Notice, plain("The conversation with "+p.name(c)+" is now: "),
			withLevel(c.level, im.Text{{Text: c.level.String(), Link: im.GuideLink(pluginID, pageLevels)}}), plain("."))
	}
	p.openGate(c)
	p.changed()
}

// asked: the peer began SMP. If it asks again what the user is about to answer,
// the dialog stays with what is typed in it: the answer goes to the latest.
func (p *Plugin) asked(c *chat, e otr.Event, withQuestion bool) {
	if c.state() != otr.Encrypted {
		return
	}
	a := &authentication{step: answering, fingerprint: e.Fingerprint, tag: e.Tag, asksAnswer: withQuestion}
	if withQuestion {
		a.question = words(e.Text)
	}
	if old := c.auth; old != nil {
		if old.step == answering && old.asksTheSame(a) {
			return
		}
		switch old.step {
		case choosing, running:
			a.withNote = p.name(c) + " asked at the same moment. Answer first; you can authenticate " + p.name(c) + " afterwards."
		case answering:
			a.withNote = p.name(c) + " asks again."
		}
	}
	p.openAuthentication(c, a)
	if p.mayTell(c, aboutAsked) {
		p.notice(c, p.name(c)+" wants to make sure that it is you. Answer in the window Authentication from "+p.name(c)+".")
	}
}

// asksTheSame reports that the peer's two requests look alike to the user.
func (a *authentication) asksTheSame(b *authentication) bool {
	return a.fingerprint == b.fingerprint && a.tag == b.tag && a.asksAnswer == b.asksAnswer && a.question == b.question
}

// progress: SMP went on.
func (p *Plugin) progress(c *chat, e otr.Event) {
	if c.auth != nil && c.auth.step == running && e.Percent > c.auth.percent {
		c.auth.percent = min(e.Percent, 99)
		p.redraw(c)
	}
}

// decided: SMP came to its end, good or bad.
func (p *Plugin) decided(c *chat, e otr.Event) {
	a := c.auth
	name := p.name(c)
	if e.Kind == otr.SMPSuccess {
		p.succeeded(c, e)
		return
	}
	if a == nil || a.step == over || a.step == choosing {
		return
	}
	if a.step == answering { // the user has not answered yet
		p.closeAuthentication(c)
		if p.mayTell(c, aboutGivenUp) {
			p.notice(c, name+" gave up the authentication before you answered.")
		}
		return
	}
	kept := ""
	if p.trusted(c.id, a.fingerprint) {
		kept = " You verified this key before, and that was not taken back; do so in the settings of OTR if you doubt it."
	}
	switch e.Kind {
	case otr.SMPFailure:
		p.failAuthentication(c, "Authentication failed: the secrets are not the same. Either one of you mistyped or "+
			"remembered it differently (capital letters and spaces count), or you are talking to an impostor."+kept)
	case otr.SMPAborted:
		p.failAuthentication(c, "The authentication was stopped at the other end. Either "+name+" cancelled it, or the "+
			"secrets are not the same: some programs stop then. So it may be a mistyped secret, or an impostor."+kept)
	case otr.SMPCheated:
		p.failAuthentication(c, "The authentication was stopped: what came from the other end proves nothing. Somebody "+
			"may be trying to cheat, or a program is broken."+kept)
	case otr.SMPExpired:
		p.failAuthentication(c, "The authentication was stopped, because no answer came from "+name+". Try again when "+
			name+" is there."+kept)
	default:
		p.failAuthentication(c, "The authentication was stopped by an error: a message came that did not fit. "+
			"Please try again."+kept)
	}
}

// succeeded: the secrets are the same. Who answered a question knows nothing
// about the asker, who could have asked it of the real buddy: only the asker's
// trust grows then.
func (p *Plugin) succeeded(c *chat, e otr.Event) {
	a := c.auth
	name := p.name(c)
	if a == nil || a.step != running || a.fingerprint != e.Fingerprint {
		return
	}
	k := p.knownKey(c.id, e.Fingerprint)
	if k == nil {
		return
	}
	if !a.ours && a.asksAnswer {
		text := name + " has authenticated you successfully."
		if !k.trusted() {
			a.askBack = true
			text += " You still don't know who asked: to make sure of " + name + ", ask a question of your own, too."
		}
		p.finishAuthentication(c, text)
		return
	}
	p.finishAuthentication(c, "Authentication successful: it is "+name+" at the other end.")
	by := proofSecret
	if a.asksAnswer {
		by = proofQuestion
	}
	p.trust(c, k, by)
}

// finishAuthentication shows what was reached.
func (p *Plugin) finishAuthentication(c *chat, result string) {
	c.auth.step, c.auth.percent, c.auth.result = over, 100, result
	p.redraw(c)
}

// failAuthentication shows why nothing was reached.
func (p *Plugin) failAuthentication(c *chat, problem string) {
	c.auth.step, c.auth.problem = over, problem
	p.redraw(c)
}

// checkAuthentication notices that the engine stopped SMP without a word, as
// when the keys were refreshed.
func (p *Plugin) checkAuthentication(c *chat) {
	if c.auth == nil || c.session.SMPRunning() {
		return
	}
	switch c.auth.step {
	case answering:
		p.dropAuthentication(c, "The authentication of "+p.name(c)+" was interrupted.")
	case running:
		p.failAuthentication(c, "The authentication was interrupted. Please try again.")
	}
}

// dropAuthentication takes the dialog away, with a word if something was going
// on, to the peer, too, if he still waits at another device.
func (p *Plugin) dropAuthentication(c *chat, why string) {
	if c.auth == nil {
		return
	}
	step := c.auth.step
	p.closeAuthentication(c)
	if step != answering && step != running {
		return
	}
	p.notice(c, why)
	if c.session.SMPRunning() {
		if r, err := c.session.Abort(); err == nil {
			p.apply(c, r, "") // nobody may be there to read it
		}
	}
}

// loseAuthentication gives up what can't be finished: the connection is gone.
func (p *Plugin) loseAuthentication(c *chat) {
	if c.auth == nil || c.auth.step != answering && c.auth.step != running {
		return
	}
	p.closeAuthentication(c)
	p.notice(c, "The authentication of "+p.name(c)+" was stopped, because the connection was lost.")
	if r, err := c.session.Abort(); err == nil {
		p.apply(c, r, "") // nobody may be there to read it
	}
}

// trustWord says whether a level needs an authentication at all.
func trustWord(l im.Level, name string) string {
	if l == im.Verified {
		return "You have already authenticated " + name + "; you may do so again."
	}
	return ""
}
