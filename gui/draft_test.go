package gui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
)

func TestDraftsAreKept(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Draft: "to be contin"})
	f.has(t) // nobody is told that the user types: they do not
	if p.entry.Text != "to be contin" {
		t.Fatalf("%q stands in the entry", p.entry.Text)
	}
	test.Type(p.entry, "ued")
	p.stopPause()
	f.has(t, "typing 2")
	if p.drafts == nil {
		t.Error("the draft will not be told")
	}
	p.keepDraft()
	p.keepDraft()
	f.has(t, `draft bob@example.org "to be continued"`)
	p.entry.SetText("")
	f.has(t, `draft bob@example.org ""`, "typing 1")

	// Sending forgets it by itself.
	test.Type(p.entry, "hello")
	p.keepDraft()
	f.said()
	p.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t, `send bob@example.org "hello"`)
	if p.drafts != nil {
		t.Error("the draft will still be told")
	}

	// Other things to turn to.
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}}})
	unsaid := func(text string) {
		g.chats.last.pick(0)
		test.Type(p.entry, text)
		p.stopPause()
		f.said()
	}
	unsaid("a")
	g.chats.last.pick(1)
	f.has(t, `draft bob@example.org "a"`)
	unsaid("b")
	g.chats.last.strip.dropped(0)
	f.has(t, `draft bob@example.org "ab"`, "close bob@example.org")
	unsaid("c")
	g.quit()
	f.has(t, `draft bob@example.org "abc"`, "quit")
	g.canLock = true
	unsaid("d")
	g.lock()
	f.has(t, `draft bob@example.org "abcd"`, "open bob@example.org", "lock")
	unsaid("e")
	g.apply([]messenger.Event{messenger.Locking{}})
	f.has(t, `draft bob@example.org "abcde"`)
}

func TestOlderLinesOfAConversation(t *testing.T) {
	lines := func(from, to int) (out []im.Message) {
		for i := from; i < to; i++ {
			m := incoming(fmt.Sprint(i), "bob", fmt.Sprintf("line %d", i))
			m.Time = time.Now().AddDate(0, 0, -300+i)
			out = append(out, m)
		}
		return out
	}
	g, f, p := talking(t, messenger.ConversationState{Messages: lines(100, 300), Older: true})
	f.has(t)
	p.lines.TypedKey(key(fyne.KeyHome))
	p.lines.TypedKey(key(fyne.KeyDown))
	f.has(t, "older bob@example.org")
	text := string(p.lines.runes(3))
	before := lineShown(t, p.lines, text)
	g.apply([]messenger.Event{messenger.OlderLines{Conv: peer("bob"), Messages: lines(50, 101), More: true}})
	if after := lineShown(t, p.lines, text); after != before || p.timeline.Len() != 250 {
		t.Errorf("%q moved from %v to %v; %d lines", text, before, after, p.timeline.Len())
	}
	f.has(t)
	p.lines.TypedKey(key(fyne.KeyHome))
	f.has(t, "older bob@example.org")
	p.slow = true
	p.lines.headed()
	if got := headings(g); len(got) != 1 || got[0] != "Loading…" {
		t.Errorf("%q", got)
	}
	g.apply([]messenger.Event{messenger.OlderLines{Conv: peer("bob"), Messages: lines(40, 50)}})
	p.lines.TypedKey(key(fyne.KeyHome))
	f.has(t)
	if got := headings(g); len(got) != 1 || got[0] != "Beginning of the history" {
		t.Errorf("%q", got)
	}
	// A line that is changed or taken back is still found.
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "299"}, messenger.MessageChanged{Message: incoming("40", "bob", "other")},
		messenger.OlderLines{Conv: peer("nobody")}})
	if p.timeline.Len() != 259 || p.timeline.At(0).Text.String() != "other" {
		t.Errorf("%d lines, from %q", p.timeline.Len(), p.timeline.At(0).Text)
	}
}
