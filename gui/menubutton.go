package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// menuButton is an icon and a word that open a menu, whichever mouse button is
// used.
type menuButton struct {
	widget.DisableableWidget
	text   string
	icon   fyne.Resource
	colour fyne.ThemeColorName
	menu   func() *fyne.Menu
	keys   *keys
	typed  func(r rune) // text, while the button has the focus
	about  func() tip   // what there is to know; nil: nothing

	hovered, focused bool
}

func newMenuButton(k *keys, menu func() *fyne.Menu) *menuButton {
	b := &menuButton{menu: menu, keys: k, colour: theme.ColorNameForeground}
	b.ExtendBaseWidget(b)
	return b
}

func (b *menuButton) set(icon fyne.Resource, text string, colour fyne.ThemeColorName) {
	if b.icon == icon && b.text == text && b.colour == colour {
		return
	}
	b.icon, b.text, b.colour = icon, text, colour
	b.Refresh()
}

// open shows the menu, its right edge in line with the button's if it stands in
// the right half of the window, above it if there is no room below.
func (b *menuButton) open() {
	b.keys.tip().used()
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(b)
	if c == nil || b.Disabled() {
		return
	}
	m := b.menu()
	if m == nil || len(m.Items) == 0 {
		return
	}
	p := newPopMenu(m, c)
	at, size, whole := d.AbsolutePositionForObject(b), p.levels[0].size, c.Size()
	x := at.X
	if at.X+b.Size().Width/2 > whole.Width/2 {
		x = at.X + b.Size().Width - size.Width
	}
	y := at.Y + b.Size().Height
	if y+size.Height > whole.Height {
		y = fyne.Max(0, at.Y-size.Height)
	}
	p.show(fyne.NewPos(x, y))
}

// Tapped implements fyne.Tappable.
func (b *menuButton) Tapped(*fyne.PointEvent) { b.open() }

// TappedSecondary implements fyne.SecondaryTappable.
func (b *menuButton) TappedSecondary(*fyne.PointEvent) { b.open() }

// MouseDown implements desktop.Mouseable.
func (b *menuButton) MouseDown(*desktop.MouseEvent) {}

// MouseUp implements desktop.Mouseable. The left and the right button come as taps.
func (b *menuButton) MouseUp(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonTertiary {
		b.open()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *menuButton) MouseIn(e *desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	b.MouseMoved(e)
}

// MouseMoved implements desktop.Hoverable.
func (b *menuButton) MouseMoved(e *desktop.MouseEvent) {
	if b.about != nil {
		b.keys.tip().restOn(b, e, b.about)
	}
}

// MouseOut implements desktop.Hoverable.
func (b *menuButton) MouseOut() {
	b.hovered = false
	b.keys.tip().leave()
	b.Refresh()
}

// FocusGained implements fyne.Focusable.
func (b *menuButton) FocusGained() {
	b.focused = true
	b.keys.onFocus()
	b.Refresh()
}

// FocusLost implements fyne.Focusable.
func (b *menuButton) FocusLost() {
	b.focused = false
	b.Refresh()
	b.keys.onLost()
}

// TypedRune implements fyne.Focusable. The space is for the button.
func (b *menuButton) TypedRune(r rune) {
	if b.typed != nil && r != ' ' {
		b.typed(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (b *menuButton) TypedShortcut(s fyne.Shortcut) { b.keys.onShortcut(s) }

// TypedKey implements fyne.Focusable.
func (b *menuButton) TypedKey(e *fyne.KeyEvent) {
	b.keys.onUsed()
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown, fyne.KeyUp:
		b.open()
	default:
		b.keys.onTyped(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *menuButton) CreateRenderer() fyne.WidgetRenderer {
	r := &menuButtonRenderer{button: b, back: canvas.NewRectangle(nil), icon: canvas.NewImageFromResource(nil),
		arrow: canvas.NewImageFromResource(nil), text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type menuButtonRenderer struct {
	button      *menuButton
	back        *canvas.Rectangle
	icon, arrow *canvas.Image
	text        *canvas.Text
}

const menuArrow = 14

// MinSize implements fyne.WidgetRenderer.
func (r *menuButtonRenderer) MinSize() fyne.Size {
	pad := theme.InnerPadding()
	text := fyne.MeasureText(r.button.text, theme.TextSize(), r.text.TextStyle)
	icon := theme.IconInlineSize()
	w := text.Width + 2*pad + menuArrow + 2
	if r.button.icon != nil {
		w += icon + 5
	}
	return fyne.NewSize(float32(int(w+1)), fyne.Max(text.Height, icon)+2*pad-2)
}

// Layout implements fyne.WidgetRenderer.
func (r *menuButtonRenderer) Layout(size fyne.Size) {
	pad, icon := theme.InnerPadding(), theme.IconInlineSize()
	r.back.Resize(size)
	x := pad + 1
	r.icon.Hidden = r.button.icon == nil
	if r.button.icon != nil {
		r.icon.Resize(fyne.NewSquareSize(icon))
		r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
		x += icon + 5
	}
	min := r.text.MinSize()
	r.text.Resize(min)
	r.text.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
	r.arrow.Resize(fyne.NewSquareSize(menuArrow))
	r.arrow.Move(fyne.NewPos(size.Width-menuArrow-3, (size.Height-menuArrow)/2))
}

// Refresh implements fyne.WidgetRenderer.
func (r *menuButtonRenderer) Refresh() {
	b := r.button
	name, back := b.colour, theme.ColorNameButton
	if b.Disabled() {
		name, back = theme.ColorNameDisabled, theme.ColorNameDisabledButton
	}
	r.back.FillColor = theme.Color(back)
	r.back.CornerRadius = theme.Size(theme.SizeNameButtonRadius)
	r.back.StrokeWidth, r.back.StrokeColor = 1, theme.Color(theme.ColorNameInputBorder)
	if b.focused || b.hovered {
		r.back.StrokeColor = theme.Color(theme.ColorNamePrimary)
	}
	r.text.Text, r.text.TextSize = b.text, theme.TextSize()
	r.text.Color = theme.Color(name)
	r.icon.Resource, r.icon.Translucency = b.icon, 0
	if b.Disabled() {
		r.icon.Translucency = paleness
	}
	r.arrow.Resource, r.arrow.Translucency = theme.NewColoredResource(theme.MenuDropDownIcon(), theme.ColorNameForeground), r.icon.Translucency
	if b.icon != nil {
		r.icon.Refresh()
	}
	r.arrow.Refresh()
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// Objects implements fyne.WidgetRenderer.
func (r *menuButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.icon, r.text, r.arrow}
}

// Destroy implements fyne.WidgetRenderer.
func (r *menuButtonRenderer) Destroy() {}
