package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// ticked reports whether the first column of a table is a box.
func (t *tableField) ticked() bool { return t.field.Tick != "" }

// pressed is a press of the left button on a row: on its box it is the table's action.
func (t *tableField) pressed(i int) {
	if columns := t.columns(t.list.Size().Width); t.ticked() && len(columns) > 0 && t.list.pressAt.X < columns[0] {
		t.tick(i)
	}
}

// tickKey is Space, which ticks the chosen row.
func (t *tableField) tickKey(e *fyne.KeyEvent) bool {
	if !t.ticked() || e.Name != fyne.KeySpace || t.list.selected < 0 {
		return false
	}
	t.tick(t.list.selected)
	return true
}

// tick does the action of the box of a row.
func (t *tableField) tick(i int) {
	if i < len(t.rows) && !t.field.Off && !t.acts.waits() && slices.Contains(t.rows[i].Can, t.field.Tick) {
		t.acts.act(t.field.Tick, []string{t.rows[i].ID})
	}
}

// tickBox draws the box of a row.
type tickBox struct{ image *canvas.Image }

func newTickBox() *tickBox {
	b := &tickBox{canvas.NewImageFromResource(nil)}
	b.image.FillMode = canvas.ImageFillContain
	return b
}

// show draws it ticked or not, in the middle of a row of this height.
func (b *tickBox) show(value string, x, height float32) {
	icon := theme.CheckButtonIcon()
	if value == im.On {
		icon = theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())
	}
	b.image.Resource = icon
	side := theme.IconInlineSize()
	b.image.Resize(fyne.NewSquareSize(side))
	b.image.Move(fyne.NewPos(x, (height-side)/2))
	b.image.Refresh()
}
