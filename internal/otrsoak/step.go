package main

import (
	"slices"
	"strings"
	"time"

	"culver/otrplugin/otr"
)

// step is something that a user, the clock or the wire does.
func (w *world) step() {
	c := w.clients[w.dice.IntN(len(w.clients))]
	w.prepare(c)
	switch n := w.dice.IntN(40); {
	case n < 6:
		w.say(c)
	case n < 8:
		w.act(c, "start", "")
	case n == 8:
		if w.dice.IntN(3) == 0 {
			w.act(c, "end", "")
		}
	case n == 9:
		if w.dice.IntN(6) == 0 {
			w.act(c, []string{"drop", "restart"}[w.dice.IntN(2)], "")
			c.asked = false
		}
	case n == 10:
		w.act(c, []string{"smp", "smpq"}[w.dice.IntN(2)], w.secret(c))
	case n < 13:
		if c.asked {
			c.asked = false
			w.act(c, "answer", w.secret(c))
		}
	case n == 13:
		if w.mallory[0] != nil && c.state().peer == w.ledger.keys[2] {
			break // Nobody releases what waits to somebody else.
		}
		w.act(c, []string{"abort", "heartbeat", "extrakey", "tlv", "release", "select"}[w.dice.IntN(6)], string(rune('a'+w.dice.IntN(3))))
	case n == 14:
		w.wait(time.Duration(w.dice.IntN(40)) * time.Second)
	case n == 15:
		if w.dice.IntN(5) == 0 {
			w.wait(time.Duration(60+w.dice.IntN(100)) * time.Second)
		}
	case n == 16:
		if w.restless {
			w.change(c)
		}
	case n == 17:
		if m := w.mallory[w.dice.IntN(2)]; m != nil {
			w.meddle(m)
		}
	case n < 20:
		if w.faults > 0 && w.dice.IntN(4) == 0 {
			u := w.dice.IntN(2)
			w.tally.forged++
			w.put(u, packet{msg: w.forge(u), forged: true})
		}
	case n == 20:
		if w.dice.IntN(4) == 0 {
			w.quiesce()
		}
	default:
		u := w.dice.IntN(2)
		if len(w.links[u].queue) == 0 {
			u = 1 - u
		}
		for range 1 + w.dice.IntN(4) {
			w.transport(u)
		}
	}
}

// prepare has a program work out keys before it needs them, sooner or later.
func (w *world) prepare(c *client) {
	switch {
	case w.prepares == 100: // as a program does that is in no hurry
		for _, verb := range []string{"prepare", "run", "adopt"} {
			w.act(c, verb, "")
		}
	case w.dice.IntN(100) < w.prepares:
		w.act(c, []string{"prepare", "run", "adopt"}[w.dice.IntN(3)], "")
	}
}

// say has a user type something. Words that may not be seen by others are
// marked, so that it is found out if they are.
func (w *world) say(c *client) {
	mark := open
	if st := c.state(); st.State != otr.Plaintext || c.may&otr.RequireEncryption != 0 {
		mark = secret
	}
	if c.libotr {
		mark = theirs
	}
	if c.key == 2 {
		mark = stranger
	}
	text := w.ledger.enter(c, mark)
	switch w.dice.IntN(8) {
	case 0:
		text += strings.Repeat(" <b>ünïcödé</b>\n", w.dice.IntN(40))
	case 1:
		text += " ?OTR is just text"
	}
	w.act(c, "send", text)
}

// secret is what a user enters to authenticate the other one.
func (w *world) secret(c *client) string {
	switch {
	case c.key == 2:
		return "mallory's"
	case w.same:
		return "shared"
	default:
		return c.name[:1]
	}
}

// wait lets time pass.
func (w *world) wait(d time.Duration) {
	w.note("%v pass", d)
	w.clock = w.clock.Add(d)
	for _, c := range w.clients {
		c.advance(d)
		w.act(c, "poll", "")
	}
}

// change changes settings of a program.
func (w *world) change(c *client) {
	if w.dice.IntN(2) == 0 {
		size := []int{0, 64, 100, 400, 1400}[w.dice.IntN(5)]
		w.note("%s: at most %d bytes", c.name, size)
		c.fragment(size)
		return
	}
	base := w.may[c.user] & otr.Manual
	if w.dice.IntN(8) == 0 {
		base = 0
	}
	c.may = base | []otr.Policy{0, otr.RequireEncryption, otr.Opportunistic &^ otr.Manual, otr.Always &^ otr.Manual}[w.dice.IntN(4)]
	w.note("%s: policy %b", c.name, c.may)
	c.policy(c.may)
}

// meddle has who sits on the wire do something in the name of the other user.
func (w *world) meddle(m *client) {
	switch w.dice.IntN(6) {
	case 0, 1:
		w.act(m, "start", "")
	case 2, 3:
		w.say(m)
	case 4:
		w.act(m, []string{"smp", "end", "answer", "heartbeat"}[w.dice.IntN(4)], w.secret(m))
	default:
		w.act(m, []string{"drop", "poll"}[w.dice.IntN(2)], "")
	}
}

// transport carries the next message to user u, or does something worse to it.
func (w *world) transport(u int) {
	l := w.links[u]
	if len(l.queue) == 0 {
		return
	}
	if w.dice.IntN(100) >= w.faults {
		w.deliver(u, true)
		return
	}
	p := &l.queue[0]
	switch w.dice.IntN(6) {
	case 0:
		w.note("      #%d is lost", p.n)
		l.queue = l.queue[1:]
	case 1:
		w.note("      #%d comes twice", p.n)
		again := *p
		w.deliver(u, true)
		l.queue = append([]packet{again}, l.queue...)
		w.deliver(u, true)
	case 2:
		if i := w.dice.IntN(len(l.queue)); !w.ordered && i > 0 {
			w.note("      #%d and #%d are swapped", p.n, l.queue[i].n)
			l.queue[0], l.queue[i] = l.queue[i], l.queue[0]
		}
	case 3:
		w.note("      #%d is cut", p.n)
		p.msg = p.msg[:w.dice.IntN(len(p.msg)+1)]
		p.forged = true
		w.deliver(u, false)
	case 4:
		if len(l.past) > 0 {
			old := l.past[w.dice.IntN(len(l.past))]
			w.note("      #%d comes again", old.n)
			l.queue = append([]packet{old}, l.queue...)
			w.deliver(u, false)
		}
	default:
		w.tally.forged++
		w.put(u, packet{msg: w.forge(u), forged: true})
	}
}

// deliver hands the next message to user u: to all of his programs or to the
// one last heard of.
func (w *world) deliver(u int, whole bool) (answers int) {
	l := w.links[u]
	if len(l.queue) == 0 || w.fault != nil {
		return 0
	}
	p := l.queue[0]
	l.queue = l.queue[1:]
	if whole && !p.forged {
		l.remember(p, w.dice)
	}
	w.note("      #%d arrives", p.n)
	if p.from != nil && p.from.key != 2 {
		w.heard[p.from.user] = p.from
	}
	if m := w.mallory[1-u]; m != nil && p.from != m && !p.forged && w.dice.IntN(3) == 0 {
		// Mallory reads along towards 1-u, who sent it, and may keep it.
		w.act(m, "recv", string(p.msg))
		if w.dice.IntN(2) == 0 {
			return 0
		}
	}
	for _, c := range w.clients {
		if c.user == u && (w.forked || c == w.heard[u]) {
			if o := w.act(c, "recv", string(p.msg)); len(o.wire) > 0 {
				answers++
			}
		}
	}
	return answers
}

// quiesce delivers everything, without faults: the programs must come to rest.
func (w *world) quiesce() {
	waiting := len(w.links[0].queue) + len(w.links[1].queue)
	w.note("All is delivered.")
	answers := 0
	for len(w.links[0].queue)+len(w.links[1].queue) > 0 && w.fault == nil {
		for u := range 2 {
			answers += w.deliver(u, true)
		}
		if bound := (40 + 6*waiting) * len(w.clients); answers > bound {
			w.fail("%d answers to %d messages, and no end", answers, waiting)
		}
		if len(w.links[0].queue)+len(w.links[1].queue) == 0 && w.someWait() {
			w.wait(earlyWait)
		}
	}
}

// someWait tells whether messages that arrived wait for others.
func (w *world) someWait() bool {
	return slices.ContainsFunc(w.clients, func(c *client) bool {
		e, ok := c.engine.(*culver)
		if !ok {
			return false
		}
		_, waits := e.s.Due()
		return waits
	})
}

// repair ends the faults: with a new start, soon, the users who are left talk
// in private.
func (w *world) repair() {
	if w.fault != nil {
		return
	}
	w.note("The wire is repaired.")
	w.mallory = [2]*client{}
	if w.dice.IntN(2) == 0 {
		w.links[0].queue, w.links[1].queue = nil, nil
	}
	w.quiesce()
	var left [2]*client
	for u := range left {
		var all []*client
		for _, c := range w.clients {
			if c.user == u {
				all = append(all, c)
			}
		}
		left[u] = all[w.dice.IntN(len(all))]
		left[u].may = w.may[u]
		left[u].policy(left[u].may)
		w.heard[u] = left[u]
	}
	w.clients = left[:]
	w.forked = true
	starter := left[w.dice.IntN(2)]
	const tries = 6
	for n := range tries {
		w.wait(15 * time.Second)
		w.quiesce()
		if n > 0 && w.libotr >= 0 {
			// A libotr that took a commit for another one answers all further ones
			// with its last Signature: then only its own commit helps.
			starter = left[1-starter.user]
		}
		w.act(starter, "start", "")
		w.quiesce()
		a, b := left[0].state(), left[1].state()
		if a.State == otr.Encrypted && b.State == otr.Encrypted && a.session == b.session {
			break
		}
		if w.fault == nil && n == tries-1 {
			w.fail("still not private after %d new starts: %v, %v", tries, a.State, b.State)
		}
	}
	for _, c := range left {
		other := left[1-c.user]
		if w.fault != nil {
			return
		}
		if !c.libotr {
			w.act(c, "release", "")
			w.quiesce()
		}
		n := len(w.ledger.seen[other])
		w.say(c)
		w.quiesce()
		if w.fault == nil && len(w.ledger.seen[other]) == n {
			w.fail("%s sees nothing of what %s says in private", other.name, c.name)
		}
	}
	w.note("%v", w.tally)
}
