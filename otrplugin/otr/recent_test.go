package otr

import (
	"fmt"
	"testing"
	"time"
)

// Of many texts that nobody answered the latest are kept, in order, for as long
// as each may be sent again.
func TestRecentTexts(t *testing.T) {
	for _, c := range []struct {
		texts int
		pause time.Duration // before the last five
		first int           // that is sent again
	}{
		{texts: 2}, {texts: maxRecent}, {texts: maxRecent + 1, first: 1}, {texts: 2*maxRecent + 5, first: maxRecent + 5},
		{texts: maxRecent + 9, pause: recentAge, first: maxRecent + 4}, {texts: 7, pause: recentAge, first: 2},
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic }).secure()
		p.restart(Opportunistic)
		for n := range c.texts {
			if n == c.texts-5 {
				p.clock = p.clock.Add(c.pause)
			}
			p.clock = p.clock.Add(time.Second / 2)
			p.a.say(fmt.Sprint("text ", n))
		}
		p.a.Tick()
		kept := p.a.recentTexts()
		p.run()
		var want []string
		for n := c.first; n < c.texts; n++ {
			want = append(want, fmt.Sprint("[resent] text ", n))
		}
		p.shown(p.b, want...)
		if len(p.a.recent) != 0 {
			t.Fatalf("%d texts are kept", len(p.a.recent))
		}
		for _, k := range kept {
			for _, c := range k.text {
				if c != 0 {
					t.Fatal("a text is not wiped")
				}
			}
		}
	}
}

// A text that was taken back is not sent again, wherever it stands among many;
// the others are, in order.
func TestUnsend(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts int
		back  []int
	}{
		{"the only one", 1, []int{0}}, {"the first", 3, []int{0}}, {"the last", 3, []int{2}}, {"all", 3, []int{1, 0, 2}},
		{"in a full ring", maxRecent + 5, []int{maxRecent + 4, 7, 5}}, {"one long gone", maxRecent + 1, []int{0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic }).secure()
			p.restart(Opportunistic)
			var numbers []uint64
			for n := range c.texts {
				p.clock = p.clock.Add(time.Second)
				numbers = append(numbers, p.a.say(fmt.Sprint("text ", n)))
			}
			kept := p.a.recentTexts()
			gone := map[int]bool{}
			for _, n := range c.back {
				p.a.Unsend(numbers[n])
				gone[n] = true
			}
			for _, k := range kept {
				for n := range gone {
					if string(k.text) == fmt.Sprint("text ", n) {
						t.Error("a text is not wiped")
					}
				}
			}
			p.run()
			var want []string
			for n := max(0, c.texts-maxRecent); n < c.texts; n++ {
				if !gone[n] {
					want = append(want, fmt.Sprint("[resent] text ", n))
				}
			}
			p.shown(p.b, want...)
		})
	}
}

// Texts may be the same, and what is typed afterwards is kept as before.
func TestUnsendOneOfTwo(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic }).secure()
	p.restart(Opportunistic)
	p.a.say("same")
	p.a.say("between")
	p.a.Unsend(p.a.say("same"))
	p.a.Unsend(0)
	p.a.Unsend(1000)
	p.a.say("after")
	p.run()
	p.shown(p.b, "[resent] same", "[resent] between", "[resent] after")
}

// The caller is told which messages complete which texts that were sent again, whole or in
// pieces.
func TestAgain(t *testing.T) {
	for _, size := range []int{0, 200} {
		p := newPair(t, func(a, b *Config) { a.Policy, a.MaxFragment = Opportunistic, size }).secure()
		p.restart(Opportunistic)
		texts := map[uint64]string{}
		for n := range 3 {
			text := fmt.Sprint("text ", n)
			texts[p.a.say(text)] = ResentPrefix + text
		}
		var r Result
		for len(r.Again) == 0 && len(p.a.queue)+len(p.b.queue) > 0 {
			if len(p.a.queue) > 0 {
				p.a.deliverOne()
				continue
			}
			msg := p.b.queue[0]
			p.b.queue = p.b.queue[1:]
			r, _ = p.a.take(p.a.Receive(msg))
		}
		if len(r.Again) != len(texts) {
			t.Fatalf("sent again: %v", r.Again)
		}
		for n := range r.Wire {
			p.b.texts = nil
			p.a.deliverOne()
			if text, again := r.Again[n]; again {
				p.shown(p.b, texts[text])
			} else {
				p.shown(p.b)
			}
		}
	}
}
