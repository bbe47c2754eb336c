package otrplugin

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

func TestRequiredLinesWaitAndGoInOrder(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	texts := []string{"one-secret", "two-secret", "three-secret"}
	for _, s := range texts {
		w.alice.types(s)
		w.alice.host.Run()
	}
	for _, l := range w.alice.lines {
		if l.state != im.Waiting || l.why == "" {
			t.Errorf("the line is %+v", l)
		}
	}
	if len(w.alice.sent) != 1 || !strings.HasPrefix(w.alice.sent[0], "?OTRv23?") {
		t.Errorf("sent %q; want one query", w.alice.sent)
	}
	w.run()
	w.wantNoClear("secret")
	var got []string
	for _, l := range w.bob.lines {
		got = append(got, l.text)
	}
	if !slices.Equal(got, texts) {
		t.Errorf("bob reads %q", got)
	}
	w.says(w.bob, "x")
	w.does(w.bob, actionEnd)
	w.does(w.alice, actionEnd)
	w.says(w.alice, "four-secret") // required, also after End
	w.wantNoClear("four-secret")
}

func TestTheFirstLineToABuddyWhoIsKnownToSpeakOTRWaits(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.restart()
	w.bob.restart()
	w.alice.types("first-secret")
	w.alice.host.Run()
	if l := w.alice.last(); l.state != im.Waiting || !strings.Contains(l.why, "private conversation") {
		t.Fatalf("the line is %+v", l)
	}
	w.run()
	w.wantNoClear("first-secret")
	if l := w.bob.last(); l.text != "first-secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

func TestAPeerWhoDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.restart()
	w.alice.host.Take()
	w.alice.types("hello-1")
	w.alice.host.Run()
	w.alice.types("hello-2")
	w.alice.outbox = nil // nobody is there
	if n := queries(w.alice); n != 2 {
		t.Errorf("%d queries in all, want the two of both starts", n)
	}
	w.alice.host.Advance(19 * time.Second)
	w.alice.wantNotSaid(plugintest.Notice, "did not answer")
	w.alice.host.Advance(time.Second)
	w.alice.wantSaid(plugintest.Notice, "Bob did not answer")
	w.alice.wantSaid(plugintest.Notice, "Your lines stay waiting")
	for _, l := range w.alice.lines {
		if l.state != im.Waiting {
			t.Errorf("the line is %+v", l)
		}
	}

	// The menu offers to send without protection, and asks before.
	w.alice.does(actionRelease)
	d := w.alice.host.Dialog("Send unencrypted?")
	d.CloseWindow()
	if w.alice.last().state != im.Waiting {
		t.Fatal("closing the question sent the lines")
	}
	w.alice.does(actionRelease)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	var got []string
	for _, l := range w.alice.lines {
		if l.state != im.Done || l.seal.Level != im.Open {
			t.Errorf("the line is %+v", l)
		}
	}
	for _, p := range w.alice.outbox {
		text, _ := cutOffer(p.body)
		got = append(got, text)
	}
	if !slices.Equal(got, []string{"hello-1", "hello-2"}) {
		t.Errorf("sent %q", got)
	}
	w.alice.types("hello-3")
	if l := w.alice.last(); l.state != im.Done {
		t.Errorf("after the choice, the next line is %+v", l)
	}
	if _, ok := w.alice.action(actionRelease); ok {
		t.Error("the menu still offers to send waiting lines")
	}
}

func queries(e *end) int {
	n := 0
	for _, body := range e.sent {
		if strings.HasPrefix(body, "?OTRv") {
			n++
		}
	}
	return n
}

func TestRequiredLinesCannotBeSentInClear(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.types("secret")
	w.alice.host.Run()
	w.alice.outbox = nil
	w.alice.host.Advance(20 * time.Second)
	w.alice.wantSaid(plugintest.Notice, "did not answer")
	if _, ok := w.alice.action(actionRelease); ok {
		t.Error("the menu offers to send required lines in clear")
	}
	// Switching the requirement off does not send them by itself.
	w.alice.set(defaultSettings())
	w.alice.resend()
	w.wantNoClear("secret")
	if a, ok := w.alice.action(actionRelease); !ok || !strings.Contains(a.Label, "unencrypted") {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	// The question loses its power when things change while it is open.
	w.alice.does(actionRelease)
	w.alice.set(always)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	w.wantNoClear("secret")
	// Starting again sends them sealed.
	w.does(w.alice, actionStart)
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("secret")
}

func TestALineTypedRightAfterStartWaits(t *testing.T) {
	w := newWorld(t)
	w.says(w.alice, "hello") // the keys are there
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	for _, e := range []*end{w.alice, w.bob} {
		e.set(manual)
		for _, k := range e.plugin.known[e.id] {
			if err := e.plugin.forgetKey(k); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.alice.does(actionStart)
	w.alice.types("quick-secret")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	w.run()
	w.wantNoClear("quick-secret")
	if l := w.bob.last(); l.text != "quick-secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}

	// Nobody answers: what waits goes on waiting, whatever else is typed or set.
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	w.alice.does(actionStart)
	w.alice.types("second-secret")
	w.alice.outbox = nil
	w.alice.host.Advance(answerWithin)
	w.alice.types("third-secret")
	w.alice.set(never)
	w.alice.types("fourth-secret")
	w.alice.resend()
	w.wantNoClear("secret")
	if a, _ := w.alice.action(actionStart); !a.Off {
		t.Error("switched off, the menu still starts")
	}
	w.alice.does(actionRelease)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	for _, l := range w.alice.lines {
		if l.state != im.Done {
			t.Errorf("the line is %+v", l)
		}
	}
	if w.alice.menu() != nil {
		t.Error("switched off, there is still a menu")
	}
}

// Whoever can drop a query must not open the conversation by it: after a Start that
// nobody answered, the first line waits, and brings the choices at once.
func TestAfterAStartThatNobodyAnsweredALineWaits(t *testing.T) {
	for _, set := range []settings{manual, defaultSettings()} {
		w := newWorld(t)
		w.alice.set(set)
		w.bob.set(never)
		w.does(w.alice, actionStart)
		w.alice.host.Advance(answerWithin)
		w.alice.wantSaid(plugintest.Notice, "What you write now waits here")
		before := queries(w.alice)
		w.says(w.alice, "hello then")
		if l := w.alice.last(); l.state != im.Waiting || !w.alice.plugin.Required(w.alice.id) {
			t.Errorf("the line is %+v", l)
		}
		w.wantNoClear("hello then")
		if n := queries(w.alice) - before; n != 0 {
			t.Errorf("%d queries more", n)
		}
		d := w.alice.host.Dialog("No answer from Bob")
		if !strings.Contains(d.Form.Intro, "until you choose Start private conversation, or one of you goes offline") {
			t.Errorf("it does not say what holds until when: %q", d.Form.Intro)
		}
		d.Press(buttonSend)
		w.says(w.alice, "and this")
		for _, l := range w.alice.lines {
			if l.state != im.Done || l.seal.Level != im.Open {
				t.Errorf("the line is %+v", l)
			}
		}
	}
}

// Who talks in clear on purpose says so by End, before any line is typed.
func TestEndGivesUpAPrivateConversationThatDidNotBegin(t *testing.T) {
	for _, answered := range []bool{false, true} {
		w := newWorld(t)
		w.alice.set(manual)
		w.says(w.alice, "hello") // the keys are there
		w.bob.set(never)
		w.does(w.alice, actionStart)
		if answered { // by nobody, as it turned out
			w.alice.host.Advance(answerWithin)
			w.alice.wantSaid(plugintest.Notice, "choose End private conversation")
		}
		w.does(w.alice, actionEnd)
		w.alice.wantSaid(plugintest.Notice, "What you write is not private")
		w.says(w.alice, "in clear")
		if l := w.alice.last(); l.state != im.Done || l.seal.Level != im.Open {
			t.Errorf("the line is %+v", l)
		}
		if a, _ := w.alice.action(actionEnd); !a.Off {
			t.Error("there is still something to end")
		}
		w.alice.host.Take()
		if w.alice.host.Advance(time.Hour); w.alice.said(plugintest.Notice, "did not answer") {
			t.Error("it was waited for all the same")
		}
	}

	// Nothing is to be given up where privacy is required, nor while lines wait.
	w := newWorld(t)
	w.alice.set(always)
	w.bob.set(never)
	w.does(w.alice, actionStart)
	w.alice.host.Advance(answerWithin)
	w.alice.wantNotSaid(plugintest.Notice, "choose End private conversation")
	if a, _ := w.alice.action(actionEnd); !a.Off {
		t.Error("required, End is offered")
	}
	w = newWorld(t)
	w.bob.set(never)
	w.alice.does(actionStart)
	w.alice.types("secret")
	if a, _ := w.alice.action(actionEnd); !a.Off {
		t.Error("End is offered while lines wait")
	}
}

// The user corrects the line that waits, or throws it away, after whatever made an end
// of the asking: the next one waits, too.
func TestTakingBackAWaitingLineDoesNotOpenTheConversation(t *testing.T) {
	for name, happens := range map[string]func(w *world){
		"nothing":          func(*world) {},
		"no answer":        func(w *world) { w.alice.host.Advance(answerWithin) },
		"kept waiting":     func(w *world) { w.alice.host.Advance(answerWithin); w.alice.host.Dialog("No answer").Press(buttonKeep) },
		"connection broke": func(w *world) { w.alice.plugin.AccountOnline(w.alice.id.Account, false) },
		"run ended":        func(w *world) { w.alice.restart(); w.alice.plugin.Resume(w.alice.id); w.alice.resend() },
		"peer came and left": func(w *world) {
			w.alice.host.SetPeer(w.alice.id, true)
			w.alice.plugin.peerOnline(w.alice.id)
			w.alice.host.SetPeer(w.alice.id, false)
			w.alice.plugin.peerOffline(w.alice.id)
		},
	} {
		w := newWorld(t)
		w.alice.set(manual)
		w.alice.does(actionStart)
		w.alice.types("canary one")
		w.alice.host.Run()
		happens(w)
		w.alice.host.Run()
		w.alice.outbox = nil
		w.alice.lines = nil
		w.alice.plugin.NoneHeld(w.alice.id)
		if !w.alice.plugin.Required(w.alice.id) {
			t.Errorf("%s: the next line is not to be private", name)
		}
		w.alice.types("canary corrected")
		if l := w.alice.last(); l.state != im.Waiting {
			t.Errorf("%s: the line is %+v", name, l)
		}
		w.wantNoClear("canary")
	}
}

// To send what waits unencrypted, or to end a private conversation, is about who is
// there: once anybody was away, a buddy who is known to speak OTR is written to in
// private again.
func TestTheChoiceToTalkInClearEndsWhenSomebodyWasAway(t *testing.T) {
	choices := map[string]func(w *world){
		"send": func(w *world) {
			w.alice.restart()
			w.bob.restart()
			w.alice.types("harmless")
			w.alice.host.Run()
			w.alice.outbox = nil
			w.alice.host.Advance(answerWithin)
			w.alice.host.Dialog("No answer").Press(buttonSend)
			w.alice.host.Run()
			w.alice.outbox = nil
		},
		"end": func(w *world) { w.does(w.alice, actionEnd); w.does(w.bob, actionEnd) },
	}
	absences := map[string]func(w *world){
		"the peer left": func(w *world) { w.alice.host.SetPeer(w.alice.id, false); w.alice.plugin.peerOffline(w.alice.id) },
		"the peer came": func(w *world) { w.alice.plugin.peerOnline(w.alice.id) },
		"we were gone": func(w *world) {
			w.alice.plugin.AccountOnline(w.alice.id.Account, false)
			w.alice.plugin.AccountOnline(w.alice.id.Account, true)
		},
	}
	for choice, chooses := range choices {
		for absence, passes := range absences {
			w := newWorld(t)
			w.private()
			chooses(w)
			w.alice.types("still in clear")
			if l := w.alice.last(); l.state != im.Done {
				t.Errorf("%s: the line is %+v", choice, l)
			}
			passes(w)
			if !w.alice.plugin.Required(w.alice.id) {
				t.Errorf("%s, %s: the next line is not to be private", choice, absence)
			}
			w.alice.types("canary")
			if l := w.alice.last(); l.state != im.Waiting {
				t.Errorf("%s, %s: the line is %+v", choice, absence, l)
			}
			w.wantNoClear("canary")
		}
	}
}

// The question about waiting lines has no power once the connection is gone.
func TestWithoutAConnectionNothingIsAskedAboutWaitingLines(t *testing.T) {
	w := newWorld(t)
	waitsInVain(t, w)
	w.alice.host.Dialog("No answer from Bob")
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	if n := len(w.alice.host.Dialogs()); n != 0 {
		t.Errorf("%d dialogs are open", n)
	}
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	if l := w.bob.last(); l.text != "a private line" || !l.seal.Level.Encrypted() {
		t.Errorf("bob reads %+v", l)
	}
}

func TestStartToSomebodyWithoutOTR(t *testing.T) {
	w := newWorld(t)
	w.bob.set(never)
	w.does(w.alice, actionStart)
	if l := w.bob.last(); !strings.Contains(l.text, aliceAddr+" would like to talk with you privately") {
		t.Errorf("bob reads %q", l.text)
	}
	w.alice.host.Advance(answerWithin)
	w.alice.wantSaid(plugintest.Notice, "Either they are not online, or their program does not know OTR")
	w.alice.wantNotSaid(plugintest.Notice, "waiting")
}

func TestARefreshThatIsNotAnsweredChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionStart)
	w.alice.outbox = nil
	w.alice.host.Advance(answerWithin)
	w.alice.wantSaid(plugintest.Notice, "goes on with the keys it has")
	w.wantLevel(im.Private, im.Private)
	w.says(w.alice, "secret")
	w.wantNoClear("secret")
}

func TestLinesThatWaitAreAskedForAgainAfterReconnecting(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.host.OnWire = func(im.ConvID, string, plugin.Hints) error { return errOffline }
	w.alice.types("secret")
	w.alice.host.Run()
	w.alice.wantSaid(plugintest.Notice, "you are not connected")
	old := w.alice.host
	old.OnWire = func(_ im.ConvID, body string, h plugin.Hints) error {
		w.alice.put(body, h.Resource)
		return nil
	}
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

func TestStartIsRememberedWhileTheKeyringIsLocked(t *testing.T) {
	for _, typed := range []bool{false, true} { // before the failure, or after it
		w := newWorld(t)
		w.alice.set(manual)
		w.alice.host.Keyring.Err = errors.New("the keyring is locked")
		w.alice.does(actionStart)
		if typed {
			w.alice.types("one-secret")
		}
		w.run()
		w.alice.does(actionStart) // tells of the failure
		w.alice.types("two-secret")
		w.alice.host.Keyring.Err = nil
		w.alice.host.Advance(retryKey)
		for i := range w.alice.lines {
			if w.alice.lines[i].state != im.Failed {
				t.Errorf("the line is %+v", w.alice.lines[i])
			}
			w.alice.lines[i].state = im.Waiting // the user retries
		}
		w.alice.resend()
		w.run()
		w.wantNoClear("secret")
		if l := w.bob.last(); l.text != "two-secret" || l.seal.Level != im.Private {
			t.Errorf("bob reads %+v", l)
		}
	}
}

func TestAStartWithALockedKeyringTakesBackTheChoiceToStayOpen(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	p := w.alice.plugin
	a := p.accounts[w.alice.id.Account]
	p.keyHasFailed(a, errors.New("the keyring is locked"))
	w.alice.does(actionStart)
	w.alice.host.Advance(retryKey)
	w.says(w.alice, "secret")
	w.wantNoClear("secret")
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

// slowly starts a private conversation over a slow link: bob's Commit has come,
// alice's Key is on its way.
func (w *world) slowly() {
	w.t.Helper()
	w.alice.does(actionStart)
	w.alice.host.Run()
	w.alice.types("one-secret")
	w.deliver(w.alice, w.bob) // the query
	w.bob.host.Run()
	w.deliver(w.bob, w.alice)
}

func TestASlowAnswerIsAnAnswer(t *testing.T) {
	w := newWorld(t)
	w.alice.set(manual)
	w.slowly()
	w.alice.host.Advance(2 * answerWithin)
	w.alice.types("two-secret")
	w.alice.wantNotSaid(plugintest.Notice, "did not answer")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	w.run()
	w.wantNoClear("secret")
	w.wantLevel(im.Private, im.Private)
	if l := w.bob.last(); l.text != "two-secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	if w.alice.host.Advance(time.Hour); w.alice.said(plugintest.Notice, "did not answer") {
		t.Error("the timer still runs")
	}
}

func TestAnAnswerThatNeverEndsIsNone(t *testing.T) {
	w := newWorld(t)
	w.alice.set(manual)
	w.slowly()
	commit := w.bob.sent[len(w.bob.sent)-1]
	for waited := time.Duration(0); waited < exchangeWithin; waited += answerWithin / 2 {
		w.alice.wantNotSaid(plugintest.Notice, "did not answer")
		w.alice.takes("B", commit) // it keeps the exchange alive
		w.alice.host.Advance(answerWithin / 2)
	}
	w.alice.wantSaid(plugintest.Notice, "Bob did not answer")

	// One that got stuck is forgotten earlier.
	w = newWorld(t)
	w.slowly()
	w.alice.host.Advance(80 * time.Second)
	w.alice.wantSaid(plugintest.Notice, "Bob did not answer")
	w.wantNoClear("secret")
}
