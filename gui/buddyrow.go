package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// buddyRow draws one line of the Buddy List: a group, a buddy or a request.
type buddyRow struct {
	box    *fyne.Container
	window *buddyWindow
	arrow  *canvas.Image // of a contact
	icon   *canvas.Image
	name   *canvas.Text
	status *canvas.Text
	mark   *canvas.Image // they are typing
	count  *canvas.Text  // unread lines
	face   *canvas.Image // the picture of who it is
}

func newBuddyRow(w *buddyWindow) *buddyRow {
	r := &buddyRow{
		window: w, arrow: canvas.NewImageFromResource(nil), icon: canvas.NewImageFromResource(nil), mark: canvas.NewImageFromResource(w.gui.icons[assets.Typing]),
		name: canvas.NewText("", nil), status: canvas.NewText("", nil), count: canvas.NewText("", nil),
	}
	r.count.TextStyle.Bold = true
	r.face = newFace()
	r.box = container.NewWithoutLayout(r.arrow, r.icon, r.name, r.status, r.mark, r.count, r.face)
	return r
}

func buddyRowHeight() float32 {
	return fyne.Max(fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height, theme.IconInlineSize()) + 4
}

// requestText is the line for somebody who asks to see the user's presence.
func requestText(title string) string { return lang.F("%s wants to see when you are online", title) }

// knockText is the line for strangers.
func knockText(r buddylist.Row) string {
	if r.Total == 1 {
		return lang.F("%s wants to reach you", oneLine(r.Title, 60))
	}
	return lang.N(r.Total, "%d person wants to reach you", "%d people want to reach you", r.Total)
}

// groupText is the line of a group.
func groupText(r buddylist.Row) string {
	return fmt.Sprintf("%s (%d/%d)", oneLine(buddylist.GroupName(r.Group, r.Rooms), 60), r.Online, r.Total)
}

func (r *buddyRow) object() fyne.CanvasObject { return r.box }

func (r *buddyRow) show(i int) {
	row := r.window.row(i)
	look := r.window.look(row)
	size := r.box.Size()
	icon := theme.IconInlineSize()
	x, right := 6+look.indent, size.Width-8
	middle := func(o fyne.CanvasObject, at, side float32) {
		o.Resize(fyne.NewSquareSize(side))
		o.Move(fyne.NewPos(at, (size.Height-side)/2))
	}
	r.arrow.Hidden = look.arrow == nil
	if look.arrow != nil {
		drawing(r.arrow, look.arrow)
		middle(r.arrow, x-rowIndent-2, rowIndent+2)
	}
	drawing(r.icon, look.icon)
	middle(r.icon, x, icon)
	x += icon + 6

	r.face.Hidden = row.Picture == nil
	if row.Picture != nil {
		side := size.Height - 2
		showFace(r.face, row.Picture, side, row.Presence.Show == im.Offline)
		r.face.Move(fyne.NewPos(right-side, 1))
		right -= side + 6
	}
	place := func(t *canvas.Text, text string, size float32, colour fyne.ThemeColorName, at, middle float32) {
		t.Text, t.TextSize, t.Color = text, size, theme.Color(colour)
		min := t.MinSize()
		t.Resize(min)
		t.Move(fyne.NewPos(at, middle-min.Height/2))
	}
	r.count.Hidden = look.count == ""
	if look.count != "" {
		w := measure(look.count, theme.TextSize(), r.count.TextStyle)
		place(r.count, look.count, theme.TextSize(), theme.ColorNamePrimary, right-w, size.Height/2)
		right -= w + 6
	}
	r.mark.Hidden = !look.typing
	if look.typing {
		middle(r.mark, right-icon, icon-2)
		right -= icon + 4
	}

	line, below := size.Height/2, size.Height/2 // where the middles of name and status are
	left, small := x, theme.TextSize()
	two := look.status != "" && size.Height > buddyRowHeight()
	if two {
		small = theme.CaptionTextSize()
		line, below = size.Height*0.3, size.Height*0.72
	}
	r.name.TextStyle = look.style
	name := fit(look.name, fyne.Max(0, right-x), theme.TextSize(), look.style)
	place(r.name, name, theme.TextSize(), look.colour, x, line)
	if !two {
		left += measure(name, theme.TextSize(), look.style) + 8
	}
	r.status.Hidden = look.status == "" || right-left < 24
	if !r.status.Hidden {
		status := look.status
		if look.brief != "" && measure(status, small, fyne.TextStyle{}) > right-left {
			status = look.brief
		}
		place(r.status, fit(status, right-left, small, fyne.TextStyle{}), small, colorSubtle, left, below)
	}
}

// drawing shows one in the place of that before.
func drawing(i *canvas.Image, res fyne.Resource) {
	if i.Resource != res {
		i.Resource = res
		i.Refresh()
	}
}
