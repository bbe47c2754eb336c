package gui

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2/theme"

	"culver/im"
)

// tens measures every character as ten wide.
func tens(text string, _ im.Style) float32 { return float32(10 * utf8.RuneCountInString(text)) }

// rowsOf draws what was laid out, a string for each row.
func rowsOf(l *laid) []string {
	out := make([]string, l.rows)
	for _, p := range l.pieces {
		if l.line.spans[p.span].icon != nil {
			out[p.row] += "*"
			continue
		}
		out[p.row] += string(p.text)
	}
	return out
}

func wrapped10(width float32, texts ...string) *laid {
	var l line
	for _, s := range texts {
		l.spans = append(l.spans, span{text: s})
	}
	return wrapLine(l, width, 20, tens)
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name  string
		width float32
		texts []string
		want  string
	}{
		{"fits", 100, []string{"one two"}, "one two"},
		{"breaks at a space, which hangs over", 50, []string{"one two three"}, "one |two |three"},
		{"exactly as wide", 70, []string{"one two"}, "one two"},
		{"newline", 100, []string{"one\ntwo\n\nthree"}, "one|two||three"},
		{"newline at the end", 100, []string{"one\n"}, "one|"},
		{"a long word is broken", 40, []string{"abcdefghij"}, "abcd|efgh|ij"},
		{"a long word after a short one", 40, []string{"ab cdefghij"}, "ab |cdef|ghij"},
		{"a word over two spans stays whole", 60, []string{"one tw", "o three"}, "one |two |three"},
		{"scripts without spaces", 40, []string{"日本語の文"}, "日本語の|文"},
		{"a mark stays with its letter", 20, []string{"ae\u0301iou"}, "ae\u0301|io|u"},
		{"spaces in the middle are kept", 100, []string{"a  b"}, "a  b"},
		{"empty", 100, []string{""}, ""},
		{"nothing", 100, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			measure := tens
			if strings.Contains(c.name, "mark") { // marks have no width
				measure = func(s string, _ im.Style) float32 {
					return float32(10 * utf8.RuneCountInString(strings.ReplaceAll(s, "\u0301", "")))
				}
			}
			var l line
			for _, s := range c.texts {
				l.spans = append(l.spans, span{text: s})
			}
			if got := strings.Join(rowsOf(wrapLine(l, c.width, 20, measure)), "|"); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestWrapIcon(t *testing.T) {
	l := line{spans: []span{{text: "abc "}, {icon: theme.InfoIcon()}, {text: "def"}}}
	got := wrapLine(l, 50, 20, tens)
	if s := strings.Join(rowsOf(got), "|"); s != "abc |*def" {
		t.Errorf("%q", s)
	}
	if got.length != 7 {
		t.Errorf("%d characters: pictures have none", got.length)
	}
}

func TestWrapKeepsOffsets(t *testing.T) {
	text := "The quick brown fox\njumps over 日本語 andaverylongwordthatmustbebroken the lazy dog "
	for width := float32(10); width < 400; width += 10 {
		l := wrapped10(width, text[:20], text[20:])
		all := []rune(text)
		for _, p := range l.pieces {
			if got, want := string(p.text), string(all[p.start:p.start+len(p.text)]); got != want {
				t.Fatalf("width %v: a piece at %d is %q, not %q", width, p.start, got, want)
			}
			if p.x > 0 && strings.TrimRight(string(p.text), " ") != "" && p.x+tens(strings.TrimRight(string(p.text), " "), 0) > width {
				t.Fatalf("width %v: %q is over the edge", width, string(p.text))
			}
		}
		if strings.ReplaceAll(text, "\n", "") != strings.Join(rowsOf(l), "") {
			t.Fatalf("width %v: text is missing", width)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two\nthree", "четыре\t日本", 50)
	f.Add("\u0301\u200d😀👩‍👩‍👧", "   ", 0)
	f.Fuzz(func(t *testing.T, a, b string, width int) {
		if len(a)+len(b) > 4096 {
			return
		}
		l := wrapped10(float32(width%2000), a, b)
		n := 0
		for _, p := range l.pieces {
			if p.row >= l.rows {
				t.Fatal("a piece below the last row")
			}
			n += len(p.text)
		}
		want := len([]rune(a)) + len([]rune(b))
		if newlines := strings.Count(a+b, "\n"); n != want-newlines || l.length != want {
			t.Fatalf("%d of %d characters", n, want)
		}
	})
}

func TestSlantedLettersLeaveRoomForWhatFollows(t *testing.T) {
	width := func(text string, _ im.Style) float32 { return float32(4 * len([]rune(text))) }
	l := wrapLine(line{spans: []span{{text: "conversation", style: im.Italic}, {text: " asks"}}}, 500, 0, width)
	if len(l.pieces) != 2 || l.pieces[1].x <= l.pieces[0].x+l.pieces[0].w {
		t.Errorf("%+v", l.pieces)
	}
}
