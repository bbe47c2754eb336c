package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"culver/lang"
)

// A shot is a picture of a window. The windows are brought up by a person's hands: what a
// shot does begins where the one before has ended.
type shot struct {
	name string // of the file
	of   title
	open step
	anew bool // open can be done again
	shut step // nil: it stays open
}

// scene is a part of the walk.
type scene struct {
	name   string
	needed bool // by those that follow
	shots  []shot
}

// step is something that the person does.
type step func(w *walk)

// title is what a window is called: a text of the program's, and the values in it, or what
// says them in the program's language.
type title struct {
	text   string
	values []any
}

func named(text string, values ...any) title { return title{text, values} }

// String is the title in the program's language.
func (t title) String() string {
	if len(t.values) == 0 {
		return speak(t.text)
	}
	values := slices.Clone(t.values)
	for i, v := range values {
		if say, ok := v.(func() string); ok {
			values[i] = say()
		}
	}
	return fmt.Sprintf(speak(t.text), values...)
}

// speak is a text in the program's language. One that stands for different things may name
// in which of them it is meant: "Open (verb)".
func speak(text string) string {
	if t := lang.Of(text); t != text {
		return t
	}
	if plain, _, ok := strings.Cut(text, " ("); ok && strings.HasSuffix(text, ")") {
		if t := lang.Of(plain); t != plain {
			return t
		}
	}
	return text
}

// These make shots.

// form is a window that closes by Escape.
func form(name string, of title, open ...step) shot { return shot{name, of, do(open...), true, escape} }

// still is a window that stays open, or closes by what comes next.
func still(name string, of title, open ...step) shot { return shot{name, of, do(open...), false, nil} }

// ends is a window that closes by that.
func (s shot) ends(shut ...step) shot { s.shut = do(shut...); return s }

// These make steps.

func do(steps ...step) step {
	return func(w *walk) {
		for _, s := range steps {
			s(w)
		}
	}
}

// escape closes the window of which the picture was taken.
func escape(w *walk) { w.closes(w.window) }

// plain closes a window.
func plain(t title) step { return func(w *walk) { w.closes(t.String()) } }

// point has the pointer come to a thing, and rest there.
func point(kind, name string) step {
	return func(w *walk) {
		w.PointsAt("window", w.Sees(kind, name).Window)
		w.PointsAt(kind, name)
		w.Sees("tip", "")
	}
}

// back closes a menu, or whatever else is open in the window.
func back(w *walk) { w.Presses("Escape") }

func click(kind, name string) step     { return func(w *walk) { w.Clicks(kind, name) } }
func clickOn(kind, name string) step   { return func(w *walk) { w.ClicksOn(kind, name) } }
func press(button string) step         { return click("button", button) }
func double(kind, name string) step    { return func(w *walk) { w.DoubleClicks(kind, name) } }
func sees(kind, name string) step      { return func(w *walk) { w.Sees(kind, name) } }
func seesValue(k, name, v string) step { return func(w *walk) { w.SeesValue(k, name, v) } }
func fill(entry, text string) step     { return func(w *walk) { w.Fills(entry, text) } }
func types(text string) step           { return func(w *walk) { w.Types(text) } }
func key(keys ...string) step          { return func(w *walk) { each(keys, w.Presses) } }
func front(t title) step               { return func(w *walk) { w.Fronts(t.String()) } }
func gone(t title) step                { return func(w *walk) { w.gone(t.String()) } }

// grown waits for what a window draws late that has grown while it was open: see drawLater
// of package gui.
func grown(*walk) { <-time.After(2 * time.Second) }
func secret(entry, text string) step {
	return func(w *walk) { w.Clicks("entry", entry); w.TypesSecret(text) }
}
func menuOf(t title, path ...string) step {
	return func(w *walk) {
		w.Fronts(t.String())
		w.Clicks("menu", path[0])
		for _, item := range path[1:] {
			w.Clicks("menuitem", item)
		}
	}
}

// chooses chooses an entry of a menu that names something.
func chooses(t title) step { return func(w *walk) { w.Clicks("menuitem", t.String()) } }

// opens does what opens a window, and once more if a click went beside.
func opens(t title, open step) step {
	return func(w *walk) {
		open(w)
		if !w.becomes(t.String(), true, soon) {
			w.Presses("Escape")
			open(w)
		}
		w.here(t.String())
	}
}

// menu chooses from the Buddy List's menu bar.
func menu(path ...string) step { return menuOf(buddyList, path...) }

// context opens the menu of a row, and chooses from it.
func context(kind, name string, path ...string) step {
	return func(w *walk) {
		w.Clicks(kind, name)
		w.Presses("Menu")
		for _, item := range path {
			w.Clicks("menuitem", item)
		}
	}
}

func each[T any](all []T, f func(T)) {
	for _, x := range all {
		f(x)
	}
}
