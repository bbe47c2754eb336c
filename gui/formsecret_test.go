package gui

import (
	"maps"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// Where several were typed, all are gone, and the first is typed first.
func TestRefusedSecretsAreTypedAgainFromTheFirst(t *testing.T) {
	fields := func(value string) (out []im.Field) {
		for _, id := range []string{"a", "b"} {
			out = append(out, im.Field{ID: id, Kind: im.FieldSecret, Label: id, Value: value})
		}
		return out
	}
	form := plugin.Page("T", "", fields(""), cancelButton, okButton)
	w, _ := asked(t, form)
	a, b := w.entry(t, "a"), w.entry(t, "b")
	a.TypedRune('x')
	w.window.Canvas().Focus(b)
	b.TypedRune('y')
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.Update(plugin.Page("T", "", fields("••••"), plugin.Button{ID: "ok", Label: "OK", Role: plugin.Default, Off: true}))
	form.Problem = "No."
	w.Update(form)
	if a.Text != "" || b.Text != "" || w.window.Canvas().Focused() != a {
		t.Errorf("%q, %q, the keyboard is at %v", a.Text, b.Text, w.window.Canvas().Focused())
	}
}

// While what was typed is at work, nothing in the form moves but its words about that.
func TestAFormThatWaitsMovesNothing(t *testing.T) {
	form := plugin.Page("T", "", []im.Field{
		{Kind: im.FieldNote, Label: "What this is for, in so many words that they take more than one row in a window of the usual width."},
		{ID: "a", Kind: im.FieldSecret, Label: "Passphrase", Hint: im.PassphraseHint()},
		{ID: "b", Kind: im.FieldSecret, Label: "Once more"},
	}, plugin.Button{ID: "again", Label: "Try the keyring again"}, cancelButton, okButton)
	w, _ := asked(t, form)
	places := func() map[string]fyne.Position {
		all := map[string]fyne.Position{}
		for _, e := range w.gui.Describe() {
			if e.Window == "T" && e.Name != "Please wait…" {
				all[e.Kind+" "+e.Name] = fyne.NewPos(float32(e.X), float32(e.Y))
			}
		}
		return all
	}
	before, size := places(), w.window.Canvas().Size()
	w.Update(plugin.Waiting(form))
	if e := element(t, w.gui, kindNote, "Please wait…"); e.Width < 40 || e.X+e.Width > element(t, w.gui, kindButton, "Try the keyring again").X {
		t.Errorf("%+v lies on the buttons", e)
	}
	if after := places(); !maps.Equal(before, after) || w.window.Canvas().Size() != size {
		t.Errorf("before %v %v, then %v %v", size, before, w.window.Canvas().Size(), after)
	}
	w.Update(form)
	if after := places(); !maps.Equal(before, after) {
		t.Errorf("before %v %v, then %v %v", size, before, w.window.Canvas().Size(), after)
	}
}

// A secret that was refused is gone from its line, and the next one is typed right
// there: while it was at work, others stood for it.
func TestARefusedSecretIsTypedAgain(t *testing.T) {
	for name, press := range map[string]func(*formWindow, *textEntry){
		"by Enter":  func(_ *formWindow, e *textEntry) { e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) },
		"by button": func(w *formWindow, _ *textEntry) { test.Tap(w.buttons["ok"]) },
	} {
		t.Run(name, func(t *testing.T) {
			form := plugin.Page("T", "", []im.Field{{ID: "s", Kind: im.FieldSecret, Label: "Passphrase"}}, cancelButton, okButton)
			w, got := asked(t, form)
			e := w.entry(t, "s")
			for _, round := range []string{"wrong", "wrong again", "wrong again"} {
				if w.window.Canvas().Focused() != e {
					t.Fatalf("before %q the keyboard is at %v", round, w.window.Canvas().Focused())
				}
				if e.Text != "" {
					t.Fatalf("before %q the line holds %q", round, e.Text)
				}
				for _, r := range round {
					e.TypedRune(r)
				}
				press(w, e)
				if a := (*got)[len(*got)-1]; a.Action != "ok" || a.Values["s"] != round {
					t.Fatalf("answered %+v", a)
				}
				work := plugin.Page("T", "Please wait…", []im.Field{{ID: "s", Kind: im.FieldSecret, Label: "Passphrase", Off: true, Value: "••••••••"}},
					plugin.Button{ID: "cancel", Label: "Cancel", Role: plugin.Cancel, Off: true}, plugin.Button{ID: "ok", Label: "OK", Role: plugin.Default, Off: true})
				w.Update(work)
				if e.Text == round || !e.Disabled() {
					t.Fatalf("at work the line holds %q", e.Text)
				}
				n := len(*got)
				e.TypedRune('x')
				e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
				if len(*got) != n || e.Text != "••••••••" {
					t.Fatalf("typed at work: %q, %+v", e.Text, (*got)[n:])
				}
				refused := form
				refused.Problem = "This is not the passphrase."
				w.Update(refused)
			}
		})
	}
}
