package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

const (
	someCode  = "01234567 89ABCDEF 01234567 89ABCDEF 01234567"
	someLines = "01234567   alpha bravo charlie delta\n89ABCDEF   echo foxtrot golf hotel\n01234567   india juliett kilo lima\n" +
		"89ABCDEF   mike november oscar papa\n01234567   quebec romeo sierra tango"
	someWords = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango"
)

func TestFormCodeReadAloud(t *testing.T) {
	field := im.Field{ID: "code", Kind: im.FieldCode, Label: "Fingerprint", Value: someCode, Spoken: someWords}
	w, got := asked(t, plugin.Page("T", "", []im.Field{field}, cancelButton))
	if described(w.gui, kindNote, someLines) || described(w.gui, kindButton, "QR code…") {
		t.Error("more is shown than was asked for")
	}
	before := w.window.Canvas().Size()
	c := view[*codeField](t, w, "code")
	test.Tap(c.aloud)
	now := w.window.Canvas().Size()
	w.window.Content().Resize(now)
	words := element(t, w.gui, kindNote, someLines)
	if now.Height <= before.Height || words.Y < element(t, w.gui, kindCode, "Fingerprint").Y+1 || words.Height < 20 {
		t.Errorf("from %v to %v, the words at %+v", before, now, words)
	}
	field.Spoken = "zulu"
	w.Update(plugin.Page("T", "", []im.Field{field}, cancelButton))
	if !described(w.gui, kindNote, "zulu") || described(w.gui, kindNote, someLines) {
		t.Error("the words of another key are shown")
	}
	test.Tap(c.aloud)
	if described(w.gui, kindNote, "zulu") {
		t.Error("the words stay")
	}
	field.Value = "No key present"
	w.Update(plugin.Page("T", "", []im.Field{field}, cancelButton))
	if described(w.gui, kindButton, "Show words") || described(w.gui, kindButton, "Copy") {
		t.Error("a word is offered to be read aloud")
	}
	if len(*got) != 0 {
		t.Errorf("it told %+v", *got)
	}
}

func TestFormCodeAsQR(t *testing.T) {
	field := im.Field{ID: "code", Kind: im.FieldCode, Label: "Fingerprint for you", Value: someCode, QR: "otr:0123"}
	w, _ := asked(t, plugin.Page("T", "", []im.Field{field}, cancelButton))
	c := view[*codeField](t, w, "code")
	test.Tap(c.qr)
	if len(w.gui.asked) != 2 {
		t.Fatalf("%d windows", len(w.gui.asked))
	}
	shown := w.more
	q := shown.layouts[0].slots[0].view.(*qrField)
	if got, err := readQR(q.qr.draw(500, 500)); err != nil || got != "otr:0123" {
		t.Errorf("it says %q, %v", got, err)
	}
	shown.window.Content().Resize(shown.window.Canvas().Size())
	if e := element(t, w.gui, kindQR, ""); e.Value != "otr:0123" || e.Width < 150 || e.Height < 150 {
		t.Errorf("%+v", e)
	}
	test.Tap(c.qr) // again: not a second one
	if len(w.gui.asked) != 2 || !shown.closed {
		t.Errorf("%d windows", len(w.gui.asked))
	}
	w.more.cancel()
	if len(w.gui.asked) != 1 {
		t.Error("it stays")
	}
	test.Tap(c.qr)
	w.Close()
	if len(w.gui.asked) != 0 {
		t.Error("it stays without its form")
	}
	field.QR = strings.Repeat("x", 5000)
	w, _ = asked(t, plugin.Page("T", "", []im.Field{field}, cancelButton))
	if described(w.gui, kindButton, "QR code…") {
		t.Error("a code that cannot be drawn is offered")
	}
}

// Two fingerprints with all their buttons fit an ordinary form, and a long one wraps.
func TestFormCodesFit(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("0123456789AB ", 12))
	for name, fields := range map[string][]im.Field{
		"two": {
			{ID: "a", Kind: im.FieldCode, Label: "Fingerprint for you", Value: someCode, Spoken: someWords, QR: "a"},
			{ID: "b", Kind: im.FieldCode, Label: "Fingerprint shown by Bob", Value: someCode, Spoken: someWords, QR: "b"},
		},
		"long": {{ID: "a", Kind: im.FieldCode, Value: long, Spoken: someWords, QR: "a"}},
	} {
		w, _ := asked(t, plugin.Page("T", "Intro.", fields, cancelButton, okButton))
		for range 2 {
			size := w.window.Canvas().Size()
			w.window.Content().Resize(size)
			for _, e := range w.gui.Describe() {
				if e.X < 0 || e.Y < 0 || e.X+e.Width > float64(size.Width)+1 || e.Y+e.Height > float64(size.Height)+1 {
					t.Errorf("%s: %+v is outside of %v", name, e, size)
				}
			}
			for _, f := range fields {
				c := view[*codeField](t, w, f.ID)
				if h := c.heightAt(c.box.Size().Width); h > c.box.Size().Height+0.5 {
					t.Errorf("%s: %v high in %v", name, h, c.box.Size())
				}
				if !c.spoken {
					test.Tap(c.aloud)
				}
			}
		}
	}
}

func TestFormCodeIsSelected(t *testing.T) {
	w, got := asked(t, plugin.Page("T", "", []im.Field{{ID: "code", Kind: im.FieldCode, Value: someCode}}, cancelButton, okButton))
	c := view[*codeField](t, w, "code")
	w.window.Canvas().Focus(c.code)
	c.code.TypedShortcut(&fyne.ShortcutCopy{})
	if s := w.gui.app.Clipboard().Content(); s != someCode {
		t.Errorf("copied %q", s)
	}
	c.code.TypedKey(key(fyne.KeyReturn))
	c.code.TypedKey(key(fyne.KeyEscape))
	if len(*got) != 2 || (*got)[0].Action != "ok" || (*got)[1].Action != "cancel" {
		t.Errorf("its keys told %+v", *got)
	}
	w.Update(w.form)
	if w.window.Canvas().Focused() != fyne.Focusable(c.code) {
		t.Error("an update takes the keyboard from it")
	}
}
