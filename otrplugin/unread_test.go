package otrplugin

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"culver/plugin"
	"culver/plugin/plugintest"
)

// doubted is what the plugin told the core that it doubts, oldest first.
func (e *end) doubted() (all []string) {
	for _, op := range e.host.Ops() {
		if op.Kind == plugintest.Doubt {
			all = append(all, op.Text)
		}
	}
	return all
}

// Lines that the peer's new program could not read are sent again if they are new; of the
// others the core is told, by the numbers that they left with.
func TestCoreIsToldOfLinesThatWereNotRead(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.says(w.bob, "hello")
	w.bob.restart()
	var numbers []uint64
	for n := range 20 {
		out, err := w.alice.plugin.Outgoing(w.alice.id, fmt.Sprint("line ", n))
		if err != nil || out.Hold || out.Number == 0 || slices.Contains(numbers, out.Number) {
			t.Fatalf("%+v, %v", out, err)
		}
		numbers = append(numbers, out.Number)
		w.alice.put(out.Wire, out.Hints.Resource)
	}
	w.run()
	want := fmt.Sprint(numbers[:4], " It is not certain that Bob could read this line")
	if got := w.alice.doubted(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Errorf("doubted: %q, want %q", got, want)
	}
	if got := w.bob.last(); !strings.HasSuffix(got.text, "[resent] line 19") {
		t.Errorf("%+v", got)
	}
}

// A line that did not leave is not doubted besides, and a new session does not use numbers
// of the one before.
func TestNumbersOfLines(t *testing.T) {
	w := newWorld(t)
	w.private()
	send := func(text string) plugin.Out {
		out, err := w.alice.plugin.Outgoing(w.alice.id, text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := send("first")
	first.Unsent()
	c := w.alice.plugin.chats[w.alice.id]
	c.session.Close()
	c.session = nil
	w.private()
	if second := send("second"); second.Number <= first.Number {
		t.Errorf("%d after %d", second.Number, first.Number)
	}
	if got := w.alice.doubted(); len(got) > 0 {
		t.Errorf("doubted: %q", got)
	}
}

// A line that is sent again by itself leaves as the one that it is, the last piece of it
// alone, and its reader tells the core what it said without the mark before it.
func TestCoreIsToldOfLinesThatAreSentAgain(t *testing.T) {
	for _, most := range []int{0, 200} {
		w := newWorld(t)
		w.alice.host.Max = most
		w.private()
		w.says(w.bob, "hello")
		w.bob.restart()
		out, err := w.alice.plugin.Outgoing(w.alice.id, "lost")
		if err != nil || out.Number == 0 {
			t.Fatalf("%+v, %v", out, err)
		}
		w.alice.host.Take()
		w.alice.put(out.Wire, out.Hints.Resource)
		w.run()
		if l := w.bob.last(); l.text != "[resent] lost" || l.said != "lost" {
			t.Errorf("bob reads %+v", l)
		}
		var again []string
		for _, op := range w.alice.host.Ops() {
			if op.Kind == plugintest.Wire && op.Hints.Again != 0 {
				again = append(again, op.Text)
				if op.Hints.Again != out.Number {
					t.Errorf("line %d, want %d", op.Hints.Again, out.Number)
				}
			}
		}
		if len(again) != 1 {
			t.Errorf("sent again: %q", again)
		}
		w.says(w.alice, "[resented]")
		if l := w.bob.last(); l.text != "[resented]" || l.said != "" {
			t.Errorf("bob reads %+v", l)
		}
		w.does(w.alice, actionEnd)
		w.does(w.bob, actionEnd)
		w.says(w.alice, "[resent] in the open")
		if l := w.bob.last(); l.said != "" {
			t.Errorf("bob reads %+v", l)
		}
	}
}
