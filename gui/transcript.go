package gui

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/conversation"
	"culver/im"
)

// lineSource is what a transcript shows.
type lineSource interface {
	Len() int
	// Line is line i, complete. It is asked for only when it comes into sight.
	Line(i int) line
	// Weight is about how many characters line i has. It is asked for once.
	Weight(i int) int
}

// transcript shows the lines of a conversation, a hundred thousand as easily as
// ten: only lines in sight are laid out and are objects.
//
// What is in sight is kept as an anchor, a line and how many pixels of it are
// above the upper edge, and never as an offset from the start. So nothing jumps
// when the height of a line further up, estimated before, becomes known. While
// the end is in sight it sticks: new lines scroll up.
type transcript struct {
	widget.BaseWidget
	source lineSource
	keys   *keys
	typed  func(r rune)                 // text typed while the transcript has the focus
	linked func(url string)             // a link was clicked
	extra  func(i int) []*fyne.MenuItem // what the menu of line i offers beside Copy
	line   func() int                   // the line that the keyboard means, -1 for none
	ended  func()                       // the end came into sight
	edges  func(begin, end bool)        // the first lines, or the last ones, are in sight or nearly so
	moved  func()                       // the user scrolled

	landmark func() (line, count int) // the first of so many new lines, -1 for none; nil: there are never any
	met      func()                   // it came into sight
	up, down *jump

	heights heights
	known   []bool // which heights are measured
	cache   map[int]*cached
	clock   int
	words   map[word]float32

	top   int
	off   float64
	stick bool
	wide  float32 // the width that the cache is for
	text  float32 // and the size of text

	sel      selection
	sought   conversation.Sought // is marked where it stands
	found    foundPlace          // the place of it that the user is at
	bar      *scrollBar
	renderer *transcriptRenderer
	focused  bool
	press    pressState
	pointed  int  // the line at whose mark the mouse points, -1 for none
	ticked   bool // it is the mark at the right
	pointer  bool // over something to click
}

// cached is a line laid out, and when it was last of use.
type cached struct {
	*laid
	used int
}

type word struct {
	text  string
	style im.Style
}

const (
	transcriptMargin = 5
	transcriptCache  = 2000
	wordCache        = 20000
	lineGap          = 2 // above each line, in units
	headingGap       = 8 // above and below a heading together
	edgeLines        = 40
)

func newTranscript(source lineSource, k *keys) *transcript {
	t := &transcript{source: source, keys: k, stick: true, pointed: -1}
	t.bar = newScrollBar(t.scrollTo)
	t.up, t.down = newJump(theme.MoveUpIcon()), newJump(theme.MoveDownIcon())
	t.ExtendBaseWidget(t)
	t.reset()
	return t
}

// reset starts anew: the source is another, or the width is.
func (t *transcript) reset() {
	t.cache = map[int]*cached{}
	if t.words == nil || t.text != theme.TextSize() {
		t.words = map[word]float32{}
	}
	t.text = theme.TextSize()
	n := t.source.Len()
	t.known = make([]bool, n)
	values := make([]float64, n)
	estimate := t.estimator()
	for i := range values {
		values[i] = estimate(i)
	}
	t.heights.reset(values)
	t.top = min(t.top, max(0, n-1))
}

// renew lays all lines out again: the source draws them otherwise now.
func (t *transcript) renew() {
	t.sel = selection{}
	t.reset()
	t.update()
}

// rowHeight is the height of one row of text, in whole pixels.
func (t *transcript) rowHeight() float64 {
	h := fyne.MeasureText("Mg", theme.TextSize(), fyne.TextStyle{}).Height
	return t.round(float64(fyne.Max(h, theme.IconInlineSize()-1)) + 0.5)
}

// headingHeight is the height of one heading above a line.
func (t *transcript) headingHeight() float64 { return t.rowHeight() + headingGap }

// round makes v a whole number of pixels, without which text is blurred.
func (t *transcript) round(v float64) float64 {
	s := 1.0
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		s = float64(c.Scale())
	}
	return math.Round(v*s) / s
}

// textLeft is where text begins: left of it is the gutter, with the marks.
func textLeft() float32 { return transcriptMargin + theme.IconInlineSize() + 3 }

// column is the width for text.
func (t *transcript) column() float32 {
	return fyne.Max(40, t.tickLeft()-textLeft()-transcriptMargin)
}

// tickLeft is where the gutter at the right begins.
func (t *transcript) tickLeft() float32 {
	return t.Size().Width - theme.ScrollBarSize() - theme.IconInlineSize()
}

// estimator guesses the heights of lines that were never laid out.
func (t *transcript) estimator() func(i int) float64 {
	perChar := float64(theme.TextSize()) * 0.53 / float64(t.column())
	height := t.rowHeight()
	return func(i int) float64 {
		return max(math.Ceil(float64(t.source.Weight(i))*perChar), 1)*height + lineGap
	}
}

func (t *transcript) wordWidth(text string, style im.Style) float32 {
	k := word{text, style}
	if w, ok := t.words[k]; ok {
		return w
	}
	if len(t.words) >= wordCache {
		clear(t.words)
	}
	w := fyne.MeasureText(text, theme.TextSize(), textStyle(style)).Width
	t.words[k] = w
	return w
}

// textStyle is a style as the toolkit takes it. Underlines do not change widths.
func textStyle(s im.Style) fyne.TextStyle {
	return fyne.TextStyle{Bold: s&im.Bold != 0, Italic: s&im.Italic != 0, Monospace: s&im.Code != 0,
		Underline: s&im.Underline != 0, Strikethrough: s&im.Strike != 0}
}

// at lays line i out, or finds it laid out already.
func (t *transcript) at(i int) *laid {
	t.clock++
	if c, ok := t.cache[i]; ok {
		c.used = t.clock
		return c.laid
	}
	l := wrapLine(t.source.Line(i), t.column(), theme.IconInlineSize()+3, t.wordWidth)
	l.top = float64(len(l.line.above)) * t.headingHeight()
	l.height = l.top + float64(l.rows)*t.rowHeight() + lineGap + t.round(l.line.below.height(t.column()))
	if len(t.cache) >= transcriptCache {
		for k, c := range t.cache {
			if c.used < t.clock-transcriptCache/2 {
				delete(t.cache, k)
			}
		}
	}
	t.cache[i] = &cached{l, t.clock}
	t.heights.set(i, l.height)
	t.known[i] = true
	return l
}

func (t *transcript) height(i int) float64 {
	if t.known[i] {
		return t.heights.at(i)
	}
	return t.at(i).height
}

// appended tells that the source has one more line at its end.
func (t *transcript) appended() { t.extended(1) }

// extended is appended for n lines.
func (t *transcript) extended(n int) {
	estimate := t.estimator()
	for range n {
		t.heights.push(estimate(t.heights.len()))
		t.known = append(t.known, false)
	}
	t.update()
}

// continued is extended for lines that were there before, and only now are read:
// they do not scroll up what is in sight.
func (t *transcript) continued(n int) {
	t.stick = false
	t.extended(n)
}

// prepended tells that the source has n more lines at its beginning. What is in
// sight stays where it is, even if its first line lost a heading by it.
func (t *transcript) prepended(n int) {
	top := -1.0
	if t.top == 0 && len(t.known) > 0 {
		top = t.headingsOf(0)
	}
	estimate := t.estimator()
	values := make([]float64, n, n+t.heights.len())
	for i := range values {
		values[i] = estimate(i)
	}
	t.heights.reset(append(values, t.heights.values...))
	t.known = append(make([]bool, n), t.known...)
	moved := make(map[int]*cached, len(t.cache))
	for i, c := range t.cache {
		moved[i+n] = c
	}
	t.cache = moved
	t.shift(n)
	if n < len(t.known) {
		delete(t.cache, n) // its neighbour is new
		t.known[n] = false
		if top >= 0 && !t.stick {
			t.off += t.at(n).top - top
		}
	}
	t.update()
}

// headed tells that the first line has other headings.
func (t *transcript) headed() {
	switch {
	case len(t.known) == 0:
	case t.top == 0 && t.off > 0:
		t.prepended(0)
	default:
		t.changed(0)
	}
}

// headingsOf is the height of the headings above a line as it is in sight.
func (t *transcript) headingsOf(i int) float64 {
	if c, ok := t.cache[i]; ok {
		return c.top
	}
	return 0
}

// shift moves all that is kept by the number of a line.
func (t *transcript) shift(n int) {
	t.top += n
	t.sel.anchor.line += n
	t.sel.at.line += n
	t.found.line += n
	t.press.where.line += n
	if t.pointed >= 0 {
		t.pointed += n
	}
}

// changed tells that line i is another.
func (t *transcript) changed(i int) {
	delete(t.cache, i)
	t.known[i] = false
	t.heights.set(i, t.estimator()(i))
	t.update()
}

// inserted tells that line i is new, and that those below it have moved by one. What is
// in sight stays where it is.
func (t *transcript) inserted(i int) {
	estimate := t.estimator()
	t.heights.reset(slices.Insert(slices.Clone(t.heights.values), i, estimate(i)))
	t.known = slices.Insert(t.known, i, false)
	t.cache = map[int]*cached{} // by index
	if i+1 < len(t.known) {
		t.known[i+1] = false // it may have lost a heading
	}
	if i <= t.top {
		t.top++
	}
	t.sel = selection{}
	t.update()
}

// removed tells that line i is gone.
func (t *transcript) removed(i int) {
	t.heights.remove(i)
	t.known = append(t.known[:i], t.known[i+1:]...)
	t.cache = map[int]*cached{} // by index
	if i < len(t.known) {
		t.known[i] = false // it may have got a heading
	}
	if i < t.top {
		t.top--
	} else if i == t.top {
		t.off = 0
	}
	t.top = max(0, min(t.top, t.heights.len()-1))
	t.sel = selection{}
	t.update()
}

// update draws what is in sight now.
func (t *transcript) update() {
	if t.renderer != nil {
		t.renderer.place()
	}
}

// visible is a line in sight and where it stands.
type visible struct {
	index int
	y     float64
	*laid
}

// arrange brings the anchor in order and returns the lines in sight.
func (t *transcript) arrange() []visible {
	if t.column() != t.wide || theme.TextSize() != t.text {
		t.wide = t.column()
		t.reset()
	}
	n, view := t.heights.len(), float64(t.Size().Height)
	if n == 0 || view <= 0 {
		return nil
	}
	wasEnd := t.stick
	if !t.stick {
		for t.off < 0 && t.top > 0 {
			t.top--
			t.off += t.height(t.top)
		}
		t.off = max(t.off, 0)
		for t.top < n-1 && t.off >= t.height(t.top) {
			t.off -= t.height(t.top)
			t.top++
		}
		t.off = t.round(t.off)
		below := -t.off
		i := t.top
		for ; i < n && below <= view; i++ {
			below += t.height(i)
		}
		t.stick = i == n && below <= view
	}
	if t.stick {
		sum := 0.0
		i := n
		for i > 0 && sum < view {
			i--
			sum += t.height(i)
		}
		t.top, t.off = i, max(0, t.round(sum-view))
		if !wasEnd && t.ended != nil {
			t.ended()
		}
	}
	var out []visible
	y := -t.off
	for i := t.top; i < n && y < view; i++ {
		l := t.at(i)
		out = append(out, visible{i, y, l})
		y += l.height
	}
	return out
}

// reveal brings line i into sight.
func (t *transcript) reveal(i int) {
	for _, v := range t.arrange() {
		if v.index == i && v.y >= 0 && v.y+v.height <= float64(t.Size().Height) {
			return
		}
	}
	t.stick, t.top, t.off = false, i, 0
	t.update()
}

// show puts line i in sight, a third from the top if there is room for that.
func (t *transcript) show(i int) {
	t.stick, t.top, t.off = false, i, -t.round(float64(t.Size().Height)/3)
	t.update()
}

// scrollBy moves the content down by dy units; a negative one moves it up.
func (t *transcript) scrollBy(dy float64) {
	if dy == 0 {
		return
	}
	if dy > 0 {
		t.stick = false
	}
	t.off -= dy
	t.pointed = -1
	t.update()
	t.scrolled()
}

func (t *transcript) scrolled() {
	if t.moved != nil {
		t.moved()
	}
}

// scrollTo moves to an offset from the start, as the scroll bar does.
func (t *transcript) scrollTo(offset float64) {
	t.stick = offset >= t.heights.total()-float64(t.Size().Height)-1
	t.top, t.off = t.heights.find(offset)
	t.update()
	t.scrolled()
}

// atEnd reports that the last line is in sight.
func (t *transcript) atEnd() bool { return t.stick }

// toEnd goes there.
func (t *transcript) toEnd() {
	t.stick = true
	t.update()
}

// nearEdges tells whether more lines could be needed soon.
func (t *transcript) nearEdges(in []visible) {
	if t.edges == nil || len(in) == 0 {
		return
	}
	begin, end := in[0].index < edgeLines, in[len(in)-1].index >= t.heights.len()-edgeLines
	if begin || end {
		t.edges(begin, end)
	}
}
