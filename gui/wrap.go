package gui

import (
	"unicode"

	"fyne.io/fyne/v2"

	"culver/im"
)

// mark is a small picture beside a line, and what it means.
type mark struct {
	icon fyne.Resource // nil: none
	name string        // in a word
	word string        // in a few, for who points at it
}

// span is a stretch of a line in one look.
type span struct {
	text   string
	style  im.Style
	colour fyne.ThemeColorName
	link   string        // opened by a click, after the user was asked
	act    func()        // done by a click, at once
	icon   fyne.Resource // a small picture instead of text
	quiet  bool          // not copied with the rest
	words  bool          // what was said: it can be looked for
}

// heading stands above a line and belongs to it: the day, for instance.
type heading struct {
	text   string
	quiet  bool // not copied with the line
	strong bool // to be noticed
}

// line is one entry of a transcript.
type line struct {
	above []heading
	spans []span
	mark  mark                // in the gutter, where no text reaches
	tick  mark                // in the one at the other side
	back  fyne.ThemeColorName // behind the whole line; empty: nothing
	bar   fyne.ThemeColorName // a coloured bar at the left edge
	below below               // under the text
}

// piece is a stretch of a laid-out line that is drawn as one object.
type piece struct {
	row   int
	x, w  float32
	span  int // index in line.spans
	start int // of its text, in runes from the start of the line
	text  []rune
}

// laid is a line, broken into rows for one width.
type laid struct {
	line   line
	pieces []piece
	rows   int
	height float64
	top    float64 // of the height, that of the headings
	length int     // runes in all
}

// measurer is the width of a word in a style.
type measurer func(text string, style im.Style) float32

// wrapLine breaks a line into rows of at most width. Words move to the next row
// whole, those wider than a row are broken; spaces at the end of a row hang over.
func wrapLine(l line, width, iconWidth float32, measure measurer) *laid {
	w := wrapper{out: &laid{line: l}, width: width, measure: measure}
	for i, s := range l.spans {
		if s.icon != nil {
			w.flush()
			w.icon(i, iconWidth)
			continue
		}
		if s.act != nil && s.quiet { // a button, not text
			w.flush()
			w.word = append(w.word, segment{i, w.at, []rune(s.text), measure(s.text, s.style)})
			w.at += len([]rune(s.text))
			w.flush()
			continue
		}
		w.span(i, []rune(s.text))
	}
	w.flush()
	w.out.rows = w.row + 1
	w.out.length = w.at
	return w.out
}

// segment is the part of a word that belongs to one span.
type segment struct {
	span, start int
	text        []rune
	w           float32
}

type wrapper struct {
	out     *laid
	width   float32
	measure measurer
	row     int
	x       float32
	at      int       // runes so far
	word    []segment // what must not be broken
}

func (w *wrapper) span(i int, text []rune) {
	style := w.out.line.spans[i].style
	begin := 0
	take := func(end int) {
		if end > begin {
			w.word = append(w.word, segment{i, w.at + begin, text[begin:end], w.measure(string(text[begin:end]), style)})
		}
		begin = end
	}
	for p := 0; p < len(text); p++ {
		r := text[p]
		switch {
		case r == '\n':
			take(p)
			w.flush()
			w.row++
			w.x = 0
			begin = p + 1
		case r == ' ':
			take(p)
			w.flush()
			end := p
			for end < len(text) && text[end] == ' ' {
				end++
			}
			w.put(segment{i, w.at + p, text[p:end], w.measure(string(text[p:end]), style)})
			p = end - 1
			begin = end
		case breaksAround(r):
			take(p)
			w.flush()
			end := p + 1
			for end < len(text) && clings(text[end]) {
				end++
			}
			begin = p
			take(end)
			w.flush()
			p = end - 1
		}
	}
	take(len(text))
	w.at += len(text)
}

// icon places a picture like a word of its own.
func (w *wrapper) icon(span int, width float32) {
	if w.x > 0 && w.x+width > w.width {
		w.row++
		w.x = 0
	}
	w.out.pieces = append(w.out.pieces, piece{row: w.row, x: w.x, w: width, span: span, start: w.at})
	w.x += width
}

// flush places the word that was collected.
func (w *wrapper) flush() {
	if len(w.word) == 0 {
		return
	}
	var width float32
	for _, s := range w.word {
		width += s.w
	}
	if w.x > 0 && w.x+width > w.width {
		w.row++
		w.x = 0
	}
	for _, s := range w.word {
		if width > w.width {
			w.breakUp(s)
		} else {
			w.put(s)
		}
	}
	w.word = w.word[:0]
}

// breakUp places a part of a word that is wider than a row, a character at a time.
func (w *wrapper) breakUp(s segment) {
	style := w.out.line.spans[s.span].style
	for from := 0; from < len(s.text); {
		to := from + 1
		for to < len(s.text) && (clings(s.text[to]) || s.text[to-1] == zeroWidthJoiner) {
			to++
		}
		width := w.measure(string(s.text[from:to]), style)
		if w.x > 0 && w.x+width > w.width {
			w.row++
			w.x = 0
		}
		w.put(segment{s.span, s.start + from, s.text[from:to], width})
		from = to
	}
}

// put appends text at the current place, joined to the piece before if that
// looks the same.
func (w *wrapper) put(s segment) {
	if n := len(w.out.pieces); n > 0 {
		last := &w.out.pieces[n-1]
		if last.row == w.row && last.span == s.span && last.start+len(last.text) == s.start {
			last.text = append(last.text, s.text...)
			last.w += s.w
			w.x += s.w
			return
		}
	}
	if n := len(w.out.pieces); n > 0 && w.out.pieces[n-1].row == w.row && w.slanted(w.out.pieces[n-1].span) && !w.slanted(s.span) {
		w.x += w.measure(" ", im.Italic) / 2 // its last letter leans over what follows
	}
	// A copy: pieces grow, and the runes belong to the span.
	w.out.pieces = append(w.out.pieces, piece{w.row, w.x, s.w, s.span, s.start, append([]rune(nil), s.text...)})
	w.x += s.w
}

func (w *wrapper) slanted(span int) bool { return w.out.line.spans[span].style&im.Italic != 0 }

const zeroWidthJoiner = 0x200d

// clings reports a character that must stay with the one before it.
func clings(r rune) bool {
	return unicode.Is(unicode.M, r) || r == zeroWidthJoiner || r == 0xfe0e || r == 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff
}

// breaksAround reports a character of a script that is written without spaces,
// so that a row may end before or after it.
func breaksAround(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60)
}
