package otrplugin

import (
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// overtakes lets alice type, and hands bob what leaves in that order.
func (w *world) overtakes(late []bool, texts []string, order ...int) {
	w.t.Helper()
	for _, text := range texts {
		w.alice.types(text)
	}
	q := w.alice.outbox
	w.alice.outbox = nil
	if len(q) != len(texts) {
		w.t.Fatalf("%d messages of %d lines", len(q), len(texts))
	}
	for n, at := range order {
		w.bob.arrives(plugin.Arrival{From: im.Addr{Bare: w.bob.id.Peer, Resource: w.alice.resource}, Wire: q[at].body,
			Late: late != nil && late[n]})
	}
}

func (e *end) wantLines(texts ...string) {
	e.t.Helper()
	var got []string
	for _, l := range e.lines {
		if !l.out {
			got = append(got, l.text)
			if l.seal.Level != im.Private || l.alarm != "" {
				e.t.Errorf("%q is %v, with the alarm %q", l.text, l.seal.Level, l.alarm)
			}
		}
	}
	if !slices.Equal(got, texts) {
		e.t.Errorf("%s sees %q, want %q", e.id.Account, got, texts)
	}
}

// Sealed lines that come in the wrong order are shown in the right one, all of them.
func TestOvertakenLines(t *testing.T) {
	for _, late := range [][]bool{nil, {false, true, true, false}, {true, false, true, true}} {
		w := newWorld(t)
		w.private()
		timers := w.bob.host.Timers()
		w.overtakes(late, []string{"one", "two", "three", "four"}, 3, 0, 2, 1)
		w.run()
		w.bob.wantLines("one", "two", "three", "four")
		if w.bob.host.Advance(earlyWait); w.bob.said(plugintest.Notice, "could not be read") {
			t.Error("something could not be read")
		}
		if n := w.bob.host.Timers(); n > timers {
			t.Errorf("%d timers run, %d before", n, timers)
		}
		w.says(w.bob, "answer")
		if got := w.alice.last(); got.text != "answer" {
			t.Errorf("alice sees %+v", got)
		}
	}
}

// A line that never comes holds up the others for a moment only.
func TestOvertakenLineIsLost(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.overtakes(nil, []string{"lost", "two", "three", "lost, too", "five"}, 1, 2)
	w.bob.wantLines()
	w.bob.host.Advance(earlyWait - time.Millisecond)
	w.bob.readReady()
	w.bob.wantLines()
	w.bob.host.Advance(time.Millisecond)
	w.bob.readReady()
	w.bob.wantLines("two", "three")
}

// The end of the conversation has overtaken the last words: these come first.
func TestTheEndHasOvertakenALine(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.types("bye")
	w.alice.does(actionEnd)
	q := w.alice.outbox
	w.alice.outbox = nil
	w.bob.host.Take()
	w.bob.takes(w.alice.resource, q[1].body)
	w.bob.wantNotSaid(plugintest.Notice, "has ended")
	w.bob.takes(w.alice.resource, q[0].body)
	w.bob.wantLines("bye")
	w.bob.wantSaid(plugintest.Notice, "has ended")
	w.wantLevel(im.Open, im.Ended)
}

// Our user ends the conversation while a line waits: it is shown.
func TestOurEndWhileALineWaits(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.overtakes(nil, []string{"lost", "waits"}, 1)
	w.bob.does(actionEnd)
	w.bob.readReady()
	w.bob.wantLines("waits")
	w.wantLevel(im.Private, im.Open)
}

// What a late message that waited asks for is not answered.
func TestOvertakenLateIsNotAnswered(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.bob.host.Advance(time.Hour) // a heartbeat would be due
	w.overtakes([]bool{true}, []string{"lost", "late"}, 1)
	before := len(w.bob.sent)
	w.bob.host.Advance(earlyWait)
	w.bob.readReady()
	w.bob.wantLines("late")
	if len(w.bob.sent) > before {
		t.Errorf("%q left", w.bob.sent[before:])
	}
}

// An error that is told when its minute is over holds up no line that waits. One about
// what waited while we were away is never told.
func TestOvertakenLineBeforeALateError(t *testing.T) {
	for _, late := range []bool{false, true} {
		w := newWorld(t)
		w.private()
		w.alice.types("again")
		again := w.alice.outbox
		w.run()
		for range 6 {
			w.bob.arrives(plugin.Arrival{From: im.Addr{Bare: w.bob.id.Peer, Resource: w.alice.resource}, Wire: again[0].body, Late: late})
		}
		w.bob.host.Run()
		sent := len(w.bob.sent)
		w.overtakes(nil, []string{"lost", "two"}, 1)
		w.bob.host.Advance(earlyWait)
		w.bob.readReady()
		w.bob.wantLines("again", "two")
		w.bob.host.Advance(2 * time.Minute)
		told := 0
		for _, m := range w.bob.sent[sent:] {
			if strings.HasPrefix(m, "?OTR Error:") {
				told++
			}
		}
		if want := map[bool]int{false: 1, true: 0}[late]; told != want {
			t.Errorf("late %v: %d errors were told afterwards, want %d", late, told, want)
		}
	}
}
