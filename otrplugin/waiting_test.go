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

func TestAfterAStartThatNobodyAnsweredLinesGoInClear(t *testing.T) {
	w := newWorld(t)
	w.bob.set(never)
	w.does(w.alice, actionStart)
	w.alice.host.Advance(answerWithin)
	w.says(w.alice, "hello then")
	if l := w.alice.last(); l.state != im.Done || l.seal.Level != im.Open {
		t.Errorf("the line is %+v", l)
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
