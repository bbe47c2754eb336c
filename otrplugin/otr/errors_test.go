package otr

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What the peer could not read is sent again after the next key exchange: in
// order, with a prefix, the newest few, and nothing that is older than a minute.
func TestP42Resent(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for _, c := range []struct {
			prefix      string
			texts, want int
			wait        time.Duration
		}{{"", 1, 1, 0}, {"(again) ", 3, 3, time.Minute}, {"", 3, 0, time.Minute + time.Second}, {"", maxRecent + 5, maxRecent, 0}} {
			p := newPair(t, func(a, b *Config) { a.Policy, a.ResentPrefix = v, c.prefix }).secure()
			p.restart(Manual)
			for n := range c.texts {
				p.a.say(fmt.Sprint("canary ", n))
			}
			p.run()
			if !p.a.has(PeerError) || p.a.has(Resent) || p.a.State() != Encrypted {
				t.Fatal("something began by itself")
			}
			p.clock = p.clock.Add(c.wait)
			p.b.take(p.b.Start())
			p.run()
			prefix := c.prefix
			if prefix == "" {
				prefix = "[resent] "
			}
			var want []string
			for n := c.texts - c.want; n < c.texts; n++ {
				want = append(want, fmt.Sprint(prefix, "canary ", n))
			}
			p.shown(p.b, want...)
			if p.a.count(Resent) != c.want {
				t.Fatalf("%d events", p.a.count(Resent))
			}
			// And only once.
			p.a.take(p.a.Receive([]byte("?OTR Error: again")))
			p.b.take(p.b.Start())
			p.run()
			p.shown(p.b)
		}
	})
}

// An error is told, whatever is in it; it makes us ask for keys only if the
// policy says so, and only so often; and it ends nothing.
func TestP43Error(t *testing.T) {
	for _, c := range []struct {
		policy  Policy
		secure  bool
		queries int
	}{
		{Manual, false, 0}, {Manual, true, 0}, {Opportunistic, false, 2}, {Opportunistic, true, 2},
		{Always, false, 2}, {ErrorStartsAKE, false, 0},
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = c.policy })
		if c.secure {
			p.secure()
		}
		for minute := range 2 {
			p.a.events, p.a.queue = nil, nil
			for range 10 {
				p.a.take(p.a.Receive([]byte("?OTR Error: <b>%n</b> no ?OTR:AAMD. ")))
			}
			if len(p.a.queue) != c.queries || c.queries > 0 && !strings.HasPrefix(string(p.a.queue[0]), "?OTRv23?") {
				t.Errorf("%+v, minute %d: %q", c, minute, p.a.queue)
			}
			p.clock = p.clock.Add(time.Minute)
		}
		if c.policy.off() {
			continue // it is no error then but a text
		}
		if p.a.count(PeerError) != 10 || p.a.events[0].Text != "<b>%n</b> no ?OTR:AAMD." || len(p.a.texts) > 0 {
			t.Errorf("%+v: %v, %q", c, p.a.events, p.a.texts)
		}
		if (p.a.State() == Encrypted) != c.secure {
			t.Errorf("%+v: %v", c, p.a.State())
		}
	}
}

// An error that was one too many in its minute is told when that is over, once: the peer
// would think that what he sent last was read. Keys exchanged meanwhile make up for it,
// and so does the end of the conversation.
func TestErrorsTooManyAreToldLater(t *testing.T) {
	unread := func(e *end) bool { return e.untold != 0 }
	for name, c := range map[string]struct {
		then func(p *pair)
		told bool
	}{
		"nothing happens":       {func(p *pair) {}, true},
		"keys are exchanged":    {func(p *pair) { p.secure() }, false},
		"the user ends it":      {func(p *pair) { p.b.take(p.b.End()) }, false},
		"the session is closed": {func(p *pair) { p.b.Close() }, false},
	} {
		p := newPair(t, nil).secure()
		p.b.Drop()
		for n := range errorsAMinute + 2 {
			p.a.say(fmt.Sprint("canary ", n))
			p.a.deliverOne()
		}
		if len(p.b.queue) != errorsAMinute || !unread(p.b) {
			t.Fatalf("%s: %d errors were told", name, len(p.b.queue))
		}
		p.run()
		c.then(p)
		p.run()
		p.b.wire = nil
		for range 3 {
			p.pass(time.Minute / 2)
		}
		if told := len(p.b.wire) == 1 && strings.HasPrefix(string(p.b.wire[0]), "?OTR Error: "); told != c.told || !told && len(p.b.wire) > 0 {
			t.Errorf("%s: told %q", name, p.b.wire)
		}
		if _, due := p.b.Due(); due {
			t.Errorf("%s: more is due", name)
		}
	}
}
