package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin/plugintest"
)

// changesKey gives bob another private key, as a new computer would.
func (w *world) changesKey() {
	w.t.Helper()
	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = testKeys()[2]
	w.bob.restart()
	w.bob.plugin.known = make(map[im.ConvID][]*knownKey)
}

func TestANewKeyIsAnAlarmAndLinesWait(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.changesKey()
	w.alice.restart()
	w.alice.host.Take()
	w.says(w.alice, "one-secret") // waits: bob is known to speak OTR
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Alarm, "shows a key that you have never seen")
	w.alice.wantNotSaid(plugintest.Alarm, "WARNING")
	w.says(w.alice, "two-secret")
	for _, l := range w.alice.lines {
		if l.state != im.Waiting {
			t.Errorf("the line is %+v", l)
		}
	}
	if len(w.bob.lines) != 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
	d := w.alice.host.Dialog("New key of Bob")
	f := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint()
	if d.Field(fieldTheirs).Value != f.String() || !d.Form.Quiet {
		t.Errorf("the question is %+v", d.Form)
	}
	d.Press(buttonKeep)
	w.run()
	if len(w.bob.lines) != 0 {
		t.Error("Keep waiting sent the lines")
	}

	// The same key again is still not accepted, even after a restart.
	w.does(w.alice, actionStart)
	w.alice.plugin.end(w.alice.plugin.chats[w.alice.id])
	w.run()
	w.does(w.bob, actionEnd)
	w.alice.host.Take()
	w.does(w.alice, actionStart)
	w.alice.wantSaid(plugintest.Alarm, "never seen")
	if len(w.bob.lines) != 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
	if len(w.alice.host.Dialogs()) != 1 {
		t.Fatal("the question is not asked again")
	}
	w.alice.host.Dialog("New key of Bob").Press(buttonKeep)

	if a, ok := w.alice.action(actionRelease); !ok || a.Label != "Decide about the new key…" {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	w.does(w.alice, actionRelease)
	w.alice.host.Dialog("New key of Bob").Press(buttonAccept)
	w.run()
	if len(w.bob.lines) != 2 || w.bob.lines[0].text != "one-secret" || w.bob.lines[1].text != "two-secret" {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
	w.wantNoClear("secret")

	// From now on, it is a key like any other.
	w.alice.restart()
	w.bob.restart()
	w.alice.host.Take()
	w.says(w.alice, "three-secret")
	w.alice.wantNotSaid(plugintest.Alarm, "")
	if l := w.bob.last(); l.text != "three-secret" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestANewKeyWhileAnotherIsVerifiedIsAStrongerAlarm(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.changesKey()
	w.alice.host.Take()
	w.does(w.bob, actionStart)
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Alarm, "WARNING")
	w.alice.wantNotSaid(plugintest.Alarm, w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint().String()) // it is in the window

	// Nothing goes to the new key before the user said so.
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Waiting || len(w.bob.lines) != 0 {
		t.Errorf("the line is %+v", l)
	}
	// Verifying it says so.
	w.alice.host.Dialog("New key of Bob").Press(buttonAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldMethod, methodFingerprint)
	d.Type(fieldVerified, choiceHave)
	d.Press(buttonAuthenticate)
	w.run()
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
	if len(w.alice.host.Dialogs()) != 0 {
		t.Error("the question is still open")
	}
	w.wantLevel(im.Verified, im.Private)
}

func TestTheQuestionAboutAKeyOutlivesThePrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.changesKey()
	w.does(w.bob, actionStart)
	w.says(w.alice, "secret")
	d := w.alice.host.Dialog("New key of Bob")
	w.does(w.bob, actionEnd)
	wantText(t, d, "The private conversation has ended meanwhile")
	if b := button(t, d, buttonAuthenticate); !b.Off {
		t.Error("it can be verified without a private conversation")
	}
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	w.says(w.alice, "two")
	if l := w.alice.last(); l.state != im.Failed {
		t.Errorf("a line typed after the end is %+v", l)
	}
	w.wantNoClear("secret")

	// What is decided counts when the key comes back.
	d.Press(buttonAccept)
	if d.Open {
		t.Error("accepted, the question is still open")
	}
	w.does(w.bob, actionStart)
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestForgettingAndTrustInTheStore(t *testing.T) {
	w := newWorld(t)
	w.verified()
	p := w.alice.plugin
	k := p.known[w.alice.id][0]
	if !k.First.Equal(w.alice.host.Now()) || !k.Last.Equal(k.First) {
		t.Errorf("seen %v, %v; now is %v", k.First, k.Last, w.alice.host.Now())
	}
	w.alice.host.Advance(time.Hour)
	w.does(w.alice, actionStart)
	if d := k.Last.Sub(k.First); d != time.Hour {
		t.Errorf("seen last %v later", d)
	}
	w.alice.restart()
	k = w.alice.plugin.known[w.alice.id][0]
	if k.Trust != trustSMP || k.Last.Sub(k.First) != time.Hour {
		t.Errorf("after a restart: %+v", k)
	}
	if err := w.alice.plugin.forgetKey(k); err != nil {
		t.Fatal(err)
	}
	if len(w.alice.plugin.known) != 0 {
		t.Error("the key is still known")
	}
	w.alice.restart()
	if len(w.alice.plugin.known) != 0 {
		t.Error("the key is known again after a restart")
	}
}

func TestAnyWordIsTrust(t *testing.T) { // as an import may bring
	if (&knownKey{Trust: ""}).trusted() || !(&knownKey{Trust: "verified"}).trusted() || !(&knownKey{Trust: "ja"}).trusted() {
		t.Error("every word but the empty one is trust")
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	w := newWorld(t)
	w.alice.does(actionStart)
	w.alice.host.Run()
	w.alice.host.Disk.Err = errOffline
	w.run()
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Alarm, "could not be saved")
	w.alice.host.Disk.Err = nil
}

func TestADecisionThatCannotBeSavedSendsNothing(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.changesKey()
	w.does(w.bob, actionStart)
	w.says(w.alice, "secret")
	d := w.alice.host.Dialog("New key of Bob")
	w.alice.host.Disk.Err = errOffline
	d.Press(buttonAccept)
	w.run()
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	w.alice.wantSaid(plugintest.Alarm, "your decision could not be saved")
	w.alice.host.Disk.Err = nil
	w.does(w.alice, actionRelease)
	w.alice.host.Dialog("New key of Bob").Press(buttonAccept)
	w.run()
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestLinesForANewKeyDoNotLeaveInClearAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	w.alice.set(manual)
	w.private()
	w.changesKey()
	w.does(w.bob, actionStart)
	w.says(w.alice, "one-secret")
	w.alice.host.Dialog("New key of Bob").Press(buttonKeep)
	w.does(w.alice, actionEnd)
	w.alice.types("two")
	w.alice.resend()
	w.wantNoClear("one-secret")
	for _, l := range w.alice.lines {
		if l.state != im.Waiting {
			t.Errorf("the line is %+v", l)
		}
	}
	if a, ok := w.alice.action(actionRelease); !ok || !strings.Contains(a.Label, "unencrypted") {
		t.Errorf("the menu is %v", w.alice.menu())
	}
}
