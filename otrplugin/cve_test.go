package otrplugin

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin/plugintest"
)

// The rows of known flaws in other programs that are about the plugin.

// TestCVE_2012_2369_FormatsAreWords: what a peer writes is never a format: it is shown to
// the letter (pidgin-otr 3.2.0 gave it to one).
func TestCVE_2012_2369_FormatsAreWords(t *testing.T) {
	const formats, name = "%s%n%d %x 100% %!v(MISSING) %[2]*.[1]*f", "Bob %s%d"
	w := newWorld(t)
	w.alice.host.SetName(w.alice.id, name)
	w.private()
	w.alice.wantSaid(plugintest.Notice, name)
	w.says(w.bob, formats)
	if got := w.alice.last().text; got != formats {
		t.Errorf("%q became %q", formats, got)
	}
	w.alice.takes("B", "?OTR Error: "+formats)
	w.run() // the two begin anew
	w.alice.wantSaid(plugintest.Notice, formats)
	w.bob.asks(formats+"?", "answer")
	w.run()
	wantText(t, w.alice.host.Dialog("Authentication from"), formats)
	w.does(w.bob, actionEnd)
	w.says(w.alice, "too late")
	if got := w.alice.last(); got.state != im.Failed || !strings.Contains(got.why, name) {
		t.Errorf("%+v", got)
	}
}

// TestCVE_2015_8833_TheDialogGoesWhileItRuns: whatever takes the dialog away in the middle
// of an authentication, what still comes of it, from the peer or from the window,
// finds nothing to work on (pidgin-otr 4.0.1 used what was freed).
func TestCVE_2015_8833_TheDialogGoesWhileItRuns(t *testing.T) {
	ways := map[string]func(w *world, d *plugintest.Dialog){
		"the window is closed": func(w *world, d *plugintest.Dialog) { d.CloseWindow() },
		"it is cancelled":      func(w *world, d *plugintest.Dialog) { d.Press(buttonCancel) },
		"the end":              func(w *world, d *plugintest.Dialog) { w.alice.does(actionEnd) },
		"the peer's end":       func(w *world, d *plugintest.Dialog) { w.bob.does(actionEnd) },
		"the account is gone": func(w *world, d *plugintest.Dialog) {
			w.alice.host.RemoveAccount(w.alice.id.Account)
			w.alice.plugin.AccountRemoved(w.alice.id.Account)
		},
		"the connection is lost": func(w *world, d *plugintest.Dialog) { w.alice.plugin.AccountOnline(w.alice.id.Account, false) },
		"the plugin is off":      func(w *world, d *plugintest.Dialog) { w.alice.plugin.Close() },
	}
	for way, goes := range ways {
		for steps := range 5 {
			t.Run(fmt.Sprint(way, " after ", steps), func(t *testing.T) {
				w := newWorld(t)
				w.private()
				d := w.alice.asks("", "secret")
				at := 0
				deliver := func(from, to *end) {
					for len(from.outbox) > 0 && at < steps {
						w.deliver(from, to)
						at++
					}
				}
				deliver(w.alice, w.bob)
				if at > 0 {
					w.bob.answers(fieldSecret, "secret")
				}
				for at < steps && len(w.alice.outbox)+len(w.bob.outbox) > 0 {
					deliver(w.alice, w.bob)
					deliver(w.bob, w.alice)
				}
				over := len(w.alice.outbox)+len(w.bob.outbox) == 0
				if over {
					return
				}
				goes(w, d)
				late := *d
				w.run()
				late.Open = true // a click that was on its way
				late.CloseWindow()
				w.run()
				if open := w.alice.host.Dialogs(); len(open) != 0 && way != "the peer's end" {
					t.Errorf("open: %v", open)
				}
			})
		}
	}
}
