package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// asks fills in the wizard and presses Authenticate.
func (e *end) asks(question, secret string) *plugintest.Dialog {
	e.t.Helper()
	e.does(actionAuthenticate)
	d := e.host.Dialog("Authenticate")
	if question == "" {
		d.Type(fieldMethod, methodSecret)
		d.Type(fieldSecret, secret)
	} else {
		d.Type(fieldMethod, methodQuestion)
		d.Type(fieldQuestion, question)
		d.Type(fieldAnswer, secret)
	}
	d.Press(buttonAuthenticate)
	return d
}

// answers fills in the prompt, whichever request it shows.
func (e *end) answers(field, secret string) *plugintest.Dialog {
	e.t.Helper()
	d := e.host.Dialog("Authentication from")
	d.Type(e.plugin.chats[e.id].auth.answerID(), secret)
	if !strings.HasPrefix(e.plugin.chats[e.id].auth.answerID(), field) {
		e.t.Errorf("the prompt does not ask for %s: %v", field, d)
	}
	d.Press(buttonAuthenticate)
	return d
}

func wantText(t *testing.T, d *plugintest.Dialog, text string) {
	t.Helper()
	if !strings.Contains(d.Text(), text) {
		t.Errorf("the dialog does not say %q:\n%v", text, d)
	}
}

func percent(d *plugintest.Dialog) int { return d.Field(fieldProgress).Percent }

func TestSharedSecret(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("", "Große Liebe")
	if percent(d) != 10 || d.Form.Buttons[0].Role != plugin.Cancel || len(d.Form.Buttons) != 1 {
		t.Errorf("after asking: %v", d)
	}
	w.run()
	prompt := w.bob.host.Dialog("Authentication from Alice")
	if !prompt.Form.Quiet || prompt.Has(fieldAnswer) {
		t.Errorf("the prompt is %+v", prompt.Form)
	}
	w.bob.answers(fieldSecret, "Große Liebe")
	if percent(prompt) != 10 {
		t.Errorf("after answering: %v", prompt)
	}
	var steps []int
	for len(w.alice.outbox)+len(w.bob.outbox) > 0 {
		for _, pair := range [][2]*end{{w.alice, w.bob}, {w.bob, w.alice}} {
			if len(pair[0].outbox) > 0 {
				w.deliver(pair[0], pair[1])
				steps = append(steps, percent(d))
			}
		}
	}
	if len(steps) != 3 || steps[0] != 60 || steps[2] != 100 {
		t.Errorf("alice sees %v percent", steps)
	}
	wantText(t, d, "Authentication successful")
	wantText(t, prompt, "Authentication successful")
	w.wantLevel(im.Verified, im.Verified)
	w.alice.wantSaid(plugintest.Notice, "is now: Private")
	for _, e := range []*end{w.alice, w.bob} {
		if k := e.plugin.known[e.id]; len(k) != 1 || k[0].Trust != trustSMP {
			t.Errorf("known is %+v", k)
		}
	}
	d.Press(buttonClose)
	prompt.CloseWindow()

	// Trust outlives a restart.
	w.alice.restart()
	w.bob.restart()
	w.does(w.alice, actionStart)
	w.wantLevel(im.Verified, im.Verified)
	w.alice.wantSaid(plugintest.Notice, "A private conversation with Bob has started")
}

func TestQuestionAndAnswerTrustsOnTheAskersSideOnly(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("Where did <we> meet?\u202e", "under the clock")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from Alice")
	wantText(t, prompt, "“Where did <we> meet?”")
	w.bob.answers(fieldAnswer, "under the clock")
	w.run()
	wantText(t, d, "Authentication successful")
	wantText(t, prompt, "Alice has authenticated you")
	wantText(t, prompt, "ask a question of your own, too")
	wantText(t, prompt, "tells Alice who you are")
	w.wantLevel(im.Verified, im.Private)

	prompt.Press(buttonAskBack)
	back := w.bob.host.Dialog("Authenticate Alice")
	back.Type(fieldQuestion, "And when?")
	back.Type(fieldAnswer, "at noon")
	back.Press(buttonAuthenticate)
	w.run()
	last := w.alice.answers(fieldAnswer, "at noon")
	w.run()
	w.wantLevel(im.Verified, im.Verified)
	wantText(t, last, "has authenticated you successfully")
	if strings.Contains(last.Text(), "of your own") {
		t.Error("alice, who trusts bob already, is asked to ask")
	}
	back.Press(buttonClose)
	last.Press(buttonClose)
}

func TestAWrongSecretChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("", "secret")
	w.run()
	prompt := w.bob.answers(fieldSecret, "Secret")
	w.run()
	for _, x := range []*plugintest.Dialog{d, prompt} {
		wantText(t, x, "Authentication failed")
		wantText(t, x, "mistyped")
		wantText(t, x, "impostor")
		x.Press(buttonClose)
	}
	w.wantLevel(im.Private, im.Private)

	// A failure does not erase an earlier trust, but warns.
	w.verified()
	d = w.alice.asks("", "secret")
	w.run()
	w.bob.answers(fieldSecret, "other")
	w.run()
	wantText(t, d, "Authentication failed")
	wantText(t, d, "You verified this key before")
	w.wantLevel(im.Verified, im.Verified)
}

func TestEmptySecretsAndQuestionsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	n := len(w.alice.sent)
	for _, row := range []struct{ method, question, answer, secret, word string }{
		{methodQuestion, "", "answer", "", "Type a question"},
		{methodQuestion, "  ", "answer", "", "Type a question"},
		{methodQuestion, "question", "", "", "prove nothing"},
		{methodQuestion, "question", " \t", "", "prove nothing"},
		{methodSecret, "", "", "", "prove nothing"},
		{methodSecret, "", "", "   ", "prove nothing"},
		{methodQuestion, strings.Repeat("long", 5000), "answer", "", "too long"},
	} {
		d.Type(fieldMethod, methodQuestion)
		d.Type(fieldQuestion, row.question)
		d.Type(fieldAnswer, row.answer)
		d.Type(fieldMethod, methodSecret)
		d.Type(fieldSecret, row.secret)
		d.Type(fieldMethod, row.method)
		d.Press(buttonAuthenticate)
		wantText(t, d, row.word)
		if d.Value(fieldQuestion) != row.question {
			t.Error("what was typed is gone")
		}
	}
	if len(w.alice.sent) != n {
		t.Error("something was sent")
	}
	d.Press(buttonCancel)

	w.alice.asks("q", "a")
	w.run()
	prompt := w.bob.answers(fieldAnswer, "")
	wantText(t, prompt, "prove nothing")
	if prompt.Has(fieldProgress) {
		t.Error("an empty answer was taken")
	}
}

func TestManualVerification(t *testing.T) {
	w := newWorld(t)
	w.private()
	open := func() *plugintest.Dialog {
		w.alice.does(actionAuthenticate)
		d := w.alice.host.Dialog("Authenticate Bob")
		d.Type(fieldMethod, methodFingerprint)
		return d
	}
	d := open()
	a, b := w.alice.plugin.accounts[w.alice.id.Account].key, w.bob.plugin.accounts[w.bob.id.Account].key
	if d.Field(fieldOurs).Value != a.Fingerprint().String() || d.Field(fieldTheirs).Value != b.Fingerprint().String() ||
		d.Field(fieldTheirs).Kind != im.FieldCode {
		t.Errorf("the fingerprints shown are %q and %q", d.Field(fieldOurs).Value, d.Field(fieldTheirs).Value)
	}
	d.Type(fieldVerified, choiceHave)
	w.wantLevel(im.Private, im.Private) // only the button counts
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Verified, im.Private)
	if k := w.alice.plugin.known[w.alice.id][0]; k.Trust != trustVerified {
		t.Errorf("trust is %q", k.Trust)
	}

	d = open()
	wantText(t, d, "already authenticated")
	if d.Value(fieldVerified) != choiceHave {
		t.Error("the wizard does not show what was said before")
	}
	d.Type(fieldVerified, choiceHaveNot)
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Notice, "is now: Unverified")
	if len(w.alice.host.Dialogs()) != 0 {
		t.Error("a dialog is left")
	}
}

func TestTheWizardShowsOnePage(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	pages := map[string][]string{
		methodQuestion:    {fieldQuestion, fieldAnswer},
		methodSecret:      {fieldSecret},
		methodFingerprint: {fieldOurs, fieldTheirs, fieldVerified},
	}
	if d.Value(fieldMethod) != methodQuestion {
		t.Errorf("the wizard begins with %q", d.Value(fieldMethod))
	}
	for method := range pages {
		d.Type(fieldMethod, method)
		for other, ids := range pages {
			for _, id := range ids {
				if d.Has(id) != (other == method) {
					t.Errorf("on the page %s, field %s is shown: %v", method, id, d.Has(id))
				}
			}
		}
	}
	// The menu shows the same wizard again, and does not open a second one.
	d.Type(fieldMethod, methodSecret)
	d.Type(fieldSecret, "half-typed")
	w.alice.does(actionAuthenticate)
	if len(w.alice.host.Dialogs()) != 1 || d.Value(fieldSecret) != "half-typed" {
		t.Error("the wizard was replaced")
	}
	d.Press(buttonCancel)
	if d.Open || len(w.alice.outbox) != 0 {
		t.Error("Cancel before anything began must only close the wizard")
	}
}

func TestCancelAborts(t *testing.T) {
	for _, row := range []struct {
		name   string
		cancel func(w *world, asker, prompt *plugintest.Dialog)
		alice  string // what the dialog says, "" if it closed
		bob    string // what the notice says, if the prompt closed by itself
	}{
		{"the asker, while the other types", func(w *world, asker, _ *plugintest.Dialog) { asker.Press(buttonCancel) },
			"", "gave up the authentication before you answered"},
		{"the asker closes the window", func(w *world, asker, _ *plugintest.Dialog) { asker.CloseWindow() },
			"", "gave up the authentication before you answered"},
		{"the one who is asked", func(w *world, _, prompt *plugintest.Dialog) { prompt.Press(buttonCancel) },
			"stopped at the other end", ""},
		{"the one who is asked closes the window", func(w *world, _, prompt *plugintest.Dialog) { prompt.CloseWindow() },
			"impostor", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			d := w.alice.asks("q", "a")
			w.run()
			prompt := w.bob.host.Dialog("Authentication from")
			row.cancel(w, d, prompt)
			w.run()
			if row.alice == "" {
				if d.Open {
					t.Errorf("alice's dialog is still open: %v", d)
				}
			} else {
				wantText(t, d, row.alice)
				d.Press(buttonClose)
			}
			if prompt.Open {
				t.Error("bob's prompt is still open")
			}
			if row.bob != "" {
				w.bob.wantSaid(plugintest.Notice, row.bob)
			}
			w.wantLevel(im.Private, im.Private)
			w.verified() // and it can be done again
		})
	}
}

func TestASecondRequestShowsTheNewQuestion(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("first question", "a")
	w.run()
	old := w.bob.host.Dialog("Authentication from")
	d.Press(buttonCancel) // the peer's program may also begin anew by itself
	w.alice.asks("second question", "b")
	w.run()
	if old.Open {
		t.Error("the old prompt is still open")
	}
	wantText(t, w.bob.host.Dialog("Authentication from"), "second question")

	// Without an abort in between.
	r, err := w.alice.plugin.chats[w.alice.id].session.Authenticate([]byte("c"), "third question")
	if err != nil {
		t.Fatal(err)
	}
	w.alice.plugin.put(w.alice.plugin.chats[w.alice.id], otr.Result{Wire: r.Wire[len(r.Wire)-1:]}, "")
	w.run()
	w.bob.host.Advance(earlyWait)
	w.run()
	wantText(t, w.bob.host.Dialog("Authentication from"), "third question")
	if n := len(w.bob.host.Dialogs()); n != 1 {
		t.Errorf("%d dialogs are open", n)
	}
	w.bob.answers(fieldAnswer, "c")
	w.run()
	w.wantLevel(im.Verified, im.Private)
}

func TestBothBeginAtOnce(t *testing.T) {
	w := newWorld(t)
	w.private()
	a := w.alice.asks("", "same")
	b := w.bob.asks("", "same")
	w.run()
	wantText(t, a, "successful")
	wantText(t, b, "successful")
	w.wantLevel(im.Verified, im.Verified)
}

func TestBothAskAQuestionAtOnce(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("alice asks", "a")
	w.bob.asks("bob asks", "b")
	w.run()
	// One of the two is asked, the other one's question is dropped with a word.
	asked, asker, secret := w.bob, w.alice, "a"
	if len(w.alice.host.Dialogs()) == 1 && strings.Contains(w.alice.host.Dialogs()[0].Form.Title, "Authentication from") {
		asked, asker, secret = w.alice, w.bob, "b"
	}
	prompt := asked.host.Dialog("Authentication from")
	wantText(t, prompt, "at the same moment")
	asked.answers(fieldAnswer, secret)
	w.run()
	if asker.level() != im.Verified || asked.level() != im.Private {
		t.Errorf("levels: asker %v, asked %v", asker.level(), asked.level())
	}
}

// What the user is typing is not taken away by what the peer does: the rest of it
// would be typed into the window behind.
func TestThePeerAsksWhileTheWizardIsOpen(t *testing.T) {
	for _, row := range []struct {
		name, question string
		leave          func(d *plugintest.Dialog)
	}{
		{"a question, and Cancel", "bob's question", func(d *plugintest.Dialog) { d.Press(buttonCancel) }},
		{"a secret, and a closed window", "", func(d *plugintest.Dialog) { d.CloseWindow() }},
		{"a question, and a fingerprint", "bob's question", func(d *plugintest.Dialog) {
			d.Type(fieldMethod, methodFingerprint)
			d.Press(buttonAuthenticate)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			w.alice.does(actionAuthenticate)
			wizard := w.alice.host.Dialog("Authenticate Bob")
			wizard.Type(fieldAnswer, "half-typed")
			d := w.bob.asks(row.question, "b")
			w.run()
			if !wizard.Open || wizard.Value(fieldAnswer) != "half-typed" || len(w.alice.host.Dialogs()) != 1 {
				t.Fatalf("the wizard is %v", wizard)
			}
			wantText(t, wizard, "Bob wants to make sure that it is you, too")
			w.alice.wantSaid(plugintest.Notice, "close the window Authenticate Bob first")

			row.leave(wizard)
			prompt := w.alice.host.Dialog("Authentication from Bob")
			if wizard.Open || prompt.Value(w.alice.plugin.chats[w.alice.id].auth.answerID()) != "" {
				t.Error("the answer to the own question must not be left as the answer to the other")
			}
			w.alice.answers("", "b")
			w.run()
			wantText(t, d, "successful")
			w.wantLevel(map[bool]im.Level{true: im.Verified, false: im.Private}[row.question == ""], im.Verified)
		})
	}
}

func TestTheWizardGoesOnBesideARequest(t *testing.T) {
	for _, row := range []struct{ bob, alice string }{
		{"bob's question", "alice's question"}, {"bob's question", ""}, {"", "alice's question"}, {"", ""},
	} {
		t.Run(row.bob+"/"+row.alice, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			w.alice.does(actionAuthenticate)
			theirs := w.bob.asks(row.bob, "same")
			w.run()
			ours := w.alice.asks(row.alice, "same") // in the wizard that is open
			w.run()
			if row.bob == "" && row.alice == "" { // both want the same
				wantText(t, theirs, "successful")
				wantText(t, ours, "successful")
				w.wantLevel(im.Verified, im.Verified)
				return
			}
			w.bob.answers("", "same")
			w.run()
			wantText(t, ours, "successful")
			w.bob.wantSaid(plugintest.Alarm, "stopped at the other end")
		})
	}
}

func TestARequestThatIsTakenBackWhileTheWizardIsOpen(t *testing.T) {
	for name, do := range map[string]func(w *world, theirs *plugintest.Dialog){
		"given up":        func(w *world, theirs *plugintest.Dialog) { theirs.Press(buttonCancel) },
		"refreshed":       func(w *world, _ *plugintest.Dialog) { w.does(w.bob, actionStart) },
		"connection lost": func(w *world, _ *plugintest.Dialog) { w.alice.plugin.AccountOnline(w.alice.id.Account, false) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			w.alice.does(actionAuthenticate)
			wizard := w.alice.host.Dialog("Authenticate Bob")
			theirs := w.bob.asks("q", "a")
			w.run()
			do(w, theirs)
			w.run()
			if !wizard.Open || !wizard.Has(fieldQuestion) || strings.Contains(wizard.Text(), "too.") {
				t.Errorf("the wizard is %v", wizard)
			}
			wizard.Press(buttonCancel)
			if len(w.alice.host.Dialogs()) != 0 {
				t.Error("what was taken back is asked")
			}
		})
	}
}

func TestAnAnswerThatIsBeingTypedIsNotTakenAway(t *testing.T) {
	for name, do := range map[string]func(w *world, theirs *plugintest.Dialog){
		"given up": func(w *world, theirs *plugintest.Dialog) { theirs.Press(buttonCancel) },
		"ended":    func(w *world, _ *plugintest.Dialog) { w.does(w.alice, actionEnd) },
		"offline":  func(w *world, _ *plugintest.Dialog) { w.bob.plugin.peerOffline(w.bob.id) },
		"again and again": func(w *world, _ *plugintest.Dialog) {
			for range 10 {
				w.asksAgain("and now?")
				w.asksAgain("or now?")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			theirs := w.alice.asks("q", "a")
			w.run()
			prompt := w.bob.host.Dialog("Authentication from")
			prompt.Type(fieldAnswer, "half")
			do(w, theirs)
			w.run()
			if !prompt.Open || prompt.Has(fieldAnswer) || prompt.Form.Problem == "" {
				t.Errorf("the prompt is %v", prompt)
			}
			prompt.Press(buttonClose)
		})
	}
}

func TestTheEndOfTheConversationClosesTheDialogs(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(w *world)
	}{
		{"the asker ends", func(w *world) { w.does(w.alice, actionEnd) }},
		{"the other one ends", func(w *world) { w.does(w.bob, actionEnd) }},
		{"both sign off", func(w *world) {
			w.alice.plugin.SigningOff(w.alice.id.Account)
			w.bob.plugin.SigningOff(w.bob.id.Account)
			w.run()
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			d := w.alice.asks("q", "a")
			w.run()
			prompt := w.bob.host.Dialog("Authentication from")
			row.do(w)
			if d.Open || prompt.Open {
				t.Errorf("open: asker %v, prompt %v", d.Open, prompt.Open)
			}
			for _, e := range []*end{w.alice, w.bob} {
				e.wantSaid(plugintest.Notice, "because the private conversation ended")
			}
		})
	}
}

func TestALostConnectionStopsTheAuthentication(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("q", "a")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from")
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.bob.plugin.peerOffline(w.bob.id)
	if d.Open || prompt.Open {
		t.Error("a dialog waits for ever")
	}
	w.alice.wantSaid(plugintest.Notice, "connection was lost")
	w.bob.wantSaid(plugintest.Notice, "connection was lost")
	w.wantLevel(im.Private, im.Private)
}

func TestARefreshInterruptsTheAuthentication(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("q", "a")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from")
	w.does(w.alice, actionStart)
	wantText(t, d, "interrupted")
	if prompt.Open {
		t.Error("the prompt is still open")
	}
	w.bob.wantSaid(plugintest.Notice, "interrupted")
	w.bob.wantNotSaid(plugintest.Notice, "gave up")
}

func TestResultsOfAuthentications(t *testing.T) {
	for _, row := range []struct {
		kind  otr.EventKind
		words []string
	}{
		{otr.SMPFailure, []string{"failed", "mistyped", "impostor"}},
		{otr.SMPAborted, []string{"Bob cancelled", "not the same", "impostor"}},
		{otr.SMPCheated, []string{"cheat"}},
		{otr.SMPError, []string{"error", "try again"}},
		{otr.SMPExpired, []string{"no answer", "again"}},
	} {
		t.Run(row.kind.String(), func(t *testing.T) {
			w := newWorld(t)
			w.private()
			d := w.alice.asks("", "a")
			c := w.alice.plugin.chats[w.alice.id]
			w.alice.plugin.event(c, otr.Event{Kind: row.kind, Tag: c.session.TheirTag(), Fingerprint: c.used})
			if d.Has(fieldProgress) || d.Form.Problem == "" {
				t.Errorf("a failure looks like a success: %v", d)
			}
			for _, s := range row.words {
				wantText(t, d, s)
			}
			w.wantLevel(im.Private, im.Open+im.Private)
		})
	}
}

func TestSuccessWithAnotherKeyIsNoSuccess(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.asks("", "a")
	c := w.alice.plugin.chats[w.alice.id]
	tag := c.session.TheirTag()
	w.alice.plugin.event(c, otr.Event{Kind: otr.SMPSuccess, Tag: tag, Fingerprint: otr.Fingerprint{1}})
	w.wantLevel(im.Private, im.Private)
	w.alice.plugin.event(c, otr.Event{Kind: otr.SMPSuccess, Tag: tag + 1, Fingerprint: c.used})
	w.wantLevel(im.Private, im.Private)

	c.auth.dialog.Close()
	c.auth = nil
	w.alice.plugin.event(c, otr.Event{Kind: otr.SMPSuccess, Tag: tag, Fingerprint: c.used})
	w.wantLevel(im.Private, im.Private)
}

func TestTrustThatCannotBeSavedIsNotShown(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate")
	d.Type(fieldMethod, methodFingerprint)
	d.Type(fieldVerified, choiceHave)
	w.alice.host.Disk.Err = errOffline
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Private, im.Private)
	w.alice.wantSaid(plugintest.Alarm, "could not be saved")
	w.alice.host.Disk.Err = nil
}

func TestAuthenticateWithoutAPrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.alice.plugin.authenticate(w.alice.plugin.chat(w.alice.id))
	w.alice.wantSaid(plugintest.Notice, "Start a private conversation with Bob first")
	if len(w.alice.host.Dialogs()) != 0 {
		t.Error("a wizard opened")
	}
}
