package main

import (
	"fmt"
	"slices"
	"testing"

	"culver/otrplugin/otr"
)

// What libotr sent comes in any other order, again and again, also when keys have
// changed between: all of it is shown, in the right one. So libotr counts its messages
// from one, by one, for each pair of keys.
func TestLibotrIsOvertaken(t *testing.T) {
	for _, v := range []otr.Policy{otr.AllowV2, otr.AllowV3} {
		w, err := newWorld(1, cast{libotr: 1, clients: [2]int{1, 1}, may: [2]otr.Policy{v, v}, patient: true})
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		ours, libotr := w.clients[0], w.clients[1]
		talk := func() {
			for len(w.links[0].queue)+len(w.links[1].queue) > 0 {
				for u, to := range []*client{ours, libotr} {
					q := w.links[u].queue
					w.links[u].queue = nil
					for _, p := range q {
						w.act(to, "recv", string(p.msg))
					}
				}
			}
		}
		w.act(ours, "start", "")
		talk()
		if ours.state().State != otr.Encrypted {
			t.Fatal("not private")
		}
		for turn := range 6 {
			var want, got []string
			for n := range 4 {
				want = append(want, w.ledger.enter(libotr, theirs)+fmt.Sprint(turn, n))
				w.act(libotr, "send", want[n])
			}
			q := w.links[0].queue
			w.links[0].queue = nil
			for _, n := range [][]int{{3, 2, 1, 0}, {1, 0, 3, 2}, {0, 3, 1, 2}}[turn%3] {
				o := w.act(ours, "recv", string(q[n].msg))
				if o.shown != nil {
					got = append(got, o.shown.text)
				}
				for _, x := range o.more {
					got = append(got, x.text)
				}
			}
			if !slices.Equal(got, want) || w.fault != nil {
				t.Fatalf("shown were %q, not %q; %v", got, want, w.fault)
			}
			if turn%2 == 0 {
				w.act(ours, "send", w.ledger.enter(ours, secret))
				talk()
			}
		}
	}
}
