package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/im"
)

// fakeLines is a source of lines for tests.
type fakeLines struct {
	lines []line
	asked int
}

func (f *fakeLines) Len() int         { return len(f.lines) }
func (f *fakeLines) Line(i int) line  { f.asked++; return f.lines[i] }
func (f *fakeLines) Weight(i int) int { return len(f.lines[i].spans[0].text) }

func plainLine(text string) line { return line{spans: []span{{text: text}}} }

func numbered(n int) *fakeLines {
	f := &fakeLines{}
	for i := range n {
		f.lines = append(f.lines, plainLine(fmt.Sprintf("line %d %s", i, strings.Repeat("word ", i%30))))
	}
	return f
}

// shownTranscript is a transcript in a window.
func shownTranscript(t testing.TB, source lineSource, size fyne.Size) *transcript {
	t.Helper()
	var app fyne.App
	if tt, ok := t.(*testing.T); ok {
		app = test.NewTempApp(tt)
	} else {
		app = test.NewApp()
	}
	app.Settings().SetTheme(newLook(wish{mode: themeLight}))
	tr := newTranscript(source, nil)
	w := app.NewWindow("")
	w.SetPadded(false)
	w.SetContent(tr)
	w.Resize(size)
	return tr
}

// firstShown is the first line in sight and where it begins.
func firstShown(tr *transcript) (int, float64) {
	v := tr.renderer.visible[0]
	return v.index, v.y
}

func lastShown(tr *transcript) (int, float64) {
	v := tr.renderer.visible[len(tr.renderer.visible)-1]
	return v.index, v.y + v.height
}

func TestTranscriptStartsAtTheEnd(t *testing.T) {
	source := numbered(5000)
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	if i, bottom := lastShown(tr); i != 4999 || bottom < 299 || bottom > 301 {
		t.Errorf("line %d ends at %v", i, bottom)
	}
	if source.asked > 100 {
		t.Errorf("%d lines were drawn for one window", source.asked)
	}
	if n := len(tr.renderer.inner.Objects); n > 100 {
		t.Errorf("%d objects", n)
	}
}

func TestTranscriptShowsFewLinesFromTheTop(t *testing.T) {
	tr := shownTranscript(t, numbered(3), fyne.NewSize(400, 300))
	if i, y := firstShown(tr); i != 0 || y != 0 {
		t.Errorf("line %d at %v", i, y)
	}
	tr.scrollBy(100)
	if i, y := firstShown(tr); i != 0 || y != 0 || !tr.atEnd() {
		t.Errorf("scrolled to line %d at %v", i, y)
	}
}

func TestTranscriptWithNothing(t *testing.T) {
	tr := shownTranscript(t, &fakeLines{}, fyne.NewSize(400, 300))
	tr.scrollBy(10)
	tr.scrollTo(50)
	tr.selectAll()
	tr.TypedKey(key(fyne.KeyHome))
	tr.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if tr.selected() != "" {
		t.Error("something is selected")
	}
}

func TestTranscriptSticksToTheEnd(t *testing.T) {
	source := numbered(200)
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	add := func() {
		source.lines = append(source.lines, plainLine("one more"))
		tr.appended()
	}
	add()
	if i, _ := lastShown(tr); i != 200 {
		t.Errorf("line %d is the last in sight", i)
	}
	tr.scrollBy(500)
	if tr.atEnd() {
		t.Fatal("still at the end")
	}
	first, y := firstShown(tr)
	add()
	if i, at := firstShown(tr); i != first || at != y {
		t.Errorf("a new line moved what is read from line %d at %v to line %d at %v", first, y, i, at)
	}
	ended := 0
	tr.ended = func() { ended++ }
	tr.scrollBy(-10000)
	if i, _ := lastShown(tr); i != 201 || !tr.atEnd() || ended != 1 {
		t.Errorf("line %d is the last, the end was told %d times", i, ended)
	}
}

// Learning the height of a line above must not move what is read.
func TestTranscriptAnchorHolds(t *testing.T) {
	source := &fakeLines{}
	for range 300 {
		source.lines = append(source.lines, line{spans: []span{{text: "short"}, {text: strings.Repeat("\nrow", 7)}}}) // estimated as one row
	}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	tr.scrollTo(tr.heights.total() / 2)
	for range 400 {
		first, y := firstShown(tr)
		h := tr.height(first)
		tr.scrollBy(7)
		i, at := firstShown(tr)
		switch {
		case i == first && at == y+7:
		case i == first-1 && at == y+7-tr.height(i):
		default:
			t.Fatalf("7 up from line %d at %v (%v high) is line %d at %v", first, y, h, i, at)
		}
		if i == 0 {
			break
		}
	}
}

// lineShown is where a line in sight stands, its headings apart.
func lineShown(t *testing.T, tr *transcript, text string) float64 {
	t.Helper()
	for _, v := range tr.renderer.visible {
		if string(tr.runes(v.index)) == text {
			return v.y + v.top
		}
	}
	t.Fatalf("%q is not in sight", text)
	return 0
}

func TestLinesAboveMoveNothing(t *testing.T) {
	source := &fakeLines{}
	for i := range 40 {
		source.lines = append(source.lines, plainLine(fmt.Sprintf("line %d", i)))
	}
	source.lines[0].above = []heading{{text: "Loading…", quiet: true}, {text: "Monday"}}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	more := func(n int, headed bool) {
		var lines []line
		for i := range n {
			lines = append(lines, plainLine(fmt.Sprintf("older %d of %d %s", i, n, strings.Repeat("word ", i%30))))
		}
		source.lines[0].above = nil
		if headed {
			source.lines[0].above = []heading{{text: "Monday"}}
		}
		source.lines = append(lines, source.lines...)
		tr.prepended(n)
	}
	for _, at := range []float64{0, 5, 30, 51, 200} {
		for _, headed := range []bool{true, false} {
			source.lines[0].above = []heading{{text: "Loading…", quiet: true}, {text: "Monday"}}
			tr.changed(0)
			tr.scrollTo(at)
			i, _ := lastShown(tr)
			text := string(tr.runes(i - 1))
			tr.sel = selection{true, place{i - 1, 0}, place{i - 1, 4}}
			before, chosen := lineShown(t, tr, text), tr.selected()
			more(70, headed)
			if after := lineShown(t, tr, text); after != before {
				t.Errorf("from %v, %q moved from %v to %v", at, text, before, after)
			}
			if tr.selected() != chosen {
				t.Errorf("%q was chosen, now %q is", chosen, tr.selected())
			}
		}
	}
	tr.toEnd()
	more(10, false)
	if i, _ := lastShown(tr); i != len(source.lines)-1 || !tr.atEnd() {
		t.Error("lines above led away from the end")
	}
}

func TestLinesBelowMoveNothing(t *testing.T) {
	source := numbered(100)
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	first, y := firstShown(tr)
	source.lines = append(source.lines, numbered(50).lines...)
	tr.continued(50)
	if i, at := firstShown(tr); i != first || at != y || tr.atEnd() {
		t.Errorf("line %d at %v, not %d at %v", i, at, first, y)
	}
}

func TestTranscriptTellsOfItsEdges(t *testing.T) {
	tr := shownTranscript(t, numbered(1000), fyne.NewSize(400, 300))
	var begins, ends, moves int
	tr.edges = func(begin, end bool) {
		if begin {
			begins++
		}
		if end {
			ends++
		}
	}
	tr.moved = func() { moves++ }
	tr.update()
	if begins != 0 || ends != 1 {
		t.Errorf("at the end: %d, %d", begins, ends)
	}
	tr.show(500)
	if i, y := firstShown(tr); i > 500 || y > 0 || begins != 0 || ends != 1 || moves != 0 {
		t.Errorf("in the middle: line %d at %v; %d, %d, %d", i, y, begins, ends, moves)
	}
	if y := lineShown(t, tr, string(tr.runes(500))); y < 90 || y > 110 {
		t.Errorf("the line to be shown is at %v", y)
	}
	tr.TypedKey(key(fyne.KeyHome))
	if begins != 1 || ends != 1 || moves != 1 {
		t.Errorf("at the beginning: %d, %d, %d", begins, ends, moves)
	}
	tr.show(0)
	if i, y := firstShown(tr); i != 0 || y != 0 {
		t.Errorf("the first line is shown as line %d at %v", i, y)
	}
}

func TestHeadingsAreCopiedWithWholeLines(t *testing.T) {
	source := &fakeLines{lines: []line{plainLine("one"), plainLine("two"), plainLine("three")}}
	source.lines[0].above = []heading{{text: "Beginning", quiet: true}, {text: "Monday"}}
	source.lines[2].above = []heading{{text: "Tuesday"}}
	source.lines[2].spans[0].link = "https://example.org/"
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	tr.selectAll()
	if got := tr.selected(); got != "Monday\none\ntwo\nTuesday\nthree" {
		t.Errorf("%q", got)
	}
	tr.sel.anchor.at = 1
	if got := tr.selected(); got != "ne\ntwo\nTuesday\nthree" {
		t.Errorf("%q", got)
	}
	y := lineShown(t, tr, "three")
	if _, ok := tr.clickable(fyne.NewPos(textLeft()+3, float32(y-5))); ok {
		t.Error("a heading is a link")
	}
	if _, ok := tr.clickable(fyne.NewPos(textLeft()+3, float32(y+5))); !ok {
		t.Error("the line below it is none")
	}
}

func TestTranscriptScrollsByItsBar(t *testing.T) {
	tr := shownTranscript(t, numbered(1000), fyne.NewSize(400, 300))
	tr.scrollTo(0)
	if i, y := firstShown(tr); i != 0 || y != 0 {
		t.Errorf("line %d at %v", i, y)
	}
	tr.bar.moveThumb(1e9)
	if !tr.atEnd() {
		t.Error("the bottom of the bar is not the end")
	}
	tr.scrollTo(tr.heights.total() / 2)
	if i, _ := firstShown(tr); i < 300 || i > 700 {
		t.Errorf("the middle is line %d", i)
	}
}

func TestTranscriptKeepsItsPlaceWhenResized(t *testing.T) {
	tr := shownTranscript(t, numbered(1000), fyne.NewSize(400, 300))
	tr.scrollTo(tr.heights.total() / 2)
	first, _ := firstShown(tr)
	tr.Resize(fyne.NewSize(250, 300))
	if i, _ := firstShown(tr); i != first {
		t.Errorf("line %d, not %d", i, first)
	}
	tr.toEnd()
	tr.Resize(fyne.NewSize(500, 200))
	if i, _ := lastShown(tr); i != 999 {
		t.Errorf("no longer at the end: line %d", i)
	}
}

func TestTranscriptChangesAndRemovesLines(t *testing.T) {
	source := numbered(50)
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	source.lines[49] = plainLine("changed")
	tr.changed(49)
	if text := string(tr.runes(49)); text != "changed" {
		t.Errorf("the line reads %q", text)
	}
	source.lines = source.lines[:49]
	tr.removed(49)
	if i, _ := lastShown(tr); i != 48 {
		t.Errorf("line %d is the last", i)
	}
	for len(source.lines) > 0 {
		source.lines = source.lines[1:]
		tr.removed(0)
	}
	if len(tr.renderer.visible) != 0 {
		t.Error("lines are left")
	}
}

// A line that is put between others moves nothing that is in sight.
func TestTranscriptInsertsLines(t *testing.T) {
	source := numbered(500)
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	insert := func(i int, text string) {
		source.lines = slices.Insert(source.lines, i, plainLine(text))
		tr.inserted(i)
	}
	insert(0, "first of all")
	insert(499, "before the last")
	if i, _ := lastShown(tr); i != 501 {
		t.Errorf("no longer at the end: line %d", i)
	}
	if text := string(tr.runes(499)); text != "before the last" {
		t.Errorf("the line reads %q", text)
	}
	tr.scrollTo(250)
	before, y := firstShown(tr)
	text := string(tr.runes(before))
	insert(3, "far above")
	after, now := firstShown(tr)
	if got := string(tr.runes(after)); got != text || after != before+1 || now != y {
		t.Errorf("%q at %v, was %q at %v", got, now, text, y)
	}
}

// TestWhatIsPressedIsHit: also behind the time and the name, and in a row that is not the
// first.
func TestWhatIsPressedIsHit(t *testing.T) {
	source := &fakeLines{lines: []line{{spans: []span{{text: "(12:01) "}, {text: "Bob: ", style: im.Bold},
		{text: "lunch at one, in the place with the blue door, where we were the last time?"}}}}}
	tr := shownTranscript(t, source, fyne.NewSize(300, 300))
	length := len(tr.runes(0))
	for at := range length {
		if got, _ := tr.hit(position(t, tr, 0, at).AddXY(1, 0)); got.at != at {
			t.Errorf("at letter %d, %d is hit", at, got.at)
		}
	}
}

// position is where a character of a line in sight is drawn.
func position(t *testing.T, tr *transcript, line, at int) fyne.Position {
	t.Helper()
	for _, v := range tr.renderer.visible {
		if v.index != line {
			continue
		}
		for _, p := range v.pieces {
			if at >= p.start && at <= p.start+len(p.text) {
				x := textLeft() + p.x + tr.prefixWidth(p, at-p.start, v.line.spans[p.span].style)
				return fyne.NewPos(x, float32(v.y+lineGap/2+(float64(p.row)+0.5)*tr.rowHeight()))
			}
		}
	}
	t.Fatalf("line %d is not in sight", line)
	return fyne.Position{}
}

func press(o desktop.Mouseable, at fyne.Position) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = at
	o.MouseDown(e)
}

func release(o desktop.Mouseable, at fyne.Position) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = at
	o.MouseUp(e)
}

func TestTranscriptSelectsOverLines(t *testing.T) {
	source := &fakeLines{lines: []line{
		plainLine("first line"), plainLine("second line"),
		{spans: []span{{text: "third"}, {text: " Send again", act: func() {}, quiet: true}, {text: " end"}}},
	}}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	press(tr, position(t, tr, 0, 6))
	drag := &fyne.DragEvent{}
	drag.Position = position(t, tr, 1, 6)
	tr.Dragged(drag)
	tr.DragEnd()
	release(tr, drag.Position)
	if got := tr.selected(); got != "line\nsecond" {
		t.Errorf("%q", got)
	}
	// Upwards it is the same.
	tr.press.clicks = 0
	press(tr, position(t, tr, 1, 6))
	drag.Position = position(t, tr, 0, 6)
	tr.Dragged(drag)
	if got := tr.selected(); got != "line\nsecond" {
		t.Errorf("upwards: %q", got)
	}
	tr.TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "line\nsecond" {
		t.Errorf("copied %q", got)
	}
	tr.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := tr.selected(); got != "first line\nsecond line\nthird end" {
		t.Errorf("all: %q", got)
	}
	if len(tr.renderer.selection()) == 0 {
		t.Error("the selection is not drawn")
	}
}

func TestTranscriptSelectsWordsAndLines(t *testing.T) {
	tr := shownTranscript(t, &fakeLines{lines: []line{plainLine("two words, don't split")}}, fyne.NewSize(400, 300))
	at := position(t, tr, 0, 6)
	press(tr, at)
	release(tr, at)
	press(tr, at)
	if got := tr.selected(); got != "words" {
		t.Errorf("a double click selects %q", got)
	}
	press(tr, at)
	if got := tr.selected(); got != "two words, don't split" {
		t.Errorf("a triple click selects %q", got)
	}
}

func TestTranscriptClicks(t *testing.T) {
	done := 0
	var opened string
	source := &fakeLines{lines: []line{{spans: []span{
		{text: "see "}, {text: "this link", link: "https://example.org/"}, {text: " or "}, {text: "act", act: func() { done++ }},
	}}}}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	tr.linked = func(url string) { opened = url }
	click := func(at int) {
		tr.press = pressState{}
		p := position(t, tr, 0, at)
		p.X++
		press(tr, p)
		release(tr, p)
	}
	click(1)
	if opened != "" || done != 0 {
		t.Error("plain text was followed")
	}
	click(6)
	if opened != "https://example.org/" {
		t.Errorf("opened %q", opened)
	}
	click(18)
	if done != 1 {
		t.Errorf("done %d times", done)
	}
	// A drag over a link selects, and does not follow it.
	opened = ""
	tr.press = pressState{}
	press(tr, position(t, tr, 0, 5))
	drag := &fyne.DragEvent{}
	drag.Position = position(t, tr, 0, 9)
	tr.Dragged(drag)
	release(tr, drag.Position)
	if opened != "" {
		t.Error("a drag followed a link")
	}
}

func TestTranscriptFollowsTheTheme(t *testing.T) {
	tr := shownTranscript(t, numbered(20), fyne.NewSize(400, 300))
	before := tr.renderer.inner.Objects[0]
	fyne.CurrentApp().Settings().SetTheme(newLook(wish{mode: themeDark}))
	tr.Refresh()
	if tr.renderer.inner.Objects[0] == before {
		t.Error("the lines keep the colours of the old theme")
	}
}

// Scrolling must not make new objects for lines that stay in sight.
func TestTranscriptReusesObjects(t *testing.T) {
	tr := shownTranscript(t, numbered(500), fyne.NewSize(400, 300))
	tr.scrollTo(tr.heights.total() / 2)
	middle := tr.renderer.visible[len(tr.renderer.visible)/2].index
	object := tr.renderer.drawn[middle].objects[0]
	tr.scrollBy(3)
	if tr.renderer.drawn[middle].objects[0] != object {
		t.Error("a line that only moved was drawn anew")
	}
}

func BenchmarkTranscript(b *testing.B) {
	source := numbered(100_000)
	tr := shownTranscript(b, source, fyne.NewSize(600, 500))
	b.Run("scroll", func(b *testing.B) {
		tr.scrollTo(tr.heights.total() / 2)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			dy := 60.0
			if i/500%2 == 1 {
				dy = -60
			}
			tr.scrollBy(dy)
		}
	})
	b.Run("jump", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			tr.scrollTo(tr.heights.total() * float64(i*7919%1000) / 1000)
		}
	})
	b.Run("append", func(b *testing.B) {
		tr.toEnd()
		for b.Loop() {
			source.lines = append(source.lines, plainLine("one more line of an ordinary length"))
			tr.appended()
		}
	})
	b.Run("resize", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			tr.Resize(fyne.NewSize(float32(500+i%2*100), 500))
		}
	})
}

// To make an icon is to read a drawing: those of lines that left are used again.
func TestTranscriptReusesIcons(t *testing.T) {
	source, icons := numbered(500), newIcons()
	for i := range source.lines {
		source.lines[i].mark.icon = icons.mark(im.Open)
	}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	seen := map[*canvas.Image]bool{}
	count := func() {
		shown := map[*canvas.Image]bool{}
		for _, o := range tr.renderer.inner.Objects {
			if icon, ok := o.(*canvas.Image); ok {
				if shown[icon] {
					t.Fatal("one icon stands at two places")
				}
				shown[icon], seen[icon] = true, true
			}
		}
		if len(shown) != len(tr.renderer.visible) {
			t.Fatalf("%d icons for %d lines", len(shown), len(tr.renderer.visible))
		}
	}
	most := 0
	for range 200 {
		tr.scrollBy(37)
		count()
		most = max(most, len(tr.renderer.visible))
	}
	tr.changed(tr.top)
	count()
	if len(seen) > most+1 {
		t.Errorf("%d icons were made for %d lines", len(seen), most)
	}
}
