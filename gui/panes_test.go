package gui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// F6 goes round all parts of a window, wherever the keyboard is.
func TestPartsOfAWindowByKeyboard(t *testing.T) {
	_, _, p := cooking(t, cook("bob", im.Participant))
	p.gui.apply([]messenger.Event{messenger.MenusChanged{Conv: kitchen}})
	c := p.window.window.Canvas()
	c.Focus(p.entry)
	var went []string
	for range 3 {
		c.Focused().TypedKey(key(fyne.KeyF6))
		went = append(went, fmt.Sprintf("%T", c.Focused()))
	}
	if want := "[*gui.transcript *gui.rowList *gui.sendEntry]"; fmt.Sprint(went) != want {
		t.Errorf("it goes to %v, want %v", went, want)
	}
}

func TestPanes(t *testing.T) {
	test.NewTempApp(t)
	k := &keys{}
	a, b, away := newTextEntry(k, false), newTextEntry(k, false), newTextEntry(k, false)
	away.Hide()
	all := []pane{{a, a}, {away, away}, {b, b}}
	for _, e := range []*textEntry{a, away, b} {
		e.Resize(fyne.NewSize(100, 30))
	}
	if got := len(inSight(all)); got != 2 {
		t.Errorf("%d of three parts can be reached, want the two in sight", got)
	}
	nextPane(nil, false) // has nowhere to go
	if k.around(key(fyne.KeyF6)) {
		t.Error("a window without parts takes the key")
	}
}

// The pages of a form are turned by the keyboard, which goes along.
func TestPagesOfAFormByKeyboard(t *testing.T) {
	page := func(id string) plugin.Tab {
		return plugin.Tab{Title: id, Fields: []im.Field{{ID: id, Kind: im.FieldText, Label: id}}}
	}
	w, _ := asked(t, plugin.Form{Title: "Account", Tabs: []plugin.Tab{page("basic"), page("advanced"), page("proxy")},
		Buttons: []plugin.Button{{ID: "ok", Label: "OK", Role: plugin.Default}}})
	for _, step := range []struct {
		by   fyne.Shortcut
		want string
	}{
		{control(fyne.KeyPageDown), "advanced"}, {control(fyne.KeyTab), "proxy"}, {control(fyne.KeyPageDown), "basic"},
		{control(fyne.KeyPageUp), "proxy"}, {shifted(fyne.KeyTab), "advanced"},
	} {
		w.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(step.by)
		if got := w.window.Canvas().Focused(); got != fyne.Focusable(w.entry(t, step.want)) {
			t.Errorf("%v: the keyboard is at %T on page %d, want %s", step.by, got, w.tab, step.want)
		}
	}
}
