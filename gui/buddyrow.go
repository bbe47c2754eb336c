package gui

import (
	"cmp"
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
	icon   *canvas.Image
	name   *canvas.Text
	status *canvas.Text
	mark   *canvas.Image // they are typing
	count  *canvas.Text  // unread lines
	face   *canvas.Image // the picture of who it is
}

func newBuddyRow(w *buddyWindow) *buddyRow {
	r := &buddyRow{
		window: w, icon: canvas.NewImageFromResource(nil), mark: canvas.NewImageFromResource(w.gui.icons[assets.Typing]),
		name: canvas.NewText("", nil), status: canvas.NewText("", nil), count: canvas.NewText("", nil),
	}
	r.count.TextStyle.Bold = true
	r.face = newFace()
	r.box = container.NewWithoutLayout(r.icon, r.name, r.status, r.mark, r.count, r.face)
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
	return fmt.Sprintf("%s (%d/%d)", oneLine(r.Group, 60), r.Online, r.Total)
}

func (r *buddyRow) object() fyne.CanvasObject { return r.box }

func (r *buddyRow) show(i int) {
	row := r.window.row(i)
	size := r.box.Size()
	icon := theme.IconInlineSize()
	x, right := float32(6), size.Width-8
	var res fyne.Resource
	name, status, count := oneLine(row.Title, 60), "", ""
	brief := "" // for status, where that does not fit
	style := fyne.TextStyle{}
	colour := theme.ColorNameForeground
	typing := false
	switch row.Kind {
	case buddylist.GroupRow:
		name, style.Bold = groupText(row), true
		res = theme.MenuDropDownIcon()
		if row.Collapsed {
			res = theme.MenuExpandIcon()
		}
	case buddylist.RequestRow:
		name, style.Bold = requestText(name), true
		res = r.window.gui.icons[assets.Request]
	case buddylist.KnockRow:
		name = knockText(row)
		res = r.window.gui.icons[assets.Request]
	case buddylist.RoomRow:
		x += 12
		res = r.window.gui.icons.room(row.Room.Inside)
		status = roomStatus(row.Room)
		if !row.Room.Inside {
			colour = colorSubtle
		}
		if row.Unread > 0 {
			count, style.Bold, colour = roomUnread(row.Unread, row.Named), row.Named > 0, theme.ColorNameForeground
		}
	default:
		x += 12
		res = r.window.gui.icons.presence(row.Presence.Show)
		status = oneLine(row.Presence.Status, 120)
		if row.Presence.Show == im.Offline {
			colour = colorSubtle
			status = ""
			if row.Buddy.Asking {
				status, brief = lang.T("waiting for their permission"), lang.T("not accepted yet")
			}
		}
		if row.Blocked {
			status, brief, colour = lang.T("blocked"), "", colorSubtle
		}
		if row.Twin {
			if via := r.window.gui.via(row.Conv.Account); status == "" {
				status = via
			} else {
				status, brief = via+" - "+status, cmp.Or(brief, via)
			}
		}
		if row.Unread > 0 {
			style.Bold = true
			colour = theme.ColorNameForeground
			count = fmt.Sprintf("%d", min(row.Unread, 999))
		}
		typing = row.Typing == im.TypingComposing
	}
	if r.icon.Resource != res {
		r.icon.Resource = res
		r.icon.Refresh()
	}
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
	x += icon + 6

	place := func(t *canvas.Text, text string, colour fyne.ThemeColorName, at float32) {
		t.Text, t.TextSize, t.Color = text, theme.TextSize(), theme.Color(colour)
		min := t.MinSize()
		t.Resize(min)
		t.Move(fyne.NewPos(at, (size.Height-min.Height)/2))
	}
	r.face.Hidden = row.Picture == nil
	if row.Picture != nil {
		side := size.Height - 2
		showFace(r.face, row.Picture, side, row.Presence.Show == im.Offline)
		r.face.Move(fyne.NewPos(right-side, 1))
		right -= side + 6
	}
	r.count.Hidden = count == ""
	if count != "" {
		w := measure(count, theme.TextSize(), r.count.TextStyle)
		place(r.count, count, theme.ColorNamePrimary, right-w)
		right -= w + 6
	}
	r.mark.Hidden = !typing
	if typing {
		r.mark.Resize(fyne.NewSquareSize(icon - 2))
		r.mark.Move(fyne.NewPos(right-icon, (size.Height-icon)/2+1))
		right -= icon + 4
	}
	r.name.TextStyle = style
	name = fit(name, fyne.Max(0, right-x), theme.TextSize(), style)
	place(r.name, name, colour, x)
	x += measure(name, theme.TextSize(), style) + 8
	r.status.Hidden = status == "" || right-x < 24
	if !r.status.Hidden {
		r.status.TextStyle.Italic = false
		if brief != "" && measure(status, theme.TextSize(), fyne.TextStyle{}) > right-x {
			status = brief
		}
		place(r.status, fit(status, right-x, theme.TextSize(), fyne.TextStyle{}), colorSubtle, x)
	}
}
