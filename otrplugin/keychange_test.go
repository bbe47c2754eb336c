package otrplugin

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

func (e *end) key() *otr.PrivateKey { return e.plugin.accounts[e.id.Account].key }

func (e *end) kept() []byte { return e.host.Keyring.Data[vaultName(e.id.Account)] }

// wantKept fails unless the key in use is the one in the vault, if there is one.
func (e *end) wantKept() {
	e.t.Helper()
	a := e.plugin.accounts[e.id.Account]
	if a == nil || a.key == nil {
		if e.kept() != nil {
			e.t.Error("the vault has a key that is not in use")
		}
		return
	}
	k, err := otr.ParsePrivateKey(e.kept())
	if err != nil || k.Fingerprint() != a.key.Fingerprint() {
		e.t.Errorf("the vault has another key: %v", err)
	}
}

// asksToChange presses a button of the Config tab, and the one of the question.
func (e *end) asksToChange(d *plugintest.Dialog, field, title string) *plugintest.Dialog {
	e.t.Helper()
	d.Press(field)
	q := e.host.Dialog(title)
	if q.Field(fieldOurs).Value != e.key().Fingerprint().String() || !strings.Contains(q.Text(), "are told") {
		e.t.Errorf("the question is %v", q)
	}
	return q
}

func TestRegeneratingEndsPrivateConversationsAndKeepsTheNewKey(t *testing.T) {
	w := newWorld(t)
	w.verified()
	old, oldKey := w.alice.key().Fingerprint(), w.alice.key()
	d := w.alice.configures()
	w.alice.asksToChange(d, fieldRegenerate, "Make another private key?").Press(buttonCancel)
	w.run()
	if w.alice.key().Fingerprint() != old || w.alice.level() != im.Verified {
		t.Error("Cancel has changed something")
	}
	w.alice.asksToChange(d, fieldRegenerate, "Make another private key?").Press(buttonGo)
	if !d.Has(fieldGenerating) || !d.Field(fieldRegenerate).Off || !d.Field(fieldDelete).Off || !d.Field(fieldExport).Off {
		t.Errorf("while it is made: %v", d)
	}
	w.says(w.alice, "meanwhile") // runs the work first: it is over then
	if l := w.bob.last(); l.text != "meanwhile" || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
	if now := w.alice.key().Fingerprint(); now == old || d.Field(fieldFingerprint).Value != now.String() {
		t.Errorf("the key is %v: %v", now, d)
	}
	w.alice.wantKept()
	if p, _, _, _, x := oldKey.Numbers(); len(p) == 0 || len(bytes.Trim(x, "\x00")) > 0 {
		t.Error("the old key was not wiped")
	}
	w.alice.wantSaid(plugintest.Notice, "has another private key now")
	w.wantNoClear("meanwhile")
	w.wantLevel(im.Open, im.Ended)
	w.says(w.alice, "with the new key") // which bob has to verify again
	w.wantLevel(im.Verified, im.Private)
	if l := w.bob.last(); l.text != "with the new key" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	w.alice.restart()
	w.does(w.alice, actionStart)
	w.alice.wantKept()
}

func TestRegeneratingEndsAtTheOtherEndToo(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.configures()
	w.alice.asksToChange(d, fieldRegenerate, "Make another").Press(buttonGo)
	w.alice.host.Run()
	for len(w.alice.outbox) > 0 {
		w.deliver(w.alice, w.bob)
	}
	w.wantLevel(im.Open, im.Ended)
	w.alice.outbox, w.bob.outbox = nil, nil
	w.alice.types("canary") // nobody answers
	w.alice.host.Run()
	if l := w.alice.last(); l.state != im.Waiting || !w.alice.plugin.Required(w.alice.id) {
		t.Errorf("the line is %+v", l)
	}
	w.wantNoClear("canary")
}

// What was private stays so whatever the policy says, and what was finished
// refuses to go on in clear by itself.
func TestAfterAChangeOfTheKeyNothingLeavesInClear(t *testing.T) {
	for _, field := range []string{fieldRegenerate, fieldDelete} {
		for name, policy := range map[string]settings{"never": never, "manual": manual, "always": always, "default": defaultSettings()} {
			for _, state := range []string{"private", "finished", "asked", "held"} {
				w := newWorld(t)
				switch state {
				case "private":
					w.private()
					w.alice.set(policy)
				case "finished":
					w.private()
					w.does(w.bob, actionEnd)
					w.alice.set(policy)
				case "asked":
					w.says(w.bob, "key") // alice's is ready
					w.alice.set(manual)
					w.alice.does(actionStart)
					w.run()
				case "held":
					w.alice.set(always)
					w.waits("canary zero")
				}
				w.alice.outbox, w.bob.outbox = nil, nil
				d := w.alice.configures()
				w.run()
				d.Press(field)
				for _, q := range w.alice.host.Dialogs() {
					if q != d {
						q.Press(buttonGo)
					}
				}
				w.alice.host.Run()
				w.alice.types("canary one")
				w.alice.host.Run()
				w.alice.types("canary two")
				w.run()
				w.wantNoClear("canary")
				w.alice.wantKept()
				if t.Failed() {
					t.Fatalf("%s, %s, %s", field, name, state)
				}
			}
		}
	}
}

func TestRegeneratingCanBeStopped(t *testing.T) {
	w := newWorld(t)
	w.private()
	old := bytes.Clone(w.alice.kept())
	d := w.alice.configures()
	w.alice.asksToChange(d, fieldRegenerate, "Make another").Press(buttonGo)
	d.Press(fieldStopMaking)
	if d.Has(fieldGenerating) || d.Field(fieldRegenerate).Off {
		t.Errorf("after Cancel: %v", d)
	}
	w.run()
	if !bytes.Equal(w.alice.kept(), old) || w.alice.level() != im.Private {
		t.Error("something has changed")
	}
	w.says(w.alice, "canary")
	if l := w.bob.last(); l.text != "canary" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestTheMakingOfAKeyCanBeStopped(t *testing.T) {
	w := keyless(t)
	d := w.alice.configures()
	w.alice.host.Run()
	d.Press(fieldGenerate)
	d.Press(fieldStopMaking)
	w.alice.host.Run()
	if w.alice.kept() != nil || d.Field(fieldGenerate).Off || d.Field(fieldFingerprint).Value != noKey() {
		t.Errorf("after Cancel: %v", d)
	}
	// While a line waits for the key, it is refused, and nothing leaves in clear.
	w.alice.types("canary")
	d.Press(fieldStopMaking)
	w.alice.host.Run()
	if l := w.alice.last(); l.state != im.Failed || !strings.Contains(l.why, "was stopped") || w.alice.kept() != nil {
		t.Errorf("the line is %+v", l)
	}
	w.wantNoClear("canary")
	w.alice.host.Advance(retryKey)
	w.says(w.alice, "again")
	w.alice.wantKept()
	if l := w.bob.lines[0]; l.text != "again" {
		t.Errorf("bob reads %+v", l)
	}
}

// Stopped and begun again at once, one key is made.
func TestStoppedAndBegunAgain(t *testing.T) {
	w := keyless(t)
	d := w.alice.configures()
	w.alice.host.Run()
	for range 3 {
		d.Press(fieldGenerate)
		d.Press(fieldStopMaking)
	}
	d.Press(fieldGenerate)
	w.alice.host.Run()
	w.alice.wantKept()
	if w.alice.key() == nil {
		t.Error("no key was made")
	}
}

func TestAVaultThatRefusesTheOtherKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	old := w.alice.key().Fingerprint()
	d := w.alice.configures()
	for _, field := range []string{fieldRegenerate, fieldDelete} {
		d.Press(field)
		for _, q := range w.alice.host.Dialogs() {
			if q != d {
				q.Press(buttonGo)
			}
		}
		w.alice.host.Keyring.Err = errors.New("the keyring is full")
		w.run()
		w.alice.host.Keyring.Err = nil
		if w.alice.key().Fingerprint() != old || w.alice.level() != im.Private || !strings.Contains(d.Text(), "the keyring is full") {
			t.Errorf("%s: %v", field, d)
		}
		w.alice.wantKept()
	}
	w.says(w.alice, "canary")
	w.wantNoClear("canary")
	if l := w.bob.last(); l.text != "canary" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestDeletingAKey(t *testing.T) {
	w := newWorld(t)
	w.verified()
	old := w.alice.key().Fingerprint()
	d := w.alice.configures()
	w.alice.asksToChange(d, fieldDelete, "Delete the private key?").Press(buttonGo)
	w.run()
	if w.alice.kept() != nil || d.Field(fieldFingerprint).Value != noKey() || d.Field(fieldGenerate).Off {
		t.Errorf("after that: %v", d)
	}
	w.wantLevel(im.Open, im.Ended)
	w.says(w.alice, "canary")
	w.wantNoClear("canary")
	w.alice.wantKept()
	if now := w.alice.key(); now == nil || now.Fingerprint() == old {
		t.Error("no other key was made when it was needed")
	}
}

func TestADamagedKeyCanBeDeleted(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Keyring.Data[vaultName(w.alice.id.Account)] = []byte("nonsense")
	d := w.alice.configures()
	w.alice.host.Run()
	if !strings.Contains(d.Text(), "damaged") {
		t.Errorf("the form is %v", d)
	}
	d.Press(fieldDelete)
	w.alice.host.Dialog("Delete the private key?").Press(buttonGo)
	w.alice.types("hello") // meanwhile
	w.run()
	w.alice.wantKept()
	if w.alice.last().state == im.Failed || w.alice.key() == nil {
		t.Errorf("the line is %+v", w.alice.last())
	}
}

// A line that waits for a damaged key to be deleted, or replaced, is told of when
// that fails.
func TestALineThatWaitsForAChangeOfTheKeyThatFails(t *testing.T) {
	for _, field := range []string{fieldDelete, fieldImport} {
		w := newWorld(t)
		w.alice.host.Keyring.Data[vaultName(w.alice.id.Account)] = []byte("nonsense")
		if field == fieldDelete {
			d := w.alice.configures()
			w.alice.host.Run()
			d.Press(fieldDelete)
			w.alice.host.Dialog("Delete the private key?").Press(buttonGo)
		} else {
			i := w.importsFrom(keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2)))
			i.Press(buttonImport)
			i.Press(buttonImport)
		}
		w.alice.types("canary")
		if l := w.alice.last(); l.state != im.Waiting {
			t.Errorf("%s: meanwhile, the line is %+v", field, l)
		}
		w.alice.host.Keyring.Err = errOffline
		w.run()
		if l := w.alice.last(); l.state != im.Failed || !strings.Contains(l.why, "out of reach") {
			t.Errorf("%s: the line is %+v", field, l)
		}
		w.wantNoClear("canary")
	}
}

// An account that goes while its key is changed leaves nothing in the vault, nor a window.
func TestAnAccountRemovedWhileItsKeyIsChanged(t *testing.T) {
	for _, field := range []string{fieldRegenerate, fieldDelete} {
		for steps := range 3 {
			w := newWorld(t)
			d := w.alice.configures()
			w.alice.host.Run()
			d.Press(field)
			if steps > 0 {
				for _, q := range w.alice.host.Dialogs() {
					if q != d {
						q.Press(buttonGo)
					}
				}
			}
			if steps > 1 { // the making is over, the saving not
				w.alice.host.Go(func(context.Context) error { return nil }, func(error) {
					w.alice.host.RemoveAccount(w.alice.id.Account)
					w.alice.plugin.AccountRemoved(w.alice.id.Account)
				})
			} else {
				w.alice.host.RemoveAccount(w.alice.id.Account)
				w.alice.plugin.AccountRemoved(w.alice.id.Account)
			}
			w.alice.host.Run()
			if n := len(w.alice.host.Keyring.Data); n != 0 {
				t.Errorf("%s, %d: %d secrets are left", field, steps, n)
			}
			if open := w.alice.host.Dialogs(); len(open) != 1 {
				t.Errorf("%s, %d: %d windows are open", field, steps, len(open))
			}
		}
	}
}

func TestClosedWhileAKeyIsChanged(t *testing.T) {
	for _, field := range []string{fieldRegenerate, fieldDelete} {
		w := newWorld(t)
		d := w.alice.configures()
		w.alice.host.Run()
		d.Press(field)
		for _, q := range w.alice.host.Dialogs() {
			if q != d {
				q.Press(buttonGo)
			}
		}
		if err := w.alice.plugin.Close(); err != nil {
			t.Fatal(err)
		}
		w.alice.host.Stop()
		w.alice.host.Run()
		if _, err := otr.ParsePrivateKey(w.alice.kept()); err != nil {
			t.Errorf("%s: the key has gone: %v", field, err)
		}
	}
}

func TestTheOTRButtonIsTakenAway(t *testing.T) {
	w := newWorld(t)
	d := w.alice.configures()
	if d.Value(fieldShowButton) != im.On || w.alice.plugin.NoButton() {
		t.Error("by default, the button is not there")
	}
	d.Type(fieldShowButton, "")
	if !w.alice.plugin.NoButton() || w.alice.menu() == nil {
		t.Error("the button stays, or the menu went with it")
	}
	w.alice.restart()
	d = w.alice.configures()
	if d.Value(fieldShowButton) != "" || !w.alice.plugin.NoButton() {
		t.Error("after a restart, the button is back")
	}
	w.alice.host.Disk.Err = errOffline
	d.Type(fieldShowButton, im.On)
	w.alice.host.Disk.Err = nil
	if !w.alice.plugin.NoButton() || !strings.Contains(d.Text(), "Nothing was changed") {
		t.Errorf("a change that could not be saved: %v", d)
	}
	w.alice.host.Disk.Data[lookKey] = []byte("nonsense")
	w.alice.restart()
	if w.alice.plugin.NoButton() {
		t.Error("with damaged settings, the button is gone")
	}
}

// Whatever windows are open about a conversation when the key goes: what is pressed
// in them afterwards does no harm.
func TestOpenWindowsOutliveAChangeOfTheKey(t *testing.T) {
	open := map[string]func(w *world){
		"new key":        func(w *world) { w.private(); w.flips(2); w.alice.types("canary") },
		"authenticating": func(w *world) { w.private(); w.alice.asks("q", "a"); w.run() },
		"asked":          func(w *world) { w.private(); w.bob.asks("q", "a"); w.run() },
		"choosing":       func(w *world) { w.private(); w.does(w.alice, actionAuthenticate) },
		"details":        func(w *world) { w.private(); w.does(w.alice, actionDetails) },
		"unanswered": func(w *world) {
			w.alice.set(always)
			w.waits("canary")
			w.alice.host.Advance(answerWithin)
		},
	}
	for name, prepare := range open {
		for press := range 6 {
			w := newWorld(t)
			prepare(w)
			before := w.alice.host.Dialogs()
			if len(before) == 0 {
				t.Fatalf("%s: no window is open", name)
			}
			w.alice.plugin.Configure()
			w.alice.host.Run()
			a := w.alice.plugin.accounts[w.alice.id.Account]
			if press%2 == 0 {
				w.alice.plugin.regenerateKey(w.alice.plugin.config, a)
			} else {
				w.alice.plugin.removeKey(w.alice.plugin.config, a)
			}
			w.alice.host.Run()
			w.bob.outbox, w.alice.outbox = nil, nil
			for _, d := range before {
				if !d.Open {
					continue
				}
				if b := d.Form.Buttons; press < len(b) && !b[press].Off {
					d.Press(b[press].ID)
				} else {
					d.CloseWindow()
				}
			}
			w.alice.host.Advance(answerWithin)
			w.run()
			if name != "unanswered" { // there, the user may choose to send it so
				w.wantNoClear("canary")
			}
			w.alice.wantKept()
		}
	}
}

// What an authentication came to stays on the screen; with the key, its session
// is gone, and whatever happens next finds none.
func TestAFailureOnTheScreenOutlivesAChangeOfTheKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("", "one")
	w.run()
	w.bob.answers(fieldSecret, "two")
	w.run()
	p := w.alice.plugin
	key, err := otr.ParsePrivateKey(testKeys()[2])
	if err != nil {
		t.Fatal(err)
	}
	p.replaceKey(p.accounts[w.alice.id.Account], key)
	w.run()
	if c := p.chats[w.alice.id]; c.auth == nil || c.session != nil {
		t.Fatalf("dialog %v, session %v", c.auth, c.session)
	}
	w.alice.configures().Choose(fieldFingerprints, rowForget, p.known[w.alice.id][0].storeKey())
	wantText(t, d, "Authentication failed")
	d.Press(buttonClose)
	w.private()
}
