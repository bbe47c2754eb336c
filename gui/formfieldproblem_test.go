package gui

import (
	"testing"

	"culver/im"
	"culver/plugin"
)

func TestAFieldSaysWhatIsWrongWithIt(t *testing.T) {
	page := func(problem string) plugin.Form {
		return plugin.Form{Title: "Account", Buttons: []plugin.Button{okButton, cancelButton}, Tabs: []plugin.Tab{
			{Title: "Basic", Fields: []im.Field{{ID: "address", Kind: im.FieldText, Label: "Address", Hint: "For instance you@example.net.", Live: true, Problem: problem}}},
			{Title: "Advanced", Fields: []im.Field{{ID: "port", Kind: im.FieldText, Label: "Port"}}},
		}}
	}
	w, got := asked(t, page(""))
	s := w.layouts[0].slots[0]
	before := w.window.Canvas().Size()
	w.entry(t, "address").SetText("bob")
	if len(*got) != 1 || (*got)[0].Action != "address" {
		t.Fatalf("told %+v", *got)
	}
	w.Update(page("That is no address."))
	if s.wrong == nil || s.wrong.words.text != "That is no address." || s.below() != s.wrong {
		t.Fatal("the field does not say what is wrong")
	}
	if now := w.window.Canvas().Size(); now != before {
		t.Errorf("the window was %v and is %v: a sentence in place of the hint moves nothing", before, now)
	}
	if w.strip.tabs[0].level == nil || w.strip.tabs[1].level != nil {
		t.Error("the tabs do not show where something is wrong")
	}
	if text := w.entry(t, "address").Text; text != "bob" {
		t.Errorf("what was typed is %q now", text)
	}
	w.Update(page(""))
	if s.below() != s.hint || w.strip.tabs[0].level != nil {
		t.Error("the hint is not back")
	}
}
