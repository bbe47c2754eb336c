package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/im"
	"culver/messenger"
)

func outgoing(id, text string, s im.State) im.Message {
	m := incoming(id, "bob", text)
	m.Out, m.State = true, s
	return m
}

// correctedIn are the calls that have to do with lines and drafts.
func correctedIn(f *fakeFront) (out []string) {
	for _, call := range f.said() {
		if !strings.HasPrefix(call, "typing") && !strings.HasPrefix(call, "read") {
			out = append(out, call)
		}
	}
	return out
}

func TestCorrectingByTheKeyboard(t *testing.T) {
	old := outgoing("old", "of last week", im.Done)
	old.Time = time.Now().AddDate(0, 0, -7)
	g, f, p := talking(t, messenger.ConversationState{Messages: []im.Message{old, outgoing("1", "frist", im.Delivered), incoming("2", "bob", "what?"),
		outgoing("3", "secnod", im.Done), outgoing("4", "failed", im.Failed)}})
	in := func(text, mending string) {
		t.Helper()
		if p.entry.Text != text || p.mending.id != mending {
			t.Fatalf("%q, correcting %q; want %q, correcting %q", p.entry.Text, p.mending.id, text, mending)
		}
		if told := strings.Contains(p.foot.text, "correct"); told != (mending != "") {
			t.Errorf("it says %q", p.foot.text)
		}
	}
	press := func(names ...fyne.KeyName) {
		for _, n := range names {
			p.entry.TypedKey(key(n))
		}
	}
	press(fyne.KeyUp)
	in("secnod", "3")
	press(fyne.KeyUp)
	in("frist", "1")
	press(fyne.KeyUp)
	in("frist", "1") // those of last week stay
	press(fyne.KeyDown)
	in("secnod", "3")
	press(fyne.KeyDown)
	in("", "")
	press(fyne.KeyUp, fyne.KeyEscape)
	in("", "")
	if got := correctedIn(f); len(got) != 0 {
		t.Errorf("called %q", got)
	}
	press(fyne.KeyUp, fyne.KeyUp, fyne.KeyBackspace)
	p.entry.TypedRune('!')
	press(fyne.KeyUp) // now it moves the cursor
	in("fris!", "1")
	press(fyne.KeyReturn)
	in("", "")
	if got := correctedIn(f); !slices.Equal(got, []string{"correct 1: fris!"}) {
		t.Errorf("called %q", got)
	}
	press(fyne.KeyUp, fyne.KeyUp)
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "1"}})
	in("frist", "")
}

// What stands in the entry is not lost by correcting something in between.
func TestCorrectingByTheMenu(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Messages: []im.Message{outgoing("1", "frist", im.Delivered), incoming("2", "bob", "x"), outgoing("3", "late", im.Failed)}})
	p.entry.TypedRune('h')
	items := p.lineMenu(0)
	if len(items) != 1 || items[0].Label != "Correct…" || len(p.lineMenu(1)) != 0 || len(p.lineMenu(2)) != 3 {
		t.Fatalf("%+v", items)
	}
	items[0].Action()
	if p.entry.Text != "frist" || p.mending.id != "1" {
		t.Errorf("%q", p.entry.Text)
	}
	p.entry.TypedRune('!')
	p.entry.TypedKey(key(fyne.KeyReturn))
	if p.entry.Text != "h" {
		t.Errorf("%q is left", p.entry.Text)
	}
	if got := correctedIn(f); !slices.Equal(got, []string{`draft bob@example.net "h"`, "correct 1: frist!"}) && !slices.Contains(got, "correct 1: frist!") {
		t.Errorf("called %q", got)
	}
	p.entry.set("")
	g.apply([]messenger.Event{messenger.TakenBack{Conv: peer("bob"), Text: "first", Corrects: "1"}})
	if p.entry.Text != "first" || p.mending.id != "1" {
		t.Errorf("%q, correcting %q", p.entry.Text, p.mending.id)
	}
	p.entry.TypedKey(key(fyne.KeyEscape))
	g.apply([]messenger.Event{messenger.TakenBack{Conv: peer("bob"), Text: "a line", Corrects: "nobody's"}})
	if p.entry.Text != "a line" || p.mending.id != "" {
		t.Errorf("%q, correcting %q", p.entry.Text, p.mending.id)
	}
}

// Nor is it by taking back another line meanwhile.
func TestALineThatIsTakenBackEndsACorrection(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Messages: []im.Message{outgoing("1", "frist", im.Delivered)}})
	p.entry.set("half a thought")
	p.correct(p.timeline.At(0), "frist")
	g.apply([]messenger.Event{messenger.TakenBack{Conv: peer("bob"), Text: "not sent"}})
	if p.entry.Text != "not sent\nhalf a thought" || p.mending.id != "" {
		t.Errorf("%q, correcting %q", p.entry.Text, p.mending.id)
	}
}

// How far lines have come, in pictures and words.
func TestTicks(t *testing.T) {
	for s, want := range map[im.State]string{im.Sending: "Sending", im.Done: "Sent", im.Delivered: "Received", im.Waiting: "", im.Failed: ""} {
		l := drawnBy(outgoing("1", "x", s))
		if l.tick.name != want || (l.tick.icon != nil) != (want != "") || want != "" && !strings.HasPrefix(l.tick.word, want+": ") {
			t.Errorf("%v: %+v", s, l.tick)
		}
	}
	if l := drawnBy(incoming("1", "bob", "x")); l.tick.icon != nil {
		t.Errorf("theirs: %+v", l.tick)
	}
	source := &fakeLines{lines: []line{drawnBy(outgoing("1", "one", im.Delivered)), plainLine("none")}}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	move := &desktop.MouseEvent{}
	move.Position = fyne.NewPos(tr.tickLeft()+3, position(t, tr, 0, 0).Y)
	if tr.MouseMoved(move); len(tr.renderer.tip()) != 2 || !tr.ticked {
		t.Error("no word")
	}
	for _, o := range tr.renderer.tip() {
		if o.Position().X < 0 || o.Position().X+o.Size().Width > tr.tickLeft() {
			t.Errorf("the word is at %v, %v wide", o.Position(), o.Size().Width)
		}
	}
	move.Position.Y += float32(tr.rowHeight()) + lineGap
	if tr.MouseMoved(move); len(tr.renderer.tip()) != 0 {
		t.Error("a word where there is no mark")
	}
}

func TestActionsAndEditedLines(t *testing.T) {
	if got := textOf(drawnBy(incoming("1", "bob", "/me waves"))); !strings.HasSuffix(got, "* Bob waves") {
		t.Errorf("%q", got)
	}
	m := incoming("1", "bob", "hello")
	m.Edited = true
	if got := textOf(drawnBy(m)); !strings.HasSuffix(got, "Bob: hello (edited)") {
		t.Errorf("%q", got)
	}
	m.Text = im.Plain("hello (edited)") // what somebody wrote is not what Culver says
	m.Edited = false
	l := drawnBy(m)
	if last := l.spans[len(l.spans)-1]; last.colour == colorSubtle || last.quiet {
		t.Errorf("%+v", last)
	}
}

// In a private conversation nothing is corrected, and Up brings back what was said last; nor
// does it go past private lines when the conversation is open again.
func TestNothingIsCorrectedInPrivate(t *testing.T) {
	sealed := outgoing("2", "for your eyes", im.Done)
	sealed.Seal = im.Seal{Level: im.Private}
	for name, c := range map[string]struct {
		lines []im.Message
		seal  im.Level
		want  string // what is being corrected
	}{
		"an open line before a private conversation": {[]im.Message{outgoing("1", "in clear", im.Done)}, im.Private, ""},
		"and behind it":                  {[]im.Message{outgoing("1", "in clear", im.Done), sealed}, im.Open, ""},
		"an open line after private one": {[]im.Message{sealed, outgoing("3", "in clear", im.Done)}, im.Open, "3"},
	} {
		_, _, p := talking(t, messenger.ConversationState{Messages: c.lines, Seal: im.Seal{Level: c.seal}})
		p.entry.TypedKey(key(fyne.KeyUp))
		if p.mending.id != c.want {
			t.Errorf("%s: it corrects %q", name, p.mending.id)
		}
		if c.want == "" {
			p.correctLast()
			if p.mending.id != "" {
				t.Errorf("%s: by the menu it corrects %q", name, p.mending.id)
			}
		}
	}
}
