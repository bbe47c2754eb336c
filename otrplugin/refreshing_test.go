package otrplugin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"culver/im"
	"culver/plugin/plugintest"
)

// Lines that are typed while a private conversation is refreshed, at any moment and by
// whomever, are read, each once and in order.
func TestLinesDuringARefresh(t *testing.T) {
	for seed := range uint64(150) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 0))
			w := newWorld(t)
			w.private()
			ends := []*end{w.alice, w.bob}
			said := map[*end][]string{}
			for i := range 40 {
				e := ends[dice.IntN(2)]
				switch i {
				case 3, 9, 10, 12, 20: // each in its own time, or crossing
					e.does(actionStart)
				}
				text := fmt.Sprintf("secret %d", i)
				said[e] = append(said[e], text)
				e.types(text)
				e.host.Run()
				for range dice.IntN(3) {
					if k := dice.IntN(2); len(ends[k].outbox) > 0 {
						w.deliver(ends[k], ends[1-k])
					}
				}
			}
			w.run()
			for i, e := range ends {
				var got []string
				for _, l := range e.lines {
					if !l.out && l.seal.Level == im.Private {
						got = append(got, l.text)
					}
				}
				if want := said[ends[1-i]]; !slices.Equal(got, want) {
					t.Errorf("%v reads %q, want %q", e.id.Account, got, want)
				}
				e.wantNotSaid(plugintest.Alarm, "could not be read")
			}
			w.wantNoClear("secret")
		})
	}
}

// Connections broke in the middle of key exchanges, and nobody knows how far the other side
// came. Both users begin anew at the same time: in the end they have the same keys.
func TestRefreshesAfterLosses(t *testing.T) {
	for seed := range uint64(150) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 1))
			w := newWorld(t)
			w.private()
			ends := []*end{w.alice, w.bob}
			some := func(most int) {
				for range dice.IntN(most) {
					if k := dice.IntN(2); len(ends[k].outbox) > 0 {
						w.deliver(ends[k], ends[1-k])
					}
				}
			}
			for range 1 + dice.IntN(2) {
				for _, k := range dice.Perm(2)[:1+dice.IntN(2)] {
					ends[k].does(actionStart)
					some(8)
				}
				for _, e := range ends {
					e.outbox = e.outbox[:0]
				}
			}
			for _, e := range ends { // else who waits for a last message lets no new exchange begin
				e.host.Advance(10 * time.Second)
			}
			for _, k := range dice.Perm(2) {
				ends[k].does(actionStart)
				some(3)
			}
			w.run()
			for i, e := range ends {
				e.lines = nil
				w.says(ends[1-i], "after")
				if len(e.lines) != 1 || e.lines[0].text != "after" || e.lines[0].seal.Level != im.Private {
					t.Errorf("%v reads %+v", e.id.Account, e.lines)
				}
			}
		})
	}
}
