package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// sendEntry is where messages are typed. Enter sends, Shift+Enter begins a new
// line; Ctrl+Up, or Up in an empty entry where there is nothing to correct, brings back
// what was sent before.
type sendEntry struct {
	edit
	keys   *keys
	send   func(text string)
	scroll func(e *fyne.KeyEvent) // page up and down, for the transcript
	menu   func()                 // the menu of the line that was not sent

	complete func(back bool) bool // Tab: goes on with what is typed, if there is a way
	offers   func() bool          // it would

	up, down, escape func() bool // what these keys do before all else; nil: nothing

	sent    []string
	recall  int    // index in sent of what is shown, len(sent) for none
	draft   string // what was being typed before
	rows    int
	setting bool
	behind  bool // the cursor is to be put behind the text when that has a width
}

const (
	entryMinRows = 2
	entryMaxRows = 6
	entryHistory = 100
)

func newSendEntry(k *keys, send func(string)) *sendEntry {
	e := &sendEntry{keys: k, send: send, rows: entryMinRows}
	e.ExtendBaseWidget(e)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(entryMinRows)
	return e
}

// AcceptsTab implements fyne.Tabbable: Tab goes on to the next control, unless a name is
// begun that it completes.
func (e *sendEntry) AcceptsTab() bool { return e.offers != nil && e.offers() }

// FocusGained implements fyne.Focusable.
func (e *sendEntry) FocusGained() {
	e.keys.onFocus()
	e.Entry.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (e *sendEntry) FocusLost() {
	e.Entry.FocusLost()
	e.keys.onLost()
}

// TypedKey implements fyne.Focusable.
func (e *sendEntry) TypedKey(ev *fyne.KeyEvent) {
	if e.keys.isHushed() {
		return
	}
	if menuKey(ev) {
		e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft}) // the menu will get that
		e.menu()
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if modifiers()&fyne.KeyModifierShift == 0 {
			if e.Text != "" {
				e.send(e.Text)
			}
			return
		}
	case fyne.KeyUp:
		if e.up != nil && e.up() {
			return
		}
		if e.Text == "" || e.recall < len(e.sent) && e.Text == e.sent[e.recall] {
			e.back()
			return
		}
	case fyne.KeyDown:
		if e.down != nil && e.down() {
			return
		}
		if e.recall < len(e.sent) && e.Text == e.sent[e.recall] {
			e.forth()
			return
		}
	case fyne.KeyTab:
		if e.complete != nil {
			e.complete(modifiers()&fyne.KeyModifierShift != 0)
		}
		return
	case fyne.KeyPageUp, fyne.KeyPageDown:
		e.scroll(ev)
		return
	case fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF6, fyne.KeyF10:
		if ev.Name == fyne.KeyEscape && e.escape != nil && e.escape() {
			return
		}
		if e.keys.onTyped(ev) {
			return
		}
	}
	e.Entry.TypedKey(ev)
	e.fit()
}

// TypedRune implements fyne.Focusable.
func (e *sendEntry) TypedRune(r rune) {
	if e.keys.isHushed() {
		return
	}
	e.Entry.TypedRune(r)
	e.fit()
}

// TypedShortcut implements fyne.Shortcutable. The toolkit gives every shortcut to
// the focused entry; those that are not for editing are the window's.
func (e *sendEntry) TypedShortcut(s fyne.Shortcut) {
	if e.keys.isHushed() {
		return
	}
	if c, ok := s.(*desktop.CustomShortcut); ok {
		if c.Modifier == fyne.KeyModifierShortcutDefault {
			switch c.KeyName {
			case fyne.KeyUp:
				e.back()
				return
			case fyne.KeyDown:
				e.forth()
				return
			}
		}
		if e.keys.onShortcut(s) {
			return
		}
	}
	e.Entry.TypedShortcut(s)
	e.fit()
}

// done empties the entry after its text was taken, and remembers the text.
func (e *sendEntry) done(text string) {
	if n := len(e.sent); n == 0 || e.sent[n-1] != text {
		e.sent = append(e.sent, text)
		if len(e.sent) > entryHistory {
			e.sent = e.sent[1:]
		}
	}
	e.recall, e.draft = len(e.sent), ""
	e.set("")
}

func (e *sendEntry) back() {
	if e.recall == 0 || len(e.sent) == 0 {
		return
	}
	if e.recall >= len(e.sent) {
		e.recall, e.draft = len(e.sent), e.Text
	}
	e.recall--
	e.set(e.sent[e.recall])
}

func (e *sendEntry) forth() {
	if e.recall >= len(e.sent) {
		return
	}
	e.recall++
	if e.recall == len(e.sent) {
		e.set(e.draft)
		return
	}
	e.set(e.sent[e.recall])
}

// set replaces the text and puts the cursor behind it.
func (e *sendEntry) set(text string) {
	e.SetText(text)
	e.behind = e.Size().Width <= 0
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	e.fit()
}

// Resize implements fyne.CanvasObject.
func (e *sendEntry) Resize(size fyne.Size) {
	e.Entry.Resize(size)
	if e.behind && size.Width > 0 {
		e.behind = false
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	e.fit()
}

// fit makes the entry as high as its text, within limits.
func (e *sendEntry) fit() {
	width := e.Size().Width - 4*theme.InnerPadding()
	if width <= 0 || e.setting {
		return
	}
	rows := wrapLine(line{spans: []span{{text: e.Text}}}, width, 0, func(text string, _ im.Style) float32 {
		return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width
	}).rows
	rows = min(max(rows, entryMinRows), entryMaxRows)
	if rows != e.rows {
		e.rows = rows
		e.setting = true // what follows resizes
		e.SetMinRowsVisible(rows)
		e.keys.relay()
		e.setting = false
	}
}

// modifiers are the modifier keys held now.
func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}
