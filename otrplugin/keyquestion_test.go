package otrplugin

import (
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// accepts answers the question about a key, and the one whether that is meant.
func (e *end) accepts() {
	e.t.Helper()
	d := e.host.Dialog("New key of")
	d.Press(buttonAccept)
	if d.Open {
		wantText(e.t, d, "without verifying")
		d.Press(buttonSure)
	}
}

// asking reports whether a question about a key is open.
func (e *end) asking() bool {
	return slices.ContainsFunc(e.host.Dialogs(), func(d *plugintest.Dialog) bool {
		return strings.HasPrefix(d.Form.Title, "New key of")
	})
}

func button(t *testing.T, d *plugintest.Dialog, id string) plugin.Button {
	t.Helper()
	i := slices.IndexFunc(d.Form.Buttons, func(b plugin.Button) bool { return b.ID == id })
	if i < 0 {
		t.Fatalf("no button %q in %v", id, d)
	}
	return d.Form.Buttons[i]
}

// flips lets bob's end come with the nth key, in the middle of it all.
func (w *world) flips(n int) {
	w.t.Helper()
	w.bob.host.Keyring.Data[vaultName(w.bob.id.Account)] = testKeys()[n]
	w.bob.restart()
	w.bob.plugin.known = make(map[im.ConvID][]*knownKey)
	w.does(w.bob, actionStart)
}

func TestANewKeyIsAskedAboutAtOnce(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Advance(48 * time.Hour)
	w.flips(2)
	d := w.alice.host.Dialog("New key of Bob") // nothing was typed
	if !d.Form.Quiet {
		t.Error("it steals the focus")
	}
	if d.Field(fieldTheirs).Value != fingerprintOf(t, 2).String() || d.Field(fieldFormer).Value != fingerprintOf(t, 1).String() {
		t.Errorf("the fingerprints are wrong: %v", d)
	}
	wantText(t, d, "first seen on 2 January 2026")
	wantText(t, d, "never verified")
	wantText(t, d, "new device")
	if b := button(t, d, buttonAuthenticate); b.Role != plugin.Default || b.Off {
		t.Errorf("Verify now is %+v", b)
	}
	if a, ok := w.alice.action(actionRelease); !ok || a.Label != "Decide about the new key…" {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	w.says(w.alice, "secret")
	if n := len(w.alice.host.Dialogs()); n != 1 {
		t.Errorf("%d dialogs", n)
	}
	d.CloseWindow()
	if d.Open || w.alice.asking() {
		t.Error("the window does not close")
	}
	if l := w.alice.last(); l.state != im.Waiting || len(w.bob.lines) > 0 {
		t.Errorf("undecided, the line is %+v", l)
	}
	w.does(w.alice, actionRelease)
	d = w.alice.host.Dialog("New key of Bob")
	if d.Form.Quiet {
		t.Error("asked for, it stays in the background")
	}
	d.Press(buttonAccept)
	w.run()
	if l := w.bob.last(); l.text != "secret" || w.alice.asking() {
		t.Errorf("accepted, bob reads %+v", l)
	}
	w.wantLevel(im.Private, im.Private)
	w.alice.host.Advance(time.Hour)
	w.alice.restart()
	w.flips(1)
	w.flips(2)
	if w.alice.asking() {
		t.Error("accepted and restarted, it is asked again")
	}
}

func TestAcceptingTakesMoreWhenAnotherKeyIsVerified(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.flips(2)
	d := w.alice.host.Dialog("New key of Bob")
	if !strings.HasPrefix(d.Form.Warning, "WARNING") {
		t.Errorf("the warning is %q", d.Form.Warning)
	}
	wantText(t, d, "You verified it on 2 January 2026 by a shared secret.")
	var order []string
	for _, b := range d.Form.Buttons {
		order = append(order, b.ID)
	}
	if want := []string{buttonKeep, buttonRefuse, buttonAccept, buttonAuthenticate}; !slices.Equal(order, want) {
		t.Errorf("the buttons are %q", order)
	}
	w.says(w.alice, "secret")
	d.Press(buttonAccept)
	w.run()
	if !d.Open || len(w.bob.lines) > 0 || button(t, d, buttonSure).Role != plugin.Danger {
		t.Fatalf("one click accepts: %v", d)
	}
	wantText(t, d, "You verified another key of Bob on 2 January 2026 by a shared secret")
	if d.Field(fieldTheirs).Value != fingerprintOf(t, 2).String() {
		t.Errorf("it does not say of which key: %v", d)
	}
	c := w.alice.plugin.chats[w.alice.id]
	again := plugin.Answers{Action: buttonAccept, Values: map[string]string{fieldTheirs: fingerprintOf(t, 2).String()}}
	w.alice.plugin.keyAnswered(c, c.newKey, again) // the second of a double click
	w.run()
	if !d.Open || len(w.bob.lines) > 0 {
		t.Fatal("a double click accepts")
	}
	d.Press(buttonSure)
	w.run()
	if l := w.bob.last(); l.text != "secret" || d.Open {
		t.Errorf("bob reads %+v", l)
	}
	w.wantLevel(im.Private, im.Private)
}

func TestVerifyingAnswersTheQuestion(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.flips(2)
	q := w.alice.host.Dialog("New key of Bob")
	w.says(w.alice, "secret")
	q.Press(buttonAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	if !q.Open {
		t.Error("the question is gone before anything was decided")
	}
	d.Press(buttonCancel)
	w.run()
	if !q.Open || len(w.bob.lines) > 0 {
		t.Error("cancelled, it counts as an answer")
	}
	q.Press(buttonAuthenticate)
	d = w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldMethod, methodFingerprint)
	d.Type(fieldVerified, choiceHave)
	d.Press(buttonAuthenticate)
	w.run()
	if l := w.bob.last(); l.text != "secret" || q.Open {
		t.Errorf("verified, bob reads %+v; the question is open: %v", l, q.Open)
	}
}

// What becomes of a line, by what is known of the key and by how things stand.
func TestLinesByKeyAndState(t *testing.T) {
	keys := map[string]struct {
		before func(*world)
		key    int
		asks   bool
	}{
		"first":                  {func(w *world) {}, 1, false},
		"known":                  {func(w *world) { w.private(); w.does(w.alice, actionEnd); w.does(w.bob, actionEnd) }, 1, false},
		"verified":               {func(w *world) { w.verified(); w.does(w.alice, actionEnd); w.does(w.bob, actionEnd) }, 1, false},
		"new":                    {func(w *world) { w.private() }, 2, true},
		"new, another verified":  {func(w *world) { w.verified() }, 2, true},
		"new, after a restart":   {func(w *world) { w.verified(); w.alice.restart() }, 2, true},
		"new, after an accepted": {func(w *world) { w.private(); w.flips(3); w.alice.accepts() }, 2, true},
		"new, after a refused":   {func(w *world) { w.private(); w.flips(3); w.alice.host.Dialog("New key").Press(buttonRefuse) }, 2, true},
	}
	states := map[string]struct {
		do   func(*world)
		sent im.State // of a line to a key that lines may go to
	}{
		"online": {func(*world) {}, im.Done},
		"peer offline": {func(w *world) {
			w.alice.host.SetPeer(w.alice.id, false)
			w.alice.plugin.peerOffline(w.alice.id)
		}, im.Waiting},
		"connection lost": {func(w *world) {
			w.alice.plugin.AccountOnline(w.alice.id.Account, false)
			w.alice.plugin.AccountOnline(w.alice.id.Account, true)
		}, im.Done},
		"finished": {func(w *world) { w.does(w.bob, actionEnd) }, im.Failed},
	}
	for key, k := range keys {
		for state, s := range states {
			t.Run(key+", "+state, func(t *testing.T) {
				w := newWorld(t)
				k.before(w)
				w.alice.host.Advance(2 * complaintEvery)
				w.flips(k.key)
				if w.alice.asking() != k.asks {
					t.Errorf("asked: %v", !k.asks)
				}
				s.do(w)
				w.says(w.alice, "secret")
				w.wantNoClear("secret")
				l := w.alice.last()
				switch {
				case state == "finished" && l.state != im.Failed:
					t.Errorf("the line is %+v", l)
				case k.asks && (len(w.bob.lines) > 0 || l.state == im.Done):
					t.Errorf("the line is %+v; bob reads %+v", l, w.bob.lines)
				case !k.asks && l.state != s.sent:
					t.Errorf("the line is %+v", l)
				}
				if w.alice.asking() != k.asks {
					t.Errorf("asked in the end: %v", !k.asks)
				}
			})
		}
	}
}

func TestKeysThatFlapMakeOneQuestion(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Take()
	w.flips(2)
	d := w.alice.host.Dialog("New key of Bob")
	w.says(w.alice, "secret")
	for n := range 60 {
		w.alice.host.Advance(time.Second)
		key := 2 + (n+1)%2
		w.flips(key)
		if !d.Open || len(w.alice.host.Dialogs()) != 1 || d.Field(fieldTheirs).Value != fingerprintOf(t, key).String() {
			t.Fatalf("after %d: %v", n, d)
		}
	}
	wantText(t, d, "The key has changed while this window was open")
	if n := w.alice.count(plugintest.Alarm, ""); n > 3 {
		t.Errorf("%d alarms", n)
	}
	if n := w.alice.count(plugintest.Notice, ""); n > 3 {
		t.Errorf("%d notices", n)
	}
	if len(w.bob.lines) > 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}

	// It takes a second click, and the key that flips between them is not accepted.
	d.Press(buttonAccept)
	w.flips(3)
	w.run()
	if len(w.bob.lines) > 0 || button(t, d, buttonRefuse).Off {
		t.Fatalf("the question is %v; bob reads %+v", d, w.bob.lines)
	}
	d.Press(buttonAccept)
	if len(w.bob.lines) > 0 {
		t.Fatal("one click accepts a key that flapped")
	}
	d.Press(buttonSure)
	w.run()
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
	if p := w.alice.plugin; p.acceptable(w.alice.id, fingerprintOf(t, 2)) {
		t.Error("the other key is accepted, too")
	}
}

func TestAQuestionPutOffIsNotAskedForEachKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.says(w.alice, "secret")
	w.alice.host.Dialog("New key of Bob").Press(buttonKeep)
	opened := 0
	for n := range 60 {
		w.alice.host.Advance(time.Second)
		w.flips(2 + (n+1)%2)
		if w.alice.asking() {
			opened++
			w.alice.host.Dialog("New key of Bob").Press(buttonKeep)
		}
	}
	if opened < 1 || opened > 3 {
		t.Errorf("asked %d times in a minute", opened)
	}
	w.says(w.alice, "more") // the user's own doing
	if !w.alice.asking() {
		t.Error("a line does not ask")
	}
	if len(w.bob.lines) > 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
}

// The click was on its way when the key changed.
func TestADecisionIsAboutTheKeyOnTheScreen(t *testing.T) {
	for _, action := range []string{buttonAccept, buttonSure, buttonRefuse} {
		for _, shown := range []string{fingerprintOf(t, 2).String(), "", "nonsense"} {
			w := newWorld(t)
			w.private()
			w.flips(2)
			w.says(w.alice, "secret")
			w.flips(3)
			c := w.alice.plugin.chats[w.alice.id]
			for range 3 {
				w.alice.plugin.keyAnswered(c, c.newKey, plugin.Answers{Action: action, Values: map[string]string{fieldTheirs: shown}})
				w.run()
			}
			if len(w.bob.lines) > 0 {
				t.Errorf("%s of %q: bob reads %+v", action, shown, w.bob.lines)
			}
			for _, n := range []int{2, 3} {
				f := fingerprintOf(t, n)
				if p := w.alice.plugin; p.acceptable(w.alice.id, f) || p.refused(w.alice.id, f) {
					t.Errorf("%s of %q decided about key %d", action, shown, n)
				}
			}
			wantText(t, w.alice.host.Dialog("New key of Bob"), "Look at the fingerprint again")
		}
	}
}

func TestTheQuestionGoesWithTheKnownKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.says(w.alice, "secret")
	if !w.alice.asking() {
		t.Fatal("not asked")
	}
	w.flips(1)
	if w.alice.asking() {
		t.Error("the question about a key that is gone is still open")
	}
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestEndTakesTheQuestionAway(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.does(w.alice, actionEnd)
	if w.alice.asking() {
		t.Error("the question is still open")
	}
}

func TestARemovedAccountTakesTheQuestionAway(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.alice.plugin.openKeyHistory(w.alice.plugin.chats[w.alice.id])
	w.alice.host.RemoveAccount(w.alice.id.Account)
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	w.alice.host.Run()
	if n := len(w.alice.host.Dialogs()); n > 0 {
		t.Errorf("%d dialogs are open", n)
	}
}

// The question is about the phone, while the computer is written to, and stays so.
func TestVerifyingAKeyAtAnotherDevice(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.does(w.phone, actionStart)
	q := w.alice.host.Dialog("New key of Bob")
	w.says(w.bob, "at the computer")
	w.says(w.alice, "to the computer")
	if l := w.bob.last(); l.text != "to the computer" {
		t.Fatalf("bob reads %+v", l)
	}
	q.Press(buttonAuthenticate)
	w.reads(w.bob, "meanwhile")
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldMethod, methodFingerprint)
	if d.Field(fieldTheirs).Value != q.Field(fieldTheirs).Value {
		t.Error("another key is authenticated")
	}
	d.Type(fieldVerified, choiceHave)
	d.Press(buttonAuthenticate)
	w.run()
	if q.Open {
		t.Error("the question is still asked")
	}
	if a, ok := w.alice.session("P"); !ok || a.Icon != im.Verified {
		t.Errorf("the phone is %+v", a)
	}
	w.reads(w.phone, "to what was verified") // for the computer's key is the one in doubt now
}

func TestAKeyThatWasImportedIsShownAsSuch(t *testing.T) {
	w := newWorld(t)
	w.alice.reads(bobs(t, 1, "verified")).Press(buttonImport)
	w.flips(2)
	wantText(t, w.alice.host.Dialog("New key of Bob"), "imported from another program on 2 January 2026. You verified it on "+
		"2 January 2026 in another program.")
}
