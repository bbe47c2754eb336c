package otr

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// A pair is two sessions with a wire between them that tests may look at and
// meddle with.
type pair struct {
	t     testing.TB
	clock time.Time
	a, b  *end
}

type end struct {
	*Session
	name   string
	to     *end
	queue  [][]byte // on the wire towards to
	events []Event
	texts  []string // as shown; unsealed ones start with "CLEAR:"
	errs   []error
	wire   [][]byte // everything ever sent
}

var keys = sync.OnceValue(func() (k [3]*PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = GenerateKey(rand.NewChaCha8([32]byte{byte(i)})); err != nil {
			panic(err)
		}
	}
	return k
})

func newPair(t testing.TB, change func(a, b *Config)) *pair {
	t.Helper()
	p := &pair{t: t, clock: time.Unix(1700000000, 0)}
	now := func() time.Time { return p.clock }
	a := Config{Key: keys()[0], InstanceTag: 0x1001, Policy: Manual, Rand: rand.NewChaCha8([32]byte{'a'}), Now: now}
	b := Config{Key: keys()[1], InstanceTag: 0x2002, Policy: Manual, Rand: rand.NewChaCha8([32]byte{'b'}), Now: now}
	if change != nil {
		change(&a, &b)
	}
	p.a, p.b = &end{Session: New(a), name: "alice"}, &end{Session: New(b), name: "bob"}
	p.a.to, p.b.to = p.b, p.a
	return p
}

func (e *end) take(r Result, err error) (Result, error) {
	for _, w := range r.Wire {
		e.queue = append(e.queue, bytes.Clone(w))
		e.wire = append(e.wire, bytes.Clone(w))
	}
	e.events = append(e.events, r.Events...)
	if r.Show {
		text := string(r.Text)
		if !r.Sealed {
			text = "CLEAR:" + text
		}
		e.texts = append(e.texts, text)
	}
	if err != nil {
		e.errs = append(e.errs, err)
	}
	for _, x := range r.Then {
		e.take(x, nil)
	}
	return r, err
}

// deliverOne hands the oldest message on the wire from e to the other end.
func (e *end) deliverOne() {
	msg := e.queue[0]
	e.queue = e.queue[1:]
	e.to.take(e.to.Receive(msg))
}

// run delivers until the wire is empty, taking turns.
func (p *pair) run() {
	p.t.Helper()
	for n := 0; len(p.a.queue)+len(p.b.queue) > 0; n++ {
		if n > 100000 {
			p.t.Fatal("the two never stop talking")
		}
		if len(p.a.queue) > 0 {
			p.a.deliverOne()
		}
		if len(p.b.queue) > 0 {
			p.b.deliverOne()
		}
	}
}

func (p *pair) secure() *pair {
	p.t.Helper()
	p.a.take(p.a.Start())
	p.run()
	if p.a.State() != Encrypted || p.b.State() != Encrypted {
		p.t.Fatalf("states %v, %v", p.a.State(), p.b.State())
	}
	return p
}

func (e *end) say(text string) (number uint64) {
	r, _ := e.take(e.Send([]byte(text)))
	return r.Number
}

func (e *end) has(k EventKind) bool {
	for _, ev := range e.events {
		if ev.Kind == k {
			return true
		}
	}
	return false
}

func (e *end) count(k EventKind) (n int) {
	for _, ev := range e.events {
		if ev.Kind == k {
			n++
		}
	}
	return n
}

func (p *pair) want(e *end, k EventKind) {
	p.t.Helper()
	if !e.has(k) {
		p.t.Fatalf("%s: no event %v in %v", e.name, k, e.events)
	}
}

func (p *pair) shown(e *end, texts ...string) {
	p.t.Helper()
	if strings.Join(e.texts, "\x00") != strings.Join(texts, "\x00") {
		p.t.Fatalf("%s saw %q, want %q", e.name, e.texts, texts)
	}
	e.texts = nil
}

func (p *pair) noErrors() {
	p.t.Helper()
	if len(p.a.errs)+len(p.b.errs) > 0 {
		p.t.Fatalf("errors: %v, %v", p.a.errs, p.b.errs)
	}
}

func eachVersion(t *testing.T, test func(t *testing.T, v Policy)) {
	t.Run("v2", func(t *testing.T) { test(t, AllowV2) })
	t.Run("v3", func(t *testing.T) { test(t, AllowV3) })
}

func TestConversation(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.noErrors()
		p.want(p.a, GoneSecure)
		p.want(p.b, GoneSecure)
		if f, ok := p.a.PeerFingerprint(); !ok || f != keys()[1].Fingerprint() {
			t.Fatal("wrong fingerprint")
		}
		ida, firsta := p.a.SessionID()
		idb, firstb := p.b.SessionID()
		if ida != idb || firsta == firstb || ida == [8]byte{} {
			t.Fatal("session ids differ")
		}
		var wantA, wantB []string
		for turn := range 12 {
			text := strings.Repeat("x", turn*300) + " ünïcödé \n<b>&lt; ?OTR is just text"
			p.a.say(text)
			wantB = append(wantB, text)
			if turn%3 > 0 {
				p.a.say("again")
				wantB = append(wantB, "again")
			}
			if turn%2 > 0 {
				p.run()
			}
			p.b.say("back " + text)
			wantA = append(wantA, "back "+text)
			p.run()
		}
		p.shown(p.a, wantA...)
		p.shown(p.b, wantB...)
		p.noErrors()
		p.b.take(p.b.End())
		p.run()
		p.want(p.a, PeerEnded)
		p.want(p.b, Ended)
		if p.a.State() != Finished || p.b.State() != Plaintext {
			t.Fatal("states after the end")
		}
		if r, err := p.a.Send([]byte("lost?")); err != ErrFinished || len(r.Wire) > 0 {
			t.Fatal("sent in Finished")
		}
		for _, w := range append(p.a.wire, p.b.wire...) {
			if bytes.Contains(w, []byte("just text")) {
				t.Fatal("a private text went in clear")
			}
		}
	})
}

func TestSMP(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy, a.MaxFragment, b.MaxFragment = v, 200, 200 }).secure()
		for _, c := range []struct {
			from             *end
			question, s1, s2 string
			want             EventKind
		}{
			{p.a, "", "secret", "secret", SMPSuccess},
			{p.a, "", "secret", "Secret", SMPFailure},
			{p.b, "", "gëheim", "gëheim", SMPSuccess},
			{p.b, "Who?", "me", "me", SMPSuccess},
			{p.a, "Who?", "me", "you", SMPFailure},
		} {
			p.a.events, p.b.events = nil, nil
			c.from.take(c.from.Authenticate([]byte(c.s1), c.question))
			p.run()
			if c.question == "" {
				p.want(c.from.to, AskSecret)
			} else if p.want(c.from.to, AskAnswer); c.from.to.events[0].Text != c.question {
				t.Fatal("another question")
			}
			c.from.to.take(c.from.to.Answer([]byte(c.s2)))
			p.run()
			p.want(p.a, c.want)
			p.want(p.b, c.want)
			if p.a.SMPRunning() || p.b.SMPRunning() {
				t.Fatal("still running")
			}
		}
		p.noErrors()
	})
}
