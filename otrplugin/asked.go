package otrplugin

import (
	"time"

	"culver/otrplugin/otr"
)

// Bounds on how often a peer can show the user another request: a window that
// comes and goes, or says something else each second, is of no use.
const (
	maxRequests    = 6
	requestsWithin = 2 * time.Minute
)

// requests counts those of the peer's that nobody answered.
type requests struct {
	since time.Time
	n     int
}

// tooMany counts one more.
func (r *requests) tooMany(now time.Time) bool {
	if d := now.Sub(r.since); d < 0 || d >= requestsWithin {
		r.since, r.n = now, 0
	}
	r.n++
	return r.n > maxRequests
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
	old := c.auth
	if old != nil && old.step == answering && old.asksTheSame(a) {
		return
	}
	if c.requests.tooMany(p.host.Now()) {
		p.declineRequests(c)
		return
	}
	if old != nil && old.step == answering && old.tag == a.tag && old.fingerprint == a.fingerprint {
		p.askAnew(c, old, a)
		return
	}
	if old != nil {
		switch old.step {
		case choosing, running:
			a.withNote = p.name(c) + " asked at the same moment. Answer first; you can authenticate " + p.name(c) + " afterwards."
		case answering:
			a.withNote = p.name(c) + " asks again, at another device."
		}
	}
	p.openAuthentication(c, a)
	if p.mayTell(c, aboutAsked) {
		p.notice(c, p.name(c)+" wants to make sure that it is you. Answer in the window Authentication from "+p.name(c)+".")
	}
}

// askAnew shows the peer's new request in the dialog that shows the old one.
func (p *Plugin) askAnew(c *chat, old, a *authentication) {
	old.question, old.asksAnswer = a.question, a.asksAnswer
	old.asking++
	old.withNote, old.problem = "", p.name(c)+" asks again."
	if old.typed {
		old.problem = p.questionChanged(c, old)
	}
	old.typed = false
	clear(old.hints)
	p.redraw(c)
}

func (p *Plugin) questionChanged(c *chat, a *authentication) string {
	if !a.asksAnswer {
		return p.name(c) + " asks for a shared secret now, and no longer what you began to answer. Nothing was sent."
	}
	return p.name(c) + " has changed the question. Read it again before you answer; what you typed for the old one was not sent."
}

// declineRequests ends what the peer does not stop to ask, without asking the user.
func (p *Plugin) declineRequests(c *chat) {
	p.closeAuthentication(c)
	if r, err := c.session.Abort(); err == nil {
		p.apply(c, r, "") // a peer who is gone waits for nothing
	}
	if p.mayTell(c, aboutRequests) {
		p.notice(c, p.name(c)+" asks you to authenticate again and again, so that you could not answer. This was stopped; "+
			"in a few minutes they can ask again.")
	}
}

// asksTheSame reports that the peer's two requests look alike to the user.
func (a *authentication) asksTheSame(b *authentication) bool {
	return a.fingerprint == b.fingerprint && a.tag == b.tag && a.asksAnswer == b.asksAnswer && a.question == b.question
}
