package otr

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/tlv"
	"culver/otrplugin/otr/internal/wire"
)

// hostile are messages that have broken OTR programs, or might: the triggers
// of published CVEs first.
var hostile = []string{
	"?OTR:===.",                           // CVE-2012-3461: nothing to decode
	"?OTR:AAMD.", "?OTR:AAID.", "?OTR:A.", // headers and less
	"?OTR,1,2,%s%s%n,",          // CVE-2012-2369: formats
	"%n%n?OTRv23?%s",            //
	"?OTR Error: %n%s <script>", //
	"?OTR,1,65535," + strings.Repeat("A", 65536) + ",", // CVE-2016-2851: lengths that overflow
	"?OTR,65535,65535,x,", "?OTR,65536,65536,x,", "?OTR,4294967296,4294967296,x,", "?OTR,0,0,,", "?OTR,-1,-1,x,",
	"?OTR|00000100|00001001,00001,00002,?OTR:,", "?OTR|ffffffffffffffffffff|0,1,1,x,", "?OTR|2002|1001,1,1,?OTR|2002|1001,1,1,x,,",
	"?OTR:" + strings.Repeat("/", 70000) + ".",
	"?OTR:AAMCAAAgAgAAEAH/////.", "?OTR:AAMKAAAgAgAAEAEAAAAA.", "?OTR:AAMKAAAgAgAAEAEAAAABAA==.", "?OTR:AAMKAAAgAgAAEAH/////.",
	"?OTR:AAMRAAAgAgAAEAEAAAAQ.", "?OTR:AAMSAAAgAgAAEAH//////////w==.", "?OTR:AAICAAAAAAAAAAA=.", "?OTR:AAEK.", "?OTR:AAED.",
	"?OTR?", "?OTRv?", "?OTR?v?", "?OTRv" + strings.Repeat("9", 5000) + "?", "?OTR", "?OTR:", "?OTR|", "?OTR,",
	discovery.TagBase, discovery.TagBase + discovery.TagV1 + discovery.TagV2 + discovery.TagV3, "x" + discovery.TagBase + strings.Repeat("\t", 4000), "\x00", "",
}

// private is a pair that fuzzers share: making one takes milliseconds.
var private = sync.OnceValue(func() *pair {
	return newPair(panics{}, func(a, b *Config) { b.Policy, b.EarlyWait = Opportunistic, earlyWait }).secure()
})

// panics is a testing.TB for set-up outside a test.
type panics struct{ testing.TB }

func (panics) Helper()                           {}
func (panics) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// reset forgets everything but the private conversation, so that one input's
// traces don't show in what the next one does.
func (s *Session) reset() {
	for tag, i := range s.instances {
		i.exchange.wipe()
		if i != s.live {
			delete(s.instances, tag)
		}
	}
	s.open, s.opened, s.early = nil, 0, nil
	s.fragments = fragment.Store{}
	s.errors, s.requests, s.offer = limiter{}, limiter{}, offerNone
}

func TestHostile(t *testing.T) {
	p := newPair(t, func(a, b *Config) { b.Policy = Opportunistic }).secure()
	fresh := newPair(t, nil)
	for _, msg := range hostile {
		p.b.take(p.b.Receive([]byte(msg)))
		fresh.a.take(fresh.a.Receive([]byte(msg)))
		if p.b.State() != Encrypted || fresh.a.State() != Plaintext {
			t.Fatalf("%.60q changed the state", msg)
		}
	}
	p.b.queue, p.b.texts = nil, nil
	p.a.say("hi")
	p.run()
	p.shown(p.b, "hi")
}

// FuzzReceive feeds one session that is private and one that is not with
// anything: as it is, and armoured behind a valid header, which gets deeper.
func FuzzReceive(f *testing.F) {
	for _, msg := range hostile {
		f.Add([]byte(msg), byte(0))
	}
	p := private()
	for _, e := range []*end{p.a, p.b} {
		for _, msg := range e.wire {
			f.Add(msg, byte(0))
			if body, dotted := wire.Unarmour(bytes.TrimPrefix(msg, []byte("?OTR:"))); dotted && len(body) > 11 {
				for kind := range byte(11) {
					f.Add(body[11:], kind)
				}
			}
		}
	}
	types := []wire.Type{wire.DHCommit, wire.DHKey, wire.RevealSig, wire.Signature, wire.Data}
	fresh := newPair(panics{}, func(a, _ *Config) { a.Rand = seeded(77) }).a
	f.Fuzz(func(t *testing.T, msg []byte, kind byte) {
		p.b.reset()
		fresh.Drop()
		if kind = kind % 11; kind > 0 {
			h := wire.Header{Version: 2 + uint16(kind)%2, Type: types[(kind-1)/2]}
			if h.Version == 3 {
				h.From, h.To = 0x1001, 0x2002
			}
			msg = wire.Armour(append(h.Append(nil), msg...))
		}
		r, _ := p.b.Receive(msg)
		if p.b.State() != Encrypted || p.b.TheirTag() != 0x1001 {
			t.Fatal("no longer private")
		}
		if r.Show && r.Sealed {
			t.Fatalf("%q came sealed", r.Text)
		}
		if r, _ = fresh.Receive(msg); fresh.State() != Plaintext || r.Sealed {
			t.Fatal("private out of nothing")
		}
		for _, w := range r.Wire {
			if len(w) > 100_000 {
				t.Fatal("a huge answer")
			}
		}
	})
}

// FuzzRecords feeds a private session with authenticated payloads of a
// hostile peer: records, SMP out of order, and so on.
func FuzzRecords(f *testing.F) {
	f.Add([]byte("text\x00\x00\x02\x00\x04\x00\x00\x00\x06"))
	f.Add([]byte("text\x00\x00\x07\x00\x05what?"))
	f.Add([]byte("\x00\x00\x07\x00\x06what?\x00"))
	f.Add([]byte("\x00\x00\x06\x00\x04\x00\x00\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\x00\x00"))
	f.Add([]byte("\x00\x00\x08\x00\x03abc\x00\x08\x00\x04abcd"))
	f.Add([]byte("\x00\x00\x01\x00\x00\x00\x01\x00\x00"))
	f.Add([]byte("\x00\x00\x02\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x00\xff\xff\x00\x00"))
	p := newPair(panics{}, func(_, b *Config) { b.EarlyWait = earlyWait }).secure()
	f.Fuzz(func(t *testing.T, payload []byte) {
		header := p.a.header(V3, wire.Data, 0x2002).Append(nil)
		msg, _ := p.a.live.keys.Seal(header, ratchet.IgnoreUnreadable, bytes.Clone(payload), false)
		r, err := p.b.Receive(wire.Armour(msg))
		if err != nil {
			t.Fatal(err)
		}
		text, records := tlv.Split(payload)
		if !bytes.Equal(r.Text, text) || r.Show != (len(text) > 0) {
			t.Fatalf("%q became %q", text, r.Text)
		}
		ends := false
		for _, rec := range records {
			ends = ends || rec.Type == tlv.Disconnected
		}
		if ends != (p.b.State() == Finished) {
			t.Fatal(p.b.State())
		}
		if len(r.Wire) > 6 {
			t.Fatalf("%d answers", len(r.Wire))
		}
		p.b.Abort()
		if ends {
			p.a.take(p.a.Start())
			p.run()
		}
	})
}

// FuzzOvertaken has the wire deliver what two users say to each other in any order,
// twice, changed, late or never. Nothing is shown that was not said, or out of order,
// or again; what waits is bounded, and for moments only.
func FuzzOvertaken(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x12\x02\x02"))
	f.Add([]byte("\x00\x00\x01\x01\x12\x13\x02\x03\x08\x00\x00\x22\x02\x02\x02"))
	f.Add([]byte("\x00\x00\x00\x04\x05\x12\x18\x02\x06\x06\x02"))
	f.Add([]byte("\x00\x00\x0a\x12\x02\x02\x02\x0b\x12\x02\x03\x03\x03\x02\x02\x09\x09"))
	f.Fuzz(func(t *testing.T, acts []byte) {
		p := patient(panics{}, AllowV3|ErrorStartsAKE)
		ends := []*end{p.a, p.b}
		said := map[*end]int{}
		for n, act := range acts[:min(len(acts), 80)] {
			e, at := ends[act&1], int(act>>4)
			at = min(at, len(e.queue)-1)
			switch what := act >> 1 & 7; {
			case what == 0:
				e.say(fmt.Sprintf("%06d", n))
				said[e]++
			case what == 4:
				p.pass(time.Second)
			case what == 5:
				e.take(e.Start())
			case at < 0:
			case what == 2:
				e.to.gets(e.queue[at]) // and again
			case what == 3:
				e.queue = append(e.queue[:at], e.queue[at+1:]...)
			case what == 6:
				e.to.gets(mutate(e.queue[at], change(n)%changes, n, nil))
			default:
				msg := e.queue[at]
				e.queue = append(e.queue[:at], e.queue[at+1:]...)
				e.to.gets(msg)
			}
			for _, e := range ends {
				if len(e.early) > maxEarly || e.State() != Encrypted {
					t.Fatalf("%s: %d messages wait, %v", e.name, len(e.early), e.State())
				}
			}
		}
		p.pass(earlyWait)
		for _, e := range ends {
			if _, due := e.Due(); due {
				t.Fatalf("%s: something waits for ever", e.name)
			}
			last, new := "", 0
			for _, text := range e.texts {
				if strings.HasPrefix(text, "[resent] ") || strings.HasPrefix(text, "CLEAR:") {
					continue
				}
				if len(text) != 6 || text <= last {
					t.Fatalf("%s saw %q after %q", e.name, text, last)
				}
				last = text
				new++
			}
			if new > said[e.to] {
				t.Fatalf("%s saw %d texts of %d", e.name, new, said[e.to])
			}
		}
	})
}
