package gui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// secretForm asks for a secret, with a clock that the test turns.
func secretForm(t *testing.T) (w *formWindow, got *[]plugin.Answers, clock *time.Time) {
	t.Helper()
	w, got = asked(t, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldSecret, Label: "A", Live: true}}, cancelButton, okButton))
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w.gui.now = func() time.Time { return now }
	w.window.Canvas().Focus(w.entry(t, "a"))
	return w, got, &now
}

// chatEntry is an entry of a conversation, and what was sent by it.
func chatEntry(g *GUI) (*sendEntry, *[]string) {
	var sent []string
	e := newSendEntry(&keys{hushed: g.hushed}, func(text string) { sent = append(sent, text) })
	return e, &sent
}

func TestTheRestOfASecretIsSwallowed(t *testing.T) {
	w, _, clock := secretForm(t)
	test.Type(w.entry(t, "a"), "ses")
	e, sent := chatEntry(w.gui)
	line := newTextEntry(&keys{hushed: w.gui.hushed}, false)
	w.Close() // by the messenger
	for _, r := range "ame" {
		*clock = clock.Add(hushPause * 9 / 10)
		e.TypedRune(r)
		line.TypedRune(r)
	}
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: w.gui.app.Clipboard()})
	e.TypedKey(key(fyne.KeyReturn))
	if e.Text != "" || line.Text != "" || len(*sent) > 0 {
		t.Fatalf("typed %q and %q, sent %q", e.Text, line.Text, *sent)
	}
	*clock = clock.Add(hushPause)
	e.TypedRune('x')
	e.TypedKey(key(fyne.KeyReturn))
	if len(*sent) != 1 || (*sent)[0] != "x" {
		t.Errorf("after a pause, sent %q", *sent)
	}
}

func TestNothingIsSwallowedForEver(t *testing.T) {
	w, _, clock := secretForm(t)
	e, _ := chatEntry(w.gui)
	w.Close()
	for range 2 * int(hushMost/time.Second) {
		*clock = clock.Add(hushPause / 2)
		e.TypedRune('x')
	}
	*clock = clock.Add(hushPause / 2)
	if e.TypedRune('x'); e.Text == "" {
		t.Error("nothing can be typed any more")
	}
}

func TestNothingIsSwallowedAfterTheUserClosedAForm(t *testing.T) {
	for name, do := range map[string]func(*formWindow){
		"by a button": func(w *formWindow) { w.press("ok"); w.Close() },
		"by Escape":   func(w *formWindow) { w.typed(key(fyne.KeyEscape)); w.Close() },
		"elsewhere":   func(w *formWindow) { w.gui.active = w.gui.buddies.window; w.Close() },
	} {
		w, _, _ := secretForm(t)
		e, _ := chatEntry(w.gui)
		do(w)
		if e.TypedRune('x'); e.Text != "x" {
			t.Errorf("%s: typed %q", name, e.Text)
		}
	}
}

// The form stays, but what was typed in is gone: Enter and Escape were meant for it.
func TestEnterIsHeldWhenTheEntryGoesAway(t *testing.T) {
	w, got, clock := secretForm(t)
	test.Type(w.entry(t, "a"), "s")
	*got = nil
	gone := plugin.Page("T", "", nil, plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel})
	gone.Problem = "It is over."
	w.Update(gone)
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	w.window.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if len(*got) != 0 {
		t.Fatalf("it told %+v", *got)
	}
	*clock = clock.Add(hushPause)
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	if len(*got) != 1 || (*got)[0].Action != "close" {
		t.Errorf("it told %+v", *got)
	}
}

func TestOneButtonHasEnterAndEscape(t *testing.T) {
	for _, r := range []plugin.Role{plugin.Ordinary, plugin.Default, plugin.Cancel} {
		for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
			w, got := asked(t, plugin.Page("T", "", nil, plugin.Button{ID: "only", Label: "Only", Role: r}))
			w.window.Canvas().OnTypedKey()(key(k))
			if len(*got) != 1 || (*got)[0].Action != "only" {
				t.Errorf("role %v: %s told %+v", r, k, *got)
			}
		}
	}
	// What goes on is not stopped by an Enter too many.
	w, got := asked(t, plugin.Page("T", "", []im.Field{{ID: "p", Kind: im.FieldProgress, Percent: 10}}, cancelButton))
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	if len(*got) != 0 {
		t.Errorf("it told %+v", *got)
	}
	w, got = asked(t, plugin.Page("T", "", nil, plugin.Button{ID: "only", Label: "Only", Role: plugin.Danger}))
	w.window.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	if len(*got) != 0 {
		t.Errorf("it told %+v", *got)
	}
}

// The keyboard begins where there is something to type, not at the choice above it.
func TestTheKeyboardBeginsBelowTheChoice(t *testing.T) {
	choice := im.Field{ID: "how", Kind: im.FieldChoice, Label: "How", Value: "a",
		Choices: []im.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}, {Value: "c", Label: "C"}}}
	w, got := asked(t, plugin.Page("T", "", []im.Field{
		choice,
		{ID: "x", Kind: im.FieldText, Label: "X", WhenField: "how", WhenValue: "a"},
		{ID: "y", Kind: im.FieldText, Label: "Y", WhenField: "how", WhenValue: "b"},
		{Kind: im.FieldNote, Label: "one", WhenField: "how", WhenValue: "b"},
	}, cancelButton, okButton))
	c := w.window.Canvas()
	if c.Focused() != w.entry(t, "x") {
		t.Errorf("the keyboard is at %T", c.Focused())
	}
	r := view[*radioField](t, w, "how").radio
	r.TypedKey(key(fyne.KeySpace))
	if r.chosen != 0 {
		t.Error("Space chooses another one")
	}
	r.TypedKey(key(fyne.KeyDown))
	if r.chosen != 1 || len(*got) != 0 {
		t.Errorf("chosen is %d", r.chosen)
	}
}

// A problem brings the keyboard to what is still empty.
func TestAProblemBringsTheKeyboardToTheEmptyField(t *testing.T) {
	f := plugin.Page("T", "", []im.Field{
		{ID: "a", Kind: im.FieldText, Label: "A", Value: "full"}, {ID: "b", Kind: im.FieldText, Label: "B"},
	}, cancelButton, okButton)
	w, _ := asked(t, f)
	w.window.Canvas().Focus(w.buttons["ok"])
	w.press("ok")
	f.Problem = "B is empty."
	w.Update(f)
	if w.window.Canvas().Focused() != w.entry(t, "b") {
		t.Errorf("the keyboard is at %T", w.window.Canvas().Focused())
	}
}

func TestAFormShrinksAgain(t *testing.T) {
	choice := im.Field{ID: "how", Kind: im.FieldChoice, Label: "How", Value: "a",
		Choices: []im.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}
	fields := []im.Field{choice}
	for _, id := range []string{"u", "v", "w", "x", "y"} {
		fields = append(fields, im.Field{ID: id, Kind: im.FieldText, Label: id, WhenField: "how", WhenValue: "b"})
	}
	w, _ := asked(t, plugin.Page("T", "", fields, cancelButton, okButton))
	r := view[*radioField](t, w, "how").radio
	small := w.window.Canvas().Size()
	r.choose(1)
	large := w.window.Canvas().Size()
	r.choose(0)
	if now := w.window.Canvas().Size(); large.Height <= small.Height || now.Height != small.Height {
		t.Errorf("%v, %v, %v", small, large, now)
	}
	r.choose(1)
	own := large.AddWidthHeight(30, 40)
	w.window.Resize(own) // by the user
	r.choose(0)
	if now := w.window.Canvas().Size(); now != own {
		t.Errorf("the user made it %v, it is %v", own, now)
	}
}
