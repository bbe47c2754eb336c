package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
)

// frontWindow notes that it was asked to come to the front.
type frontWindow struct {
	fyne.Window
	raised int
}

func (w *frontWindow) RequestFocus() { w.raised++ }

func TestRaise(t *testing.T) {
	d := make(drained, 10)
	g := New(test.NewTempApp(t), d.do)
	g.Raise() // nothing is on the screen yet

	ask, ok := g.Ask(plugin.Page("Unlock Culver", "", nil, okButton), func(plugin.Answers) {}).(*formWindow)
	if !ok {
		t.Fatal("no window asks")
	}
	form := &frontWindow{Window: ask.window}
	ask.window = form
	g.Raise()
	g.front = &fakeFront{events: queue.New[messenger.Event]()}
	list := &frontWindow{Window: g.buddies.window}
	g.buddies.window = list
	g.start(friends())
	g.Raise()
	if form.raised != 1 || list.raised != 1 {
		t.Errorf("the form came to the front %d times, the list %d times", form.raised, list.raised)
	}
}
