package gui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/emoji"
	"culver/lang"
)

// emojiPicker lets the user choose an emoji: by words, by group, or from those used last.
// Like a [popMenu] it covers the whole canvas while it is open, has the keyboard, and draws
// all of itself.
type emojiPicker struct {
	widget.BaseWidget
	canvas fyne.Canvas
	recent []emoji.Emoji
	picked func(emoji.Emoji)

	words  string
	rows   []emojiRow
	starts []int // the first row of each group, with those used last in front
	names  []string
	first  int // the first row in sight
	row    int // of the chosen one
	column int
	corner fyne.Position
}

// emojiRow is a heading, or emojis beside each other.
type emojiRow struct {
	title string
	all   []emoji.Emoji
}

const (
	emojiColumns = 10
	emojiRows    = 8 // in sight
	emojiCell    = 32
	emojiPad     = 8
	emojiSize    = 22 // of the letters
	emojiHead    = 30 // the height of what is looked for
	emojiTabs    = 30 // of the groups
	emojiFoot    = 24 // of the name
)

// emojiGroup is what the user calls a group, and an emoji that stands for it.
func emojiGroup(name string) (title, char string) {
	switch name {
	case emoji.Smileys:
		return lang.T("Smileys and emotion"), "😀"
	case emoji.People:
		return lang.T("People and body"), "👍"
	case emoji.Nature:
		return lang.T("Animals and nature"), "🐻"
	case emoji.Food:
		return lang.T("Food and drink"), "🍎"
	case emoji.Travel:
		return lang.T("Travel and places"), "🚗"
	case emoji.Activities:
		return lang.T("Activities"), "⚽"
	case emoji.Objects:
		return lang.T("Objects"), "💡"
	case emoji.Symbols:
		return lang.T("Symbols"), "💯"
	case emoji.Flags:
		return lang.T("Flags"), "🚩"
	}
	return lang.T("Used last"), "🕘"
}

func newEmojiPicker(c fyne.Canvas, recent []emoji.Emoji, picked func(emoji.Emoji)) *emojiPicker {
	p := &emojiPicker{canvas: c, recent: recent, picked: picked}
	p.ExtendBaseWidget(p)
	p.fill()
	return p
}

// fill makes the rows for what is looked for.
func (p *emojiPicker) fill() {
	p.rows, p.starts, p.names = nil, nil, nil
	p.first, p.row, p.column = 0, 0, 0
	add := func(name, title string, all []emoji.Emoji) {
		if len(all) == 0 {
			return
		}
		p.starts, p.names = append(p.starts, len(p.rows)), append(p.names, name)
		p.rows = append(p.rows, emojiRow{title: title})
		for part := range slices.Chunk(all, emojiColumns) {
			p.rows = append(p.rows, emojiRow{all: part})
		}
	}
	if strings.TrimSpace(p.words) != "" {
		add("", lang.T("Found"), emoji.Search(p.words))
	} else {
		title, _ := emojiGroup("")
		add("", title, p.recent)
		for _, g := range emoji.Groups() {
			title, _ := emojiGroup(g.Name)
			add(g.Name, title, g.All)
		}
	}
	if len(p.rows) > 0 {
		p.row = 1
	}
}

// chosen is the emoji that the keyboard is at.
func (p *emojiPicker) chosen() (emoji.Emoji, bool) {
	if p.row >= len(p.rows) || p.column >= len(p.rows[p.row].all) {
		return emoji.Emoji{}, false
	}
	return p.rows[p.row].all[p.column], true
}

// size is that of the panel.
func (p *emojiPicker) size() fyne.Size {
	return fyne.NewSize(emojiColumns*emojiCell+2*emojiPad+theme.ScrollBarSize(), emojiHead+emojiTabs+emojiRows*emojiCell+emojiFoot+2*emojiPad)
}

// show puts the picker on the screen, above a place if there is room.
func (p *emojiPicker) show(over fyne.Position) {
	size, whole := p.size(), p.canvas.Size()
	p.corner = fyne.NewPos(fyne.Max(0, fyne.Min(over.X, whole.Width-size.Width)), fyne.Max(0, fyne.Min(over.Y-size.Height-4, whole.Height-size.Height)))
	p.canvas.Overlays().Add(p)
	p.Refresh()
	p.canvas.Focus(p)
}

func (p *emojiPicker) close() { p.canvas.Overlays().Remove(p) }

// pick takes the chosen one.
func (p *emojiPicker) pick() {
	if e, ok := p.chosen(); ok {
		p.close()
		p.picked(e)
	}
}

// reveal scrolls so that the chosen one is in sight, with the heading above it.
func (p *emojiPicker) reveal() {
	top := p.row
	if top > 0 && p.rows[top-1].title != "" {
		top--
	}
	if top < p.first {
		p.first = top
	}
	p.first = max(p.first, p.row-emojiRows+1)
	p.Refresh()
}

// move goes to another one: beside the chosen one, and on from the ends of rows, or so many
// rows below it.
func (p *emojiPicker) move(columns, rows int) {
	row, column := p.row, p.column+columns
	if columns != 0 && (column < 0 || row >= len(p.rows) || column >= len(p.rows[row].all)) {
		if row = p.next(row, columns); row < 0 {
			return
		}
		column = 0
		if columns < 0 {
			column = len(p.rows[row].all) - 1
		}
	}
	by := 1
	if rows < 0 {
		by = -1
	}
	for ; rows != 0; rows -= by {
		r := p.next(row, by)
		if r < 0 {
			break
		}
		row = r
	}
	if row < len(p.rows) {
		p.row, p.column = row, min(column, len(p.rows[row].all)-1)
		p.reveal()
	}
}

// next is the next row with emojis, by 1 or -1; -1 if there is none.
func (p *emojiPicker) next(row, by int) int {
	for row += by; row >= 0 && row < len(p.rows); row += by {
		if p.rows[row].title == "" {
			return row
		}
	}
	return -1
}

// group goes to the beginning of a group.
func (p *emojiPicker) group(i int) {
	if i < 0 || i >= len(p.starts) {
		return
	}
	p.first = max(0, min(p.starts[i], len(p.rows)-emojiRows))
	p.row, p.column = p.starts[i]+1, 0
	p.Refresh()
}

// in is the group that a row is in.
func (p *emojiPicker) in(row int) int {
	i := len(p.starts) - 1
	for i > 0 && p.starts[i] > row {
		i--
	}
	return i
}

// hit is the cell at a position; group is set for one of the groups, else -1.
func (p *emojiPicker) hit(at fyne.Position) (row, column, group int, inside bool) {
	at = at.Subtract(p.corner)
	size := p.size()
	if at.X < 0 || at.Y < 0 || at.X >= size.Width || at.Y >= size.Height {
		return -1, -1, -1, false
	}
	row, column, group = -1, int((at.X-emojiPad)/emojiCell), -1
	y := at.Y - emojiPad - emojiHead
	switch {
	case at.X < emojiPad || y < 0 || column >= emojiColumns:
	case y < emojiTabs:
		if column < len(p.starts) {
			group = column
		}
	default:
		row = p.first + int((y-emojiTabs)/emojiCell)
		if row >= len(p.rows) || row >= p.first+emojiRows || column >= len(p.rows[row].all) {
			row = -1
		}
	}
	return row, column, group, true
}

// Tapped implements fyne.Tappable.
func (p *emojiPicker) Tapped(e *fyne.PointEvent) {
	row, column, group, inside := p.hit(e.Position)
	switch {
	case !inside:
		p.close()
	case group >= 0:
		p.group(group)
	case row >= 0:
		p.row, p.column = row, column
		p.pick()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *emojiPicker) TappedSecondary(e *fyne.PointEvent) {
	if _, _, _, inside := p.hit(e.Position); !inside {
		p.close()
	}
}

// MouseIn implements desktop.Hoverable.
func (p *emojiPicker) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (p *emojiPicker) MouseMoved(e *desktop.MouseEvent) {
	if row, column, _, _ := p.hit(e.Position); row >= 0 && (row != p.row || column != p.column) {
		p.row, p.column = row, column
		p.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (p *emojiPicker) MouseOut() {}

// Scrolled implements fyne.Scrollable.
func (p *emojiPicker) Scrolled(e *fyne.ScrollEvent) {
	by := 1
	if e.Scrolled.DY > 0 {
		by = -1
	}
	p.first = max(0, min(p.first+by, len(p.rows)-emojiRows))
	p.Refresh()
}

// FocusGained implements fyne.Focusable.
func (p *emojiPicker) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (p *emojiPicker) FocusLost() {}

// AcceptsTab implements fyne.Tabbable: it goes from group to group.
func (p *emojiPicker) AcceptsTab() bool { return true }

// TypedRune implements fyne.Focusable.
func (p *emojiPicker) TypedRune(r rune) {
	if utf8.RuneCountInString(p.words) < 40 {
		p.words += string(r)
		p.fill()
		p.Refresh()
	}
}

// TypedKey implements fyne.Focusable.
func (p *emojiPicker) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		if p.words == "" {
			p.close()
			return
		}
		p.words = ""
		p.fill()
		p.Refresh()
	case fyne.KeyBackspace:
		if p.words != "" {
			_, n := utf8.DecodeLastRuneInString(p.words)
			p.words = p.words[:len(p.words)-n]
			p.fill()
			p.Refresh()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		p.pick()
	case fyne.KeyLeft:
		p.move(-1, 0)
	case fyne.KeyRight:
		p.move(1, 0)
	case fyne.KeyUp:
		p.move(0, -1)
	case fyne.KeyDown:
		p.move(0, 1)
	case fyne.KeyPageUp:
		p.move(0, 1-emojiRows)
	case fyne.KeyPageDown:
		p.move(0, emojiRows-1)
	case fyne.KeyTab:
		n := len(p.starts)
		if n == 0 {
			return
		}
		by := 1
		if modifiers()&fyne.KeyModifierShift != 0 {
			by = n - 1
		}
		p.group((p.in(p.row) + by) % n)
	}
}
