package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// barHeight is the height that the line below the table needs in a width: a
// question wraps.
func (t *tableField) barHeight(width float32) float32 {
	if t.question == nil {
		return t.bar.MinSize().Height
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

// tableLayout puts the bar below the table, which takes the height that is left.
type tableLayout struct{ table *tableField }

// MinSize implements fyne.Layout.
func (l *tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	t := l.table
	least := t.rest.MinSize()
	bar := t.bar.MinSize()
	return fyne.NewSize(fyne.Max(least.Width, bar.Width), least.Height+theme.Padding()+t.barHeight(fyne.Max(t.box.Size().Width, bar.Width)))
}

// Layout implements fyne.Layout.
func (l *tableLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t := l.table
	h := t.barHeight(size.Width)
	t.bar.Move(fyne.NewPos(0, size.Height-h))
	t.bar.Resize(fyne.NewSize(size.Width, h))
	t.rest.Move(fyne.Position{})
	t.rest.Resize(fyne.NewSize(size.Width, fyne.Max(0, size.Height-h-theme.Padding())))
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
