package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/lang"
)

// jump is a small button over a transcript that leads to lines out of sight. It cannot have
// the keyboard: there are keys for what it does.
type jump struct {
	widget.BaseWidget
	text    string
	strong  bool // about something new
	icon    fyne.Resource
	tapped  func()
	hovered bool
}

func newJump(icon fyne.Resource) *jump {
	j := &jump{icon: icon}
	j.ExtendBaseWidget(j)
	j.Hide()
	return j
}

// set says what is there, and what a click does; an empty text hides the button.
func (j *jump) set(text string, strong bool, tapped func()) {
	j.tapped = tapped
	if j.text == text && j.strong == strong {
		return
	}
	j.text, j.strong = text, strong
	if j.Hidden = text == ""; j.Hidden {
		j.hovered = false
	}
	j.Refresh()
}

// Tapped implements fyne.Tappable.
func (j *jump) Tapped(*fyne.PointEvent) {
	if j.tapped != nil {
		j.tapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (j *jump) MouseIn(*desktop.MouseEvent) {
	j.hovered = true
	j.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (j *jump) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (j *jump) MouseOut() {
	j.hovered = false
	j.Refresh()
}

// Cursor implements desktop.Cursorable.
func (j *jump) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (j *jump) CreateRenderer() fyne.WidgetRenderer {
	r := &jumpRenderer{jump: j, back: canvas.NewRectangle(nil), text: canvas.NewText("", nil), icon: canvas.NewImageFromResource(nil)}
	r.Refresh()
	return r
}

type jumpRenderer struct {
	jump *jump
	back *canvas.Rectangle
	text *canvas.Text
	icon *canvas.Image
}

const (
	jumpPad  = 9
	jumpIcon = 14
)

// MinSize implements fyne.WidgetRenderer.
func (r *jumpRenderer) MinSize() fyne.Size {
	text := r.text.MinSize()
	return fyne.NewSize(float32(int(text.Width+2*jumpPad+jumpIcon+4+1)), float32(int(text.Height+7)))
}

// Layout implements fyne.WidgetRenderer.
func (r *jumpRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	text := r.text.MinSize()
	r.text.Resize(text)
	r.text.Move(fyne.NewPos(jumpPad, (size.Height-text.Height)/2))
	r.icon.Resize(fyne.NewSquareSize(jumpIcon))
	r.icon.Move(fyne.NewPos(size.Width-jumpPad-jumpIcon+2, (size.Height-jumpIcon)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *jumpRenderer) Refresh() {
	j := r.jump
	back, front, edge := theme.ColorNameMenuBackground, theme.ColorNameForeground, theme.ColorNameInputBorder
	if j.strong {
		back, front, edge = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary
	}
	if j.hovered {
		edge = theme.ColorNameForeground
	}
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = theme.Color(back), theme.Color(edge), 1
	r.text.Text, r.text.TextSize, r.text.Color = j.text, theme.CaptionTextSize(), theme.Color(front)
	r.back.CornerRadius = r.MinSize().Height / 2
	r.icon.Resource = theme.NewColoredResource(j.icon, front)
	r.icon.Refresh()
	r.Layout(j.Size())
	canvas.Refresh(j)
}

// Objects implements fyne.WidgetRenderer.
func (r *jumpRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.text, r.icon}
}

// Destroy implements fyne.WidgetRenderer.
func (r *jumpRenderer) Destroy() {}

// drawJumps shows the buttons over the transcript for what is out of sight.
func (r *transcriptRenderer) drawJumps() {
	t := r.t
	if len(r.visible) == 0 {
		t.up.set("", false, nil)
		t.down.set("", false, nil)
		return
	}
	fresh, count := -1, 0
	if t.landmark != nil {
		fresh, count = t.landmark()
	}
	first, last := r.visible[0], r.visible[len(r.visible)-1]
	up := fresh >= 0 && (fresh < first.index || fresh == first.index && first.y < -first.height/2)
	down := fresh > last.index
	if fresh >= 0 && !up && !down && t.met != nil {
		t.met()
	}
	toNew := func() {
		t.show(fresh)
		t.scrolled()
	}
	if up {
		t.up.set(lang.N(count, "%d new line", "%d new lines", count), true, toNew)
	} else {
		t.up.set("", false, nil)
	}
	view := float64(t.Size().Height)
	switch {
	case down:
		t.down.set(lang.N(count, "%d new line", "%d new lines", count), true, toNew)
	case !t.stick && t.heights.total()-t.heights.before(t.top)-t.off-view > view/2:
		t.down.set(lang.T("To the end"), false, t.toEnd)
	default:
		t.down.set("", false, nil)
	}
	r.layJumps()
}

// layJumps puts them into the middle of the upper and the lower edge.
func (r *transcriptRenderer) layJumps() {
	const gap = 6
	size := r.t.Size()
	for _, j := range []*jump{r.t.up, r.t.down} {
		if j.Hidden {
			continue
		}
		own := j.MinSize()
		y := float32(gap)
		if j == r.t.down {
			y = size.Height - own.Height - gap
		}
		j.Resize(own)
		j.Move(fyne.NewPos(float32(int((size.Width-own.Width)/2)), y))
	}
}
