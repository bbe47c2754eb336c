package storage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"culver/im"
)

// people talk for ten years, always the same: a thousand of them, some much more
// than others, in words of which a few are said again and again.
type people struct {
	conversations []im.ConvID
	words         []string
	who, what     []float64 // sums of the shares
	step          time.Duration
}

func newPeople(lines int) *people {
	r := rand.New(rand.NewPCG(1, 2))
	p := &people{step: 10 * 365 * 24 * time.Hour / time.Duration(lines+1)}
	for i := range 1000 {
		p.conversations = append(p.conversations, im.ConvID{Account: alice, Peer: fmt.Sprintf("somebody%d@example.org", i)})
	}
	seen := map[string]bool{}
	for len(p.words) < 50_000 {
		var w strings.Builder
		for range 1 + r.IntN(4) {
			w.WriteByte("bcdfghjklmnprstvwz"[r.IntN(18)])
			w.WriteByte("aeiou"[r.IntN(5)])
			if r.IntN(3) == 0 {
				w.WriteByte("lmnrst"[r.IntN(6)])
			}
		}
		if !seen[w.String()] {
			seen[w.String()] = true
			p.words = append(p.words, w.String())
		}
	}
	p.who, p.what = shares(len(p.conversations), 0.8), shares(len(p.words), 1)
	return p
}

// long is the word of that rank, or the next that has five letters at least.
func (p *people) long(rank int) string {
	for len(p.words[rank]) < 5 {
		rank++
	}
	return p.words[rank]
}

// shares are the sums of 1/i^s (Zipf's law).
func shares(n int, s float64) []float64 {
	sums, sum := make([]float64, n), 0.0
	for i := range n {
		sum += 1 / math.Pow(float64(i+1), s)
		sums[i] = sum
	}
	return sums
}

func choose(r *rand.Rand, sums []float64) int {
	i, _ := slices.BinarySearch(sums, r.Float64()*sums[len(sums)-1])
	return min(i, len(sums)-1)
}

// Some words are common, but never in the same line; others are, but never side by side.
var (
	apart   = [2]string{"lefthand", "righthand"}
	between = [2]string{"opening", "closing"}
)

// line is one line of the talk, of about 80 bytes.
func (p *people) line(i int) im.Message {
	r := rand.New(rand.NewPCG(uint64(i), 3))
	var text strings.Builder
	for n := 20 + r.IntN(120); text.Len() < n; {
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(p.words[choose(r, p.what)])
	}
	switch share := r.IntN(10); share {
	case 0, 1:
		text.WriteString(" " + apart[share])
	case 2:
		said := text.String()
		text.Reset()
		text.WriteString(between[0] + " " + said + " " + between[1])
	}
	c := p.conversations[choose(r, p.who)]
	return im.Message{ID: fmt.Sprintf("%016x", r.Uint64()), Conv: c, Out: r.IntN(2) == 0, From: im.Addr{Bare: c.Peer, Resource: "phone"},
		Text: im.Plain(text.String()), Time: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * p.step)}
}
