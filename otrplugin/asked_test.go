package otrplugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

func TestAnotherQuestionWantsAnotherLook(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("first?", "a")
	w.run()
	d := w.bob.host.Dialog("Authentication from")
	n := len(w.bob.host.Ops())

	// Nothing is typed yet: the question changes, and that is all.
	w.asksAgain("second?")
	wantText(t, d, "“second?”")
	wantText(t, d, "asks again")

	// What was typed for the second is not an answer to the third.
	field := w.bob.plugin.chats[w.bob.id].auth.answerID()
	d.Type(field, "the answer to the second")
	w.asksAgain("third?")
	wantText(t, d, "“third?”")
	wantText(t, d, "has changed the question")
	if !d.Open || len(w.bob.host.Dialogs()) != 1 {
		t.Fatal("another window opened")
	}
	for _, tab := range d.Form.Tabs {
		for _, f := range tab.Fields {
			if v := d.Value(f.ID); f.Kind == im.FieldSecret && v != "" {
				t.Errorf("field %s holds %q", f.ID, v)
			}
		}
	}
	for _, o := range w.bob.host.Ops()[n:] {
		if o.Kind == plugintest.Ask || o.Kind == plugintest.Close {
			t.Errorf("the window did not stay: %v", o)
		}
	}

	// Nor is it if the button was pressed at that very moment.
	c := w.bob.plugin.chats[w.bob.id]
	sent := len(w.bob.sent)
	w.bob.plugin.authenticationAnswered(c, c.auth, plugin.Answers{
		Action: buttonAuthenticate, Values: map[string]string{field: "the answer to the second"},
	})
	if len(w.bob.sent) != sent || c.auth.step != answering {
		t.Error("the answer to another question was sent")
	}
	wantText(t, d, "was not sent")
	w.bob.answers(fieldAnswer, "a")
	w.run()
	w.wantLevel(im.Verified, im.Private)
}

func TestAPeerWhoAlwaysAsksSomethingElseIsStopped(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("question", "a")
	w.run()
	for n := range 20 {
		w.asksAgain(fmt.Sprintf("is it %d?", n))
		w.bob.host.Advance(time.Second)
	}
	if n := len(w.bob.host.Dialogs()); n != 0 {
		t.Errorf("%d dialogs are open", n)
	}
	if n := w.bob.count(plugintest.Ask, ""); n != 1 {
		t.Errorf("%d windows were opened", n)
	}
	if n := w.bob.count(plugintest.Notice, "again and again"); n != 1 {
		t.Errorf("said %d times:\n%s", n, w.bob.transcript())
	}
	wantText(t, w.alice.host.Dialog("Authenticating Bob"), "stopped at the other end")

	w.bob.host.Advance(requestsWithin)
	w.asksAgain("now in earnest?")
	w.bob.answers(fieldAnswer, "a")
	w.run()
	if w.bob.level() != im.Private {
		t.Error("no conversation is left")
	}
}

func TestAFailureIsNotHiddenByTheNextRequest(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("", "right")
	w.run()
	w.bob.answers(fieldSecret, "wrong")
	w.run()
	w.alice.host.Take()
	w.bob.host.Dialog("Authenticating").Press(buttonClose)
	w.bob.asks("and you?", "x")
	w.run()
	w.alice.wantSaid(plugintest.Alarm, "Authentication failed")
	wantText(t, w.alice.host.Dialog("Authentication from Bob"), "and you?")
}

// Both press the button at the same moment. Whoever's message arrives first,
// one of the two goes on, and nobody waits for ever.
func TestBothBeginAtOnceInAnyOrder(t *testing.T) {
	for _, row := range []struct {
		alice, bob       string // questions, "" for a shared secret
		order            string // who begins, then whose messages are delivered first
		aliceLvl, bobLvl im.Level
	}{
		{order: "ab", aliceLvl: im.Verified, bobLvl: im.Verified},
		{order: "ba", aliceLvl: im.Verified, bobLvl: im.Verified},
		{alice: "who?", bob: "where?", order: "ab"},
		{alice: "who?", bob: "where?", order: "ba"},
		{alice: "who?", order: "ab"},
		{alice: "who?", order: "ba"},
		{bob: "where?", order: "ab"},
		{bob: "where?", order: "ba"},
	} {
		t.Run(row.alice+"/"+row.bob+"/"+row.order, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			if row.order == "ab" {
				w.alice.asks(row.alice, "same")
				w.bob.asks(row.bob, "same")
				w.run()
			} else {
				w.bob.asks(row.bob, "same")
				w.alice.asks(row.alice, "same")
				for len(w.bob.outbox) > 0 {
					w.deliver(w.bob, w.alice)
				}
				w.run()
			}
			for _, e := range []*end{w.alice, w.bob} {
				if a := e.plugin.chats[e.id].auth; a != nil && a.step == answering {
					wantText(t, e.host.Dialog("Authentication from"), "at the same moment")
					d := e.host.Dialog("Authentication from")
					d.Type(a.answerID(), "same")
					d.Press(buttonAuthenticate)
					w.run()
				}
			}
			verified := 0
			for _, e := range []*end{w.alice, w.bob} {
				a := e.plugin.chats[e.id].auth
				if a == nil || a.step != over || a.problem != "" {
					t.Fatalf("%s is left with %+v", e.id.Account, a)
				}
				if e.level() == im.Verified {
					verified++
				}
			}
			if verified == 0 || row.aliceLvl != im.Open && verified != 2 {
				t.Errorf("%d of the two are verified", verified)
			}
		})
	}
}

func TestALongWaitIsExplained(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("q?", "a")
	w.run()
	wantText(t, d, "is asked to answer now")
	w.alice.host.Advance(slowAfter)
	wantText(t, d, "Bob has not answered yet")
	if d.Form.Buttons[0].ID != buttonCancel {
		t.Errorf("the buttons are %+v", d.Form.Buttons)
	}
	prompt := w.bob.answers(fieldAnswer, "a")
	w.bob.host.Advance(slowAfter)
	wantText(t, prompt, "The program of Alice has not answered yet")
	w.run()
	wantText(t, d, "successful")
	if a := w.alice.plugin.chats[w.alice.id].auth; a.stopSlow != nil {
		t.Error("the clock still runs")
	}
}

func TestHelpKeepsTheDialogOpen(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldQuestion, "half-typed")
	d.Press(buttonHelp)
	if !d.Open || d.Value(fieldQuestion) != "half-typed" || !w.alice.said(plugintest.Guide, pageAuthenticate) {
		t.Errorf("after Help: %v", d)
	}
	d.Press(buttonCancel)
	w.alice.asks("q?", "a")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from")
	prompt.Press(buttonHelp)
	if !prompt.Open || !w.bob.said(plugintest.Guide, pageAuthenticate) {
		t.Errorf("after Help: %v", prompt)
	}
}

// An impostor who was found out can't take that away by ending or renewing the
// conversation.
func TestAFailureStaysOnTheScreen(t *testing.T) {
	for name, do := range map[string]func(w *world){
		"end":     func(w *world) { w.does(w.bob, actionEnd) },
		"refresh": func(w *world) { w.does(w.bob, actionStart) },
		"new key": func(w *world) { w.showsKey(1) },
		"offline": func(w *world) { w.alice.plugin.peerOffline(w.alice.id) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			d := w.alice.asks("", "right")
			w.run()
			w.bob.answers(fieldSecret, "wrong")
			w.run()
			do(w)
			wantText(t, d, "Authentication failed")
			if !d.Open {
				t.Fatal("the window is gone")
			}
			d.Press(buttonClose)
			if d.Open {
				t.Error("it does not close")
			}
		})
	}
}

func TestAWizardThatStopsSaysWhy(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	wizard := w.alice.host.Dialog("Authenticate Bob")
	w.does(w.bob, actionEnd)
	if !wizard.Open || wizard.Has(fieldAnswer) {
		t.Errorf("without a private conversation the wizard is %v", wizard)
	}
	wantText(t, wizard, "authentication of Bob was stopped")
	wizard.Press(buttonClose)
}

// Somebody with a key that the user refused gets no guess at a secret.
func TestARefusedKeyCannotAsk(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.usesKey(2)
	w.says(w.alice, "secret")
	w.alice.refuses()
	w.run()
	w.bob.restart()
	w.does(w.bob, actionStart)
	for range 3 {
		d := w.bob.asks("", "guess")
		w.run()
		wantText(t, d, "stopped at the other end")
		d.Press(buttonClose)
	}
	w.alice.wantSaid(plugintest.Notice, "with a key that you refused")
	if n := w.alice.count(plugintest.Notice, "with a key that you refused"); n != 1 {
		t.Errorf("said %d times", n)
	}
	for _, d := range w.alice.host.Dialogs() {
		if strings.Contains(d.Form.Title, "Authentication") {
			t.Errorf("alice is asked: %v", d)
		}
	}
}

// Success counts for the key that asks, so the user sees which one it is.
func TestTheRequestSaysWhichKeyAsks(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.bob.asks("", "s")
	w.run()
	if d := w.alice.host.Dialog("Authentication from"); d.Has(fieldTheirs) {
		t.Errorf("the only key there is, is named: %v", d)
	} else {
		d.Press(buttonCancel)
		w.run()
	}
	w.does(w.phone, actionStart)
	phone := w.phone.key().Fingerprint()
	w.phone.asks("", "s")
	w.run()
	d := w.alice.host.Dialog("Authentication from")
	wantText(t, d, "Bob asks at P (Unverified)")
	wantText(t, d, "never accepted")
	wantText(t, d, "counts as Bob")
	if d.Field(fieldTheirs).Value != phone.String() {
		t.Errorf("the fingerprint is %q", d.Field(fieldTheirs).Value)
	}

	// Another device asks meanwhile, in the same window.
	d.Type(fieldSecret, "half")
	w.bob.host.Dialog("Authenti").Press(buttonClose)
	w.bob.asks("where?", "s")
	w.run()
	if !d.Open || d.Has(fieldSecret) {
		t.Fatalf("the window is %v", d)
	}
	wantText(t, d, "another device answers now")
	wantText(t, d, "Bob asks at B (Unverified)")
	wantText(t, d, "“where?”")
	wantText(t, d, "was not sent")
	if strings.Contains(d.Text(), "never accepted") {
		t.Errorf("the first key is doubted: %v", d)
	}
}

// The same goes for the wizard: a device that writes may become the one that is
// written to, of which the wizard knows nothing.
func TestAnotherDeviceAsksInTheWindowOfTheWizard(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.does(w.phone, actionStart)
	if w.alice.device() != "P" {
		t.Fatalf("alice writes to %s", w.alice.device())
	}
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldAnswer, "half")
	theirs := w.bob.asks("where?", "there")
	w.run()
	if !d.Open || d.Has(fieldSecret) || d.Value(w.alice.plugin.chats[w.alice.id].auth.answerID()) != "" {
		t.Fatalf("the window is %v", d)
	}
	wantText(t, d, "“where?”")
	wantText(t, d, "Bob asks at B (Unverified)")
	w.alice.answers(fieldAnswer, "there")
	w.run()
	wantText(t, theirs, "successful")
	wantText(t, d, "has authenticated you")
}
