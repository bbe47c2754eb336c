package otr

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// drama is one and the same conversation each time, with messages of all kinds.
type drama struct {
	*pair
	want map[*end][]string // texts
}

func newDrama(t testing.TB, v Policy) *drama {
	return &drama{newPair(t, func(a, b *Config) { a.Policy = v }), make(map[*end][]string)}
}

func (d *drama) tells(e *end, text string) {
	e.say(text)
	d.want[e.to] = append(d.want[e.to], text)
}

// act is a part of it, after which nothing is on the wire.
type act struct {
	name string
	play func(d *drama)
}

var acts = []act{
	{"start", func(d *drama) { d.a.take(d.a.Start()) }},
	{"talk", func(d *drama) { d.tells(d.a, "one") }},
	{"answer", func(d *drama) { d.tells(d.b, "two") }},
	{"crossing", func(d *drama) { d.tells(d.a, "three"); d.tells(d.b, "four") }},
	{"heartbeat", func(d *drama) { d.a.take(d.a.Heartbeat()) }},
	{"extra key", func(d *drama) { _, r, err := d.b.ExtraKey(7, []byte("use")); d.b.take(r, err) }},
	{"records", func(d *drama) {
		d.want[d.b] = append(d.want[d.b], "five")
		d.a.take(d.a.SendTLV([]byte("five"), 99, []byte("value")))
	}},
	{"refresh", func(d *drama) { d.b.take(d.b.Start()) }},
	{"talk again", func(d *drama) { d.tells(d.b, "six") }},
	{"SMP", func(d *drama) { d.a.take(d.a.Authenticate([]byte("s"), "Who?")) }},
	{"SMP answered", func(d *drama) { d.b.take(d.b.Answer([]byte("s"))) }},
	{"end", func(d *drama) { d.b.take(d.b.End()) }},
}

// recorded are the messages of the drama, up to the act that begins with "SMP"
// if short.
func recorded(v Policy, short bool) (n int, ofAct []string) {
	d := newDrama(panics{}, v)
	for _, act := range acts {
		if short && strings.HasPrefix(act.name, "SMP") {
			break
		}
		act.play(d)
		was := len(d.a.wire) + len(d.b.wire) - len(d.a.queue) - len(d.b.queue)
		d.run()
		for range len(d.a.wire) + len(d.b.wire) - was {
			ofAct = append(ofAct, act.name)
		}
	}
	return len(ofAct), ofAct
}

// next is who has the oldest message on the wire, taking turns as run does.
func (d *drama) next(n int) *end {
	if e := []*end{d.a, d.b}[n%2]; len(e.queue) > 0 {
		return e
	}
	return []*end{d.b, d.a}[n%2]
}

// sealed are the texts that e was shown as sealed, but for those that it was
// told it had missed.
func (e *end) sealed() (texts []string) {
	for _, text := range e.texts {
		if !strings.HasPrefix(text, "CLEAR:") && !strings.HasPrefix(text, "[resent] ") {
			texts = append(texts, text)
		}
	}
	return texts
}

// injected plays the drama, and just before message n arrives, a changed one
// does. What is shown as sealed is what was typed, once and in order; the
// conversation does not become less private by it; and it works afterwards.
func injected(t testing.TB, v Policy, n int, change func([]byte) []byte) {
	t.Helper()
	d := newDrama(t, v)
	count, done := 0, false
	for _, act := range acts {
		act.play(d)
		for turn := 0; len(d.a.queue)+len(d.b.queue) > 0; turn++ {
			if turn > 500 {
				t.Fatalf("%s: the two never stop talking", act.name)
			}
			e := d.next(turn)
			if count == n {
				d.inject(e, act.name, change(bytes.Clone(e.queue[0])))
				done = true
			}
			count++
			e.deliverOne()
		}
		if done {
			d.works(act.name)
			return
		}
	}
	t.Fatalf("there is no message %d", n)
}

// inject hands the changed message to who waits for the genuine one from e.
func (d *drama) inject(e *end, act string, msg []byte) {
	d.t.Helper()
	before := e.to.State()
	r, _ := e.to.take(e.to.Receive(msg))
	switch now := e.to.State(); {
	case now == before, now == Finished && act == "end", now == Encrypted:
	default:
		d.t.Fatalf("%s: from %v to %v by %q", act, before, now, msg)
	}
	if f, ok := e.to.PeerFingerprint(); ok && f != e.cfg.Key.Fingerprint() {
		d.t.Fatalf("%s: private with a stranger", act)
	}
	if r.Show && !r.Sealed && before != Plaintext && !slices.ContainsFunc(r.Events, func(ev Event) bool { return ev.Kind == ReceivedUnencrypted }) {
		d.t.Fatalf("%s: %q came in clear, and nobody is told", act, r.Text)
	}
}

// works checks what the act came to, and that the conversation goes on.
func (d *drama) works(act string) {
	d.t.Helper()
	for _, e := range []*end{d.a, d.b} {
		if got := e.sealed(); !slices.Equal(got, d.want[e]) {
			d.t.Fatalf("%s: %s was shown %q, want %q", act, e.name, got, d.want[e])
		}
		if act == "SMP answered" && !e.has(SMPSuccess) {
			d.t.Fatalf("%s: %s has %v", act, e.name, e.events)
		}
	}
	switch {
	case act == "end":
		if d.a.State() != Finished || d.b.State() != Plaintext {
			d.t.Fatalf("%v, %v after the end", d.a.State(), d.b.State())
		}
		d.secure()
	case act == "start" && (d.a.State() != Encrypted || d.b.State() != Encrypted): // it hangs, as it may
		d.clock = d.clock.Add(2 * time.Minute)
		d.a.take(d.a.Tick(), nil)
		d.b.take(d.b.Tick(), nil)
		d.secure()
	}
	for _, e := range []*end{d.a, d.b, d.a} {
		d.tells(e, "afterwards")
		d.run()
		if got := e.to.sealed(); !slices.Equal(got, d.want[e.to]) {
			d.t.Fatalf("%s: %s was shown %q, want %q", act, e.to.name, got, d.want[e.to])
		}
	}
	for _, e := range []*end{d.a, d.b} {
		for _, w := range e.wire {
			if bytes.Contains(w, []byte("afterwards")) {
				d.t.Fatal("in clear")
			}
		}
	}
}

// Every bit of every data message, and many of every other one.
func TestMalleability(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		n, ofAct := recorded(v, testing.Short())
		for n := range n {
			dice := rand.New(rand.NewPCG(uint64(n), uint64(v)))
			tries := 12
			if strings.HasPrefix(ofAct[n], "SMP") {
				tries = 2
			}
			for try := range tries {
				how := change(try % int(changes))
				at, data := dice.IntN(2000), make([]byte, 1+dice.IntN(8))
				for k := range data {
					data[k] = byte(dice.IntN(256))
				}
				injected(t, v, n, func(msg []byte) []byte { return mutate(msg, how, at, data) })
			}
		}
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.a.say("genuine")
		m := p.lastData(p.a)
		for bit := range len(m.msg) * 8 {
			if bit/8 >= m.at.mac+20 {
				break // what is revealed is not part of what is said
			}
			r, err := p.b.Receive(wire.Armour(put(m.msg, bit/8, m.msg[bit/8]^1<<(bit%8))))
			if r.Show || err == nil && bit/8 >= m.at.flags { // before, it may be for somebody else, or nothing that we speak
				t.Fatalf("bit %d: %q, %v", bit, r.Text, err)
			}
		}
		p.run()
		p.shown(p.b, "genuine")
	})
}

// FuzzMalleability changes one message of a conversation.
func FuzzMalleability(f *testing.F) {
	lengths := make(map[Policy]int)
	for _, v := range []Policy{AllowV2, AllowV3} {
		lengths[v], _ = recorded(v, false)
	}
	for n := range byte(lengths[AllowV3]) {
		f.Add(n, n%2 == 0, byte(n)%byte(changes), uint16(n)*37, []byte(fmt.Sprint("seed ", n)))
	}
	f.Fuzz(func(t *testing.T, n byte, two bool, how byte, at uint16, data []byte) {
		v := AllowV3
		if two {
			v = AllowV2
		}
		injected(t, v, int(n)%lengths[v], func(msg []byte) []byte {
			return mutate(msg, change(how)%changes, int(at), data)
		})
	})
}
