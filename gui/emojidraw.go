package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"culver/lang"
)

// CreateRenderer implements fyne.Widget.
func (p *emojiPicker) CreateRenderer() fyne.WidgetRenderer {
	r := &emojiRenderer{picker: p}
	r.Refresh()
	return r
}

type emojiRenderer struct {
	picker  *emojiPicker
	objects []fyne.CanvasObject
	texts   map[emojiPlace]*canvas.Text // the emojis drawn lately: the toolkit keeps what it has drawn of them
}

// emojiPlace is where an emoji stands, in the rows or, with row -1, in the groups.
type emojiPlace struct {
	row, column int
	char        string
}

// MinSize implements fyne.WidgetRenderer.
func (r *emojiRenderer) MinSize() fyne.Size { return fyne.Size{} }

// Layout implements fyne.WidgetRenderer.
func (r *emojiRenderer) Layout(fyne.Size) { r.Refresh() }

// Refresh implements fyne.WidgetRenderer.
func (r *emojiRenderer) Refresh() {
	p := r.picker
	before := r.texts
	r.objects, r.texts = r.objects[:0], map[emojiPlace]*canvas.Text{}
	panel := r.box(theme.ColorNameMenuBackground, fyne.Position{}, p.size())
	panel.StrokeWidth, panel.StrokeColor, panel.CornerRadius = 1, theme.Color(theme.ColorNameInputBorder), 4
	inner := p.size().Width - 2*emojiPad

	field := r.box(theme.ColorNameInputBackground, fyne.NewPos(emojiPad, emojiPad), fyne.NewSize(inner, emojiHead-6))
	field.StrokeWidth, field.StrokeColor, field.CornerRadius = 1, theme.Color(theme.ColorNamePrimary), theme.InputRadiusSize()
	words, colour := p.words+"|", theme.ColorNameForeground
	if p.words == "" {
		words, colour = lang.T("Type what you look for, in English"), colorSubtle
	}
	r.words(fit(words, inner-12, theme.TextSize(), fyne.TextStyle{}), colour, theme.TextSize(), fyne.NewPos(emojiPad+6, emojiPad), emojiHead-6)

	at := p.in(p.row)
	for i, name := range p.names {
		x := float32(emojiPad + i*emojiCell)
		if i == at && p.words == "" {
			r.box(theme.ColorNamePrimary, fyne.NewPos(x+4, emojiPad+emojiHead+emojiTabs-4), fyne.NewSize(emojiCell-8, 2))
		}
		_, char := emojiGroup(name)
		if p.words == "" {
			r.char(before, emojiPlace{-1, i, char}, 16, fyne.NewPos(x, emojiPad+emojiHead), fyne.NewSize(emojiCell, emojiTabs-4))
		}
	}
	top := float32(emojiPad + emojiHead + emojiTabs)
	for n := range min(emojiRows, len(p.rows)-p.first) {
		row := p.rows[p.first+n]
		y := top + float32(n*emojiCell)
		if row.title != "" {
			r.words(row.title, colorSubtle, theme.CaptionTextSize(), fyne.NewPos(emojiPad+4, y+4), emojiCell-4)
		}
		for c, e := range row.all {
			cell := fyne.NewPos(float32(emojiPad+c*emojiCell), y)
			if p.first+n == p.row && c == p.column {
				r.box(colorSelected, cell, fyne.NewSquareSize(emojiCell)).CornerRadius = 4
			}
			r.char(before, emojiPlace{p.first + n, c, e.Char}, emojiSize, cell, fyne.NewSquareSize(emojiCell))
		}
	}
	if len(p.rows) == 0 {
		r.words(lang.T("There is none of this name."), colorSubtle, theme.TextSize(), fyne.NewPos(emojiPad+4, top), emojiCell)
	}
	if len(p.rows) > emojiRows {
		length := float32(emojiRows*emojiCell*emojiRows) / float32(len(p.rows))
		length = fyne.Max(length, minThumb)
		y := top + (emojiRows*emojiCell-length)*float32(p.first)/float32(len(p.rows)-emojiRows)
		r.box(theme.ColorNameScrollBar, fyne.NewPos(p.size().Width-emojiPad-4, y), fyne.NewSize(4, length)).CornerRadius = 2
	}
	if e, ok := p.chosen(); ok {
		name := fit(e.Name+"   :"+e.Codes[0]+":", inner-4, theme.CaptionTextSize(), fyne.TextStyle{})
		r.words(name, theme.ColorNameForeground, theme.CaptionTextSize(), fyne.NewPos(emojiPad+4, top+emojiRows*emojiCell), emojiFoot)
	}
	canvas.Refresh(p)
}

// box adds a rectangle; positions are those in the panel.
func (r *emojiRenderer) box(colour fyne.ThemeColorName, at fyne.Position, size fyne.Size) *canvas.Rectangle {
	b := canvas.NewRectangle(theme.Color(colour))
	b.Move(r.picker.corner.Add(at))
	b.Resize(size)
	r.objects = append(r.objects, b)
	return b
}

// words adds a line of text in the middle of a height.
func (r *emojiRenderer) words(text string, colour fyne.ThemeColorName, size float32, at fyne.Position, height float32) {
	t := canvas.NewText(text, theme.Color(colour))
	t.TextSize = size
	own := t.MinSize()
	t.Resize(own)
	t.Move(r.picker.corner.Add(at.AddXY(0, (height-own.Height)/2)))
	r.objects = append(r.objects, t)
}

// char adds an emoji in the middle of a cell.
func (r *emojiRenderer) char(before map[emojiPlace]*canvas.Text, key emojiPlace, letters float32, at fyne.Position, cell fyne.Size) {
	t, ok := before[key]
	if !ok {
		t = canvas.NewText(key.char, nil)
		t.TextSize = letters
	}
	t.Color = theme.Color(theme.ColorNameForeground)
	own := t.MinSize()
	t.Resize(own)
	t.Move(r.picker.corner.Add(at.AddXY((cell.Width-own.Width)/2, (cell.Height-own.Height)/2)))
	r.texts[key] = t
	r.objects = append(r.objects, t)
}

// describe tells of what is in sight.
func (p *emojiPicker) describe(d *description) {
	d.at(kindEntry, "Emoji", p.corner.AddXY(emojiPad, emojiPad), fyne.NewSize(p.size().Width-2*emojiPad, emojiHead-6)).Value = p.words
	top := p.corner.AddXY(emojiPad, emojiPad+emojiHead+emojiTabs)
	for n := range min(emojiRows, len(p.rows)-p.first) {
		for c, e := range p.rows[p.first+n].all {
			t := d.at(kindButton, e.Name, top.AddXY(float32(c*emojiCell), float32(n*emojiCell)), fyne.NewSquareSize(emojiCell))
			t.Value, t.Focused = e.Char, p.first+n == p.row && c == p.column
		}
	}
}

// Objects implements fyne.WidgetRenderer.
func (r *emojiRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy implements fyne.WidgetRenderer.
func (r *emojiRenderer) Destroy() {}
