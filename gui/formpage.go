package gui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/im"
	"culver/lang"
)

// slot is one field of a form with its label and hint around it.
type slot struct {
	field im.Field
	label *prose // nil if the view draws the label itself
	hint  *prose // nil if there is none below
	view  fieldView
	wrong *problem // what is wrong with the value, in place of the hint; nil: nothing
	icons icons
}

// newSlot draws a field for the first time.
func newSlot(f im.Field, acts *fieldActs) *slot {
	s := &slot{view: newFieldView(f, acts), icons: acts.icons}
	s.update(f)
	s.view.set(f.Value)
	return s
}

// update draws the field anew. The value changes only if the asker changed it:
// what the user entered stays.
func (s *slot) update(f im.Field) {
	old := s.field
	s.field = f
	s.view.update(f)
	if old.Kind == f.Kind && old.Value != f.Value {
		s.view.set(f.Value)
	}
	text := ""
	switch f.Kind {
	case im.FieldText, im.FieldSecret, im.FieldChoice, im.FieldProgress, im.FieldProse, im.FieldCode, im.FieldTable, im.FieldFile, im.FieldImage:
		text = labelText(f)
	}
	s.label = setLabel(s.label, text, wrapped)
	below := f.Hint
	if insideHint(f) != "" {
		below = ""
	}
	s.hint = setLabel(s.hint, below, caption)
	switch {
	case f.Problem == "":
		s.wrong = nil
	case s.wrong == nil:
		s.wrong = newFieldProblem(s.icons[assets.Alarm])
		fallthrough
	default:
		s.wrong.setText(f.Problem)
	}
}

// below is what stands below the control; nil if nothing does.
func (s *slot) below() fyne.CanvasObject {
	switch {
	case s.wrong != nil:
		return s.wrong
	case s.hint != nil:
		return s.hint
	}
	return nil
}

func setLabel(l *prose, text string, make func(string) *prose) *prose {
	if text == "" {
		return nil
	}
	if l == nil {
		return make(text)
	}
	l.setText(text)
	return l
}

// labelText is the label with a colon where one belongs.
func labelText(f im.Field) string {
	text := strings.TrimSpace(f.Label)
	if text == "" || f.Kind == im.FieldProgress {
		return text
	}
	last := []rune(text)[len([]rune(text))-1]
	if unicode.IsLetter(last) || unicode.IsDigit(last) || last == ')' {
		return lang.F("%s:", text)
	}
	return text
}

// above reports that the label stands above the field, which takes the full
// width; other labels stand left of it.
func (s *slot) above() bool {
	switch s.field.Kind {
	case im.FieldCode, im.FieldTable, im.FieldProse:
		return true
	case im.FieldText, im.FieldSecret, im.FieldFile:
		return utf8.RuneCountInString(s.field.Label) > 34
	case im.FieldChoice:
		return len(s.field.Label) > 24 || s.isRadio()
	}
	return false
}

// isRadio reports a choice whose answers are all in sight.
func (s *slot) isRadio() bool {
	_, ok := s.view.(*radioField)
	return ok
}

// isLine reports a field that is typed into.
func (s *slot) isLine() bool {
	switch s.view.(type) {
	case *textField, *fileField:
		return true
	}
	return false
}

// full reports that the field starts at the left edge.
func (s *slot) full() bool {
	switch s.field.Kind {
	case im.FieldNote, im.FieldSwitch, im.FieldProse:
		return true
	case im.FieldButton:
		return false
	}
	return s.label == nil || s.above()
}

// indent is how far a switch stands in: its box stands below the words of the one
// that it is part of.
func (s *slot) indent() float32 {
	return float32(s.field.Depth) * (theme.IconInlineSize() + theme.InnerPadding())
}

func (s *slot) objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if s.label != nil {
		out = append(out, s.label)
	}
	out = append(out, s.view.object())
	if below := s.below(); below != nil {
		out = append(out, below)
	}
	return out
}

// pageLayout lays the fields of one page out: labels in a column of their own,
// controls beside them, notes and tables over the full width. Its height depends
// on its width, since texts wrap.
type pageLayout struct {
	slots  []*slot
	scroll *container.Scroll // that it stands in
	width  float32           // the last one laid out
}

const (
	formWidth      = 420 // of an ordinary form
	formTableWidth = 620 // of one with a table
	formTableMost  = 980
	formTableRows  = 9
	formProseWidth = 560 // of one with formatted text
)

// want is the width that the fields would like.
func (p *pageLayout) want() float32 {
	var width float32 = formWidth
	column := p.column()
	for _, s := range p.slots {
		var w float32
		switch v := s.view.(type) {
		case *tableField:
			w = fyne.Min(fyne.Max(v.want(), formTableWidth), formTableMost)
		case *proseField:
			w = formProseWidth
		case *codeField:
			w = v.want()
		case *noteField, *progressField:
			continue
		default:
			w = s.view.object().MinSize().Width
			if !s.full() {
				w += column
			}
			w += s.indent()
		}
		width = fyne.Max(width, w)
	}
	return width
}

// column is the width of the column of labels.
func (p *pageLayout) column() float32 {
	var w float32
	for _, s := range p.slots {
		if s.label != nil && !s.above() {
			w = fyne.Max(w, s.label.natural())
		}
	}
	return w
}

// MinSize implements fyne.Layout.
func (p *pageLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	width := p.width
	if width <= 0 {
		width = p.want()
	}
	var least float32 = 200
	column := p.column()
	for _, s := range p.slots {
		w := s.view.object().MinSize().Width
		if !s.full() {
			w += column
		}
		least = fyne.Max(least, w)
	}
	return fyne.NewSize(least, p.heightAt(p.inner(width)))
}

// inner is the width for the fields in a width: the scroll bar must not lie on
// them.
func (p *pageLayout) inner(width float32) float32 {
	if p.scroll == nil || p.heightAt(width) <= p.scroll.Size().Height+0.5 {
		return width
	}
	return width - theme.ScrollBarSize() - theme.Padding()
}

// heightAt is the height that the fields need in this width.
func (p *pageLayout) heightAt(width float32) float32 {
	return p.place(width, 0, false)
}

// Layout implements fyne.Layout.
func (p *pageLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p.width = size.Width
	width := p.inner(size.Width)
	need := p.heightAt(width)
	p.place(width, fyne.Max(0, size.Height-need), true)
}

// place computes the height, and moves the objects if asked. Spare height goes
// to the first table.
func (p *pageLayout) place(width, spare float32, move bool) float32 {
	pad := theme.Padding()
	column := p.column()
	var y float32
	put := func(o fyne.CanvasObject, x, w, h float32) {
		if move {
			o.Resize(fyne.NewSize(w, h))
			o.Move(fyne.NewPos(x, y))
		}
	}
	var next, top float32 // of a line of buttons: where the next begins
	left := column
	for i, s := range p.slots {
		x, w := column, width-column
		if s.full() {
			x, w = 0, width
		}
		if s.field.Kind == im.FieldSwitch {
			in := fyne.Min(s.indent(), w/2)
			x, w = x+in, w-in
		}
		if s.field.Kind == im.FieldButton {
			follows := i > 0 && p.slots[i-1].field.Kind == im.FieldButton
			least := s.view.object().MinSize()
			if follows && p.slots[i-1].hint == nil && s.hint == nil && next+least.Width <= width {
				if move {
					s.view.object().Resize(least)
					s.view.object().Move(fyne.NewPos(next, top))
				}
				next += least.Width + pad
				continue
			}
			if !follows {
				left = column
				if i > 0 && p.slots[i-1].full() {
					left = 0
				}
			}
			x, w = left, width-left
			next = left + least.Width + pad
		}
		if i > 0 {
			y += pad
			if s.field.Kind == im.FieldNote {
				y += pad
			}
		}
		top = y
		if s.label != nil && s.above() {
			h := heightFor(s.label, width)
			put(s.label, 0, width, h)
			y += h
		}
		o := s.view.object()
		h := s.heightIn(w)
		if t, ok := s.view.(*tableField); ok {
			rows := min(max(len(t.field.Rows)+1, tableMinRows), formTableRows)
			h = t.searchHeight() + t.head.MinSize().Height + float32(rows)*tableRowHeight() + t.wholeHeight(w) + t.barHeight(w) + 3*pad + spare
			spare = 0
		}
		ow := w
		switch s.field.Kind {
		case im.FieldButton:
			ow = fyne.Min(w, o.MinSize().Width)
		case im.FieldChoice, im.FieldSwitch:
			if s.field.Kind == im.FieldSwitch || s.isRadio() {
				ow = fyne.Min(w, o.MinSize().Width)
			}
		}
		if s.isRadio() && s.above() {
			x += 3 * pad // the answers stand in from their question
		}
		if s.label != nil && !s.above() {
			lh := s.label.heightAt(column)
			h = fyne.Max(h, lh)
			put(s.label, 0, column, lh)
		}
		put(o, x, ow, h)
		y += h
		if below := s.below(); below != nil {
			hx, hw := x, w
			if s.field.Kind == im.FieldSwitch { // in line with the words, not with the box
				hx += theme.IconInlineSize() + theme.InnerPadding()
				hw -= theme.IconInlineSize() + theme.InnerPadding()
			}
			hh := heightFor(below, hw)
			put(below, hx, hw, hh)
			y += hh
		}
	}
	return y
}

// wrapping is what has another height in another width.
type wrapping interface{ heightAt(width float32) float32 }

// heightFor is the height that o needs in this width.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	if p, ok := o.(wrapping); ok {
		return p.heightAt(width)
	}
	return o.MinSize().Height
}

// heightIn is the height that the field needs in this width, without its label
// and hint.
func (s *slot) heightIn(width float32) float32 {
	if v, ok := s.view.(wrapping); ok {
		return v.heightAt(width)
	}
	return heightFor(s.view.object(), width)
}

// slotKey names a field across updates: by its ID, or by its place.
func slotKey(tab, index int, f im.Field) string {
	if f.Kind == im.FieldCode && isQR(f) { // another view
		return "qr " + f.ID
	}
	if f.ID != "" {
		return fmt.Sprintf("%s/%d", f.ID, f.Kind)
	}
	return fmt.Sprintf("#%d.%d/%d", tab, index, f.Kind)
}
