package otrplugin

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// step is where the one authentication dialog of a conversation stands:
//
//	choosing --Authenticate--> running --result--> over
//	answering --Authenticate--^                      |    (answering: the peer asked)
//	choosing <--Ask your own question---------------+
//
// Cancel, a closed window, a lost connection and the end of the private
// conversation leave it from everywhere. But nothing that the peer does takes away
// a dialog in which the user may be typing a secret: the rest of it would end up in
// the window behind. It becomes over then, and says why.
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
	tag         uint32          // of the instance that asks, or is asked
	picked      bool            // the user chose that instance, whichever is written to
	ours        bool            // we asked
	withNote    string          // why the form is shown again
	question    string          // the peer's, when answering; ours, when asking again
	asksAnswer  bool            // question and answer, not a shared secret
	asking      int             // how many other requests of the peer's this dialog showed before
	typed       bool            // the user began to fill in what it shows
	stayed      bool            // it is over while the user may be typing in it
	next        *authentication // the peer's request, which waits while the user is choosing
	method      string          // that is chosen
	match       match           // what was entered as a fingerprint, compared
	hints       map[string]string
	percent     int
	slow        bool // nothing came for a while
	stopSlow    func()
	result      string
	problem     string // what is wrong with the answers, or what failed
	askBack     bool   // offer to ask a question of our own
}

// answerID is the field for the answer to the peer's request. Each request has
// another one: what was typed for the one before cannot be taken for an answer
// to it, be it on its way here already.
func (a *authentication) answerID() string {
	id := fieldSecret
	if a.asksAnswer {
		id = fieldAnswer
	}
	if a.asking > 0 {
		id += strconv.Itoa(a.asking + 1)
	}
	return id
}

// close takes the dialog away.
func (a *authentication) close() {
	a.stopWaiting()
	a.dialog.Close()
}

func (a *authentication) stopWaiting() {
	a.slow = false
	if a.stopSlow != nil {
		a.stopSlow()
		a.stopSlow = nil
	}
}

// authenticate opens the wizard, or shows again the one that is open.
func (p *Plugin) authenticate(c *chat) { p.wizard(c, &authentication{}) }

// authenticateAt does so for one of the peer's devices. What is typed goes on to
// where it went.
func (p *Plugin) authenticateAt(c *chat, tag uint32) {
	p.wizard(c, &authentication{tag: tag, picked: true})
}

// repeatAuthentication opens the wizard once more after one failed, with what was asked.
func (p *Plugin) repeatAuthentication(c *chat, failed *authentication) {
	p.closeAuthentication(c)
	again := &authentication{method: failed.method, question: failed.question, picked: failed.picked}
	if again.picked {
		again.tag = failed.tag
	}
	p.wizard(c, again)
}

// wizard opens it for the key that is shown now.
func (p *Plugin) wizard(c *chat, a *authentication) {
	switch {
	case a.picked:
		i, ok := c.instance(a.tag)
		if !ok || i.State != otr.Encrypted {
			return
		}
		a.fingerprint = i.Fingerprint
	case c.state() != otr.Encrypted:
		p.notice(c, lang.F("Start a private conversation with %s first, then authenticate.", p.name(c)))
		return
	default:
		f, ok := c.session.PeerFingerprint()
		if !ok {
			return
		}
		a.fingerprint = f
	}
	p.openWizard(c, a)
}

func (p *Plugin) openWizard(c *chat, a *authentication) {
	if old := c.auth; old != nil && old.step != over {
		if old.step != choosing || old.typed || old.picked == a.picked && old.tag == a.tag {
			p.redraw(c)
			return
		}
	}
	a.step, a.ours, a.method = choosing, true, cmp.Or(a.method, methodQuestion)
	p.openAuthentication(c, a)
}

// stands reports that the private conversation that is authenticated goes on.
func (a *authentication) stands(c *chat) bool {
	i, ok := c.instance(a.tag)
	return ok && i.State == otr.Encrypted && i.Fingerprint == a.fingerprint
}

// openAuthentication shows a dialog in place of one that may still be there. What
// came of that one is not lost with it.
func (p *Plugin) openAuthentication(c *chat, a *authentication) {
	if old := c.auth; old != nil {
		old.close()
		if old.problem != "" && old.step == over && !a.ours {
			p.alarm(c, old.problem)
		}
	}
	a.hints = make(map[string]string)
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
		c.auth.close()
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
	case buttonAgain:
		if a.mayRepeat() {
			p.repeatAuthentication(c, a)
		}
	case buttonHelp:
		p.host.ShowGuide(pageAuthenticate)
	case buttonCancel, buttonClose, plugin.Closed:
		p.cancelAuthentication(c)
	default:
		p.typedSecret(c, a, answers.Action, answers.Values[answers.Action])
	}
}

// chooseMethod turns to another page of the wizard.
func (p *Plugin) chooseMethod(c *chat, a *authentication, method string) {
	if a.step == choosing && method != a.method {
		a.method, a.problem = method, ""
		p.redraw(c)
	}
}

// typedSecret gives advice about a secret while it is typed.
func (p *Plugin) typedSecret(c *chat, a *authentication, id, value string) {
	hint := a.hints[id]
	switch {
	case a.step == choosing && id == fieldMethod:
		p.chooseMethod(c, a, value)
		return
	case a.step == choosing && id == fieldGiven:
		a.typed = a.typed || value != ""
		a.match = p.compared(c.id, a.fingerprint, value)
		a.problem = a.match.warning()
		p.redraw(c)
		return
	case a.step == choosing && id == fieldQuestion:
		a.typed = a.typed || value != ""
	case a.step == choosing && (id == fieldAnswer || id == fieldSecret):
		a.typed = a.typed || value != ""
		hint = adviceAbout(value, p.name(c))
	case a.step == answering && id == a.answerID():
		a.typed = a.typed || value != ""
		hint = adviceAboutAnswer(value)
	}
	if hint != a.hint(id) {
		a.hints[id] = hint
		p.redraw(c)
	}
}

// hint is what stands below a secret.
func (a *authentication) hint(id string) string {
	switch h := a.hints[id]; {
	case h != "":
		return h
	case a.step == answering:
		return answerHint()
	default:
		return secretHint()
	}
}

// closeWizard closes it, and shows what the peer asked meanwhile.
func (p *Plugin) closeWizard(c *chat) {
	next := c.auth.next
	p.closeAuthentication(c)
	if next != nil {
		p.openAuthentication(c, next)
	}
}

// cancelAuthentication closes the dialog and tells the peer, if it waits.
func (p *Plugin) cancelAuthentication(c *chat) {
	step := c.auth.step
	if step == choosing {
		p.closeWizard(c)
		return
	}
	p.closeAuthentication(c)
	if step != answering && step != running {
		return
	}
	r, err := c.session.Abort()
	if err := p.do(c, "", r, err); err != nil {
		p.notice(c, lang.F("%s could not be told that the authentication was cancelled: %s", p.name(c), inWords(err)))
	}
}

// submit takes the filled-in wizard.
func (p *Plugin) submit(c *chat, a *authentication, values map[string]string) {
	switch values[fieldMethod] {
	case methodFingerprint:
		p.verifyByHand(c, a, values)
	case methodSecret:
		p.begin(c, a, values[fieldSecret], "")
	default:
		question := strings.TrimSpace(values[fieldQuestion])
		switch answer := values[fieldAnswer]; {
		case blank(question):
			p.complain(c, lang.F("Type a question that only %s can answer.", p.name(c)))
		case !blank(answer) && givenAway(question, answer):
			p.complain(c, lang.T("The answer stands in the question: anybody who sees it could give it. Ask in another way."))
		default:
			a.question = question
			p.begin(c, a, answer, question)
		}
	}
}

func emptySecret() string {
	return lang.T("An empty secret would prove nothing. Type something that only the two of you know.")
}

// begin starts SMP.
func (p *Plugin) begin(c *chat, a *authentication, secret, question string) {
	if blank(secret) {
		p.complain(c, emptySecret())
		return
	}
	written := c.session.TheirTag()
	if !a.picked {
		a.tag = written
	}
	if !a.stands(c) {
		p.failAuthentication(c, lang.T("The private conversation has changed meanwhile. Please start again."))
		return
	}
	a.asksAnswer = question != ""
	if !a.asksAnswer && a.next != nil && !a.next.asksAnswer && a.next.tag == a.tag {
		p.run(c, a, secret, c.session.Answer) // both want the same: neither has to begin anew
		return
	}
	p.run(c, a, secret, func(b []byte) (otr.Result, error) {
		if a.tag != written && c.session.Select(a.tag) {
			defer c.session.Select(written)
		}
		return c.session.Authenticate(b, question)
	})
}

// reply answers the peer's SMP.
func (p *Plugin) reply(c *chat, a *authentication, values map[string]string) {
	secret, ok := values[a.answerID()]
	switch {
	case !ok: // it was pressed in a form that showed another request
		p.complain(c, p.questionChanged(c, a))
	case blank(secret):
		p.complain(c, emptySecret())
	default:
		p.run(c, a, secret, c.session.Answer)
	}
}

// run gives the secret to the engine, and turns the dialog into progress.
func (p *Plugin) run(c *chat, a *authentication, secret string, do func([]byte) (otr.Result, error)) {
	b := []byte(secret)
	r, err := do(b)
	clear(b)
	switch {
	case errors.Is(err, otr.ErrEmptySecret):
		p.complain(c, emptySecret())
		return
	case errors.Is(err, otr.ErrNotAsked):
		p.failAuthentication(c, lang.F("%s does not wait for an answer any more.", p.name(c)))
		return
	case errors.Is(err, otr.ErrTooLong):
		p.complain(c, lang.T("The question is too long."))
		return
	}
	if err == nil {
		a.step, a.next, a.withNote, a.problem, a.percent = running, nil, "", "", startPercent
		c.requests = requests{}
		p.awaitPeer(c, a)
		p.redraw(c)
	}
	if err := p.do(c, "", r, err); err != nil && c.auth == a {
		p.failAuthentication(c, lang.F("The authentication could not be carried out: %s", inWords(err)))
	}
}

// startPercent shows that something has begun.
const startPercent = 10

func (p *Plugin) complain(c *chat, text string) {
	c.auth.problem = text
	p.redraw(c)
}
