package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// guidePage is a page of a guide.
func guidePage(text string, more ...im.Field) plugin.Form {
	f := plugin.Page("Welcome", "", append([]im.Field{{Kind: im.FieldNote, Label: text}}, more...),
		plugin.Button{ID: "later", Label: "Later", Role: plugin.Cancel}, plugin.Button{ID: "next", Label: "Next", Role: plugin.Default})
	f.Guide = true
	return f
}

func TestTheBuddyListComesAfterTheGuide(t *testing.T) {
	g := New(test.NewTempApp(t), func(f func()) { f() })
	g.front = &fakeFront{}
	g.start(messenger.Snapshot{Dialogs: []messenger.DialogOpened{{ID: 1, Form: guidePage("Hello.")}}})
	if g.buddies.shown || len(g.forms) != 1 {
		t.Fatal("the Buddy List is there beside the guide")
	}
	g.apply([]messenger.Event{messenger.DialogClosed{ID: 1}})
	if !g.buddies.shown {
		t.Error("the Buddy List does not come")
	}
}

func TestTheBuddyListComesAfterWhatTheGuideLedTo(t *testing.T) {
	g := New(test.NewTempApp(t), func(f func()) { f() })
	g.front = &fakeFront{}
	g.start(messenger.Snapshot{Dialogs: []messenger.DialogOpened{{ID: 1, Form: guidePage("Hello.")}}})
	report := plugin.Page("Import", "", []im.Field{{Kind: im.FieldNote, Label: "Done."}}, plugin.Button{ID: "close", Label: "Close", Role: plugin.Default})
	g.apply([]messenger.Event{messenger.DialogOpened{ID: 1, Form: report}, messenger.DialogClosed{ID: 1}})
	if !g.buddies.shown {
		t.Error("no window is left")
	}
}

func TestWithoutAnAccountNobodyIsSeen(t *testing.T) {
	g := New(test.NewTempApp(t), func(f func()) { f() })
	g.front = &fakeFront{}
	g.start(messenger.Snapshot{Presence: im.Presence{Show: im.Available}})
	if got, _ := g.shown(); got != im.Offline {
		t.Errorf("the status is %v", got)
	}
}

func TestAGuideStaysAsLargeAsItIs(t *testing.T) {
	w, _ := asked(t, guidePage("A short page."))
	before := w.window.Canvas().Size()
	if f := w.window.Canvas().Focused(); f != fyne.Focusable(w.buttons["next"]) {
		t.Errorf("the keyboard is at %T", f)
	}
	w.Update(guidePage("Another one.", im.Field{ID: "b", Kind: im.FieldButton, Label: "Change"}, im.Field{Kind: im.FieldNote, Label: "And more."}))
	if now := w.window.Canvas().Size(); now != before {
		t.Errorf("%v, then %v", before, now)
	}
	if f := w.window.Canvas().Focused(); f != fyne.Focusable(w.buttons["next"]) {
		t.Errorf("then the keyboard is at %T", f)
	}
}
