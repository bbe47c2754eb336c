package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// CreateRenderer implements fyne.Widget.
func (p *popMenu) CreateRenderer() fyne.WidgetRenderer { return &popMenuRenderer{menu: p} }

type popMenuRenderer struct {
	menu    *popMenu
	objects []fyne.CanvasObject
}

// MinSize implements fyne.WidgetRenderer.
func (r *popMenuRenderer) MinSize() fyne.Size { return fyne.Size{} }

// Layout implements fyne.WidgetRenderer: the window has another size.
func (r *popMenuRenderer) Layout(fyne.Size) {
	r.menu.fit()
	r.draw()
}

// Refresh implements fyne.WidgetRenderer.
func (r *popMenuRenderer) Refresh() {
	r.draw()
	canvas.Refresh(r.menu)
}

func (r *popMenuRenderer) draw() {
	r.objects = nil
	for _, l := range r.menu.levels {
		r.level(l)
	}
}

// put places an object.
func (r *popMenuRenderer) put(o fyne.CanvasObject, x, y float32, size fyne.Size) {
	o.Resize(size)
	o.Move(fyne.NewPos(x, y))
	r.objects = append(r.objects, o)
}

// paleness is how translucent the pictures are of what is not possible.
const paleness = 0.55

// image places a picture, pale if what it belongs to is not possible.
func (r *popMenuRenderer) image(res fyne.Resource, x, y float32, pale bool) {
	i := canvas.NewImageFromResource(res)
	i.FillMode = canvas.ImageFillContain
	if pale {
		i.Translucency = paleness
	}
	r.put(i, x, y, fyne.NewSquareSize(theme.IconInlineSize()))
}

func (r *popMenuRenderer) level(l *menuLevel) {
	back := canvas.NewRectangle(theme.Color(theme.ColorNameMenuBackground))
	back.CornerRadius = theme.Size(theme.SizeNameMenuRadius)
	back.StrokeWidth, back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
	back.Shadow = canvas.Shadow{Color: theme.Color(theme.ColorNameShadow), BlurRadius: 6, Offset: fyne.NewPos(0, 2)}
	r.put(back, l.at.X, l.at.Y, l.size)

	tick, icon, label := l.columns()
	inline := theme.IconInlineSize()
	right := l.at.X + l.size.Width
	end := l.end()
	for n := l.first; n < end; n++ {
		i := l.menu.Items[n]
		y, h := l.top(n), entryHeight(i)
		if i.IsSeparator {
			line := canvas.NewRectangle(theme.Color(theme.ColorNameSeparator))
			r.put(line, l.at.X+menuSide-3, y+menuSeparator/2, fyne.NewSize(l.size.Width-2*menuSide+6, 1))
			continue
		}
		if n == l.chosen {
			mark := canvas.NewRectangle(theme.Color(colorSelected))
			mark.CornerRadius = theme.SelectionRadiusSize()
			r.put(mark, l.at.X+3, y, fyne.NewSize(l.size.Width-6, h))
		}
		colour := theme.ColorNameForeground
		switch {
		case i.Disabled:
			colour = theme.ColorNameDisabled
		case !usable(i):
			colour = colorSubtle
		}
		middle := y + (h-inline)/2
		if i.Checked {
			r.image(theme.NewColoredResource(theme.ConfirmIcon(), colour), l.at.X+tick, middle, false)
		}
		if i.Icon != nil {
			r.image(i.Icon, l.at.X+icon, middle, i.Disabled)
		}
		width := right - menuSide - l.at.X - label
		if i.ChildMenu != nil {
			width -= inline
			r.image(theme.NewColoredResource(theme.MenuExpandIcon(), colour), right-inline-3, middle, false)
		}
		text := canvas.NewText(fit(i.Label, width+1, theme.TextSize(), fyne.TextStyle{}), theme.Color(colour))
		text.TextSize = theme.TextSize()
		size := text.MinSize()
		r.put(text, l.at.X+label, y+(h-size.Height)/2, size)
	}
	r.more(l, l.first > 0, theme.MoveUpIcon(), l.at.Y-1)
	r.more(l, end < len(l.menu.Items), theme.MoveDownIcon(), l.at.Y+l.size.Height-menuMore+1)
}

const menuMore = 12

// more shows that there are entries out of sight.
func (r *popMenuRenderer) more(l *menuLevel, is bool, res fyne.Resource, y float32) {
	if is {
		i := canvas.NewImageFromResource(theme.NewColoredResource(res, colorSubtle))
		r.put(i, l.at.X+l.size.Width-menuMore-3, y, fyne.NewSquareSize(menuMore))
	}
}

// Objects implements fyne.WidgetRenderer.
func (r *popMenuRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy implements fyne.WidgetRenderer.
func (r *popMenuRenderer) Destroy() {}
