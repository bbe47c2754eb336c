package interop

import (
	"slices"
	"testing"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// culver is a person at Culver.
type culver struct {
	*scenetest.Actor
	t    *testing.T
	conv im.ConvID
}

var _ person = (*culver)(nil)

func (c *culver) address() string   { return c.Self.Bare() }
func (c *culver) says(text string)  { c.M.Send(c.conv, text, im.Open) }
func (c *culver) reads(text string) { c.t.Helper(); c.Expect(c.conv, text) }
func (c *culver) starts() {
	c.t.Helper()
	c.chooses("Start private conversation", "Refresh private conversation")
}
func (c *culver) ends() { c.t.Helper(); c.chooses("End private conversation") }

func (c *culver) sees(l level) {
	c.t.Helper()
	c.ExpectLevel(c.conv, [...]string{open: "Not private", unverified: "Unverified", verified: "Private", ended: "Finished"}[l])
}

// chooses chooses that of the entries of OTR's menu which is there.
func (c *culver) chooses(labels ...string) {
	c.t.Helper()
	c.Until("one of those entries", func() bool {
		chat := c.Chats[c.conv]
		return chat != nil && slices.ContainsFunc(chat.Menus, func(m messenger.Menu) bool {
			return c.choosesIn(m.Plugin, m.Actions, labels)
		})
	})
}

func (c *culver) choosesIn(id string, actions []plugin.Action, labels []string) bool {
	return slices.ContainsFunc(actions, func(a plugin.Action) bool {
		if !a.Off && a.ID != "" && slices.Contains(labels, a.Label) {
			c.M.Invoke(id, c.conv, a.ID)
			return true
		}
		return c.choosesIn(id, a.Sub, labels)
	})
}

// The titles of the dialogs of an authentication all hold this.
const authentication = "Authenticat"

func (c *culver) wizard(fields ...string) {
	c.t.Helper()
	c.chooses("Authenticate buddy", "Reauthenticate buddy")
	c.Answer("Authenticate ", "authenticate", fields...)
}

func (c *culver) asks(secret string) { c.t.Helper(); c.wizard("method=secret", "secret="+secret) }
func (c *culver) verifies()          { c.t.Helper(); c.wizard("method=fingerprint", "verified=yes") }

func (c *culver) asksQuestion(question, answer string) {
	c.t.Helper()
	c.wizard("method=question", "question="+question, "answer="+answer)
}

func (c *culver) isAsked(question string) {
	c.t.Helper()
	c.Form("Authentication from", "authenticate")
	if question != "" {
		c.Reads("Authentication from", question)
	}
}

func (c *culver) answers(secret string) {
	c.t.Helper()
	c.Answer("Authentication from", "authenticate", "secret="+secret, "answer="+secret)
}

// reports waits for the end of an authentication, and closes its dialog.
func (c *culver) reports(text string) {
	c.t.Helper()
	c.Form(authentication, "close")
	c.Reads(authentication, text)
	c.Answer(authentication, "close")
	c.Until("the dialog's end", func() bool { return len(c.Dialogs) == 0 })
}

func (c *culver) hasAuthenticated() { c.t.Helper(); c.reports("Authentication successful") }
func (c *culver) wasAuthenticated() { c.t.Helper(); c.reports("has authenticated you successfully") }
func (c *culver) hasFailed()        { c.t.Helper(); c.reports("not the same") }

// cancels gives up what is under way.
func (c *culver) cancels() {
	c.t.Helper()
	c.Answer(authentication, "cancel")
	c.Until("the dialog's end", func() bool { return len(c.Dialogs) == 0 })
}

func (c *culver) wasLeftAlone() { c.t.Helper(); c.Expect(c.conv, "gave up the authentication") }
func (c *culver) wasRefused()   { c.t.Helper(); c.reports("was stopped at the other end") }

func (c *culver) fingerprint() string        { c.t.Helper(); return c.fingerprintIn("ours") }
func (c *culver) fingerprintOfOther() string { c.t.Helper(); return c.fingerprintIn("theirs") }

// fingerprintIn is what a field of the dialog shows.
func (c *culver) fingerprintIn(field string) string {
	c.t.Helper()
	c.chooses("Authenticate buddy", "Reauthenticate buddy")
	d := c.Form("Authenticate ", "authenticate")
	c.Answer("Authenticate ", "cancel")
	c.Until("the dialog's end", func() bool { return len(c.Dialogs) == 0 })
	for _, tab := range d.Form.Tabs {
		for _, f := range tab.Fields {
			if f.ID == field {
				return f.Value
			}
		}
	}
	c.t.Fatalf("no fingerprint:\n%s", c.Describe())
	return ""
}

// restarts ends the program and starts it again.
func (c *culver) restarts() {
	c.t.Helper()
	c.Quit()
	c.Start()
	c.appears()
}

// appears waits for being online, with the conversation open and the buddy known to
// be one: who is not gets no answer.
func (c *culver) appears() {
	c.t.Helper()
	c.UntilOnline()
	c.Until("the buddy on the list", func() bool {
		b, ok := c.List.Buddy(c.conv)
		return ok && b.Subscription.SeesUs()
	})
	c.M.Open(c.conv)
	c.Until("the conversation", func() bool { return c.Chats[c.conv] != nil })
}
