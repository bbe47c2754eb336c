package conversation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/im"
)

// Piece is a stretch of a text as it is to be shown.
type Piece struct {
	im.Span
	Mark   bool // it is a sign that says how what it stands around looks
	Quoted bool // it is somebody else's words
}

// Styled reads the signs by which people everywhere format what they type (XEP-0393):
// *bold*, _italic_, ~struck~, `code`, > quotes, and blocks of code between lines of ```.
// All characters stay, the signs too, so that nothing is lost where they meant something
// else. What has too many of them stays as it is.
func Styled(t im.Text) []Piece {
	s := t.String()
	if !strings.ContainsAny(s, "*_~`>") {
		return unstyled(t)
	}
	p := styling{s: s, looks: make([]look, len(s))}
	at := 0
	for _, span := range t {
		l := look(span.Style)
		if span.Link != "" || span.Style&im.Code != 0 {
			l |= lookFixed
		}
		for range len(span.Text) {
			p.looks[at] = l
			at++
		}
	}
	p.blocks()
	if out := p.pieces(t); out != nil {
		return out
	}
	return unstyled(t)
}

func unstyled(t im.Text) []Piece {
	out := make([]Piece, len(t))
	for i, s := range t {
		out[i].Span = s
	}
	return out
}

// look is how one byte of a text looks: an [im.Style], and more.
type look uint16

const (
	lookMark look = 1 << (iota + 8)
	lookQuoted
	lookFixed // no sign: part of a link, or code
)

type styling struct {
	s      string
	looks  []look
	closes [4][]int // where the signs are that may end a stretch, of one line
}

// The signs around a stretch of a line, and what they mean.
const signs = "*_~`"

var signed = [len(signs)]im.Style{im.Bold, im.Italic, im.Strike, im.Code}

// fence begins and ends a block of code, on a line of its own.
const fence = "```"

// blocks goes through the lines.
func (p *styling) blocks() {
	code := -1 // how many > stand in front of the lines of the block of code; -1: outside
	for at := 0; at < len(p.s); {
		end := len(p.s)
		if i := strings.IndexByte(p.s[at:], '\n'); i >= 0 {
			end = at + i
		}
		from, depth := p.quotes(at, end, code)
		if code >= 0 && depth < code { // the quote that the block was in has ended
			code = -1
			from, depth = p.quotes(at, end, code)
		}
		p.add(at, from, lookMark)
		if depth > 0 {
			p.add(from, end, lookQuoted)
		}
		text := p.s[from:end]
		switch {
		case code >= 0 && text == fence:
			p.add(from, end, lookMark)
			code = -1
		case code >= 0:
			p.add(from, end, look(im.Code))
		case strings.HasPrefix(text, fence):
			p.add(from, end, lookMark)
			code = depth
		default:
			p.line(from, end)
		}
		at = end + 1
	}
}

// quotes is where in a line the text begins, behind the > in front of it; there are no more
// than most of them, unless that is -1.
func (p *styling) quotes(at, end, most int) (from, depth int) {
	for at < end && p.s[at] == '>' && p.looks[at]&lookFixed == 0 && depth != most {
		depth++
		at++
		for at < end && depth != most && (p.s[at] == ' ' || p.s[at] == '\t') {
			at++
		}
	}
	if depth == most && depth > 0 && at < end && p.s[at] == ' ' {
		at++ // of a block of code, the rest is its own
	}
	return at, depth
}

func (p *styling) add(from, to int, l look) {
	for i := from; i < to; i++ {
		p.looks[i] |= l
	}
}

// line finds the signs of a line.
func (p *styling) line(from, to int) {
	for n := range p.closes {
		p.closes[n] = p.closes[n][:0]
	}
	some := false
	for i := from + 1; i < to; i++ {
		n := p.sign(i)
		if n < 0 {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(p.s[from:i]); !unicode.IsSpace(r) {
			p.closes[n] = append(p.closes[n], i)
			some = true
		}
	}
	if some {
		p.stretches(from, to)
	}
}

// sign is which of the signs stands at a place, -1 for none.
func (p *styling) sign(i int) int {
	if p.looks[i]&lookFixed != 0 {
		return -1
	}
	return strings.IndexByte(signs, p.s[i])
}

// stretches finds the styled ones of a part of a line, and those within them. A sign never
// stands within its own like, so the depth is that of the signs.
func (p *styling) stretches(from, to int) {
	for i := from; i+2 < to; i++ {
		n := p.sign(i)
		if n < 0 {
			continue
		}
		if i > from {
			if r, _ := utf8.DecodeLastRuneInString(p.s[from:i]); !unicode.IsSpace(r) {
				continue
			}
		}
		if r, _ := utf8.DecodeRuneInString(p.s[i+1 : to]); unicode.IsSpace(r) {
			continue
		}
		at, _ := slices.BinarySearch(p.closes[n], i+2)
		if at == len(p.closes[n]) || p.closes[n][at] >= to {
			continue
		}
		end := p.closes[n][at]
		p.looks[i] |= lookMark
		p.looks[end] |= lookMark
		p.add(i, end+1, look(signed[n]))
		if signed[n] != im.Code {
			p.stretches(i+1, end)
		}
		i = end
	}
}

// pieces cuts the text where its look changes: nil, if that makes too many.
func (p *styling) pieces(t im.Text) []Piece {
	var out []Piece
	at := 0
	for _, span := range t {
		for from := 0; from < len(span.Text); {
			l := p.looks[at+from] &^ lookFixed
			to := from + 1
			for to < len(span.Text) && p.looks[at+to]&^lookFixed == l {
				to++
			}
			if len(out) == maxSpans {
				return nil
			}
			part := span
			part.Text, part.Style = span.Text[from:to], im.Style(l)
			if from > 0 {
				part.HasIcon = false
			}
			out = append(out, Piece{part, l&lookMark != 0, l&lookQuoted != 0})
			from = to
		}
		at += len(span.Text)
	}
	return out
}
