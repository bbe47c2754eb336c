package otr

import (
	"strings"
	"testing"
	"time"
)

const line = "about a hundred bytes of text, which is a longish line in a chat, but not one that is unheard of!!!"

func BenchmarkKeyExchange(b *testing.B) {
	keys()
	for b.Loop() {
		newPair(b, nil).secure()
	}
}

// pass sends a text from e to the other end, and nothing back.
func pass(b *testing.B, e *end, text []byte) {
	r, err := e.Send(text)
	if err != nil {
		b.Fatal(err)
	}
	for _, w := range r.Wire {
		if _, err := e.to.Receive(w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOneWay(b *testing.B) {
	p := newPair(b, nil).secure()
	b.ReportAllocs()
	for b.Loop() {
		pass(b, p.a, []byte(line))
	}
}

func BenchmarkPingPong(b *testing.B) {
	p := newPair(b, nil).secure()
	from := p.a
	for b.Loop() {
		pass(b, from, []byte(line))
		from = from.to
	}
}

// BenchmarkForeground is ping-pong with everything prepared: what of a turn is
// left to wait for.
func BenchmarkForeground(b *testing.B) {
	p := newPair(b, nil).secure()
	from := p.a
	var spent time.Duration
	for b.Loop() {
		for from.prepare() || from.to.prepare() {
		}
		start := time.Now()
		pass(b, from, []byte(line))
		spent += time.Since(start)
		from = from.to
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "foreground-ns/op")
}

func BenchmarkFragments(b *testing.B) {
	p := newPair(b, func(x, y *Config) { x.MaxFragment = 400 }).secure()
	text := []byte(strings.Repeat("x", 64<<10))
	b.SetBytes(64 << 10)
	b.ReportAllocs()
	for b.Loop() {
		pass(b, p.a, text)
	}
}

func BenchmarkSMP(b *testing.B) {
	p := newPair(b, nil).secure()
	for b.Loop() {
		p.a.take(p.a.Authenticate([]byte(line), ""))
		p.run()
		p.b.take(p.b.Answer([]byte(line)))
		p.run()
	}
}

func BenchmarkGenerateKey(b *testing.B) {
	for b.Loop() {
		if _, err := GenerateKey(nil); err != nil {
			b.Fatal(err)
		}
	}
}
