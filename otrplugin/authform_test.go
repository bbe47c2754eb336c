package otrplugin

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

func label(t *testing.T, d *plugintest.Dialog, id string) string {
	t.Helper()
	i := slices.IndexFunc(d.Form.Buttons, func(b plugin.Button) bool { return b.ID == id })
	if i < 0 {
		t.Fatalf("there is no button %s: %v", id, d)
	}
	return d.Form.Buttons[i].Label
}

func TestTheFingerprintPageComparesWhileItIsTyped(t *testing.T) {
	w := newWorld(t)
	w.private()
	theirs := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint()
	d := w.fingerprintPage()
	hint := func() string { return d.Field(fieldGiven).Hint }
	if label(t, d, buttonAuthenticate) != "Save" {
		t.Errorf("%v", d)
	}
	d.Type(fieldGiven, theirs.String())
	if hint() != "It is the same." || d.Value(fieldVerified) != choiceHave {
		t.Errorf("%s, %s", hint(), d.Value(fieldVerified))
	}
	d.Type(fieldGiven, theirs.String()[1:])
	if !strings.Contains(hint(), "no fingerprint") || d.Value(fieldVerified) != choiceHaveNot || d.Form.Problem != "" {
		t.Errorf("%s, %s: %s", hint(), d.Value(fieldVerified), d.Form.Problem)
	}
	d.Type(fieldGiven, hexKey)
	if hint() != "It is NOT the same." || d.Value(fieldVerified) != choiceHaveNot {
		t.Errorf("%s, %s", hint(), d.Value(fieldVerified))
	}
	wantText(t, d, "NOT the key in use")
	d.Type(fieldGiven, "")
	if d.Form.Problem != "" {
		t.Error("the warning stays")
	}
	w.wantLevel(im.Private, im.Private) // only the button counts

	d.Type(fieldGiven, theirs.String())
	d.Type(fieldVerified, choiceHaveNot)
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Private, im.Private) // what is chosen counts
	if d.Open {
		t.Error("it stays")
	}
	d = w.fingerprintPage()
	d.Type(fieldGiven, "nonsense")
	d.Type(fieldVerified, choiceHaveNot)
	d.Press(buttonAuthenticate)
	if d.Open {
		t.Error("it refuses to close")
	}
}

func TestAnotherMethodClearsTheProblem(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Press(buttonAuthenticate)
	wantText(t, d, "Type a question")
	d.Type(fieldMethod, methodSecret)
	if d.Form.Problem != "" || label(t, d, buttonAuthenticate) != "Authenticate" {
		t.Errorf("%v", d)
	}
}

func TestAFailureIsToldInTheConversationAndCanBeRepeated(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("", "a")
	w.run()
	prompt := w.bob.answers(fieldSecret, "b")
	w.run()
	for _, e := range []*end{w.alice, w.bob} {
		e.wantSaid(plugintest.Notice, "failed. What does that mean?")
	}
	if d.Form.Intro != "" || slices.ContainsFunc(prompt.Form.Buttons, func(b plugin.Button) bool { return b.ID == buttonAgain }) {
		t.Errorf("%v\n%v", d, prompt)
	}
	prompt.Press(buttonClose)
	d.Press(buttonAgain)
	if d.Open {
		t.Error("what failed stays")
	}
	w.alice.host.Take()
	again := w.alice.host.Dialog("Authenticate Bob")
	if got := again.Value(fieldMethod); got != methodSecret {
		t.Errorf("asked again by %s", got)
	}
	again.Type(fieldMethod, methodQuestion)
	again.Type(fieldQuestion, "q")
	again.Type(fieldAnswer, "a")
	again.Press(buttonAuthenticate)
	w.run()
	w.bob.answers(fieldAnswer, "c")
	w.run()
	wantText(t, again, "Authentication failed")
	w.alice.wantNotSaid(plugintest.Notice, "failed") // not twice in a row

	again.Press(buttonAgain)
	once := w.alice.host.Dialog("Authenticate Bob")
	if once.Value(fieldQuestion) != "q" || once.Value(fieldAnswer) != "" {
		t.Errorf("asked again: %q, with the answer %q", once.Value(fieldQuestion), once.Value(fieldAnswer))
	}
}
