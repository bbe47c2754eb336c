package otrplugin

import (
	"time"

	"culver/lang"
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
// the dialog stays with what is typed in it: the answer goes to the latest. Nobody
// is asked on behalf of a key that the user refused.
func (p *Plugin) asked(c *chat, e otr.Event, withQuestion bool) {
	if c.state() != otr.Encrypted {
		return
	}
	a := &authentication{step: answering, fingerprint: e.Fingerprint, tag: e.Tag, asksAnswer: withQuestion}
	if withQuestion {
		a.question = words(e.Text)
	}
	if p.refused(c.id, a.fingerprint) {
		p.declineRefused(c)
		return
	}
	old := c.auth
	if old != nil && old.request() != nil && old.request().asksTheSame(a) {
		return
	}
	if c.requests.tooMany(p.host.Now()) {
		p.declineRequests(c)
		return
	}
	name := p.name(c)
	answer := lang.F("Answer in the window Authentication from %s.", name)
	switch {
	case old == nil || old.step == over && !old.stayed:
		p.openAuthentication(c, a)
	case old.step == answering || old.stayed:
		p.askAnew(c, old, a)
		return
	case old.step == choosing:
		old.next = a
		p.redraw(c)
		answer = lang.F("To answer, close the window Authenticate %s first.", name)
	case old.tag != a.tag:
		a.withNote = lang.F("The authentication at %s was stopped by this request. Nothing was found out there.", c.deviceName(old.tag))
		p.openAuthentication(c, a)
	default:
		a.withNote = lang.F("%s asked at the same moment. Answer first; you can authenticate %s afterwards.", name, name)
		p.openAuthentication(c, a)
	}
	if p.mayTell(c, aboutAsked) {
		p.notice(c, together(lang.F("%s wants to make sure that it is you.", name), answer))
	}
}

// request is what the peer asks and the user has not answered, or nil.
func (a *authentication) request() *authentication {
	switch a.step {
	case answering:
		return a
	case choosing:
		return a.next
	default:
		return nil
	}
}

// askAnew shows the peer's new request in the dialog that shows the old one, or in
// which the user may still be typing what there is no use for any more.
func (p *Plugin) askAnew(c *chat, old, a *authentication) {
	again := lang.F("%s asks again.", p.name(c))
	if old.tag != a.tag {
		again = lang.F("%s asks again, at another device.", p.name(c))
	}
	old.fingerprint, old.tag = a.fingerprint, a.tag
	old.question, old.asksAnswer = a.question, a.asksAnswer
	old.asking++
	old.withNote = ""
	switch {
	case old.stayed:
		old.problem = together(old.problem, lang.F("Now %s asks you.", p.name(c)))
		old.step, old.ours, old.picked, old.typed, old.stayed = answering, false, false, true, false
	case old.typed:
		old.problem = p.questionChanged(c, old)
	default:
		old.problem = again
	}
	clear(old.hints)
	p.redraw(c)
}

func (p *Plugin) questionChanged(c *chat, a *authentication) string {
	if !a.asksAnswer {
		return lang.F("%s asks for a shared secret now, and no longer what you began to answer. Nothing was sent.", p.name(c))
	}
	return lang.F("%s has changed the question. Read it again before you answer; what you typed for the old one was not sent.", p.name(c))
}

// declineRequests ends what the peer does not stop to ask, without asking the user.
func (p *Plugin) declineRequests(c *chat) {
	why := lang.F("%s asks you to authenticate again and again, so that you could not answer. This was stopped; in a few "+
		"minutes they can ask again.", p.name(c))
	untold := true
	switch a := c.auth; {
	case a == nil, a.step == over:
	case a.step == choosing:
		a.next = nil
		p.redraw(c)
	default:
		untold = p.leaveAuthentication(c, why)
	}
	p.abandon(c)
	if untold && p.mayTell(c, aboutRequests) {
		p.notice(c, why)
	}
}

// declineRefused ends what is asked with a key that the user refused.
func (p *Plugin) declineRefused(c *chat) {
	p.abandon(c)
	if p.mayTell(c, aboutRefusedRequest) {
		p.notice(c, lang.F("%s wants to make sure that it is you, with a key that you refused. This was declined.", p.name(c)))
	}
}

// asksTheSame reports that the peer's two requests look alike to the user.
func (a *authentication) asksTheSame(b *authentication) bool {
	return a.fingerprint == b.fingerprint && a.tag == b.tag && a.asksAnswer == b.asksAnswer && a.question == b.question
}
