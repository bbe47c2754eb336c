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
