package otr

import (
	"bytes"
	"strings"
	"testing"
)

// Allocations for each message, in a stream of them: the text for the wire and
// the list that it stands in; the text to show; of fragments, the array of all,
// the list, and what grows when they are put together.
func TestAllocations(t *testing.T) {
	for _, c := range []struct {
		name          string
		size, max     int
		send, receive float64 // at most
	}{
		{"100 bytes", 100, 0, 2, 1},
		{"1000 bytes", 1000, 0, 5, 2},
		{"64 KiB", 64 << 10, 0, 5, 2},
		{"64 KiB in fragments", 64 << 10, 400, 6, 12},
	} {
		p := newPair(t, func(a, b *Config) { a.MaxFragment = c.max; a.Now, b.Now = nil, nil }).secure()
		text := []byte(strings.Repeat("x", c.size))
		var sent [][][]byte
		send := func() {
			r, err := p.a.Send(text)
			if err != nil {
				t.Fatal(err)
			}
			sent = append(sent, r.Wire)
		}
		receive := func() {
			for _, w := range sent[0] {
				r, err := p.b.Receive(w)
				if err != nil || r.Show && string(r.Text) != string(text) {
					t.Fatal(err)
				}
			}
			sent = sent[1:]
		}
		for range maxRecent + 2 { // until buffers are there
			send()
			receive()
		}
		const runs = 20
		sent = make([][][]byte, 0, runs+1)
		if n := testing.AllocsPerRun(runs, send); n > c.send {
			t.Errorf("%s: %v allocations to send, more than %v", c.name, n, c.send)
		}
		if n := testing.AllocsPerRun(runs, receive); n > c.receive {
			t.Errorf("%s: %v allocations to receive, more than %v", c.name, n, c.receive)
		}
	}
}

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
