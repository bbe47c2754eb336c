package otrplugin

import (
	"testing"
	"time"
)

// flaps lets bob's presence come and go.
func (w *world) flaps(times int, every time.Duration) {
	for range times {
		w.alice.host.SetPeer(w.alice.id, false)
		w.alice.plugin.peerOffline(w.alice.id)
		w.alice.host.SetPeer(w.alice.id, true)
		w.alice.plugin.peerOnline(w.alice.id)
		w.alice.host.Advance(every)
		w.alice.outbox = nil
	}
}

func TestAPeerWhoComesAndGoesCausesFewQueries(t *testing.T) {
	for name, row := range map[string]struct {
		times int
		every time.Duration
		most  int
	}{
		"fast":        {50, 100 * time.Millisecond, 1},
		"for a while": {100, 3 * time.Second, 2},      // at once, after one minute
		"all day":     {24 * 60, time.Minute, 3 + 24}, // and after five, and every hour
	} {
		w := newWorld(t)
		w.private()
		w.alice.restart()
		w.waits("held")
		n := queries(w.alice)
		w.flaps(row.times, row.every)
		if n = queries(w.alice) - n; n > row.most || n == 0 {
			t.Errorf("%s: %d queries, want at most %d", name, n, row.most)
		}
		// What waits is not forgotten.
		w.alice.host.Advance(time.Hour)
		w.run()
		if l := w.bob.last(); l.text != "held" || !l.seal.Level.Encrypted() {
			t.Errorf("%s: bob reads %+v", name, l)
		}
	}
}

// One that is put off is for lines that still wait, and for somebody who is there.
func TestAQueryThatIsPutOffMayNotBeNeeded(t *testing.T) {
	for name, happens := range map[string]func(w *world){
		"taken back": func(w *world) { w.alice.lines = nil; w.alice.plugin.NoneHeld(w.alice.id) },
		"left": func(w *world) {
			w.alice.host.SetPeer(w.alice.id, false)
			w.alice.plugin.peerOffline(w.alice.id)
		},
		"removed": func(w *world) {
			w.alice.host.RemoveAccount(w.alice.id.Account)
			w.alice.plugin.AccountRemoved(w.alice.id.Account)
		},
	} {
		w := newWorld(t)
		w.private()
		w.alice.restart()
		w.waits("held")
		w.flaps(2, time.Second)
		happens(w)
		n := queries(w.alice)
		w.alice.host.Advance(time.Hour)
		if n = queries(w.alice) - n; n != 0 {
			t.Errorf("%s: %d queries", name, n)
		}
	}
}

// An answer, or the user's Start, makes an end of the patience.
func TestAnAnswerStartsThePatienceAnew(t *testing.T) {
	for _, how := range []string{"answer", "start"} {
		w := newWorld(t)
		w.private()
		w.alice.restart()
		w.waits("held")
		w.flaps(3, time.Second)
		if how == "answer" {
			w.does(w.bob, actionStart)
			w.alice.restart()
			w.alice.lines = nil
			w.waits("held again")
		} else {
			w.alice.does(actionStart)
			w.alice.outbox = nil
		}
		n := queries(w.alice)
		w.flaps(1, time.Second)
		if n = queries(w.alice) - n; n != 1 {
			t.Errorf("%s: %d queries", how, n)
		}
	}
}
