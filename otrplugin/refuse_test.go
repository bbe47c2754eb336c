package otrplugin

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin/plugintest"
)

// A key that nobody has seen takes over while the verified conversation lives.
func TestRefusingGoesOnWithTheVerifiedConversation(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart)
	d := w.alice.host.Dialog("New key of Bob")
	wantText(t, d, "Your verified conversation with Bob at B is still there: Refuse goes on with it.")
	if !strings.HasPrefix(d.Form.Warning, "WARNING") {
		t.Errorf("the warning is %q", d.Form.Warning)
	}
	w.says(w.alice, "to whom?")
	w.alice.host.Take()
	d.Press(buttonRefuse)
	w.run()
	if l := w.bob.last(); l.text != "to whom?" || l.seal.Level != im.Verified || w.alice.level() != im.Verified {
		t.Errorf("the computer reads %+v; alice sees %v", l, w.alice.level())
	}
	if len(w.phone.lines) != 0 {
		t.Errorf("the phone reads %+v", w.phone.lines)
	}
	w.alice.wantNotSaid(plugintest.Notice, "uses another device")
	w.alice.wantSaid(plugintest.Notice, "You refused a key of Bob; nothing is sent to it. What you write goes to B (Private) again. "+
		"To change that, choose Keys of this buddy in the OTR menu.")
	w.alice.does(actionKeys)
	w.alice.host.Dialog("Keys of Bob").Press(buttonClose)
}

func TestTheKeysOfABuddyAreInTheMenuIfThereAreSeveral(t *testing.T) {
	w := newWorld(t)
	w.private()
	if _, ok := w.alice.action(actionKeys); ok {
		t.Errorf("with one key: %v", w.alice.menu())
	}
}

func TestStartingTwiceAsksOnce(t *testing.T) {
	w := newWorld(t)
	w.alice.does(actionStart)
	w.alice.host.Run()                             // the key is read
	w.alice.plugin.Invoke(w.alice.id, actionStart) // two clicks, of which the menu has seen one
	if a, _ := w.alice.action(actionStart); !a.Off || a.Label != "Starting…" {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	if n := queries(w.alice); n != 1 {
		t.Errorf("%d queries", n)
	}
	if n := w.alice.count(plugintest.Notice, "Attempting"); n != 1 {
		t.Errorf("told %d times", n)
	}
	w.alice.outbox = nil // lost
	w.alice.host.Advance(answerWithin)
	w.does(w.alice, actionStart)
	w.wantLevel(im.Private, im.Private)
	if a, _ := w.alice.action(actionStart); a.Off || a.Label != "Refresh private conversation" {
		t.Errorf("the menu is %v", w.alice.menu())
	}
}

// What came while the user was away asks for what is being started already.
func TestALateQueryIsNotToldWhileStarting(t *testing.T) {
	w := newWorld(t)
	w.bob.does(actionStart)
	w.bob.host.Run()
	w.alice.does(actionStart)
	w.whileAway()
	w.alice.wantNotSaid(plugintest.Notice, "while you were away")
}

func TestALineToAnAbsentBuddySaysWhatItWaitsFor(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.host.SetPeer(w.alice.id, false)
	w.alice.types("later")
	w.alice.host.Run() // the key is read
	if l := w.alice.last(); l.state != im.Waiting || l.why != "Waiting until Bob is online" {
		t.Errorf("%+v", l)
	}
}

// What a key alarm says at first sight is what matters; the rest is in the window.
func TestTheAlarmOfANewKeyIsShort(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.alice.host.Take()
	w.does(w.phone, actionStart)
	ops := w.alice.host.Take()
	at := slices.IndexFunc(ops, func(o plugintest.Op) bool { return o.Kind == plugintest.Alarm })
	if at < 0 {
		t.Fatalf("no alarm in %v", ops)
	}
	words := ops[at].Text
	if strings.Count(words, ". ") > 2 || strings.Contains(words, "fingerprint") {
		t.Errorf("it says %q", words)
	}
}
