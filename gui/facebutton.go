package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/lang"
)

// faceButton is the user's own picture, at the foot of the Buddy List; pressed, it lets
// them choose another.
type faceButton struct {
	widget.BaseWidget
	keys             *keys
	pressed          func()
	face             image.Image // nil: none is known
	hovered, focused bool
}

func newFaceButton(k *keys, pressed func()) *faceButton {
	b := &faceButton{keys: k, pressed: pressed}
	b.ExtendBaseWidget(b)
	return b
}

func (b *faceButton) show(face image.Image) {
	if b.face != face {
		b.face = face
		b.Refresh()
	}
}

// ownFace is the picture that stands for the user: that of the first account that has one.
func (g *GUI) ownFace() image.Image {
	for _, a := range g.accounts {
		if face := g.own.faces[a.Account.ID]; face != nil {
			return face
		}
	}
	return nil
}

// pictures lets the user choose the picture of an account; of which one, where there are
// several.
func (s *statusBar) pictures() {
	g := s.gui
	if len(g.accounts) == 1 {
		g.front.ShowOwnPicture(g.accounts[0].Account.ID)
		return
	}
	m := fyne.NewMenu("")
	for _, a := range g.accounts {
		m.Items = append(m.Items, fyne.NewMenuItem(lang.F("Picture of %s…", oneLine(a.Account.Title(), 50)), func() { g.front.ShowOwnPicture(a.Account.ID) }))
	}
	c := g.buddies.window.Canvas()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.face)
	popUp(m, c, fyne.NewPos(at.X, at.Y))
}

// tip is what there is to know about it.
func (b *faceButton) tip() tip {
	if b.face == nil {
		return tip{title: lang.T("Your picture"), lines: []string{lang.T("None is known. Press to choose one.")}}
	}
	return tip{face: b.face, title: lang.T("Your picture"), lines: []string{lang.T("Press to choose another one, or none.")}}
}

// Tapped implements fyne.Tappable.
func (b *faceButton) Tapped(*fyne.PointEvent) {
	b.keys.onUsed()
	b.pressed()
}

// MouseIn implements desktop.Hoverable.
func (b *faceButton) MouseIn(e *desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	b.MouseMoved(e)
}

// MouseMoved implements desktop.Hoverable.
func (b *faceButton) MouseMoved(e *desktop.MouseEvent) { b.keys.tip().restOn(b, e, b.tip) }

// MouseOut implements desktop.Hoverable.
func (b *faceButton) MouseOut() {
	b.hovered = false
	b.keys.tip().leave()
	b.Refresh()
}

// FocusGained implements fyne.Focusable.
func (b *faceButton) FocusGained() {
	b.focused = true
	b.keys.onFocus()
	b.Refresh()
}

// FocusLost implements fyne.Focusable.
func (b *faceButton) FocusLost() {
	b.focused = false
	b.Refresh()
	b.keys.onLost()
}

// TypedRune implements fyne.Focusable.
func (b *faceButton) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (b *faceButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.keys.onTyped(e)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (b *faceButton) TypedShortcut(s fyne.Shortcut) { b.keys.onShortcut(s) }

// CreateRenderer implements fyne.Widget.
func (b *faceButton) CreateRenderer() fyne.WidgetRenderer {
	r := &faceButtonRenderer{button: b, back: canvas.NewRectangle(nil), none: canvas.NewImageFromResource(nil), face: newFace()}
	r.Refresh()
	return r
}

type faceButtonRenderer struct {
	button *faceButton
	back   *canvas.Rectangle
	none   *canvas.Image
	face   *canvas.Image
}

// MinSize implements fyne.WidgetRenderer.
func (r *faceButtonRenderer) MinSize() fyne.Size {
	return fyne.NewSquareSize(fyne.Max(fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height, theme.IconInlineSize()) + 2*theme.InnerPadding() - 2)
}

// Layout implements fyne.WidgetRenderer.
func (r *faceButtonRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	side := fyne.Min(size.Width, size.Height) - 4
	at := fyne.NewPos((size.Width-side)/2, (size.Height-side)/2)
	r.none.Resize(fyne.NewSquareSize(side - 4))
	r.none.Move(at.AddXY(2, 2))
	r.face.Move(at)
	if r.button.face != nil {
		showFace(r.face, r.button.face, side, false)
	}
}

// Refresh implements fyne.WidgetRenderer.
func (r *faceButtonRenderer) Refresh() {
	b := r.button
	r.back.FillColor = theme.Color(theme.ColorNameButton)
	r.back.CornerRadius = theme.Size(theme.SizeNameButtonRadius)
	r.back.StrokeWidth, r.back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
	if b.focused || b.hovered {
		r.back.StrokeColor = theme.Color(theme.ColorNamePrimary)
	}
	r.face.Hidden = b.face == nil
	r.none.Hidden = b.face != nil
	drawing(r.none, theme.NewColoredResource(theme.AccountIcon(), colorSubtle))
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// Objects implements fyne.WidgetRenderer.
func (r *faceButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.none, r.face}
}

// Destroy implements fyne.WidgetRenderer.
func (r *faceButtonRenderer) Destroy() {}
