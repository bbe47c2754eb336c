package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"culver/conversation"
	"culver/im"
	"culver/messenger"
)

// found says where the user is, and how many places are marked in sight.
func found(t *testing.T, g *GUI, p *page) (count string, line string, marked int) {
	t.Helper()
	for _, o := range p.lines.renderer.inner.Objects {
		if r, ok := o.(*canvas.Rectangle); ok && (r.FillColor == theme.Color(colorFound) || r.FillColor == theme.Color(colorFoundHere)) {
			marked++
		}
	}
	if at := p.lines.found; at.on {
		line = p.timeline.At(at.line).Text.String()
	}
	return p.finder.count.Text, line, marked
}

func manyLines(n int) (out []im.Message) {
	for i := range n {
		out = append(out, incoming(fmt.Sprint(i), "bob", fmt.Sprintf("line %d", i)))
	}
	return out
}

func TestFind(t *testing.T) {
	lines := manyLines(300)
	lines[10].Text = im.Plain("Tea? TEA!")
	lines[20].Text = im.Plain("/me likes tea")
	lines[250].Text = im.Plain("no coffee, " + strings.Repeat("and more of it, ", 200) + "tea")
	g, f, p := talking(t, messenger.ConversationState{Messages: lines})
	item(t, g.chats.last.window.MainMenu(), "Conversation", "Find…").Action()
	if g.chats.last.window.Canvas().Focused() != fyne.Focusable(p.finder.entry) {
		t.Fatal("the keyboard is elsewhere")
	}
	expect := func(number int, line string) {
		t.Helper()
		count, at, marked := found(t, g, p)
		if want := fmt.Sprintf("%d of 4", number); count != want || !strings.HasPrefix(at, line) || marked == 0 {
			t.Errorf("%q at %.20q with %d marks, not %q at %q", count, at, marked, want, line)
		}
		e := element(t, g, kindNote, count)
		if e.Width == 0 {
			t.Error("the count cannot be seen")
		}
	}
	test.Type(p.finder.entry, "tea")
	expect(1, "no coffee")
	if first := p.lines.renderer.visible[0]; first.index != 250 || first.y >= 0 {
		t.Errorf("the end of the long line is not in sight: line %d at %v", first.index, first.y)
	}
	p.finder.entry.TypedKey(key(fyne.KeyReturn))
	expect(2, "/me likes tea")
	p.entry.TypedKey(key(fyne.KeyF3))
	expect(3, "Tea? TEA!")
	p.lines.TypedKey(key(fyne.KeyF3))
	expect(4, "Tea? TEA!")
	p.finder.older.OnTapped()
	expect(1, "no coffee")
	p.finder.newer.OnTapped()
	expect(4, "Tea? TEA!")
	p.finder.entry.TypedKey(key(fyne.KeyDown))
	expect(3, "Tea? TEA!")
	p.finder.entry.TypedKey(key(fyne.KeyUp))
	expect(4, "Tea? TEA!")

	// Lines come and go: the user stays where they are.
	f.said()
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("new", "bob", "tea")}})
	if count, at, _ := found(t, g, p); count != "5 of 5" || at != "Tea? TEA!" {
		t.Errorf("%q at %q", count, at)
	}
	g.apply([]messenger.Event{messenger.OlderLines{Conv: peer("bob"), Messages: []im.Message{incoming("old", "bob", "steam")}}})
	if count, at, marked := found(t, g, p); count != "5 of 6" || at != "Tea? TEA!" || marked != 2 && marked != 3 {
		t.Errorf("%q at %q, %d", count, at, marked)
	}
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "10"}})
	if count, at, _ := found(t, g, p); count != "3 of 4" || at != "/me likes tea" {
		t.Errorf("%q at %q", count, at)
	}

	// What is not here may be in the history.
	p.finder.entry.SetText("nothing of the kind")
	if count, at, marked := found(t, g, p); count != "Not found here" || at != "" || marked != 0 || !p.finder.older.Disabled() {
		t.Errorf("%q at %q with %d", count, at, marked)
	}
	p.finder.entry.TypedKey(key(fyne.KeyF3)) // leads nowhere
	p.finder.all.OnTapped()
	if g.past == nil || g.past.find.entry.Text != "nothing of the kind" {
		t.Error("the history is not searched")
	}
	g.past.close()

	p.finder.entry.SetText("tea")
	p.finder.entry.TypedKey(key(fyne.KeyEscape))
	if p.finder != nil || !p.lines.sought.Empty() || g.chats.last.window.Canvas().Focused() != fyne.Focusable(p.entry) {
		t.Error("Escape does not close it")
	}
	p.entry.TypedKey(key(fyne.KeyF3))
	if p.finder == nil || p.finder.entry.Text != "tea" {
		t.Error("F3 does not go on with what was looked for")
	}
}

// Times, names and buttons are not what was said.
func TestFindLooksAtWhatWasSaid(t *testing.T) {
	failed := im.Message{ID: "x", Conv: peer("bob"), Out: true, Text: im.Text{{Text: "see "}, {Text: "https://example.org/", Link: "https://example.org/"}, {Text: "\tdone"}}, State: im.Failed, Reason: "Bob sent discarding."}
	notice := im.Message{ID: "n", Conv: peer("bob"), Kind: im.Notice, Text: im.Plain("Bob sees that it ended.")}
	_, _, p := talking(t, messenger.ConversationState{Messages: []im.Message{failed, notice}})
	p.find()
	lines := p.lines.source.(*chatLines)
	for words, want := range map[string]int{"bob": 1, "discard": 0, "see https": 1, "/    done": 1, "00:": 0, "sees that": 1} {
		p.finder.entry.SetText(words)
		if got := p.finder.finding.total(); got != want {
			t.Errorf("%q is found %d times, not %d", words, got, want)
		}
	}
	for i := range lines.Len() {
		if text, _ := lines.Line(i).wording(); text != lines.wording(i) {
			t.Errorf("%q is looked through, and %q marked", lines.wording(i), text)
		}
	}
}

func TestFindAtHundredThousandLines(t *testing.T) {
	lines := manyLines(100_000)
	f := finding{lines: &chatLines{timeline: conversation.NewTimeline(lines), stamp: nil}}
	f.seek(conversation.Seek("9"), 50_000)
	want := 0
	for _, m := range lines {
		want += strings.Count(m.Text.String(), "9")
	}
	if f.total() != want || f.at.line != 49_999 || f.at.nth != 3 {
		t.Errorf("%d of %d, at %v", f.number(), f.total(), f.at)
	}
	before := f.number()
	f.step(true)
	f.step(false)
	f.step(false)
	if f.number() != before-1 {
		t.Errorf("at %d, not %d", f.number(), before-1)
	}
	if !slices.IsSortedFunc(f.in, func(a, b foundLine) int { return a.line - b.line }) {
		t.Error("the lines are out of order")
	}
}

func BenchmarkFind(b *testing.B) {
	f := finding{lines: &chatLines{timeline: conversation.NewTimeline(manyLines(100_000))}}
	for b.Loop() {
		f.seek(conversation.Seek("9"), 50_000)
	}
}
