//go:build !race

package otr

import (
	"strings"
	"testing"
)

// Allocations for each message, in a stream of them: the text for the wire and
// the list that it stands in; the text to show; of fragments, the array of all,
// the list, and what grows when they are put together. The race detector allocates
// more.
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
