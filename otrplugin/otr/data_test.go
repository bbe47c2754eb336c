package otr

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/tlv"
	"culver/otrplugin/otr/internal/wire"
)

// sniffed is a data message as anybody on the wire sees it. At tells where in
// msg the fields begin that tests change.
type sniffed struct {
	msg        []byte
	header     wire.Header
	flags      byte
	sender, to uint32
	next       []byte
	ctr        []byte
	enc, mac   []byte
	revealed   []byte
	at         struct{ flags, sender, to, next, ctr, enc, mac int }
}

// sniff takes a message of the wire apart; ok is false for all but whole data
// messages.
func sniff(w []byte) (m sniffed, ok bool) {
	if !bytes.HasPrefix(w, []byte(wire.Prefix)) {
		return m, false
	}
	m.msg, _ = wire.Unarmour(w[len(wire.Prefix):])
	in := wire.NewReader(m.msg)
	at := func() int { return len(m.msg) - len(in.Rest()) }
	if m.header = in.Header(); m.header.Type != wire.Data {
		return m, false
	}
	m.at.flags, m.flags = at(), in.Byte()
	m.at.sender, m.sender = at(), in.Int()
	m.at.to, m.to = at(), in.Int()
	m.at.next, m.next = at(), in.Data()
	m.at.ctr, m.ctr = at(), in.Bytes(8)
	m.at.enc, m.enc = at(), in.Data()
	m.at.mac, m.mac = at(), in.Bytes(20)
	m.revealed = in.Data()
	return m, in.Done()
}

// lastData is the newest data message from e.
func (p *pair) lastData(e *end) sniffed {
	p.t.Helper()
	for n := len(e.wire) - 1; n >= 0; n-- {
		if m, ok := sniff(e.wire[n]); ok {
			return m
		}
	}
	p.t.Fatal("no data message")
	return sniffed{}
}

// payload makes e send a payload of any kind, as a hostile peer could.
func (e *end) payload(flags byte, payload []byte) []byte {
	i := e.live
	msg, _ := i.keys.Seal(e.header(i.version, wire.Data, i.tag).Append(nil), flags, bytes.Clone(payload), false)
	return wire.Armour(msg)
}

// quiet makes e forget what it has said, and whom it has told how often.
func (e *end) quiet() {
	e.events, e.errs, e.queue, e.texts = nil, nil, nil, nil
	e.Session.errors, e.Session.untold, e.Session.requests = limiter{}, 0, limiter{}
}

// put replaces the bytes of a message from an offset on.
func put(msg []byte, at int, b ...byte) []byte {
	msg = bytes.Clone(msg)
	copy(msg[at:], b)
	return msg
}

func TestP33Layout(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		p.a.say("hello")
		m := p.lastData(p.a)
		if m.flags != 0 || m.sender != 1 || m.to != 1 || len(m.next) != 192 || !bytes.Equal(m.ctr, []byte{0, 0, 0, 0, 0, 0, 0, 1}) ||
			len(m.enc) != len("hello\x00") || len(m.revealed) != 0 {
			t.Fatalf("%+v", m)
		}
		if want := (wire.Header{Version: 3, Type: wire.Data, From: 0x1001, To: 0x2002}); v == AllowV3 && m.header != want {
			t.Fatalf("%+v", m.header)
		}
		good := p.a.queue[0]
		p.a.queue = nil
		// Not a byte less, and none more.
		for n := range len(m.msg) {
			r, err := p.b.Receive(wire.Armour(m.msg[:n]))
			if r.Show || err == nil && n > 2 {
				t.Fatalf("%d of %d bytes: %q, %v", n, len(m.msg), r.Text, err)
			}
		}
		p.b.quiet()
		p.b.take(p.b.Receive(wire.Armour(append(bytes.Clone(m.msg), 0))))
		p.want(p.b, Malformed)
		p.shown(p.b)
		// The dot at the end may be missing.
		p.b.take(p.b.Receive(bytes.TrimSuffix(good, []byte("."))))
		p.shown(p.b, "hello")
	})
}

func TestP34IgnoreUnreadable(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		flags := func(e *end, want byte, r Result, err error) {
			t.Helper()
			e.take(r, err)
			if m := p.lastData(e); m.flags != want || err != nil {
				t.Fatalf("flags %d, want %d (%v)", m.flags, want, err)
			}
			p.run()
		}
		r, err := p.a.Send([]byte("x"))
		flags(p.a, 0, r, err)
		r, err = p.a.SendTLV([]byte("x"), 99, nil)
		flags(p.a, 0, r, err)
		r, err = p.a.Heartbeat()
		flags(p.a, 1, r, err)
		_, r, err = p.a.ExtraKey(1, nil)
		flags(p.a, 1, r, err)
		r, err = p.a.Authenticate([]byte("s"), "")
		flags(p.a, 1, r, err)
		r, err = p.b.Answer([]byte("s"))
		flags(p.b, 1, r, err) // and, as run goes on, messages 3 and 4
		for _, e := range []*end{p.a, p.b} {
			if m := p.lastData(e); m.flags != 1 {
				t.Fatal("SMP without the flag")
			}
		}
		r, err = p.a.Authenticate([]byte("s"), "Who?")
		flags(p.a, 1, r, err)
		r, err = p.b.Abort()
		flags(p.b, 1, r, err)

		// What nobody misses may be unreadable, nonsense or late: nobody is told.
		p.a.take(p.a.Heartbeat())
		beat := p.lastData(p.a)
		p.a.queue = nil
		p.b.quiet()
		for _, spoilt := range [][]byte{
			put(beat.msg, beat.at.mac, 0), beat.msg[:len(beat.msg)-1], put(beat.msg, beat.at.sender, 0, 0, 0, 0),
			put(beat.msg, beat.at.next, 0, 0, 0, 0xff),
		} {
			if r, err := p.b.Receive(wire.Armour(spoilt)); err == nil || len(r.Wire)+len(r.Events) > 0 {
				t.Fatalf("%v, %+v", err, r)
			}
		}
		r, err = p.a.End()
		flags(p.a, 1, r, err)
		other := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		if r, err := p.a.Receive(other.b.payload(ratchet.IgnoreUnreadable, []byte{0})); err == nil || len(r.Wire)+len(r.Events) > 0 {
			t.Fatalf("stray: %v, %+v", err, r)
		}
	})
}

// What can't be read and what makes no sense are told apart, to the user and
// the peer, and neither changes anything.
func TestP36Unreadable(t *testing.T) {
	id := func(n uint32) []byte { return wire.AppendInt(nil, n) }
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		for range 3 { // so that there are previous keys
			p.a.say("x")
			p.run()
			p.b.say("y")
			p.run()
		}
		p.a.say("read before")
		before := p.a.queue[0]
		p.run()
		p.a.say("good")
		good, m := p.a.queue[0], p.lastData(p.a)
		p.a.queue = nil
		for name, c := range map[string]struct {
			msg  []byte
			want EventKind
		}{
			"sender key 0":            {put(m.msg, m.at.sender, id(0)...), Unreadable},
			"sender key too old":      {put(m.msg, m.at.sender, id(m.sender-2)...), Unreadable},
			"sender key too new":      {put(m.msg, m.at.sender, id(m.sender+1)...), Unreadable},
			"sender key far off":      {put(m.msg, m.at.sender, id(0xffffffff)...), Unreadable},
			"sender key not that one": {put(m.msg, m.at.sender, id(m.sender-1)...), Unreadable},
			"recipient key 0":         {put(m.msg, m.at.to, id(0)...), Unreadable},
			"recipient key too old":   {put(m.msg, m.at.to, id(m.to-2)...), Unreadable},
			"recipient key too new":   {put(m.msg, m.at.to, id(m.to+2)...), Unreadable},
			"recipient key far off":   {put(m.msg, m.at.to, id(0xffffffff)...), Unreadable},
			"flags":                   {put(m.msg, m.at.flags, 2), Unreadable},
			"counter":                 {put(m.msg, m.at.ctr+7, m.ctr[7]+1), Unreadable},
			"text":                    {put(m.msg, m.at.enc+4, m.enc[0]^1), Unreadable},
			"MAC":                     {put(m.msg, m.at.mac+19, m.mac[19]^1), Unreadable},
			"length of the text":      {put(m.msg, m.at.enc, 0xff), Malformed},
			"length of the next key":  {put(m.msg, m.at.next+3, 191), Malformed},
			"something behind":        {append(bytes.Clone(m.msg), 1), Malformed},
			"something missing":       {m.msg[:len(m.msg)-1], Malformed},
			"nothing but a header":    {m.msg[:m.at.flags], Malformed},
		} {
			p.b.quiet()
			r, err := p.b.take(p.b.Receive(wire.Armour(c.msg)))
			wantErr := map[EventKind]error{Unreadable: ErrUnreadable, Malformed: ErrMalformed}[c.want]
			if !errors.Is(err, wantErr) || len(r.Events) != 1 || r.Events[0].Kind != c.want {
				t.Errorf("%s: %v, %v", name, err, r.Events)
			}
			text := map[EventKind]ErrorCode{Unreadable: ErrorUnreadable, Malformed: ErrorMalformed}[c.want].english()
			if r.Show || len(r.Wire) != 1 || string(r.Wire[0]) != "?OTR Error: "+text {
				t.Errorf("%s: shown %q, answered %q", name, r.Text, r.Wire)
			}
		}
		p.b.quiet()
		for range 2 { // the counter must grow
			p.b.take(p.b.Receive(before))
			p.want(p.b, Unreadable)
		}
		p.shown(p.b)
		p.b.take(p.b.Receive(good))
		p.shown(p.b, "good")
	})
}

// The next key of the peer must be in the group, though it is only used later.
func TestP39NextKey(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.say("good")
	good, m := p.a.queue[0], p.lastData(p.a)
	p.a.queue = nil
	zero := make([]byte, 192)
	for name, y := range map[string][]byte{
		"0": append(bytes.Clone(zero[:191]), 0), "1": append(bytes.Clone(zero[:191]), 1), "2^1536-1": bytes.Repeat([]byte{0xff}, 192),
	} {
		p.b.quiet()
		p.b.take(p.b.Receive(wire.Armour(put(m.msg, m.at.next+4, y...))))
		if len(p.b.events) != 1 || p.b.events[0].Kind != Malformed || len(p.b.queue) != 1 {
			t.Errorf("%s: %v", name, p.b.events)
		}
	}
	p.b.take(p.b.Receive(good))
	p.shown(p.b, "good")
}

// The text ends at the first NUL; an empty one is a heartbeat.
func TestP40Text(t *testing.T) {
	p := newPair(t, nil).secure()
	for payload, want := range map[string]string{
		"text": "text", "text\x00": "text", "text\x00\x00\x63\x00\x01\x00": "text", "text\x00garbage": "text", "\x00": "", "": "",
		"\x00\x00\x63\x00\x00": "", "a\x00\x00": "a", "\xff\xfe\x00": "\xff\xfe",
	} {
		p.b.events = nil
		r, err := p.b.take(p.b.Receive(p.a.payload(0, []byte(payload))))
		if err != nil || string(r.Text) != want || r.Show != (want != "") || r.Show && !r.Sealed {
			t.Errorf("%q: %q, %v, %v", payload, r.Text, r.Show, err)
		}
		if beat := payload == "" || payload == "\x00"; p.b.has(HeartbeatReceived) != beat {
			t.Errorf("%q: heartbeat %v", payload, !beat)
		}
		if r.Show && (r.From != keys()[0].Fingerprint() || r.FromTag != 0x1001) {
			t.Errorf("%q: from %v, %x", payload, r.From, r.FromTag)
		}
	}
}

// Who only listens sends something empty now and then, so that keys change.
func TestP41Heartbeat(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v }).secure()
		beats := func(want int, after time.Duration) {
			t.Helper()
			p.clock = p.clock.Add(after)
			p.a.events, p.b.events = nil, nil
			p.a.say("news")
			p.run()
			if got := p.b.count(HeartbeatSent); got != want || p.a.count(HeartbeatReceived) != want {
				t.Fatalf("%d heartbeats after %v, want %d", got, after, want)
			}
			if p.a.has(HeartbeatSent) {
				t.Fatal("a heartbeat is answered")
			}
			p.shown(p.a)
		}
		beats(0, time.Second)
		beats(0, 59*time.Second)
		beats(1, time.Second) // since the keys were exchanged
		beats(0, 60*time.Second)
		beats(1, time.Second)
		p.b.say("something")
		p.run()
		p.a.texts = nil
		beats(0, 60*time.Second)
		// Only what is shown counts.
		p.clock = p.clock.Add(time.Hour)
		p.b.events = nil
		p.a.take(p.a.Heartbeat())
		p.a.take(p.a.SendTLV(nil, tlv.Padding, make([]byte, 9)))
		p.run()
		if p.b.has(HeartbeatSent) {
			t.Fatal("a heartbeat for nothing")
		}
	})
	p := newPair(t, func(a, b *Config) { b.HeartbeatInterval = -1 }).secure()
	p.clock = p.clock.Add(time.Hour)
	p.a.say("news")
	p.run()
	if p.b.has(HeartbeatSent) {
		t.Fatal("a heartbeat though switched off")
	}
}
