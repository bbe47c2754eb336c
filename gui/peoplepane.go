package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// peoplePane lists who is in a room: five thousand as easily as five.
type peoplePane struct {
	room   *roomPane
	all    []im.Occupant
	rows   []im.Occupant // those that the search finds
	search *textEntry
	list   *rowList
	box    *fyne.Container
}

// manyPeople is from how many on the search stands there unasked.
const manyPeople = 20

func newPeoplePane(r *roomPane) *peoplePane {
	v := &peoplePane{room: r}
	v.list = newRowList(r.page.keys, buddyRowHeight, func() int { return len(v.rows) }, func() rowView { return newOccupantRow(v) })
	v.list.opened = v.open
	v.list.menu = func(i int, at fyne.Position) {
		popUp(fyne.NewMenu("", r.page.gui.occupantItems(r.page.conv, v.rows[i].Nick)...), r.page.window.window.Canvas(), at)
	}
	v.search = newListSearch(r.page.keys, v.list, lang.T("Find somebody"), v.showSearch, v.stopSearch)
	v.search.OnChanged = func(string) {
		v.filter()
		v.list.choose(0)
	}
	v.box = container.NewBorder(v.search, nil, nil, nil, v.list)
	return v
}

// open begins a conversation with one of them alone.
func (v *peoplePane) open(i int) {
	if i < len(v.rows) && !v.rows[i].Own {
		v.room.page.gui.front.OccupantAction(v.room.page.conv, v.rows[i].Nick, conversation.OccupantTalk)
	}
}

func (v *peoplePane) showSearch() {
	v.search.Show()
	v.box.Refresh()
}

func (v *peoplePane) stopSearch() {
	v.search.SetText("")
	if len(v.all) < manyPeople {
		v.search.Hide()
		v.box.Refresh()
	}
	v.room.page.window.window.Canvas().Focus(v.room.page.entry)
}

const (
	manyRows  = 500 // more than this are not drawn anew for each change
	rowsPause = 100 * time.Millisecond
)

// peopleChanged draws who is there, but long lists not more than ten times a second.
func (r *roomPane) peopleChanged() {
	switch wait := rowsPause - time.Since(r.drawnAt); {
	case r.fresh || r.waiting || !r.split.shown:
	case r.known.Len() > manyRows && wait > 0:
		r.waiting = true
		time.AfterFunc(wait, func() {
			r.page.gui.do(func() {
				if r.waiting && !r.page.gui.over() && !r.page.window.gone {
					r.drawPeople()
				}
			})
		})
	default:
		r.drawPeople()
	}
}

func (r *roomPane) drawPeople() {
	r.fresh, r.waiting, r.drawnAt = true, false, time.Now()
	v := r.people
	v.all = r.known.Occupants()
	if many := len(v.all) >= manyPeople; many && !v.search.Visible() {
		v.showSearch()
	}
	v.filter()
}

// filter takes the rows anew, and keeps the chosen one chosen.
func (v *peoplePane) filter() {
	chosen := ""
	if i := v.list.selected; i >= 0 && i < len(v.rows) {
		chosen = v.rows[i].Nick
	}
	v.rows = v.all
	if words := strings.ToLower(strings.TrimSpace(v.search.Text)); words != "" {
		v.rows = nil
		for _, o := range v.all {
			if strings.Contains(strings.ToLower(o.Name), words) || strings.Contains(strings.ToLower(o.Bare), words) {
				v.rows = append(v.rows, o)
			}
		}
	}
	v.list.selected = -1
	for i, o := range v.rows {
		if chosen != "" && o.Nick == chosen {
			v.list.selected = i
			break
		}
	}
	v.list.Refresh()
}

func (v *peoplePane) describe(d *description) {
	d.add(kindEntry, v.search.PlaceHolder, v.search).Value = v.search.Text
	d.rows(v.list, func(i int) (kind, name, value string) {
		o := v.rows[i]
		return kindOccupant, oneLine(o.Name, 60), o.Role.String()
	})
}

// occupantRow draws one of them.
type occupantRow struct {
	pane   *peoplePane
	box    *fyne.Container
	icon   *canvas.Image
	name   *canvas.Text
	status *canvas.Text
	warn   *canvas.Image // the name looks like another one
}

func newOccupantRow(v *peoplePane) *occupantRow {
	r := &occupantRow{pane: v, icon: canvas.NewImageFromResource(nil), name: canvas.NewText("", nil), status: canvas.NewText("", nil),
		warn: canvas.NewImageFromResource(v.room.page.gui.icons[assets.Alarm])}
	r.box = container.NewWithoutLayout(r.icon, r.name, r.status, r.warn)
	return r
}

func (r *occupantRow) object() fyne.CanvasObject { return r.box }

func (r *occupantRow) show(i int) {
	o := r.pane.rows[i]
	size, icon := r.box.Size(), theme.IconInlineSize()
	if res := r.pane.room.page.gui.icons.role(o.Role); r.icon.Resource != res {
		r.icon.Resource = res
		r.icon.Refresh()
	}
	x, right := float32(6), size.Width-6
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
	x += icon + 5
	r.warn.Hidden = o.Like == ""
	status := ""
	if o.Like != "" {
		r.warn.Resize(fyne.NewSquareSize(icon - 2))
		r.warn.Move(fyne.NewPos(right-icon+2, (size.Height-icon)/2+1))
		right -= icon + 3
		status = lang.F("not %s?", oneLine(o.Like, 60))
	} else if o.Presence.Show < im.Available && o.Presence.Show != im.Offline {
		status = strings.ToLower(o.Presence.Show.String())
	}
	colour := nickColor(o.Name)
	if r.pane.room.known.Ignores(o.Nick) {
		colour, status = colorSubtle, lang.T("ignored")
	}
	r.name.TextStyle.Bold = o.Own
	if o.Own {
		colour = colorOwnNick
	}
	put := func(t *canvas.Text, text string, colour fyne.ThemeColorName, at float32) float32 {
		t.Text, t.TextSize, t.Color = text, theme.TextSize(), theme.Color(colour)
		min := t.MinSize()
		t.Resize(min)
		t.Move(fyne.NewPos(at, (size.Height-min.Height)/2))
		return min.Width
	}
	x += put(r.name, fit(oneLine(o.Name, 60), fyne.Max(0, right-x), theme.TextSize(), r.name.TextStyle), colour, x) + 6
	// All of it or nothing: a part says something else.
	r.status.Hidden = status == "" || measure(status, theme.TextSize(), fyne.TextStyle{}) > right-x
	if !r.status.Hidden {
		put(r.status, status, colorSubtle, x)
	}
}
