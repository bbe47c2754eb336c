package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"culver/plugin"
)

// formGuard is longer than a double click takes, and than it takes to see what
// came up.
const formGuard = 600 * time.Millisecond

// guarding is one moment in which the buttons of a form wait.
type guarding struct{ _ byte }

// guard holds the buttons of a form for a moment, those among its fields, too:
// what is clicked while it opens by itself, or while its buttons become others,
// was meant for something else. What is typed goes on to where the user was
// typing before, if anywhere.
func (w *formWindow) guard(before fyne.Window) {
	now := new(guarding)
	w.guarded, w.before = now, before
	w.drawGuarded()
	w.acts.tick(formGuard, func() {
		if w.guarded == now { // and no later one
			w.unguard()
		}
	})
}

func (w *formWindow) unguard() {
	w.guarded, w.before = nil, nil
	w.drawGuarded()
}

// guardedView is a view with buttons that wait while the form is guarded.
type guardedView interface{ drawGuarded() }

func (w *formWindow) drawGuarded() {
	w.drawButtons()
	for _, s := range w.slots {
		if v, ok := s.view.(guardedView); ok {
			v.drawGuarded()
		}
	}
}

// mistakable reports that a click meant for one of the old buttons may hit
// something else among the new ones: one that does harm and stood elsewhere, or
// one that is called otherwise, or means something else, than a moment ago. What
// cancels does no harm.
func mistakable(old, now []plugin.Button) bool {
	if len(old) == 0 {
		return false
	}
	harmful := false
	for _, b := range now {
		harmful = harmful || b.Role == plugin.Danger
		i := slices.IndexFunc(old, func(o plugin.Button) bool { return o.ID == b.ID })
		if i >= 0 && b.Role != plugin.Cancel && (old[i].Label != b.Label || old[i].Role != b.Role) {
			return true
		}
	}
	return harmful && !slices.EqualFunc(inOrder(old), inOrder(now), func(a, b plugin.Button) bool {
		return a.ID == b.ID && a.Label == b.Label && a.Role == b.Role
	})
}

// secondClick is how soon after the first click a second one belongs to it.
const secondClick = 400 * time.Millisecond

// clicked is the button of a form that was pressed last, while the form stayed as it was.
type clicked struct {
	button string
	at     time.Time
}

// twice notes that a button was pressed, and reports whether that was the second half of a
// double click: many people click on everything twice, and mean it once.
func (c *clicked) twice(button string, now time.Time) bool {
	before := *c
	*c = clicked{button, now}
	since := now.Sub(before.at)
	return before.button == button && 0 <= since && since < secondClick
}
