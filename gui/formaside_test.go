package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// paged is a form with its pages at the side.
func paged(front int) plugin.Form {
	field := func(id, label string) im.Field {
		return im.Field{ID: id, Kind: im.FieldSwitch, Label: label, Live: true}
	}
	return plugin.Form{Title: "Preferences", Aside: true, Front: front, Buttons: []plugin.Button{{ID: "close", Label: "Close", Role: plugin.Cancel}},
		Tabs: []plugin.Tab{
			{Title: "Interface", Fields: []im.Field{field("tray", "An icon"), field("dark", "Dark colours")}},
			{Title: "Sounds", Fields: []im.Field{field("loud", "Loud colours"), field("mute", "No sound")}}}}
}

func TestPagesAtTheSide(t *testing.T) {
	g, f := start(t, messenger.Snapshot{Dialogs: []messenger.DialogOpened{{ID: 7, Form: paged(1)}}})
	w := g.forms[7]
	shows := func(want ...string) {
		t.Helper()
		var got []string
		for _, e := range g.Describe() {
			if e.Kind == kindSwitch {
				got = append(got, e.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in sight are %q, want %q", got, want)
		}
	}
	shows("loud", "mute")
	w.side.list.choose(0)
	shows("tray", "dark")
	w.side.find.SetText("Colours")
	shows("dark", "loud")
	w.side.find.SetText("colours dark")
	shows("dark")
	press := func() {
		for _, s := range w.layouts[w.tab].slots {
			if s.field.ID == "dark" {
				s.view.(*switchField).check.SetChecked(true)
			}
		}
	}
	press()
	f.has(t, "answer 7 dark")
	shown := paged(1)
	shown.Tabs[0].Fields[1].Value = im.On
	g.apply([]messenger.Event{messenger.DialogUpdated{ID: 7, Form: shown}})
	shows("dark")                                              // the search goes on
	w.side.find.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // to what was found: nothing is pressed
	if got := w.window.Canvas().Focused(); got != w.slots[slotKey(0, 1, shown.Tabs[0].Fields[1])].view.focus() || got == nil {
		t.Errorf("Enter leads to %v", got)
	}
	w.side.find.SetText("ark") // no word begins so
	shows("dark")
	w.side.find.SetText("nothing has this")
	shows()
	w.side.find.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	shows("tray", "dark") // where the user was
	g.apply([]messenger.Event{messenger.DialogOpened{ID: 7, Form: paged(-1)}})
	shows("tray", "dark")
	g.apply([]messenger.Event{messenger.DialogOpened{ID: 7, Form: paged(1)}})
	shows("loud", "mute")
}
