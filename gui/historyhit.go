package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// hitRow draws a line that was found: who said it and when, and below that the line
// with the words marked. The last row may offer more.
type hitRow struct {
	box       *fyne.Container
	find      *historySearch
	icon      *canvas.Image
	who, when *canvas.Text
	parts     []hitPart
}

// hitPart is a stretch of the line, marked or not.
type hitPart struct {
	back *canvas.Rectangle
	text *canvas.Text
}

func newHitRow(f *historySearch) *hitRow {
	r := &hitRow{find: f, icon: canvas.NewImageFromResource(nil), who: canvas.NewText("", nil), when: canvas.NewText("", nil)}
	r.who.TextStyle.Bold = true
	r.box = container.NewWithoutLayout(r.icon, r.who, r.when)
	return r
}

// hitRowHeight is that of two rows of text.
func hitRowHeight() float32 {
	return 2*fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{Bold: true}).Height + 6
}

func (r *hitRow) object() fyne.CanvasObject { return r.box }

func (r *hitRow) show(i int) {
	f := r.find
	for _, p := range r.parts {
		p.back.Hide()
		p.text.Hide()
	}
	size := r.box.Size()
	x, right := float32(8), size.Width-8
	more := i == len(f.hits)
	r.icon.Hidden, r.when.Hidden = more, more
	if more {
		text(r.who, lang.T("More…"), theme.ColorNameHyperlink, theme.TextSize(), x, (size.Height-r.who.MinSize().Height)/2, right-x)
		return
	}
	m := f.hits[i]
	if res := f.travelled(m); r.icon.Resource != res {
		r.icon.Resource = res
		r.icon.Refresh()
	}
	icon := theme.IconInlineSize() - 2
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(x, 4))
	x += icon + 5
	when := lang.F("%s, %s", im.ShortDate(m.Time.Local()), m.Time.Local().Format("15:04"))
	width := measure(when, theme.CaptionTextSize(), fyne.TextStyle{})
	text(r.when, when, colorSubtle, theme.CaptionTextSize(), right-width, 4, width+1)
	name, colour := f.who(m)
	text(r.who, name, colour, theme.TextSize(), x, 2, right-width-10-x)
	r.excerpt(m, x, 3+r.who.MinSize().Height, right-x)
}

// excerpt draws the line from shortly before the first word that was found.
func (r *hitRow) excerpt(m im.Message, x, y, room float32) {
	said := inOneLine(m.Text.String())
	const most = 2000 // a row shows less
	marks := r.find.mark.in(said)
	from := begin(said, marks, room*0.5)
	used := 0
	put := func(s string, marked bool) bool {
		if used == len(r.parts) {
			p := hitPart{canvas.NewRectangle(nil), canvas.NewText("", nil)}
			r.parts = append(r.parts, p)
			r.box.Objects = append(r.box.Objects, p.back, p.text)
		}
		p := r.parts[used]
		used++
		p.text.TextStyle.Bold = marked
		shown := fit(s, room, theme.TextSize(), p.text.TextStyle)
		p.text.Hidden, p.back.Hidden = shown == "", shown == "" || !marked
		width := text(p.text, shown, theme.ColorNameForeground, theme.TextSize(), x, y, room)
		p.text.Text = shown
		p.back.FillColor, p.back.CornerRadius = theme.Color(colorFound), 2
		p.back.Move(fyne.NewPos(x-1, y))
		p.back.Resize(fyne.NewSize(width+2, p.text.Size().Height))
		x += width
		room -= width
		return shown == s && room > 0
	}
	if from > 0 && !put("…", false) {
		return
	}
	for _, s := range marks {
		if s.from < from {
			continue
		}
		if s.from > from && !put(string(said[from:s.from]), false) || !put(string(said[s.from:s.to]), true) {
			return
		}
		from = s.to
	}
	if from < len(said) {
		put(string(said[from:min(len(said), from+most)]), false)
	}
}

// begin is where an excerpt begins, so that the first word that was found stands
// within a width from there: at the beginning, or behind a space.
func begin(said []rune, marks []stretch, width float32) int {
	if len(marks) == 0 {
		return 0
	}
	first := marks[0].from
	at := max(0, first-400)
	for at < first && measure(string(said[at:first]), theme.TextSize(), fyne.TextStyle{}) > width {
		at += max(1, (first-at)/4)
	}
	if at == 0 {
		return 0
	}
	for i := at; i < first; i++ {
		if said[i] == ' ' {
			return i + 1
		}
	}
	return first
}

// who said a line, and the colour of the name.
func (f *historySearch) who(m im.Message) (string, fyne.ThemeColorName) {
	w := f.window
	peer := w.name(m.Conv)
	switch {
	case m.Kind != im.Chat:
		return lang.F("Conversation with %s", peer), colorNotice
	case m.Out:
		return fmt.Sprintf(lang.As("who wrote to whom", "%s to %s"), w.gui.self(m.Conv.Account), peer), colorOwnNick
	}
	return peer, colorPeerNick
}

// travelled is how a line travelled.
func (f *historySearch) travelled(m im.Message) fyne.Resource {
	if m.Kind != im.Chat {
		return nil
	}
	return f.window.source.mark(m).icon
}
