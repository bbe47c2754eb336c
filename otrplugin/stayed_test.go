package otrplugin

import (
	"strings"
	"testing"

	"culver/plugin/plugintest"
)

// wantLeft holds a dialog to what a window that was typed in is like when there is
// nothing to type for any more.
func wantLeft(t *testing.T, d *plugintest.Dialog, why string) {
	t.Helper()
	if !d.Open {
		t.Fatal("a window that was typed in closed by itself")
	}
	for _, f := range d.Form.Tabs[0].Fields {
		t.Errorf("it still has the field %+v", f)
	}
	if !strings.Contains(d.Form.Problem, why) || len(d.Form.Buttons) != 1 || d.Form.Buttons[0].ID != buttonClose {
		t.Errorf("it is %v", d)
	}
}

// halfAnswered is the prompt that alice's question opened at bob, who has begun to
// answer.
func (w *world) halfAnswered() (question, prompt *plugintest.Dialog) {
	w.t.Helper()
	w.private()
	question = w.alice.asks("q", "answer")
	w.run()
	prompt = w.bob.host.Dialog("Authentication from Alice")
	prompt.Type(fieldAnswer, "half an answer")
	return question, prompt
}

func TestAPromptThatIsTypedInDoesNotClose(t *testing.T) {
	for _, row := range []struct {
		name, why string
		do        func(w *world, question *plugintest.Dialog)
	}{
		{"abort", "Alice gave up the authentication before you answered.", func(w *world, q *plugintest.Dialog) { q.Press(buttonCancel) }},
		{"end", "the private conversation ended", func(w *world, _ *plugintest.Dialog) { w.does(w.alice, actionEnd) }},
		{"end here", "the private conversation ended", func(w *world, _ *plugintest.Dialog) { w.does(w.bob, actionEnd) }},
		{"refresh", "interrupted", func(w *world, _ *plugintest.Dialog) { w.does(w.alice, actionStart) }},
		{"connection", "connection was lost", func(w *world, _ *plugintest.Dialog) {
			w.bob.plugin.AccountOnline(w.bob.id.Account, false)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			question, prompt := w.halfAnswered()
			row.do(w, question)
			w.run()
			wantLeft(t, prompt, row.why)
			wantText(t, prompt, "Your answer was not sent.")
			prompt.Press(buttonClose)
			if prompt.Open {
				t.Error("it can't be closed")
			}
			w.wantNoClear("half an answer")
		})
	}
}

func TestAPromptThatIsNotTypedInCloses(t *testing.T) {
	w := newWorld(t)
	w.private()
	question := w.alice.asks("q", "answer")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from Alice")
	question.Press(buttonCancel)
	w.run()
	if prompt.Open {
		t.Error("it stays for nothing")
	}
}

func TestTheWizardThatIsTypedInStaysWhenTheSessionEnds(t *testing.T) {
	for _, field := range []string{fieldQuestion, fieldAnswer, fieldSecret, fieldGiven} {
		t.Run(field, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			w.alice.does(actionAuthenticate)
			d := w.alice.host.Dialog("Authenticate Bob")
			switch field {
			case fieldSecret:
				d.Type(fieldMethod, methodSecret)
			case fieldGiven:
				d.Type(fieldMethod, methodFingerprint)
			}
			d.Type(field, "half")
			w.does(w.bob, actionEnd)
			wantLeft(t, d, "the private conversation ended")
			wantText(t, d, "Nothing you typed was sent.")
			d.Press(buttonClose)
		})
	}
}
