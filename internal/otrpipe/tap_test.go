package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// tapped is a data message as anybody on the wire sees it.
type tapped struct {
	flags      byte
	sender, to uint32
	next       []byte
	ctr        uint64
	all        []byte // what the MAC covers
	mac        []byte
	revealed   [][]byte
	raw        []byte
	at         map[string]int // where fields begin in raw
}

// tap takes a whole message apart; ok is false for all but data messages.
func tap(line string) (m tapped, ok bool) {
	body, found := strings.CutPrefix(line, "?OTR:")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(body, "."))
	if !found || err != nil || len(raw) < 3 || raw[2] != 3 {
		return m, false
	}
	m.raw, m.at = raw, make(map[string]int)
	rest := raw[3:]
	take := func(name string, n int) []byte {
		m.at[name] = len(raw) - len(rest)
		if n > len(rest) {
			panic("a data message is too short for its " + name)
		}
		v := rest[:n]
		rest = rest[n:]
		return v
	}
	number := func(name string) uint32 { return binary.BigEndian.Uint32(take(name, 4)) }
	if raw[1] == 3 {
		take("tags", 8)
	}
	m.flags = take("flags", 1)[0]
	m.sender, m.to = number("sender"), number("to")
	m.next = take("key", int(number("next")))
	m.ctr = binary.BigEndian.Uint64(take("ctr", 8))
	take("text", int(number("enc")))
	m.all = raw[:len(raw)-len(rest)]
	m.mac = take("mac", 20)
	for keys := take("keys", int(number("reveal"))); len(keys) > 0; keys = keys[20:] {
		m.revealed = append(m.revealed, keys[:20])
	}
	return m, len(rest) == 0
}

// armour is the line of a message that tap took apart and a test changed.
func armour(raw []byte) string { return "?OTR:" + base64.StdEncoding.EncodeToString(raw) + "." }

// changed is raw with other bytes from an offset on.
func changed(raw []byte, at int, b ...byte) []byte {
	raw = bytes.Clone(raw)
	copy(raw[at:], b)
	return raw
}

// whole puts pieces together, and leaves everything else as it is.
func whole(lines []string) (messages []string) {
	var b strings.Builder
	for _, line := range lines {
		if !strings.HasPrefix(line, "?OTR|") && !strings.HasPrefix(line, "?OTR,") {
			messages = append(messages, line)
			continue
		}
		f := strings.SplitN(line, ",", 4) // mark and tags, number, count, piece
		b.WriteString(strings.TrimSuffix(f[3], ","))
		if f[1] == f[2] {
			messages = append(messages, b.String())
			b.Reset()
		}
	}
	return messages
}

// data are all data messages that p ever sent.
func (p *wirePeer) data() (all []tapped) {
	for _, line := range whole(p.sent) {
		if m, ok := tap(line); ok {
			all = append(all, m)
		}
	}
	return all
}

// last is the newest data message of p.
func (p *wirePeer) last() tapped {
	p.t.Helper()
	all := p.data()
	if len(all) == 0 {
		p.t.Fatalf("%s has sent no data message", p.name)
	}
	return all[len(all)-1]
}

func TestDataOnTheWire(t *testing.T) {
	stage(t,
		scenario{name: "P33 P35 P37 key numbers", play: keyNumbers},
		scenario{name: "P34 flags", play: flags},
		scenario{name: "P38 MAC keys revealed", play: macKeysRevealed},
	)
}

// keyNumbers: on a schedule of sending and reading at random, every message
// names the keys that the rules of rotation say, announces the same next key as
// long as that is the next, and counts up with each pair of keys.
func keyNumbers(s *scene) {
	s.secure(s.a)
	type side struct {
		own, peer uint32 // newest
		next      []byte
		of        uint32 // the number of next
		ctr       map[[2]uint32]uint64
		wire      []tapped
		lines     [][]string
	}
	sides := map[*wirePeer]*side{}
	for _, p := range []*wirePeer{s.a, s.b} {
		sides[p] = &side{own: 2, peer: 1, ctr: make(map[[2]uint32]uint64)}
	}
	dice := rand.New(rand.NewPCG(3, uint64(len(s.Name()))))
	for n := range 240 {
		p := []*wirePeer{s.a, s.b}[dice.IntN(2)]
		d := sides[p]
		if len(d.wire) == 0 || len(d.wire) < 4 && dice.IntN(3) == 0 {
			s.do(p, "send %d", n)
			m, ok := tap(whole(p.queue)[0])
			if !ok || m.sender != d.own-1 || m.to != d.peer {
				s.Fatalf("message %d from %s names the keys %d and %d, not %d and %d", n, p.name, m.sender, m.to, d.own-1, d.peer)
			}
			pair := [2]uint32{m.sender, m.to}
			if d.of == d.own && !bytes.Equal(m.next, d.next) || m.ctr != d.ctr[pair]+1 {
				s.Fatalf("message %d from %s: key %d changed, or counter %d after %d", n, p.name, d.own, m.ctr, d.ctr[pair])
			}
			d.next, d.of, d.ctr[pair] = m.next, d.own, m.ctr
			d.wire, d.lines = append(d.wire, m), append(d.lines, p.queue)
			p.queue = nil
			continue
		}
		o := s.other(p)
		for _, line := range d.lines[0] {
			s.do(o, "recv %s", escape(line))
		}
		m := d.wire[0]
		d.wire, d.lines = d.wire[1:], d.lines[1:]
		if m.to == sides[o].own {
			sides[o].own++
		}
		if m.sender == sides[o].peer {
			sides[o].peer++
		}
	}
	for _, p := range []*wirePeer{s.a, s.b} {
		if sides[p].own < 10 {
			s.Fatalf("%s has come to key %d only", p.name, sides[p].own)
		}
		for n, text := range p.texts {
			if text[0] != "encrypted" {
				s.Fatalf("text %d of %s is %q", n, p.name, text)
			}
		}
	}
}

// flags: what nobody misses is marked so, and nothing else.
func flags(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		for _, c := range []struct {
			from    *wirePeer
			command string
			want    byte
		}{
			{p, "send text", 0}, {p, "tlv 1234 00 text", 0}, {p, "heartbeat", 1}, {p, "extrakey 1 00", 1},
			{p, "smp s", 1}, {o, "answer s", 1}, {p, "smpq s Who?", 1}, {o, "abort", 1},
		} {
			s.do(c.from, "%s", c.command)
			s.run() // messages 3 and 4 of SMP, too
			from := []*wirePeer{c.from}
			if c.command == "answer s" {
				from = append(from, s.other(c.from))
			}
			for _, e := range from {
				if m := e.last(); m.flags != c.want {
					s.Fatalf("%s: flags %d from %s, want %d", c.command, m.flags, e.name, c.want)
				}
			}
		}
	}
	s.do(s.a, "end")
	s.run()
	if s.a.last().flags != 1 {
		s.Fatal("the end is not marked")
	}
}

// macKeysRevealed: in messages from one side are, once each, exactly the keys
// with which messages of the other side were made: anybody could have made
// those. What is not revealed yet was made with keys that are still in use.
func macKeysRevealed(s *scene) {
	s.secure(s.a)
	for n := range 8 {
		for range n%3 + 1 {
			s.say(s.a, fmt.Sprint("there ", n))
		}
		s.say(s.b, fmt.Sprint("back ", n))
	}
	for _, p := range []*wirePeer{s.a, s.b} {
		theirs := s.other(p).data()
		open := make(map[int]bool)
		for n := range theirs {
			open[n] = true
		}
		seen := make(map[string]bool)
		for _, m := range p.data() {
			for _, key := range m.revealed {
				if seen[string(key)] {
					s.Fatalf("%s has revealed a key twice", p.name)
				}
				seen[string(key)] = true
				fits := 0
				for n, t := range theirs {
					mac := hmac.New(sha1.New, key)
					mac.Write(t.all)
					if hmac.Equal(mac.Sum(nil), t.mac) {
						fits++
						delete(open, n)
					}
				}
				if fits == 0 {
					s.Fatalf("%s has revealed a key with which nothing was made", p.name)
				}
			}
		}
		if len(seen) < 6 {
			s.Fatalf("%s has revealed %d keys", p.name, len(seen))
		}
		for n := range open {
			if m := theirs[n]; m.to+2 < p.last().sender+1 {
				s.Fatalf("message %d of %s, for key %d, can't be forged though %s is at %d", n, s.other(p).name, m.to, p.name, p.last().sender)
			}
		}
	}
}
