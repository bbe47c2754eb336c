package otrplugin

import (
	"slices"
	"testing"

	"culver/im"
	"culver/plugin/plugintest"
)

// waits types lines that wait for a private conversation with bob, who is mute.
func (w *world) waits(lines ...string) {
	w.t.Helper()
	for _, text := range lines {
		w.alice.types(text)
	}
	w.alice.host.Run()
	w.alice.outbox = nil
	for _, l := range w.alice.lines {
		if l.state != im.Waiting {
			w.t.Fatalf("the line is %+v", l)
		}
	}
}

// Whatever the settings are changed to, lines that wait to leave sealed do not
// leave in clear because of it, nor does the next line.
func TestLinesThatWaitSurviveEveryChangeOfSettings(t *testing.T) {
	all := map[string]settings{"never": never, "manual": manual, "automatic": {Enabled: true, Automatic: true}, "always": always}
	for first, s1 := range all {
		for second, s2 := range all {
			for _, perBuddy := range []bool{false, true} {
				w := newWorld(t)
				w.alice.set(always)
				w.waits("canary one", "canary two")
				for _, s := range []settings{s1, s2} {
					if perBuddy {
						w.alice.setOwn(s)
					} else {
						w.alice.set(s)
					}
					w.alice.host.Run()
				}
				w.alice.types("canary three")
				if !w.alice.plugin.Required(w.alice.id) {
					t.Errorf("%s, %s: the lines that wait are not to be private any more", first, second)
				}
				w.alice.restart()
				w.alice.types("canary four")
				for _, l := range w.alice.lines[:3] {
					if l.state != im.Waiting {
						t.Errorf("%s, %s: the line is %+v", first, second, l)
					}
				}
				for _, body := range w.alice.sent {
					if slices.Contains([]string{"canary one", "canary two", "canary three"}, body) {
						t.Errorf("%s, %s: sent %q", first, second, body)
					}
				}
			}
		}
	}
}

func TestSwitchedOffLinesThatWaitAreAskedAbout(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.waits("one", "two")
	w.alice.setOwn(never)
	if l := w.alice.lines[0]; l.state != im.Waiting || l.why != "Waiting, for private messaging is switched off: the OTR menu can send it unencrypted" {
		t.Errorf("the line is %+v", l)
	}
	if a, ok := w.alice.action(actionStart); !ok || !a.Off {
		t.Errorf("Start is %+v", a)
	}
	w.alice.does(actionRelease)
	d := w.alice.host.Dialog("Send unencrypted?")
	w.alice.setOwn(always) // the question is not one any more
	d.Press(buttonSend)
	w.wantNoClear("one")
	w.alice.setOwn(never)
	w.alice.does(actionRelease)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	w.alice.host.Advance(1)
	if !slices.Contains(w.alice.sent, "one") || !slices.Contains(w.alice.sent, "two") || w.alice.menu() != nil {
		t.Errorf("sent %q, the menu is %v", w.alice.sent, w.alice.menu())
	}
	if w.alice.plugin.Required(w.alice.id) {
		t.Error("lines must still be private")
	}
}

func TestSwitchedOffNobodyIsAskedAfterAReconnect(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.waits("one")
	w.alice.set(never)
	sent := len(w.alice.sent)
	w.alice.host.Take()
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	if len(w.alice.sent) != sent || w.alice.said(plugintest.Notice, "could not be asked for") {
		t.Errorf("sent %q, told\n%s", w.alice.sent[sent:], w.alice.transcript())
	}
}

func TestSwitchedOnAgainLinesThatWaitAskForThemselves(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.waits("one")
	w.alice.set(never)
	w.alice.set(manual)
	w.run()
	if l := w.bob.last(); l.text != "one" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("one")
}

// A wish for which nothing waits ends when OTR is switched off.
func TestSwitchedOffAfterStart(t *testing.T) {
	for _, ready := range []bool{true, false} {
		w := newWorld(t)
		w.alice.set(manual)
		if ready {
			w.says(w.alice, "hello")
			w.bob.outbox = nil
		}
		w.alice.does(actionStart)
		w.alice.outbox = nil
		w.alice.setOwn(never)
		if w.alice.menu() != nil || w.alice.plugin.Required(w.alice.id) {
			t.Errorf("the menu is %v", w.alice.menu())
		}
		w.run()
		w.alice.host.Advance(answerWithin)
		w.alice.wantNotSaid(plugintest.Notice, "did not answer")
		w.alice.types("open")
		if w.alice.sent[len(w.alice.sent)-1] != "open" {
			t.Errorf("sent %q", w.alice.sent)
		}
	}
}

func TestALineTypedBeforeRequireIsSwitchedOn(t *testing.T) {
	w := keyless(t)
	w.alice.types("canary") // waits for the key only
	if w.alice.plugin.Required(w.alice.id) {
		t.Error("required though it is not")
	}
	d := w.alice.buddySettings()
	d.Type(fieldUseDefault, "")
	d.Type(fieldRequire, im.On)
	w.run()
	w.wantNoClear("canary")
	if l := w.bob.last(); l.text != "canary" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

func TestWhatIsKeptOfAPrivateConversationIsToldWhenItChanges(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.wantSaid(plugintest.Notice, "It is not kept in the history")
	d := w.alice.buddySettings()
	d.Type(fieldUseDefault, "")
	d.Type(fieldKeep, "always")
	w.alice.wantSaid(plugintest.Notice, "From now on, this private conversation is kept in the history")
	if w.alice.plugin.Unlogged(w.alice.id) {
		t.Error("it is not kept")
	}
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	w.alice.host.Take()
	w.does(w.alice, actionStart)
	w.alice.wantSaid(plugintest.Notice, "It is kept in the history of this computer")
	d.Type(fieldUseDefault, im.On)
	w.alice.wantSaid(plugintest.Notice, "From now on, this private conversation is not kept in the history")
	w.alice.host.Take()
	d.Type(fieldUseDefault, "")
	w.does(w.alice, actionEnd)
	d.Type(fieldKeep, "always")
	w.alice.wantNotSaid(plugintest.Notice, "From now on, this")
}
