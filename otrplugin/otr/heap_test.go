package otr

import (
	"runtime"
	"strings"
	"testing"
)

// heapAllocated is the live heap.
func heapAllocated() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestHeap: a side of a conversation takes little memory, whoever talked last,
// and whether keys are prepared or not.
func TestHeap(t *testing.T) {
	const pairs, limit = 100, 8 << 10
	text := strings.Repeat("x", 100)
	newPair(t, nil).secure() // tables
	for name, talk := range map[string]func(p *pair){
		"turns": func(p *pair) {
			for range 10 {
				p.a.say(text)
				p.run()
				p.b.say(text)
				p.run()
			}
		},
		"prepared turns": func(p *pair) {
			for range 10 {
				for _, e := range []*end{p.a, p.b} {
					for e.prepare() {
					}
					e.say(text)
					p.run()
				}
			}
			for p.a.prepare() || p.b.prepare() {
			}
		},
		"one way": func(p *pair) {
			for range 20 {
				p.a.say(text)
				p.run()
			}
		},
	} {
		before := heapAllocated()
		var kept []*Session
		for range pairs {
			// The real clock, since the pair's keeps the pair.
			p := newPair(t, func(a, b *Config) { a.Now, b.Now = nil, nil; a.Rand, b.Rand = nil, nil }).secure()
			talk(p)
			p.noErrors()
			kept = append(kept, p.a.Session, p.b.Session)
		}
		size := (heapAllocated() - before) / int64(len(kept))
		runtime.KeepAlive(kept)
		t.Logf("%s: %d bytes a side", name, size)
		if size > limit {
			t.Errorf("%s: %d bytes a side, more than %d", name, size, limit)
		}
	}
}
