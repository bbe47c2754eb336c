package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"culver/otrplugin/otr"
)

// world is one conversation of two users.
type world struct {
	cast
	seed    uint64
	dice    *rand.Rand
	clock   time.Time
	clients []*client
	all     []*client  // and those that are gone
	ends    [2]int     // how often either user ended a private conversation
	heard   [2]*client // which program of a user was heard of last
	mallory [2]*client // towards each user, as the other one
	links   [2]*link   // towards each user
	ledger  ledger
	script  []string
	fault   error
	sent    int
	tally   tally
}

// tally is what happened in conversations.
type tally struct {
	steps, messages, texts, sessions, forged int
}

func (t *tally) add(o tally) {
	t.steps += o.steps
	t.messages += o.messages
	t.texts += o.texts
	t.sessions += o.sessions
	t.forged += o.forged
}

func (t tally) String() string {
	return fmt.Sprintf("%d steps, %d messages (%d forged), %d sealed texts, %d private conversations", t.steps, t.messages, t.forged, t.texts, t.sessions)
}

// longTerm are the long-term keys: of either user, and of who is neither.
var longTerm = sync.OnceValues(func() (keys [3]*otr.PrivateKey, err error) {
	for i := range keys {
		if keys[i], err = otr.GenerateKey(rand.NewChaCha8([32]byte{byte(i)})); err != nil {
			return keys, err
		}
	}
	return keys, nil
})

// play plays the conversation of that seed. The world is as it was when a rule
// was broken, if one was.
func play(seed uint64, c cast) (w *world, err error) {
	w, err = newWorld(seed, c)
	if err != nil {
		return w, err
	}
	defer func() {
		if r := recover(); r != nil {
			w.fail("panic: %v\n%s", r, debug.Stack())
		}
		w.close()
		if w.fault != nil {
			err = fmt.Errorf("seed %d: %w", seed, w.fault)
		}
	}()
	for range c.steps {
		if w.fault != nil {
			return w, nil
		}
		w.step()
		w.tally.steps++
	}
	w.repair()
	return w, nil
}

// newWorld makes a world in which nothing has happened yet.
func newWorld(seed uint64, c cast) (*world, error) {
	keys, err := longTerm()
	if err != nil {
		return nil, err
	}
	w := &world{
		cast: c, seed: seed, dice: rand.New(rand.NewPCG(seed, 2)), clock: time.Unix(1_700_000_000, 0),
		links: [2]*link{{}, {}}, ledger: newLedger(),
	}
	w.note("%+v", c)
	for n, k := range keys {
		w.ledger.keys[n] = k.Fingerprint()
	}
	for u := range 2 {
		for n := range c.clients[u] {
			if err := w.join(u, n); err != nil {
				w.close()
				return nil, err
			}
		}
		if c.mallory {
			tag := []uint32{0x3003, tagOf(1-u, 0)}[w.dice.IntN(2)]
			m := &client{name: fmt.Sprint("mallory", u), user: 1 - u, key: 2, may: otr.Manual}
			m.engine = newCulver(w.config(2, tag, nil), w.dice.Uint64(), &w.clock)
			w.mallory[u] = m
			w.all = append(w.all, m)
		}
	}
	return w, nil
}

// close ends all programs.
func (w *world) close() {
	for _, c := range w.all {
		c.close()
	}
}

// tagOf is the instance tag of program n of user u.
func tagOf(u, n int) uint32 { return 0x1000*uint32(1+u) + uint32(n) }

// join adds program n of user u.
func (w *world) join(u, n int) error {
	c := &client{name: fmt.Sprintf("%c%d", 'a'+u, n), user: u, key: u, libotr: u == w.libotr, may: w.may[u]}
	tag := tagOf(u, n)
	if c.libotr {
		p, err := newPipe(u, tag, w.dice.Uint64())
		if err != nil {
			return err
		}
		p.policy(c.may)
		p.fragment(w.pieces[u])
		c.engine = p
		w.ledger.keys[u] = otr.Fingerprint{}
	} else {
		var release func(otr.Fingerprint) bool
		if w.careful {
			release = func(f otr.Fingerprint) bool {
				right := w.ledger.keys[1-u]
				return f == right || right == otr.Fingerprint{}
			}
		}
		cfg := w.config(u, tag, release)
		cfg.Policy = c.may
		cfg.MaxFragment = w.pieces[u]
		c.engine = newCulver(cfg, w.dice.Uint64(), &w.clock)
	}
	w.clients, w.all = append(w.clients, c), append(w.all, c)
	w.heard[u] = c
	return nil
}

// config is what a session of the holder of that key is made with.
func (w *world) config(key int, tag uint32, release func(otr.Fingerprint) bool) otr.Config {
	keys, _ := longTerm()
	cfg := otr.Config{Key: keys[key], InstanceTag: tag, Policy: otr.Manual, MayRelease: release}
	if w.patient {
		cfg.EarlyWait = earlyWait
	}
	return cfg
}

// note adds a line to the transcript.
func (w *world) note(format string, args ...any) {
	w.script = append(w.script, fmt.Sprintf(format, args...))
}

// fail says which rule was broken. The first time counts.
func (w *world) fail(format string, args ...any) {
	if w.fault == nil {
		w.fault = fmt.Errorf(format, args...)
		w.note("BROKEN: %v", w.fault)
	}
}

// transcript is all that happened.
func (w *world) transcript() string { return strings.Join(w.script, "\n") + "\n" }

// act has a program do something, checks the rules, and puts what comes of it
// on the wire.
func (w *world) act(c *client, verb, arg string) outcome {
	before := c.state()
	o := c.do(verb, arg)
	after := c.state()
	w.noteAct(c, verb, arg, o, before, after)
	if strings.HasPrefix(o.failed, fatal) {
		w.fault = errors.New(o.failed)
		return o
	}
	if verb == "end" && before.State == otr.Encrypted {
		w.ends[c.user]++
	}
	if verb == "send" {
		w.ledger.newest.held = o.held
	}
	w.check(c, verb, arg, before, after, o)
	for _, e := range o.events {
		switch e.Kind {
		case otr.AskSecret, otr.AskAnswer:
			c.asked = true
		case otr.GoneSecure:
			w.tally.sessions++
		}
	}
	for _, msg := range o.wire {
		w.put(1-c.user, packet{from: c, msg: msg, forged: c.key == 2})
	}
	return o
}

// put puts a packet on the wire towards user u.
func (w *world) put(u int, p packet) {
	w.sent++
	p.n = w.sent
	w.tally.messages++
	w.links[u].queue = append(w.links[u].queue, p)
	w.note("      #%d to %c: %.70q", p.n, 'a'+u, p.msg)
}

// noteAct writes an act down.
func (w *world) noteAct(c *client, verb, arg string, o outcome, before, after state) {
	s := fmt.Sprintf("%-8s %s", c.name, verb)
	if verb != "recv" && arg != "" {
		s += fmt.Sprintf(" %.50q", arg)
	}
	if before.State != after.State || before.session != after.session {
		s += fmt.Sprintf("; %v(%x)->%v(%x)", before.State, before.session, after.State, after.session)
	}
	for _, e := range o.events {
		s += " " + e.Kind.String()
	}
	if o.held {
		s += " held"
	}
	if o.shown != nil {
		s += fmt.Sprintf(" shows(sealed=%v) %.50q", o.shown.sealed, o.shown.text)
	}
	for _, x := range o.more {
		s += fmt.Sprintf(" then shows %.50q", x.text)
	}
	if o.failed != "" {
		s += " (" + o.failed + ")"
	}
	w.note("%s", s)
}
