package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// What fields of forms tell of themselves, see [Element].

// describe tells of a field of a form.
func (s *slot) describe(d *description) {
	f := s.field
	switch v := s.view.(type) {
	case *noteField:
		d.add(kindNote, f.Label, v.label)
	case *textField:
		e := d.add(kindEntry, f.Label, v.entry)
		e.ID = f.ID
		if f.Kind != im.FieldSecret {
			e.Value = v.entry.Text
		}
	case *fileField:
		e := d.add(kindEntry, f.Label, v.entry)
		e.ID, e.Value = f.ID, v.entry.Text
		d.add(kindButton, v.choose.Text, v.choose).ID = f.ID
		d.add(kindNote, v.there.text, v.there)
	case *radioField:
		origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.radio)
		h := v.radio.rowHeight()
		for i, c := range v.choices {
			e := d.at(kindChoice, c.Label, origin.AddXY(0, float32(i)*h), fyne.NewSize(v.radio.Size().Width, h))
			e.ID, e.Value, e.Enabled = f.ID, on(i == v.radio.chosen), !v.radio.Disabled()
			e.Focused = v.radio.focused && i == v.radio.chosen
		}
	case *dropField:
		e := d.add(kindSelect, f.Label, v.drop)
		e.ID, e.Value = f.ID, v.drop.Selected
	case *switchField:
		e := d.add(kindSwitch, f.Label, v.check)
		e.ID, e.Value = f.ID, on(v.check.Checked)
	case *progressField:
		e := d.add(kindProgress, f.Label, v.bar)
		e.ID = f.ID
		if f.Percent != im.Unknown {
			e.Value = fmt.Sprint(v.bar.percent)
		}
	case *proseField:
		v.describe(d)
	case *codeField:
		e := d.add(kindCode, f.Label, v.code)
		e.ID, e.Value = f.ID, v.shown
		for _, b := range []*pushButton{v.copy, v.aloud, v.qr} {
			d.add(kindButton, b.Text, b).ID = f.ID
		}
		d.add(kindNote, v.words.text.String(), v.words)
	case *imageField:
		d.add(kindImage, f.Label, v.picture).ID = f.ID
	case *qrField:
		e := d.add(kindQR, f.Label, v.qr)
		e.ID, e.Value = f.ID, f.QR
	case *buttonField:
		d.add(kindButton, f.Label, v.button).ID = f.ID
	case *tableField:
		v.describe(d)
	}
	switch {
	case s.wrong != nil:
		d.add(kindProblem, f.Problem, s.wrong).ID = f.ID
	case s.hint != nil:
		d.add(kindNote, f.Hint, s.hint)
	}
}

// describe tells of the paragraphs and links of a text.
func (p *proseField) describe(d *description) {
	t := p.passage
	if !t.Visible() {
		return
	}
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	for i, l := range t.at(t.Size().Width) {
		if len(l.line.spans) == 0 {
			continue
		}
		d.at(kindProse, string(t.runes(i)), origin.AddXY(0, l.y), fyne.NewSize(t.Size().Width, l.height))
		for _, piece := range l.pieces {
			if s := l.line.spans[piece.span]; s.link != "" {
				at := origin.AddXY(theme.InnerPadding()+l.indent+piece.x, l.y+float32(piece.row)*l.rowHeight)
				d.at(kindLink, s.text, at, fyne.NewSize(piece.w, l.rowHeight)).Value = s.link
			}
		}
	}
}

func (t *tableField) describe(d *description) {
	d.add(kindEntry, t.search.PlaceHolder, t.search).Value = t.search.Text
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.head)
	var x float32
	for i, w := range t.columns(t.head.Size().Width) {
		e := d.at(kindColumn, t.field.Columns[i], origin.AddXY(x, 0), fyne.NewSize(w, t.head.Size().Height))
		if i == t.sortBy {
			e.Value = "up"
			if t.reverse {
				e.Value = "down"
			}
		}
		x += w
	}
	if t.empty.text != "" {
		d.add(kindNote, t.empty.text, t.empty)
	}
	if t.cut.text != "" {
		d.add(kindNote, t.cut.text, t.cut)
	}
	d.rows(t.list, func(i int) (kind, name, value string) {
		r := t.rows[i]
		for c, text := range r.Cells {
			if c > 0 {
				value += "\t"
			}
			value += oneLine(text, 200)
		}
		called := 0
		if t.ticked() {
			called = 1
		}
		return kindRow, oneLine(cell(r, called), 200), value
	})
	for i, b := range t.buttons {
		if i < len(t.field.Actions) {
			d.add(kindButton, b.Text, b).ID = t.field.Actions[i].ID
		}
	}
	if t.question != nil {
		d.add(kindNote, t.question.text, t.question)
	}
	for _, b := range t.answers {
		d.add(kindButton, b.Text, b).ID = t.asking
	}
}
