package otr

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// unread is what an end was told of.
func (e *end) unread() (texts []uint64) {
	for _, ev := range e.events {
		if ev.Kind == Unread {
			texts = append(texts, ev.Texts...)
		}
	}
	return texts
}

func (p *pair) unread(want ...uint64) {
	p.t.Helper()
	if got := p.a.unread(); !slices.Equal(got, want) {
		p.t.Errorf("unread: %d, want %d", got, want)
	}
	p.a.events = nil
}

// unsigned is a pair of which a has keys, and b has not: a's Signature message was lost,
// and so is all that b says of what a writes.
func unsigned(t *testing.T) *pair {
	p := newPair(t, nil)
	p.a.take(p.a.Start())
	p.a.deliverOne() // the query
	p.b.deliverOne() // D-H Commit
	p.a.deliverOne() // D-H Key
	p.b.deliverOne() // Reveal Signature
	p.a.queue = nil
	if p.a.State() != Encrypted || p.b.State() == Encrypted {
		t.Fatal(p.a.State(), p.b.State())
	}
	p.clock = p.clock.Add(time.Minute / 2)
	return p
}

// deaf has b get what a wrote, and nobody what b answers.
func (p *pair) deaf() {
	for len(p.a.queue) > 0 {
		p.a.deliverOne()
	}
	p.b.queue = nil
}

func TestTextsSealedWithKeysThatThePeerDoesNotHave(t *testing.T) {
	for name, then := range map[string]func(p *pair){
		"told by the peer's first text": func(p *pair) {
			p.b.say("here")
			p.run()
		},
		"told after a while": func(p *pair) {
			p.clock = p.clock.Add(formerAge + time.Second)
			p.a.take(p.a.Tick(), nil)
		},
		"told by the next keys": func(p *pair) { p.secure() },
	} {
		t.Run(name, func(t *testing.T) {
			p := unsigned(t)
			one, two := p.a.say("one"), p.a.say("two")
			p.deaf()
			p.clock = p.clock.Add(2 * time.Minute) // too old to be sent again
			p.a.take(p.a.Tick(), nil)
			p.unread()
			p.secure()
			p.unread()
			then(p)
			p.unread(one, two)
			then(p)
			p.unread()
			if slices.Contains(p.b.texts, "one") {
				t.Error("it was read")
			}
		})
	}
}

// What the peer may have read is not told of because keys change.
func TestNewKeysTellOfNoTextThatWasRead(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.say("hello")
	p.run()
	for range 3 {
		p.a.say("one")
		p.run()
		p.secure()
		p.clock = p.clock.Add(2 * formerAge)
		p.a.take(p.a.Tick(), nil)
		p.b.say("and?")
		p.run()
	}
	p.unread()
}

// A text between two key exchanges is read with the keys from before.
func TestTextsBetweenTwoExchanges(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.say("between")
	for len(p.a.queue) > 0 {
		p.a.deliverOne()
	}
	p.b.say("read")
	p.a.take(p.a.Start())
	kept := p.b.queue
	p.b.queue = nil
	p.a.deliverOne() // the query
	p.b.queue = append(p.b.queue, kept...)
	p.run() // the answer comes behind new keys
	p.clock = p.clock.Add(2 * formerAge)
	p.a.take(p.a.Tick(), nil)
	p.unread()
}

// Recent texts are sent again when the peer could not read them, and the user is told of
// the others.
func TestErrorWithManyTexts(t *testing.T) {
	p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic }).secure()
	p.b.say("hello")
	p.run()
	p.restart(Opportunistic)
	var numbers []uint64
	for n := range maxRecent + 5 {
		numbers = append(numbers, p.a.say(fmt.Sprint("text ", n)))
	}
	p.run()
	p.unread(numbers[:5]...)
	if got := len(p.b.texts); got != maxRecent {
		t.Errorf("%d texts were read", got)
	}
	p.b.say("thanks")
	p.run()
	p.unread()
}

// Somebody says that something could not be read, and then the conversation goes on with
// the same keys: nobody knows what it was.
func TestErrorAndNoNewKeys(t *testing.T) {
	for name, then := range map[string]func(p *pair){
		"the peer writes": func(p *pair) {
			p.b.say("hello")
			p.run()
		},
		"a minute": func(p *pair) {
			p.clock = p.clock.Add(recentAge + time.Second)
			p.a.take(p.a.Tick(), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, nil).secure()
			p.a.say("before")
			p.run()
			p.b.say("answer")
			p.run()
			one := p.a.say("one")
			p.a.Unsend(p.a.say("taken back"))
			p.run()
			p.a.take(p.a.Receive([]byte("?OTR Error: no")))
			p.unread()
			then(p)
			p.unread(one)
			then(p)
			p.unread()
		})
	}
}

// However keys and complaints are lost: each text that arrived was read, or is told of,
// or was sent again.
func TestNoTextIsLostUnnoticed(t *testing.T) {
	for seed := range uint64(80) {
		dice := rand.New(rand.NewPCG(seed, 7))
		p := newPair(t, func(a, b *Config) { a.Policy, b.Policy = Opportunistic, Opportunistic }).secure()
		step := func(e *end) {
			if len(e.queue) == 0 {
				return
			}
			data := bytes.HasPrefix(e.queue[0], []byte("?OTR:AAMD"))
			if !data && dice.IntN(4) == 0 {
				e.queue = e.queue[1:]
				return
			}
			e.deliverOne()
		}
		said := map[string]uint64{}
		for n := range 120 {
			switch p.clock = p.clock.Add(time.Duration(dice.IntN(3000)) * time.Millisecond); dice.IntN(12) {
			case 0:
				p.a.take(p.a.Start())
			case 1:
				p.b.take(p.b.Start())
			case 2:
				p.b.say("b")
			case 3, 4, 5:
				text := fmt.Sprint("text ", n)
				said[text] = p.a.say(text)
			case 6:
				p.a.take(p.a.Tick(), nil)
			default:
				step(p.a)
				step(p.b)
			}
		}
		for range 3 {
			p.run()
			p.clock = p.clock.Add(2 * time.Minute)
			p.a.take(p.a.Tick(), nil)
			p.b.take(p.b.Tick(), nil)
			p.secure()
			p.b.say("last")
		}
		told := p.a.unread()
		for text, number := range said {
			if !slices.Contains(p.b.texts, text) && !slices.Contains(p.b.texts, "[resent] "+text) && !slices.Contains(told, number) {
				t.Errorf("seed %d: %q was lost", seed, text)
			}
		}
		slices.Sort(told)
		if len(slices.Compact(told)) != len(told) {
			t.Errorf("seed %d: told twice", seed)
		}
	}
}
