package gui

import (
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
)

// A problem appears between the fields and the buttons, whole, and nothing above
// it moves.
func TestFormProblem(t *testing.T) {
	long := strings.Repeat("A sentence that is long enough to be wrapped more than once. ", 6)
	var many []im.Field
	for range 60 {
		many = append(many, im.Field{Kind: im.FieldNote, Label: "A line."})
	}
	for name, fields := range map[string][]im.Field{"few": nil, "more than fit": many} {
		form := plugin.Page("T", "Intro.", append([]im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, fields...), cancelButton, okButton)
		w, _ := asked(t, form)
		w.window.Content().Resize(w.window.Canvas().Size())
		field, size, room := element(t, w.gui, kindEntry, "A"), w.window.Canvas().Size(), w.scroll.Size()
		if w.problem.Visible() {
			t.Errorf("%s: a problem from the start", name)
		}
		form.Problem = long
		w.Update(form)
		now := w.window.Canvas().Size()
		w.window.Content().Resize(now)
		if now.Height <= size.Height || now.Width != size.Width {
			t.Errorf("%s: from %v to %v", name, size, now)
		}
		if room.Height > w.scroll.Size().Height+1 {
			t.Errorf("%s: the fields had %v and have %v", name, room, w.scroll.Size())
		}
		if after := element(t, w.gui, kindEntry, "A"); after.Y != field.Y || after.X != field.X {
			t.Errorf("%s: the field moved from %+v to %+v", name, field, after)
		}
		e, ok := element(t, w.gui, kindProblem, long), element(t, w.gui, kindButton, "OK")
		if e.Y < field.Y+field.Height || e.Y+e.Height > ok.Y || ok.Y+ok.Height > float64(now.Height) {
			t.Errorf("%s: the problem is at %+v, the buttons at %+v", name, e, ok)
		}
		if h := w.problem.heightAt(w.problem.Size().Width); h > w.problem.Size().Height {
			t.Errorf("%s: %v high in %v", name, h, w.problem.Size())
		}
		form.Problem = ""
		w.Update(form)
		if described(w.gui, kindProblem, "") || w.problem.Visible() {
			t.Errorf("%s: the problem stays", name)
		}
	}
}

func TestFormProblemToldAgain(t *testing.T) {
	form := plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A"}}, okButton)
	form.Problem = "Type a name."
	w, _ := asked(t, form)
	w.Update(form)
	if w.problem.lit {
		t.Error("it stands out though nobody pressed")
	}
	w.press("ok")
	w.Update(form)
	if !w.problem.lit {
		t.Error("it does not stand out though the user pressed again")
	}
	w.problem.light(false)
	w.press("ok")
	form.Problem = "Type a longer name."
	w.Update(form)
	if w.problem.lit {
		t.Error("another problem needs no emphasis")
	}
}
