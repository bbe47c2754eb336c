package interop

import (
	"testing"

	"culver/internal/testkit"
)

// profanity is a person at Profanity.
type profanity struct {
	*testkit.Profanity
	t        *testing.T
	with     string // the other's bare address
	question bool   // it was asked one, which has a command of its own
}

var _ person = (*profanity)(nil)

func (p *profanity) address() string     { return p.Name }
func (p *profanity) fingerprint() string { return p.Fingerprint() }
func (p *profanity) says(text string)    { p.t.Helper(); p.Command(text) }
func (p *profanity) reads(text string)   { p.t.Helper(); p.Sees(p.with + ": " + text) }
func (p *profanity) starts()             { p.t.Helper(); p.Command("/otr start") }
func (p *profanity) ends()               { p.t.Helper(); p.Command("/otr end") }

func (p *profanity) sees(l level) {
	p.t.Helper()
	switch l {
	case unverified:
		p.Shows("[OTR]", "[untrusted]")
	case verified:
		p.Shows("[OTR]", "[trusted]")
	case open:
		p.Shows("[unencrypted]")
	case ended: // it ends its own side at once, and tells
		p.Sees("OTR session ended.")
		p.Shows("[unencrypted]")
	}
}

func (p *profanity) asks(secret string) {
	p.t.Helper()
	p.Command(`/otr secret "` + secret + `"`)
	p.Sees("Awaiting authentication from " + p.with)
}

func (p *profanity) asksQuestion(question, answer string) {
	p.t.Helper()
	p.Command(`/otr question "` + question + `" "` + answer + `"`)
	p.Sees("Awaiting authentication from " + p.with)
}

func (p *profanity) isAsked(question string) {
	p.t.Helper()
	if question == "" {
		p.Sees("wants to authenticate your identity, use '/otr secret <secret>'.")
		return
	}
	p.Sees("wants to authenticate your identity with the following question: " + question)
	p.question = true
}

func (p *profanity) answers(secret string) {
	p.t.Helper()
	if p.question {
		p.question = false
		p.Command(`/otr answer "` + secret + `"`)
		return
	}
	p.Command(`/otr secret "` + secret + `"`)
}

func (p *profanity) hasAuthenticated() { p.t.Helper(); p.Sees("Authentication successful.") }
func (p *profanity) wasAuthenticated() { p.t.Helper(); p.Sees("successfully authenticated you.") }
func (p *profanity) hasFailed() {
	p.t.Helper()
	p.Sees("Authentication failed", "failed to authenticate you")
}
func (p *profanity) verifies() { p.t.Helper(); p.Command("/otr trust") }

func (p *profanity) wasLeftAlone() { p.t.Helper(); p.Sees("SMP session aborted.") }
func (p *profanity) wasRefused()   { p.t.Helper(); p.Sees("SMP session aborted.") }

func (p *profanity) fingerprintOfOther() string {
	p.t.Helper()
	return p.FingerprintOf(p.with)
}

// returns starts the program again and turns to the conversation.
func (p *profanity) returns() {
	p.t.Helper()
	p.Start()
	p.Chat(p.with)
}
