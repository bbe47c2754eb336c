package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// usesKey lets bob, or who claims to be, come with the nth key.
func (w *world) usesKey(n int) {
	w.t.Helper()
	for _, e := range []*end{w.alice, w.bob} {
		if a, ok := e.action(actionEnd); ok && !a.Off {
			w.does(e, actionEnd)
		}
	}
	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = testKeys()[n]
	w.bob.restart()
	w.bob.plugin.known = make(map[im.ConvID][]*knownKey)
	w.bob.lines = nil
	w.alice.host.Advance(2 * complaintEvery)
	w.alice.host.Take()
	w.does(w.bob, actionStart)
}

func fingerprintOf(t *testing.T, n int) otr.Fingerprint {
	t.Helper()
	k, err := otr.ParsePrivateKey(testKeys()[n])
	if err != nil {
		t.Fatal(err)
	}
	defer k.Wipe()
	return k.Fingerprint()
}

// rules stores what alice's user says of bob's key in the settings.
func (w *world) rules(n int, verified string) {
	w.t.Helper()
	p := w.alice.plugin
	p.closeConfig()
	d := w.alice.configures()
	k := p.knownKey(w.alice.id, fingerprintOf(w.t, n))
	if k == nil {
		w.t.Fatalf("key %d is not known", n)
	}
	d.Choose(fieldFingerprints, rowVerify, k.storeKey())
	v := w.alice.host.Dialog("Verify fingerprint of Bob")
	v.Type(fieldVerified, verified)
	v.Press(buttonOK)
	p.closeConfig()
	w.run()
}

func (w *world) forgets(n int) {
	w.t.Helper()
	d := w.alice.configures()
	d.Choose(fieldFingerprints, rowForget, w.alice.plugin.knownKey(w.alice.id, fingerprintOf(w.t, n)).storeKey())
	w.alice.plugin.closeConfig()
}

// wantQuestion checks that a line waits and is asked about.
func (w *world) wantQuestion(when string) *plugintest.Dialog {
	w.t.Helper()
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Waiting || len(w.bob.lines) != 0 {
		w.t.Fatalf("%s: the line is %+v; bob reads %+v", when, l, w.bob.lines)
	}
	return w.alice.host.Dialog("New key of Bob")
}

func (w *world) wantNoQuestion(when string) {
	w.t.Helper()
	w.says(w.alice, "to you")
	if l := w.alice.last(); l.state != im.Done || len(w.bob.lines) == 0 || w.bob.last().text != "to you" {
		w.t.Fatalf("%s: the line is %+v; bob reads %+v", when, l, w.bob.lines)
	}
	for _, d := range w.alice.host.Dialogs() {
		if strings.HasPrefix(d.Form.Title, "New key") {
			w.t.Errorf("%s: a question is open: %v", when, d)
		}
	}
}

// takenOver: an impostor's key was the first, then the real one was verified.
func takenOver(t *testing.T) *world {
	w := newWorld(t)
	w.private() // key 1
	w.wantNoQuestion("at first contact")
	w.usesKey(2)
	w.rules(2, choiceHave)
	w.wantNoQuestion("verified")
	return w
}

func TestTheFirstKeyComesBackAfterAnotherWasVerified(t *testing.T) {
	for name, between := range map[string]func(*world){
		"at once":         func(*world) {},
		"after a restart": func(w *world) { w.alice.restart() },
		"in an older store": func(w *world) {
			k := w.alice.plugin.knownKey(w.alice.id, fingerprintOf(t, 1))
			k.Unaccepted, k.Accepted = false, false
			if err := w.alice.plugin.saveKnown(k); err != nil {
				t.Fatal(err)
			}
			w.alice.restart()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := takenOver(t)
			between(w)
			w.usesKey(1)
			w.wantLevel(im.Private, im.Private)
			w.alice.wantSaid(plugintest.Alarm, "WARNING")
			w.alice.wantSaid(plugintest.Alarm, "have not verified, although you verified another one")
			d := w.wantQuestion("the first key again")
			wantText(t, d, "have not verified, although you verified another one")
			if d.Field(fieldTheirs).Value != fingerprintOf(t, 1).String() {
				t.Errorf("the question is %v", d)
			}
			d.Press(buttonKeep)
			w.run()
			if len(w.bob.lines) != 0 {
				t.Errorf("the impostor reads %+v", w.bob.lines)
			}
			w.usesKey(2)
			w.wantNoQuestion("the verified key again")
			w.wantNoClear("secret")
		})
	}
}

func TestAKeyAcceptedAfterAnotherWasVerifiedIsNotAskedAboutAgain(t *testing.T) {
	w := takenOver(t)
	w.usesKey(1)
	w.wantQuestion("before")
	w.alice.accepts()
	w.run()
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoQuestion("accepted")
	w.usesKey(2)
	w.rules(2, choiceHave) // again: it changes nothing
	w.alice.restart()
	w.usesKey(1)
	w.alice.wantNotSaid(plugintest.Alarm, "WARNING")
	w.wantNoQuestion("accepted, and the program restarted")

	// Another key becomes trusted: the user now knows better.
	w.usesKey(3)
	w.rules(3, choiceHave)
	w.usesKey(1)
	w.wantQuestion("another one verified").Press(buttonKeep)
}

func TestTwoVerifiedDevicesAreNotAskedAbout(t *testing.T) {
	w := takenOver(t)
	w.usesKey(1)
	w.rules(1, choiceHave)
	for _, n := range []int{1, 2, 1} {
		w.usesKey(n)
		w.alice.wantNotSaid(plugintest.Alarm, "")
		w.wantLevel(im.Verified, im.Private)
		w.wantNoQuestion("both verified")
	}

	// The trust in one of them is taken back.
	w.rules(1, choiceHaveNot)
	w.bob.lines = nil
	w.wantQuestion("not verified any more").Press(buttonKeep)
	w.usesKey(2)
	w.wantNoQuestion("still verified")
}

func TestVerifyingAnotherKeyGatesTheConversationThatIsOn(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.usesKey(2)
	w.wantQuestion("a new key").Press(buttonKeep)
	w.usesKey(1)
	w.wantNoQuestion("the first key")
	w.bob.lines = nil
	w.rules(2, choiceHave)
	w.wantQuestion("the other one verified").Press(buttonKeep)
}

func TestLosingTheTrustedKeyAcceptsNoOther(t *testing.T) {
	for name, lose := range map[string]func(*world){
		"untrusted": func(w *world) { w.rules(2, choiceHaveNot) },
		"forgotten": func(w *world) { w.forgets(2) },
	} {
		for _, older := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				w := takenOver(t)
				if older {
					k := w.alice.plugin.knownKey(w.alice.id, fingerprintOf(t, 1))
					k.Unaccepted = false
					if err := w.alice.plugin.saveKnown(k); err != nil {
						t.Fatal(err)
					}
				}
				w.does(w.alice, actionEnd)
				lose(w)
				w.alice.restart()
				w.usesKey(1)
				w.wantQuestion("the first key").Press(buttonKeep)
			})
		}
	}
}

func TestTrustTakenBackFromTheOnlyTrustedKeyGatesNothing(t *testing.T) {
	w := takenOver(t)
	w.rules(2, choiceHaveNot)
	w.wantLevel(im.Private, im.Private)
	w.wantNoQuestion("no key is verified")
}

func TestTrustIsNotGivenWhenDoubtCannotBeSaved(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.usesKey(2)
	w.alice.host.Disk.Err = errOffline
	w.rules(2, choiceHave)
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Alarm, "could not be saved")
	p := w.alice.plugin
	if k := p.knownKey(w.alice.id, fingerprintOf(t, 1)); k.Unaccepted || !p.acceptable(w.alice.id, k.fingerprint) {
		t.Errorf("the other key is %+v", k)
	}
	w.alice.host.Disk.Err = nil
}

// asksAgain is the peer's program beginning SMP anew, without an abort.
func (w *world) asksAgain(question string) {
	w.t.Helper()
	c := w.alice.plugin.chats[w.alice.id]
	r, err := c.session.Authenticate([]byte("a"), question)
	if err != nil {
		w.t.Fatal(err)
	}
	w.alice.plugin.put(c, otr.Result{Wire: r.Wire[len(r.Wire)-1:]}, "")
	w.run()
	if len(w.bob.plugin.chats[w.bob.id].early.waiting) > 0 { // for the abort, which is lost
		w.bob.host.Advance(earlyWait)
		w.run()
	}
}

func TestTheSameQuestionAgainKeepsWhatIsTyped(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("question", "a")
	w.run()
	d := w.bob.host.Dialog("Authentication from")
	d.Type(fieldAnswer, "half-typed")
	for range 20 {
		w.asksAgain("question")
	}
	if !d.Open || d.Value(fieldAnswer) != "half-typed" {
		t.Fatalf("what was typed is gone: %v", d)
	}
	if n := w.bob.count(plugintest.Notice, "wants to make sure"); n != 1 {
		t.Errorf("%d notices", n)
	}
	d.Type(fieldAnswer, "a")
	d.Press(buttonAuthenticate)
	w.run()
	w.wantLevel(im.Verified, im.Private) // it answers the latest
}

func TestAskingAndGivingUpOverAndOverIsToldNowAndThen(t *testing.T) {
	w := newWorld(t)
	w.private()
	for range 20 {
		d := w.alice.asks("question", "a")
		w.run()
		d.CloseWindow()
		w.run()
	}
	if n := w.bob.count(plugintest.Notice, ""); n > 7 {
		t.Errorf("%d notices:\n%s", n, w.bob.transcript())
	}
}

func TestALineOfWhichAPieceDidNotLeave(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Max = 300
	w.private()
	onWire := w.alice.host.OnWire
	pieces := 0
	w.alice.host.OnWire = func(c im.ConvID, body string, h plugin.Hints) error {
		if pieces++; pieces > 1 {
			return errOffline
		}
		return onWire(c, body, h)
	}
	w.says(w.alice, strings.Repeat("long ", 400))
	l := w.alice.last()
	if l.state != im.Failed || !strings.HasPrefix(l.why, "Not sent: ") {
		t.Errorf("the line is %+v", l)
	}
	w.alice.host.OnWire = onWire
	w.alice.takes("B", "?OTR Error: could not be read")
	w.run()
	if len(w.bob.lines) != 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
}
