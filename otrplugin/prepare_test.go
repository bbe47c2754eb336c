package otrplugin

import (
	"testing"

	"culver/otrplugin/otr"
)

// prepared reports that the session has all that can be worked out beforehand.
func (e *end) prepared() bool {
	w := e.plugin.chat(e.id).session.Prepare()
	w.Wipe()
	return w == nil
}

// After each message the keys for the next are made in the background, and the
// conversation does not wait for that.
func TestKeysAreMadeAhead(t *testing.T) {
	w := newWorld(t)
	w.private()
	for range 4 {
		for _, e := range []*end{w.alice, w.bob} {
			e.types("hello")
			if e.host.Jobs() != 1 || e.prepared() {
				t.Fatalf("%s: %d jobs after a line", e.id.Account, e.host.Jobs())
			}
			e.types("at once") // and without waiting
			if e.host.Jobs() != 1 {
				t.Fatal("two jobs for one conversation")
			}
			w.run()
			if !w.alice.prepared() || !w.bob.prepared() {
				t.Fatal("not all is prepared")
			}
		}
	}
	if l := w.alice.last(); l.text != "at once" || !l.seal.Level.Encrypted() {
		t.Fatalf("%+v", l)
	}
}

// Work that outlives its conversation, or the program, is thrown away.
func TestKeysMadeTooLate(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.types("hello")
	w.does(w.alice, actionEnd)
	w.run()
	if w.alice.host.Jobs() != 0 || w.alice.plugin.chat(w.alice.id).state() != otr.Plaintext {
		t.Fatal("not ended")
	}
	w.private()
	w.alice.types("hello again")
	if w.alice.host.Jobs() != 1 {
		t.Fatal("no job")
	}
	w.alice.host.Stop()
	if err := w.alice.plugin.Close(); err != nil {
		t.Fatal(err)
	}
	w.alice.host.Run()
	if w.alice.host.Jobs() != 0 {
		t.Fatal("more to do after the end")
	}
}
