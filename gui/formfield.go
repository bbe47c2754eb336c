package gui

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/plugin"
)

// fieldView draws one field of a form.
type fieldView interface {
	object() fyne.CanvasObject
	// update draws the field anew, but for its value.
	update(f im.Field)
	// value is what the user entered; set enters it for them, without telling.
	value() string
	set(v string)
	// focus is what takes the keyboard, nil if nothing does.
	focus() fyne.Focusable
}

// controlled is a view with more than one thing that takes the keyboard.
type controlled interface{ controls() []fyne.Focusable }

// fieldActs is what a field may do to its form.
type fieldActs struct {
	keys    *keys
	icons   icons
	changed func(id string)                    // the value of a field changed
	clicked func(id string)                    // a choice was made with the mouse
	act     func(action string, rows []string) // a button in the form was pressed
	waits   func() bool                        // buttons do nothing just now
	told    func(id string, rows []string)     // rows of a Live table were chosen
	copied  func(text string)
	linked  func(link string)                                     // a link was followed
	scroll  func(e *fyne.KeyEvent)                                // up, down and pages
	tick    func(after time.Duration, f func())                   // f is not called once the form is closed
	file    func(f im.Field, path string, done func(path string)) // lets the user choose one
	aside   func(work func() (then func()))                       // does work elsewhere, and then here what it returns, unless the form is closed
	ask     func(f plugin.Form)                                   // shows more of a field in a window of its own
	relaid  func(more bool)                                       // the field's size changed; it needs more room if so told
}

// newFieldView makes the view of a field. Its kind does not change later.
func newFieldView(f im.Field, acts *fieldActs) fieldView {
	switch f.Kind {
	case im.FieldText, im.FieldSecret:
		return newTextField(f, acts)
	case im.FieldChoice:
		if n := len(f.Choices); n >= 2 && n <= 4 {
			return newRadioField(f, acts)
		}
		return newDropField(f, acts)
	case im.FieldSwitch:
		return newSwitchField(f, acts)
	case im.FieldProgress:
		return newProgressField(acts)
	case im.FieldProse:
		return newProseField(acts)
	case im.FieldImage:
		return newImageField()
	case im.FieldFile:
		return newFileField(f, acts)
	case im.FieldCode:
		if isQR(f) {
			return newQRField()
		}
		return newCodeField(acts)
	case im.FieldTable:
		return newTableField(f, acts)
	case im.FieldButton:
		return newButtonField(f, acts)
	default:
		return &noteField{label: wrapped("")}
	}
}

// noteField is text to read.
type noteField struct {
	shownOnly
	label *prose
}

// shownOnly is what there is of a control in a field that takes no value.
type shownOnly struct{}

func (shownOnly) value() string         { return "" }
func (shownOnly) set(string)            {}
func (shownOnly) focus() fyne.Focusable { return nil }

func (n *noteField) object() fyne.CanvasObject { return n.label }

func (n *noteField) update(f im.Field) {
	n.label.bold = isHeading(f.Label)
	n.label.setText(f.Label)
}

// heightAt is 0 of a note without words: it keeps a distance, and no more.
func (n *noteField) heightAt(width float32) float32 {
	if n.label.text == "" {
		return 0
	}
	return n.label.heightAt(width)
}

// isGap reports a note that only keeps a distance.
func isGap(f im.Field) bool { return f.Kind == im.FieldNote && f.Label == "" }

// isHeading reports a note that is a few words and no sentence: it stands above
// the fields that belong together.
func isHeading(text string) bool {
	runes := []rune(text)
	return len(runes) > 0 && len(runes) <= 40 && unicode.IsLetter(runes[len(runes)-1]) && !strings.ContainsAny(text, "/:@.,")
}

// textField is a line to type, hidden while typed if it is a secret.
type textField struct {
	entry *textEntry
	quiet bool
}

func newTextField(f im.Field, acts *fieldActs) *textField {
	t := &textField{entry: newTextEntry(acts.keys, f.Kind == im.FieldSecret)}
	id := f.ID
	t.entry.OnChanged = func(string) {
		if !t.quiet {
			acts.changed(id)
		}
	}
	return t
}

func (t *textField) object() fyne.CanvasObject { return t.entry }

func (t *textField) update(f im.Field) {
	t.entry.SetPlaceHolder(insideHint(f))
	setDisabled(t.entry, f.Off)
}

func (t *textField) value() string { return t.entry.Text }

func (t *textField) set(v string) {
	if t.entry.Text == v {
		return
	}
	t.quiet = true
	t.entry.SetText(v)
	t.entry.CursorColumn = len([]rune(v))
	t.entry.Refresh()
	t.quiet = false
}

func (t *textField) focus() fyne.Focusable { return t.entry }

// insideHint is the hint that is drawn within an empty line, because it is an
// example rather than a sentence. Others stand below.
func insideHint(f im.Field) string {
	switch f.Kind {
	case im.FieldTable: // it says why there are no rows
		return f.Hint
	case im.FieldText, im.FieldSecret:
		if len(f.Hint) <= 28 && !strings.HasSuffix(f.Hint, ".") {
			return f.Hint
		}
	}
	return ""
}

// radioField is a choice of few.
type radioField struct {
	radio   *radio
	choices []im.Choice
}

func newRadioField(f im.Field, acts *fieldActs) *radioField {
	id := f.ID
	r := &radioField{radio: newRadio(acts.keys, func(int) { acts.changed(id) })}
	r.radio.clicked = func() { acts.clicked(id) }
	return r
}

func (r *radioField) object() fyne.CanvasObject { return r.radio }

func (r *radioField) update(f im.Field) {
	was := r.value()
	r.choices = slices.Clone(f.Choices)
	r.radio.labels = nil
	for _, c := range f.Choices {
		r.radio.labels = append(r.radio.labels, c.Label)
	}
	r.set(was)
	setDisabled(r.radio, f.Off)
	r.radio.Refresh()
}

func (r *radioField) value() string {
	if r.radio.chosen < 0 || r.radio.chosen >= len(r.choices) {
		return ""
	}
	return r.choices[r.radio.chosen].Value
}

func (r *radioField) set(v string) {
	r.radio.chosen = slices.IndexFunc(r.choices, func(c im.Choice) bool { return c.Value == v })
	r.radio.Refresh()
}

func (r *radioField) focus() fyne.Focusable { return r.radio }

// dropField is a choice of many.
type dropField struct {
	drop    *dropDown
	choices []im.Choice
	quiet   bool
}

func newDropField(f im.Field, acts *fieldActs) *dropField {
	d, id := &dropField{}, f.ID
	d.drop = newDropDown(acts.keys, func(string) {
		if !d.quiet {
			acts.changed(id)
		}
	})
	return d
}

func (d *dropField) object() fyne.CanvasObject { return d.drop }

func (d *dropField) update(f im.Field) {
	was := d.value()
	d.choices = slices.Clone(f.Choices)
	labels := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		labels[i] = c.Label
		if slices.Contains(labels[:i], c.Label) { // the toolkit tells options apart by their labels
			labels[i] += " (" + c.Value + ")"
		}
	}
	d.drop.SetOptions(labels)
	d.set(was)
	setDisabled(d.drop, f.Off)
}

func (d *dropField) value() string {
	i := d.drop.SelectedIndex()
	if i < 0 || i >= len(d.choices) {
		return ""
	}
	return d.choices[i].Value
}

func (d *dropField) set(v string) {
	d.quiet = true
	i := slices.IndexFunc(d.choices, func(c im.Choice) bool { return c.Value == v })
	if i < 0 {
		d.drop.ClearSelected()
	} else {
		d.drop.SetSelectedIndex(i)
	}
	d.quiet = false
}

func (d *dropField) focus() fyne.Focusable { return d.drop }

// switchField is on or off.
type switchField struct {
	check *checkBox
	quiet bool
}

func newSwitchField(f im.Field, acts *fieldActs) *switchField {
	s, id := &switchField{}, f.ID
	s.check = newCheckBox(acts.keys, f.Label, func(bool) {
		if !s.quiet {
			acts.changed(id)
		}
	})
	return s
}

func (s *switchField) object() fyne.CanvasObject { return s.check }

func (s *switchField) update(f im.Field) {
	s.check.SetText(f.Label)
	setDisabled(s.check, f.Off)
}

func (s *switchField) value() string {
	if s.check.Checked {
		return im.On
	}
	return ""
}

func (s *switchField) set(v string) {
	s.quiet = true
	s.check.SetChecked(v == im.On)
	s.quiet = false
}

func (s *switchField) focus() fyne.Focusable { return s.check }

// buttonField is a button inside the form.
type buttonField struct {
	acts   *fieldActs
	button *pushButton
	off    bool
}

func newButtonField(f im.Field, acts *fieldActs) *buttonField {
	id := f.ID
	return &buttonField{acts: acts, button: newPushButton(acts.keys, f.Label, func() { acts.act(id, nil) })}
}

func (b *buttonField) object() fyne.CanvasObject { return b.button }

func (b *buttonField) update(f im.Field) {
	b.button.SetText(f.Label)
	b.off = f.Off
	b.drawGuarded()
}

func (b *buttonField) drawGuarded() { setDisabled(b.button, b.off || b.acts.waits()) }

func (b *buttonField) value() string         { return "" }
func (b *buttonField) set(string)            {}
func (b *buttonField) focus() fyne.Focusable { return b.button }

// setDisabled enables or disables w.
func setDisabled(w fyne.Disableable, off bool) {
	if w.Disabled() == off {
		return
	}
	if off {
		w.Disable()
	} else {
		w.Enable()
	}
}
