package otrplugin

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// waitsInVain types a line to a buddy who spoke OTR once and does not answer now.
func waitsInVain(t *testing.T, w *world) {
	t.Helper()
	w.private()
	w.alice.restart()
	w.alice.host.Take()
	w.alice.types("a private line")
	w.alice.host.Run()
	w.alice.outbox = nil // nobody is there
	w.alice.host.Advance(answerWithin)
	if l := w.alice.last(); l.state != im.Waiting {
		t.Fatalf("the line is %+v", l)
	}
}

func hasButton(f plugin.Form, id string) bool {
	return slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return b.ID == id })
}

func TestNoAnswerOffersTheChoices(t *testing.T) {
	w := newWorld(t)
	waitsInVain(t, w)
	d := w.alice.host.Dialog("No answer from Bob")
	if !d.Form.Quiet {
		t.Error("it takes the keyboard from what the user types")
	}
	if !hasButton(d.Form, buttonKeep) || !hasButton(d.Form, buttonAgain) || !hasButton(d.Form, buttonSend) {
		t.Errorf("the choices are %+v", d.Form.Buttons)
	}
	before := queries(w.alice)
	d.Press(buttonAgain)
	if n := queries(w.alice); n != before+1 {
		t.Errorf("asking again sent %d queries", n-before)
	}
	w.run() // bob is there after all
	if l := w.bob.last(); l.text != "a private line" || !l.seal.Level.Encrypted() {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("a private line")
}

func TestTheQuestionGoesWhenTheAnswerComes(t *testing.T) {
	w := newWorld(t)
	waitsInVain(t, w)
	w.alice.host.Dialog("No answer from Bob")
	w.does(w.bob, actionStart)
	for _, d := range w.alice.host.Dialogs() {
		t.Errorf("%q is still open", d.Form.Title)
	}
	if l := w.bob.last(); l.text != "a private line" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestNoAnswerWherePrivacyIsRequired(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	waitsInVain(t, w)
	d := w.alice.host.Dialog("No answer from Bob")
	if hasButton(d.Form, buttonSend) || strings.Contains(d.Form.Intro, "unencrypted") {
		t.Errorf("sending in clear is offered: %+v", d.Form)
	}
	d.Press(buttonKeep)
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
}

func TestLinesForABuddyWhoIsAway(t *testing.T) {
	w := newWorld(t)
	w.alice.host.SetPeer(w.alice.id, false)
	waitsInVain(t, w)
	w.alice.wantSaid(plugintest.Notice, "is not seen online")
	for _, d := range w.alice.host.Dialogs() {
		t.Errorf("%q asks about somebody who is not there", d.Form.Title)
	}
	w.alice.host.SetPeer(w.alice.id, true)
	w.alice.plugin.peerOnline(w.alice.id)
	w.run()
	if l := w.bob.last(); l.text != "a private line" || !l.seal.Level.Encrypted() {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("a private line")
}

func TestWhoComesOnlineIsAskedNothingUnlessLinesWait(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.does(w.alice, actionEnd)
	w.alice.host.Take()
	w.alice.plugin.peerOnline(w.alice.id)
	w.alice.plugin.peerOnline(im.ConvID{Account: w.alice.id.Account, Peer: "stranger@example.org"})
	w.alice.host.Run()
	if ops := w.alice.host.Ops(); len(ops) > 0 {
		t.Errorf("it did %v", ops)
	}
}
