package gui

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/im"
	"culver/lang"
)

// passage is formatted text to read: headings, lists, links, small pictures. It
// wraps at the width it is given and knows the height that it has there; it can
// be selected and copied, and its links are reached by the arrow keys, too.
type passage struct {
	widget.BaseWidget
	icons  icons
	keys   *keys
	linked func(link string)      // a link was followed
	scroll func(e *fyne.KeyEvent) // up, down and pages

	text       im.Text
	paragraphs []paragraph // at least one
	links      []place     // where each link begins

	laid     map[float32][]laidParagraph
	laidSize float32 // the size of text that laid is for

	sel      selection
	press    pressState
	pointer  bool // over a link
	focused  bool
	pointed  bool // it got the focus by the mouse
	chosen   int  // of links, by the keyboard; -1: none
	renderer *passageRenderer
}

// paragraph is a line of the text, before it is wrapped.
type paragraph struct {
	line   line
	bullet string // stands left of the text
	size   fyne.ThemeSizeName
}

// laidParagraph is a paragraph in a width. Its text starts right of the bullet.
type laidParagraph struct {
	*laid
	y, height         float32
	indent, rowHeight float32
	size              float32 // of the letters
}

// newPassage makes an empty one.
func newPassage(i icons, k *keys) *passage {
	p := &passage{icons: i, keys: k, chosen: -1, paragraphs: []paragraph{newParagraph(line{})}}
	p.ExtendBaseWidget(p)
	return p
}

// setText shows another text.
func (p *passage) setText(t im.Text) {
	if slices.Equal(p.text, t) {
		return
	}
	p.text = slices.Clone(t)
	p.paragraphs, p.links = nil, nil
	p.laid, p.sel, p.chosen = nil, selection{}, -1
	var current line
	end := func() {
		p.paragraphs = append(p.paragraphs, newParagraph(current))
		current = line{}
	}
	for _, s := range t {
		if s.HasIcon && p.icons != nil {
			current.spans = append(current.spans, span{icon: p.icons.level(s.Icon)})
		}
		link := s.Link
		if !followed(link) {
			link = ""
		}
		for i, text := range strings.Split(drawable(s.Text), "\n") {
			if i > 0 {
				end()
			}
			if text != "" {
				current.spans = append(current.spans, span{text: text, style: s.Style, link: link})
			}
		}
	}
	end()
	for i, para := range p.paragraphs {
		at := 0
		for _, s := range para.line.spans {
			if s.link != "" {
				p.links = append(p.links, place{i, at})
			}
			at += len([]rune(s.text))
		}
	}
	p.Refresh()
}

// followed reports a link that a click does something with: a page of a guide, or
// what may be opened after a question.
func followed(link string) bool {
	if _, _, ok := im.ParseGuideLink(link); ok {
		return true
	}
	_, ok := openable(link)
	return ok
}

// newParagraph finds out what a line is: a heading, all of it bold; an item of a
// list, after "• " or a number; or ordinary text.
func newParagraph(l line) paragraph {
	para := paragraph{line: l, size: theme.SizeNameText}
	if len(l.spans) == 0 {
		return para
	}
	heading := true
	for _, s := range l.spans {
		if s.style&im.Bold == 0 || s.style&im.Code != 0 || s.link != "" {
			heading = false
		}
	}
	if heading {
		para.size = theme.SizeNameSubHeadingText
		return para
	}
	first := l.spans[0]
	mark, rest, ok := strings.Cut(first.text, " ")
	if ok && first.link == "" && (mark == "•" || isNumber(mark)) {
		para.bullet = mark
		para.line.spans = slices.Clone(l.spans)
		para.line.spans[0].text = rest
		if rest == "" {
			para.line.spans = para.line.spans[1:]
		}
	}
	return para
}

func isNumber(mark string) bool {
	digits, ok := strings.CutSuffix(mark, ".")
	return ok && digits != "" && len(digits) <= 3 && !strings.ContainsFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) })
}

// at lays the text out for a width.
func (p *passage) at(width float32) []laidParagraph {
	if p.laidSize != theme.TextSize() || len(p.laid) > 8 {
		p.laid, p.laidSize = nil, theme.TextSize()
	}
	if all, ok := p.laid[width]; ok {
		return all
	}
	var all []laidParagraph
	y := theme.InnerPadding()
	for i, para := range p.paragraphs {
		size := theme.Size(para.size)
		row := float32(math.Ceil(float64(fyne.MeasureText("Mg", size, fyne.TextStyle{}).Height)))
		l := laidParagraph{size: size, rowHeight: row}
		if para.bullet != "" {
			l.indent = float32(math.Ceil(float64(measure("•  ", size, fyne.TextStyle{}))))
			if para.bullet != "•" {
				l.indent = float32(math.Ceil(float64(measure("00.  ", size, fyne.TextStyle{}))))
			}
		}
		if para.size != theme.SizeNameText && i > 0 {
			y += row / 3 // room above a heading
		}
		column := fyne.Max(20, width-2*theme.InnerPadding()-l.indent)
		l.laid = wrapLine(para.line, column, theme.IconInlineSize()+3, func(text string, style im.Style) float32 {
			return fyne.MeasureText(text, size, textStyle(style)).Width
		})
		l.y, l.height = y, float32(l.rows)*row
		if len(para.line.spans) == 0 {
			l.height = row / 2 // between paragraphs
		}
		y += l.height
		all = append(all, l)
	}
	if p.laid == nil {
		p.laid = map[float32][]laidParagraph{}
	}
	p.laid[width] = all
	return all
}

// heightAt is the height that the text needs in a width.
func (p *passage) heightAt(width float32) float32 {
	all := p.at(width)
	last := all[len(all)-1]
	return last.y + last.height + theme.InnerPadding()
}

// natural is the width at which nothing wraps.
func (p *passage) natural() float32 {
	var w float32
	for _, l := range p.at(100000) {
		for _, piece := range l.pieces {
			w = fyne.Max(w, l.indent+piece.x+piece.w)
		}
	}
	return float32(math.Ceil(float64(w+2*theme.InnerPadding()))) + 1
}

// MinSize implements fyne.CanvasObject.
func (p *passage) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	width := p.Size().Width
	if width <= 0 {
		width = 200
	}
	return fyne.NewSize(40, p.heightAt(width))
}

// hit is the place nearest to a position, and the span below it, -1 if it is
// beside all text.
func (p *passage) hit(pos fyne.Position) (at place, span int) {
	all := p.at(p.Size().Width)
	for i, l := range all {
		if pos.Y >= l.y+l.height && i < len(all)-1 {
			continue
		}
		row := max(0, min(int((pos.Y-l.y)/l.rowHeight), l.rows-1))
		n, s := l.hit(pos.X-theme.InnerPadding()-l.indent, row)
		if pos.Y < l.y || pos.Y >= l.y+l.height {
			s = -1
		}
		return place{i, n}, s
	}
	return place{}, -1
}

// hit is the gap between characters nearest to x in a row, and the span there.
func (l laidParagraph) hit(x float32, row int) (at, span int) {
	for _, p := range l.pieces {
		if p.row > row {
			break
		}
		at = p.start + len(p.text)
		if p.row < row {
			continue
		}
		if x < p.x {
			return p.start, -1
		}
		if x < p.x+p.w {
			n := 0
			for n < len(p.text) && x >= (l.prefix(p, n)+l.prefix(p, n+1))/2 {
				n++
			}
			return p.start + n, p.span
		}
	}
	return at, -1
}

// prefix is the width of the first n runes of a piece, and where they start.
func (l laidParagraph) prefix(p piece, n int) float32 {
	if n >= len(p.text) {
		return p.x + p.w
	}
	return p.x + measure(string(p.text[:n]), l.size, textStyle(l.line.spans[p.span].style))
}

func (p *passage) linkAt(pos fyne.Position) string {
	at, i := p.hit(pos)
	if i < 0 {
		return ""
	}
	return p.paragraphs[at.line].line.spans[i].link
}

func (p *passage) runes(i int) []rune {
	var out []rune
	for _, s := range p.paragraphs[i].line.spans {
		out = append(out, []rune(s.text)...)
	}
	return out
}

// selected is the chosen text.
func (p *passage) selected() string {
	from, to, ok := p.sel.span()
	if !ok {
		return ""
	}
	var b strings.Builder
	for i := from.line; i <= to.line && i < len(p.paragraphs); i++ {
		text := p.runes(i)
		a, z := 0, len(text)
		if i == from.line {
			a = min(from.at, z)
		}
		if i == to.line {
			z = min(to.at, z)
		}
		if i > from.line {
			b.WriteByte('\n')
		}
		if bullet := p.paragraphs[i].bullet; bullet != "" && a == 0 {
			b.WriteString(bullet + " ")
		}
		b.WriteString(string(text[a:max(a, z)]))
	}
	return b.String()
}

func (p *passage) copySelection() {
	if s := p.selected(); s != "" {
		fyne.CurrentApp().Clipboard().SetContent(s)
	}
}

func (p *passage) selectAll() {
	last := len(p.paragraphs) - 1
	p.sel = selection{true, place{}, place{last, len(p.runes(last))}}
	p.update()
}

// MouseDown implements desktop.Mouseable.
func (p *passage) MouseDown(e *desktop.MouseEvent) {
	p.pointed = true
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(p)
	}
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	at, _ := p.hit(e.Position)
	p.press.clicked(at)
	p.sel.pressed(p.press.clicks, at, p.runes, e.Modifier&fyne.KeyModifierShift != 0)
	p.chosen = -1
	p.update()
}

// MouseUp implements desktop.Mouseable: a click that selected nothing follows a link.
func (p *passage) MouseUp(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || p.press.dragged || p.press.clicks != 1 {
		return
	}
	if link := p.linkAt(e.Position); link != "" && p.linked != nil {
		p.linked(link)
	}
}

// Dragged implements fyne.Draggable.
func (p *passage) Dragged(e *fyne.DragEvent) {
	p.press.dragged = true
	if p.press.clicks == 1 {
		p.sel.at, _ = p.hit(e.Position)
		p.update()
	}
}

// DragEnd implements fyne.Draggable.
func (p *passage) DragEnd() {}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *passage) TappedSecondary(e *fyne.PointEvent) {
	copyItem := fyne.NewMenuItem(lang.T("Copy"), p.copySelection)
	copyItem.Disabled = p.selected() == ""
	items := []*fyne.MenuItem{copyItem, fyne.NewMenuItem(lang.T("Select All"), p.selectAll)}
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		popUp(fyne.NewMenu("", items...), c, e.AbsolutePosition)
	}
}

// Cursor implements desktop.Cursorable.
func (p *passage) Cursor() desktop.Cursor {
	if p.pointer {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// MouseIn implements desktop.Hoverable.
func (p *passage) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (p *passage) MouseMoved(e *desktop.MouseEvent) { p.pointer = p.linkAt(e.Position) != "" }

// MouseOut implements desktop.Hoverable.
func (p *passage) MouseOut() { p.pointer = false }

// FocusGained implements fyne.Focusable.
func (p *passage) FocusGained() {
	p.focused = true
	p.keys.onFocus()
	p.update()
}

// FocusLost implements fyne.Focusable.
func (p *passage) FocusLost() {
	p.focused, p.pointed, p.chosen = false, false, -1
	p.update()
	p.keys.onLost()
}

// TypedRune implements fyne.Focusable.
func (p *passage) TypedRune(rune) {}

// TypedKey implements fyne.Focusable: left and right go from link to link, Enter
// follows one.
func (p *passage) TypedKey(e *fyne.KeyEvent) {
	p.keys.onUsed()
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		if len(p.links) == 0 {
			return
		}
		step := 1
		if e.Name == fyne.KeyLeft {
			step = -1
		}
		p.chosen = max(0, min(p.chosen+step, len(p.links)-1))
		p.update()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if p.chosen >= 0 && p.linked != nil {
			p.linked(p.link(p.links[p.chosen]).link)
			return
		}
		p.keys.onTyped(e)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd:
		if p.scroll != nil {
			p.scroll(e)
		}
	default:
		p.keys.onTyped(e)
	}
}

// link is the span that begins at a place.
func (p *passage) link(at place) span {
	n := 0
	for _, s := range p.paragraphs[at.line].line.spans {
		if n == at.at && s.link != "" {
			return s
		}
		n += len([]rune(s.text))
	}
	return span{}
}

// TypedShortcut implements fyne.Shortcutable. Copy takes all if nothing is chosen.
func (p *passage) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		if p.selected() == "" {
			p.selectAll()
		}
		p.copySelection()
	case *fyne.ShortcutSelectAll:
		p.selectAll()
	default:
		p.keys.onShortcut(s)
	}
}
