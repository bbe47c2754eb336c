package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// The controls of forms are the toolkit's, with one difference: keys that mean
// something to the window, Enter and Escape above all, reach it from whichever
// control has the focus. The toolkit delivers a key to the focused widget alone.

// keys is what a window does with keys that its controls have no use for.
type keys struct {
	typed    func(*fyne.KeyEvent) bool // reports whether the key was used up
	shortcut func(fyne.Shortcut) bool  // the same for shortcuts
	focused  func()                    // a control of the window got the focus
	relaid   func()                    // a control wants another height
	lost     func()                    // a control lost the focus
	hushed   func() bool               // what is typed now was meant for another window
	used     func()                    // the user does something
	tips     func() *tips              // of the window; nil: it has none
	panes    func() []pane             // of the window; nil: it has none
}

// tip is what shows tips in the window; nil: there are none.
func (k *keys) tip() *tips {
	if k == nil || k.tips == nil {
		return nil
	}
	return k.tips()
}

func (k *keys) isHushed() bool {
	k.onUsed()
	return k != nil && k.hushed != nil && k.hushed()
}

func (k *keys) onUsed() {
	k.tip().used()
	if k != nil && k.used != nil {
		k.used()
	}
}

func (k *keys) onTyped(e *fyne.KeyEvent) bool {
	k.onUsed()
	return k.around(e) || k != nil && k.typed != nil && k.typed(e)
}

func (k *keys) onShortcut(s fyne.Shortcut) bool {
	k.onUsed()
	return k != nil && k.shortcut != nil && k.shortcut(s)
}

func (k *keys) onFocus() {
	if k != nil && k.focused != nil {
		k.focused()
	}
}

func (k *keys) onLost() {
	k.tip().leave()
	if k != nil && k.lost != nil {
		k.lost()
	}
}

func (k *keys) relay() {
	if k != nil && k.relaid != nil {
		k.relaid()
	}
}

// newIconButton is a button with a picture instead of words.
func newIconButton(k *keys, icon fyne.Resource, pressed func()) *pushButton {
	b := newPushButton(k, "", pressed)
	b.Icon = icon
	return b
}

// textEntry is a line to type in.
type textEntry struct {
	edit
	keys *keys
	up   func() // the arrow keys, if they lead somewhere
	down func()
}

func newTextEntry(k *keys, password bool) *textEntry {
	e := &textEntry{keys: k}
	e.ExtendBaseWidget(e)
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.Password = password
	return e
}

// TypedKey implements fyne.Focusable.
func (e *textEntry) TypedKey(ev *fyne.KeyEvent) {
	if e.keys.isHushed() {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF6, fyne.KeyF10:
		if e.keys.onTyped(ev) {
			return
		}
	case fyne.KeyUp:
		if e.up != nil {
			e.up()
			return
		}
	case fyne.KeyDown:
		if e.down != nil {
			e.down()
			return
		}
	}
	e.Entry.TypedKey(ev)
}

// TypedShortcut implements fyne.Shortcutable. The toolkit gives every shortcut
// to the focused entry; those it does not know are the window's.
func (e *textEntry) TypedShortcut(s fyne.Shortcut) {
	if e.keys.isHushed() {
		return
	}
	if _, custom := s.(*desktop.CustomShortcut); custom && e.keys.onShortcut(s) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// TypedRune implements fyne.Focusable.
func (e *textEntry) TypedRune(r rune) {
	if !e.keys.isHushed() {
		e.Entry.TypedRune(r)
	}
}

// FocusGained implements fyne.Focusable.
func (e *textEntry) FocusGained() {
	e.keys.onFocus()
	e.Entry.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (e *textEntry) FocusLost() {
	e.Entry.FocusLost()
	e.keys.onLost()
}

// pushButton is a button that Enter presses, too, while it has the focus.
type pushButton struct {
	widget.Button
	keys    *keys
	focused bool
}

func newPushButton(k *keys, label string, pressed func()) *pushButton {
	b := &pushButton{keys: k}
	b.ExtendBaseWidget(b)
	b.Text = label
	b.OnTapped = pressed
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *pushButton) CreateRenderer() fyne.WidgetRenderer {
	return newRingRenderer(b, b.Button.CreateRenderer())
}

// MinSize implements fyne.CanvasObject: a word needs room at its sides.
func (b *pushButton) MinSize() fyne.Size {
	if b.Text == "" {
		return b.Button.MinSize()
	}
	return b.Button.MinSize().AddWidthHeight(10, 0)
}

// TypedKey implements fyne.Focusable.
func (b *pushButton) TypedKey(ev *fyne.KeyEvent) {
	b.keys.onUsed()
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.Tapped(&fyne.PointEvent{})
		}
	case fyne.KeySpace:
		b.Button.TypedKey(ev)
	default:
		b.keys.onTyped(ev)
	}
}

// FocusGained implements fyne.Focusable.
func (b *pushButton) FocusGained() {
	b.focused = true
	b.keys.onFocus()
	b.Button.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (b *pushButton) FocusLost() {
	b.focused = false
	b.Button.FocusLost()
	b.keys.onLost()
}

// checkBox is a switch.
type checkBox struct {
	widget.Check
	keys *keys
}

func newCheckBox(k *keys, label string, changed func(bool)) *checkBox {
	c := &checkBox{keys: k}
	c.ExtendBaseWidget(c)
	c.Text = label
	c.OnChanged = changed
	return c
}

// TypedKey implements fyne.Focusable.
func (c *checkBox) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.onTyped(ev) {
		c.Check.TypedKey(ev)
	}
}

// FocusGained implements fyne.Focusable.
func (c *checkBox) FocusGained() {
	c.keys.onFocus()
	c.Check.FocusGained()
}

// dropDown is a choice of one out of many.
type dropDown struct {
	widget.Select
	keys *keys
}

func newDropDown(k *keys, changed func(string)) *dropDown {
	d := &dropDown{keys: k}
	d.ExtendBaseWidget(d)
	d.PlaceHolder = " "
	d.OnChanged = changed
	return d
}

// TypedKey implements fyne.Focusable.
func (d *dropDown) TypedKey(ev *fyne.KeyEvent) {
	d.keys.onUsed()
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape:
		if d.keys.onTyped(ev) {
			return
		}
	}
	d.Select.TypedKey(ev)
}

// FocusGained implements fyne.Focusable.
func (d *dropDown) FocusGained() {
	d.keys.onFocus()
	d.Select.FocusGained()
}
