package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
	"culver/lang"
)

// drawBar fills the line below the table: the actions, or the question that one
// of them asks before it is done.
func (t *tableField) drawBar() {
	i := slices.IndexFunc(t.field.Actions, func(a im.RowAction) bool { return a.ID == t.asking && t.asking != "" })
	if i >= 0 {
		t.ask(t.field.Actions[i])
		return
	}
	t.question, t.answers = nil, nil
	if len(t.buttons) != len(t.field.Actions) {
		t.buttons = nil
		for i := range t.field.Actions {
			t.buttons = append(t.buttons, newPushButton(t.acts.keys, "", func() { t.press(i) }))
		}
	}
	t.bar.Layout = inRows{}
	t.bar.Objects = nil
	for i, a := range t.field.Actions {
		t.buttons[i].SetText(a.Label)
		setDisabled(t.buttons[i], !t.can(a.ID) || t.acts.waits())
		t.buttons[i].Hidden = a.Label == ""
		t.bar.Objects = append(t.bar.Objects, t.buttons[i])
	}
	t.bar.Refresh()
	t.box.Refresh()
	t.acts.relaid(false)
}

// drawGuarded implements guardedView.
func (t *tableField) drawGuarded() {
	for i, b := range t.buttons {
		setDisabled(b, !t.can(t.field.Actions[i].ID) || t.acts.waits())
	}
	for _, b := range t.answers {
		setDisabled(b, t.acts.waits())
	}
}

// ask puts the question of an action in place of the buttons.
func (t *tableField) ask(a im.RowAction) {
	yes := newPushButton(t.acts.keys, a.Label, func() {
		t.asking = ""
		rows := t.ids()
		t.drawBar()
		if len(rows) > 0 {
			t.acts.act(a.ID, rows)
		}
	})
	yes.Importance = widget.DangerImportance
	no := newPushButton(t.acts.keys, lang.T("Cancel"), func() { t.asking = ""; t.drawBar() })
	t.buttons, t.answers = nil, []*pushButton{yes, no}
	t.drawGuarded()
	text := a.Confirm
	if n := len(t.chosen); n > 1 {
		text = lang.N(n, "%d is chosen. %s", "%d are chosen. %s", n, text)
	} else if name := t.chosenName(); name != "" {
		text = lang.F("%s: %s", name, text)
	}
	t.question = wrapped(text)
	t.bar.Layout = &questionLayout{t}
	t.bar.Objects = []fyne.CanvasObject{t.question, yes, no}
	t.bar.Refresh()
	t.box.Refresh()
	t.acts.relaid(true)
}

// chosenName is what the only chosen row says first, if that is a name.
func (t *tableField) chosenName() string {
	first := 0
	if t.ticked() {
		first = 1
	}
	i := slices.IndexFunc(t.rows, func(r im.Row) bool { return t.chosen[r.ID] })
	if i < 0 || first >= len(t.rows[i].Cells) || slices.Contains(t.field.Mono, first) {
		return ""
	}
	return oneLine(drawable(t.rows[i].Cells[first]), 80)
}

// searchHeight is the height of the line above the table, with the gap below it.
func (t *tableField) searchHeight() float32 {
	if t.search.Hidden {
		return 0
	}
	return t.search.MinSize().Height + theme.Padding()
}

// barHeight is the height that the line below the table needs in a width: a
// question wraps.
func (t *tableField) barHeight(width float32) float32 {
	if t.question == nil {
		return inRows{}.place(t.bar.Objects, width, false)
	}
	words, answers := t.split(width)
	return fyne.Max(t.question.heightAt(words), answers.Height)
}

// split is the width of the question's words, and the size of its answers beside
// them.
func (t *tableField) split(width float32) (words float32, answers fyne.Size) {
	for i, b := range t.answers {
		if i > 0 {
			answers.Width += theme.Padding()
		}
		size := b.MinSize()
		answers = fyne.NewSize(answers.Width+size.Width, fyne.Max(answers.Height, size.Height))
	}
	return fyne.Max(0, width-answers.Width-theme.Padding()), answers
}

// inRows puts things beside each other, and below where there is no room for more.
type inRows struct{}

// natural is the width of all of them in one row.
func (inRows) natural(objects []fyne.CanvasObject) float32 {
	var w float32
	for _, o := range objects {
		if o.Visible() {
			w += o.MinSize().Width + theme.Padding()
		}
	}
	return max(0, w-theme.Padding())
}

// place is the height in this width. It moves them if asked.
func (inRows) place(objects []fyne.CanvasObject, width float32, move bool) float32 {
	var x, y, row float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if x > 0 && x+size.Width > width {
			x, y, row = 0, y+row+theme.Padding(), 0
		}
		if move {
			o.Resize(size)
			o.Move(fyne.NewPos(x, y))
		}
		x += size.Width + theme.Padding()
		row = max(row, size.Height)
	}
	return y + row
}

// MinSize implements fyne.Layout.
func (l inRows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		if o.Visible() {
			least = least.Max(o.MinSize())
		}
	}
	return least
}

// Layout implements fyne.Layout.
func (l inRows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.place(objects, size.Width, true)
}

const tableSearchWidth = 260

// tableLayout puts the bar below the table, which takes the height that is left.
type tableLayout struct{ table *tableField }

// MinSize implements fyne.Layout.
func (l *tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	t := l.table
	least := t.rest.MinSize()
	bar := t.bar.MinSize()
	return fyne.NewSize(fyne.Max(least.Width, bar.Width), t.searchHeight()+least.Height+theme.Padding()+
		t.wholeHeight(t.box.Size().Width)+t.barHeight(fyne.Max(t.box.Size().Width, bar.Width)))
}

// Layout implements fyne.Layout.
func (l *tableLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t := l.table
	h := t.barHeight(size.Width)
	t.bar.Move(fyne.NewPos(0, size.Height-h))
	t.bar.Resize(fyne.NewSize(size.Width, h))
	whole := t.wholeHeight(size.Width)
	t.cut.Move(fyne.NewPos(0, size.Height-h-whole))
	t.cut.Resize(fyne.NewSize(size.Width, whole))
	t.cut.Hidden = whole == 0
	above := t.searchHeight()
	t.search.Resize(fyne.NewSize(fyne.Min(size.Width, tableSearchWidth), above-theme.Padding()))
	t.rest.Move(fyne.NewPos(0, above))
	t.rest.Resize(fyne.NewSize(size.Width, fyne.Max(0, size.Height-above-whole-h-theme.Padding())))
	t.drawWhole()
}

// questionLayout puts the answers right of a question.
type questionLayout struct{ table *tableField }

// MinSize implements fyne.Layout.
func (l *questionLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	_, answers := l.table.split(0)
	const words = 120
	return fyne.NewSize(answers.Width+theme.Padding()+words, answers.Height)
}

// Layout implements fyne.Layout.
func (l *questionLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t := l.table
	if t.question == nil {
		return
	}
	words, answers := t.split(size.Width)
	h := t.question.heightAt(words)
	t.question.Move(fyne.NewPos(0, (size.Height-h)/2))
	t.question.Resize(fyne.NewSize(words, h))
	x := size.Width - answers.Width
	for _, b := range t.answers {
		w := b.MinSize().Width
		b.Move(fyne.NewPos(x, (size.Height-answers.Height)/2))
		b.Resize(fyne.NewSize(w, answers.Height))
		x += w + theme.Padding()
	}
}
