package otr

import (
	"bytes"
	"strings"
	"testing"
)

// Buffers are used again, but not those of others: a message that is received
// stays as it is, and what came back from a call is the caller's for good.
func TestNothingSharedWithTheCaller(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v; b.MaxFragment = 200 }).secure()
		var kept, clones [][]byte
		keep := func(b []byte) {
			kept, clones = append(kept, b), append(clones, bytes.Clone(b))
		}
		for n := range 12 {
			for _, e := range []*end{p.a, p.b, p.b} {
				text := []byte(strings.Repeat("word ", 1+n*n*5))
				keep(text)
				r, err := e.SendTLV(text, 0x100, []byte("value"))
				if err != nil {
					t.Fatal(err)
				}
				for k, w := range r.Wire {
					if n == 3 && len(r.Wire) == 1 { // a piece that is the whole
						w = append(append([]byte("?OTR,1,1,"), w...), ',')
						if v == AllowV3 {
							w = append([]byte("?OTR|1001|2002,1,1,"), w[len("?OTR,1,1,"):]...)
						}
					}
					keep(w)
					r, err := e.to.Receive(w)
					if err != nil || k == len(r.Wire)-1 && !r.Show {
						t.Fatal(err)
					}
					if r.Show && !bytes.Equal(r.Text, text) {
						t.Fatal("another text")
					}
					keep(r.Text)
					for _, ev := range r.Events {
						keep(ev.Data)
					}
				}
			}
			for i := range kept {
				if !bytes.Equal(kept[i], clones[i]) {
					t.Fatalf("turn %d: %q became %q", n, clones[i], kept[i])
				}
			}
		}
	})
}
