package gui

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"culver/lang"
)

const (
	calendarCell = 30 // the least width of a day
	calendarPad  = 4
)

// calendarRow is the height of a week.
func calendarRow() float32 {
	return fyne.MeasureText("0", theme.TextSize(), fyne.TextStyle{}).Height + 7
}

// column is the width of a day.
func (c *calendar) column() float32 {
	return float32(int(fyne.Max(calendarCell, c.Size().Width-2*calendarPad) / 7))
}

// left is where the first column begins.
func (c *calendar) left() float32 {
	return float32(int(c.Size().Width-7*c.column()) / 2)
}

// cell is the place of a day. The names of the days stand in week -1. There is
// always room for six weeks.
func (c *calendar) cell(week, day int) (fyne.Position, fyne.Size) {
	row, column := calendarRow(), c.column()
	return fyne.NewPos(c.left()+float32(day)*column, calendarPad+float32(week+2)*row), fyne.NewSize(column, row)
}

// arrow is the place of one of the arrows beside the name of the month.
func (c *calendar) arrow(direction int) (fyne.Position, fyne.Size) {
	size := fyne.NewSize(c.column(), calendarRow())
	x := c.left()
	if direction > 0 {
		x += 6 * c.column()
	}
	return fyne.NewPos(x, calendarPad/2), size
}

// hit is the part at a position.
func (c *calendar) hit(at fyne.Position) part {
	within := func(pos fyne.Position, size fyne.Size) bool {
		return at.X >= pos.X && at.X < pos.X+size.Width && at.Y >= pos.Y && at.Y < pos.Y+size.Height
	}
	for _, direction := range []int{-1, 1} {
		if within(c.arrow(direction)) {
			return part{arrow: direction}
		}
	}
	for week, days := range weeks(c.month, c.begins) {
		for i, day := range days {
			if day != 0 && within(c.cell(week, i)) {
				return part{day: day}
			}
		}
	}
	return part{}
}

// CreateRenderer implements fyne.Widget.
func (c *calendar) CreateRenderer() fyne.WidgetRenderer {
	r := &calendarRenderer{calendar: c, frame: canvas.NewRectangle(nil), title: canvas.NewText("", nil)}
	for i := range r.names {
		r.names[i] = canvas.NewText("", nil)
	}
	for i := range r.days {
		d := &r.days[i]
		d.back, d.text, d.dot = canvas.NewRectangle(nil), canvas.NewText("", nil), canvas.NewRectangle(nil)
	}
	for i := range r.arrows {
		r.arrows[i] = canvas.NewImageFromResource(nil)
		r.arrows[i].FillMode = canvas.ImageFillContain
	}
	r.hover = canvas.NewRectangle(nil)
	r.Refresh()
	return r
}

type calendarRenderer struct {
	calendar *calendar
	frame    *canvas.Rectangle
	hover    *canvas.Rectangle // behind an arrow
	title    *canvas.Text
	arrows   [2]*canvas.Image
	names    [7]*canvas.Text
	days     [42]struct {
		back *canvas.Rectangle
		text *canvas.Text
		dot  *canvas.Rectangle // it has something
	}
}

// MinSize implements fyne.WidgetRenderer.
func (r *calendarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(7*calendarCell+2*calendarPad, 8*calendarRow()+2*calendarPad)
}

// Layout implements fyne.WidgetRenderer.
func (r *calendarRenderer) Layout(size fyne.Size) {
	c := r.calendar
	r.frame.Resize(size)
	centre := func(t *canvas.Text, pos fyne.Position, size fyne.Size) {
		min := t.MinSize()
		t.Resize(min)
		t.Move(fyne.NewPos(float32(int(pos.X+(size.Width-min.Width)/2)), float32(int(pos.Y+(size.Height-min.Height)/2))))
	}
	centre(r.title, fyne.NewPos(0, calendarPad/2), fyne.NewSize(size.Width, calendarRow()))
	r.hover.Hidden = c.hovered.arrow == 0 || c.neighbour(c.hovered.arrow).isZero()
	if !r.hover.Hidden {
		pos, size := c.arrow(c.hovered.arrow)
		r.hover.Move(pos)
		r.hover.Resize(size)
	}
	for i, direction := range []int{-1, 1} {
		pos, size := c.arrow(direction)
		icon := theme.IconInlineSize()
		r.arrows[i].Resize(fyne.NewSquareSize(icon))
		r.arrows[i].Move(pos.AddXY((size.Width-icon)/2, (size.Height-icon)/2))
	}
	for i, t := range r.names {
		pos, size := c.cell(-1, i)
		centre(t, pos, size)
	}
	for week := range 6 {
		for i := range 7 {
			d := r.days[week*7+i]
			pos, size := c.cell(week, i)
			d.back.Move(pos.AddXY(1, 1))
			d.back.Resize(size.SubtractWidthHeight(2, 2))
			centre(d.text, pos.SubtractXY(0, 1), size)
			const dot, high = 8, 2
			d.dot.Move(fyne.NewPos(float32(int(pos.X+(size.Width-dot)/2)), pos.Y+size.Height-high-2))
			d.dot.Resize(fyne.NewSize(dot, high))
		}
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *calendarRenderer) Refresh() {
	c := r.calendar
	write := func(t *canvas.Text, text string, colour fyne.ThemeColorName, size float32, bold bool) {
		t.Text, t.Color, t.TextSize, t.TextStyle.Bold = text, theme.Color(colour), size, bold
	}
	r.frame.FillColor, r.frame.CornerRadius = theme.Color(colorView), theme.SelectionRadiusSize()
	r.hover.FillColor, r.hover.CornerRadius = theme.Color(theme.ColorNameHover), theme.SelectionRadiusSize()
	write(r.title, c.title(), theme.ColorNameForeground, theme.TextSize(), true)
	for i, direction := range []int{-1, 1} {
		res, colour := theme.NavigateBackIcon(), theme.ColorNameForeground
		if direction > 0 {
			res = theme.NavigateNextIcon()
		}
		if c.neighbour(direction).isZero() {
			colour = theme.ColorNameSeparator
		}
		r.arrows[i].Resource = theme.NewColoredResource(res, colour)
		r.arrows[i].Refresh()
	}
	for i, t := range r.names {
		write(t, weekdayInColumn(time.Weekday((int(c.begins)+i)%7)), colorSubtle, theme.CaptionTextSize(), false)
	}
	today := dateOf(c.now())
	for week, days := range weeks(c.month, c.begins) {
		for i, day := range days {
			o := r.days[week*7+i]
			d := date{c.month.year, c.month.month, day}
			has := day != 0 && c.has[d]
			o.back.Hidden, o.text.Hidden, o.dot.Hidden = day == 0, day == 0, !has
			if day == 0 {
				continue
			}
			colour := colorSubtle
			if has {
				colour = theme.ColorNameForeground
			}
			write(o.text, strconv.Itoa(day), colour, theme.TextSize(), has)
			o.back.CornerRadius = theme.SelectionRadiusSize()
			o.back.FillColor, o.back.StrokeColor, o.back.StrokeWidth = nil, nil, 0
			switch {
			case d == c.chosen:
				o.back.FillColor = theme.Color(colorSelected)
			case has && c.hovered.day == day:
				o.back.FillColor = theme.Color(theme.ColorNameHover)
			}
			if d == today {
				o.back.StrokeColor, o.back.StrokeWidth = theme.Color(colorSubtle), 1
			}
			if c.focused && !c.pointed && d == c.at {
				o.back.StrokeColor, o.back.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
			}
			o.dot.FillColor = theme.Color(theme.ColorNamePrimary)
		}
	}
	r.Layout(c.Size())
	canvas.Refresh(c)
}

// title is the name of the month.
func (c *calendar) title() string {
	return lang.F("%s %d", monthAlone(c.month.month), c.month.year)
}

// Objects implements fyne.WidgetRenderer.
func (r *calendarRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.frame, r.hover, r.title, r.arrows[0], r.arrows[1]}
	for _, t := range r.names {
		out = append(out, t)
	}
	for _, d := range r.days {
		out = append(out, d.back, d.text, d.dot)
	}
	return out
}

// Destroy implements fyne.WidgetRenderer.
func (r *calendarRenderer) Destroy() {}

// describe tells of the month and its days.
func (c *calendar) describe(d *description) {
	if !c.Visible() {
		return
	}
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(c)
	for i, name := range []string{"Earlier", "Later"} {
		pos, size := c.arrow(2*i - 1)
		e := d.at(kindButton, name, origin.Add(pos), size)
		e.Enabled = !c.neighbour(2*i - 1).isZero()
	}
	for week, days := range weeks(c.month, c.begins) {
		for i, day := range days {
			if day == 0 {
				continue
			}
			at := date{c.month.year, c.month.month, day}
			pos, size := c.cell(week, i)
			e := d.at(kindDay, at.String(), origin.Add(pos), size)
			e.Enabled, e.Chosen, e.Focused = c.has[at], at == c.chosen, c.focused && at == c.at
		}
	}
}
