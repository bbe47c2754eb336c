package ratchet

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

var random = rand.NewChaCha8([32]byte{'r'})

func newTwo(t testing.TB) (a, b *Ratchet) {
	t.Helper()
	x, err := modp.NewKeyPair(random)
	if err != nil {
		t.Fatal(err)
	}
	y, err := modp.NewKeyPair(random)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = New(random, &ake.Outcome{Own: x, Peer: y.Public, PeerID: 1, Secret: x.Shared(&y.Public)}, nil); err != nil {
		t.Fatal(err)
	}
	if b, err = New(random, &ake.Outcome{Own: y, Peer: x.Public, PeerID: 1, Secret: y.Shared(&x.Public)}, nil); err != nil {
		t.Fatal(err)
	}
	return a, b
}

var header = wire.Header{Version: 3, Type: wire.Data, From: 0x100, To: 0x200}

func seal(r *Ratchet, text string) []byte {
	msg, _ := r.Seal(header.Append(nil), 0, []byte(text), false)
	return msg
}

func open(r *Ratchet, msg []byte) (string, error) {
	in := wire.NewReader(msg)
	in.Header()
	m, err := Read(msg, in)
	if err != nil {
		return "", err
	}
	text, _, err := r.Open(nil, &m)
	return string(text), err
}

// revealed is the MAC keys that a message reveals.
func revealed(t *testing.T, msg []byte) []byte {
	t.Helper()
	in := wire.NewReader(msg)
	in.Header()
	in.Bytes(9)
	in.Data()
	in.Bytes(8)
	in.Data()
	in.Bytes(macSize)
	keys := in.Data()
	if !in.Done() || len(keys)%macSize != 0 {
		t.Fatal("does not parse")
	}
	return keys
}

func TestTurns(t *testing.T) {
	a, b := newTwo(t)
	var keys []byte
	for n := range 20 {
		for range n%3 + 1 {
			msg := seal(a, "there")
			keys = append(keys, revealed(t, msg)...)
			if text, err := open(b, msg); text != "there" || err != nil {
				t.Fatal(n, text, err)
			}
		}
		msg := seal(b, "back")
		keys = append(keys, revealed(t, msg)...)
		if text, err := open(a, msg); text != "back" || err != nil {
			t.Fatal(n, text, err)
		}
	}
	if a.ownID < 15 || b.ownID < 15 || a.peerID != b.ownID || b.peerID > a.ownID {
		t.Fatalf("no rotation: %d, %d", a.ownID, b.ownID)
	}
	if len(keys) < 20*macSize {
		t.Fatalf("%d bytes of MAC keys revealed", len(keys))
	}
	seen := make(map[string]bool)
	for ; len(keys) > 0; keys = keys[macSize:] {
		if seen[string(keys[:macSize])] {
			t.Fatal("a MAC key revealed twice")
		}
		seen[string(keys[:macSize])] = true
	}
}

// Every MAC key that is revealed is one with which some earlier message of
// the other side was made: so anybody could have made it, which is the point.
func TestRevealedKeysForge(t *testing.T) {
	a, b := newTwo(t)
	var sent [][]byte // by b
	forged := 0
	for range 12 {
		msg := seal(b, "deny this")
		sent = append(sent, msg)
		if _, err := open(a, msg); err != nil {
			t.Fatal(err)
		}
		msg = seal(a, "fine")
		if _, err := open(b, msg); err != nil {
			t.Fatal(err)
		}
		for keys := revealed(t, msg); len(keys) > 0; keys = keys[macSize:] {
			found := false
			for _, old := range sent {
				end := len(old) - 4 - len(revealed(t, old)) - macSize
				m := hmac.New(sha1.New, keys[:macSize])
				m.Write(old[:end])
				found = found || hmac.Equal(m.Sum(nil), old[end:end+macSize])
			}
			if !found {
				t.Fatal("a MAC key that made no message")
			}
			forged++
		}
	}
	if forged < 10 {
		t.Fatalf("%d MAC keys revealed", forged)
	}
}

// A MAC key may be revealed only when nothing is accepted with it any more.
func TestRevealedKeysAreDead(t *testing.T) {
	a, b := newTwo(t)
	for range 10 {
		for _, two := range [][2]*Ratchet{{a, b}, {b, a}} {
			from, to := two[0], two[1]
			keys := revealed(t, seal(from, "reveals"))
			for own := range from.pairs {
				for _, p := range from.pairs[own] {
					if p != nil && bytes.Contains(keys, p.recv.macKey[:]) {
						t.Fatal("a live MAC key revealed")
					}
				}
			}
			if _, err := open(to, seal(from, "turn")); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCrossing(t *testing.T) {
	a, b := newTwo(t)
	for range 10 {
		x, y, z := seal(a, "x"), seal(b, "y"), seal(a, "z")
		for msg, r := range map[string]*Ratchet{string(x): b, string(y): a} {
			if _, err := open(r, []byte(msg)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := open(b, z); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReplayAndOrder(t *testing.T) {
	a, b := newTwo(t)
	first, second := seal(a, "1"), seal(a, "2")
	if _, err := open(b, second); err != nil {
		t.Fatal(err)
	}
	for _, msg := range [][]byte{first, second} {
		if _, err := open(b, msg); !errors.Is(err, ErrUnreadable) {
			t.Fatal("an old counter accepted")
		}
	}
	for range 5 { // and after rotations
		open(a, seal(b, "x"))
		open(b, seal(a, "y"))
		if _, err := open(b, second); !errors.Is(err, ErrUnreadable) {
			t.Fatal("a replay accepted")
		}
	}
}

// No byte of a message may be changed on its way, and a failure changes nothing.
func TestTampering(t *testing.T) {
	a, b := newTwo(t)
	open(a, seal(b, "x"))
	open(b, seal(a, "y"))
	msg := seal(a, "text")
	end := len(msg) - 4 - len(revealed(t, msg)) // what follows is not covered, as the protocol has it
	id, peer := b.ownID, b.peerID
	for at := range end {
		bad := bytes.Clone(msg)
		bad[at] ^= 4
		if text, err := open(b, bad); err == nil {
			t.Fatalf("changed at %d: %q", at, text)
		}
	}
	for n := range msg {
		if _, err := open(b, msg[:n]); err == nil {
			t.Fatalf("cut at %d", n)
		}
	}
	if b.ownID != id || b.peerID != peer {
		t.Fatal("a forged message rotated keys")
	}
	if text, err := open(b, msg); text != "text" || err != nil {
		t.Fatal(text, err)
	}
}

// The next key is an element like any other: libotr forgets to check it. One
// in the group gets as far as the MAC.
func TestNextKeyRange(t *testing.T) {
	p := prime(t)
	near := func(n int64) []byte { return new(big.Int).Add(p, big.NewInt(n)).Bytes() }
	for _, c := range []struct {
		y    []byte
		want error
	}{
		{nil, ErrMalformed}, {[]byte{1}, ErrMalformed}, {near(-1), ErrMalformed}, {near(0), ErrMalformed}, {near(1), ErrMalformed},
		{bytes.Repeat([]byte{0xff}, modp.Size), ErrMalformed}, {bytes.Repeat([]byte{0x11}, modp.Size+1), ErrMalformed},
		{bytes.Repeat([]byte{0xff}, 1<<16), ErrMalformed}, {[]byte{2}, ErrUnreadable}, {near(-2), ErrUnreadable},
	} {
		msg := append(header.Append(nil), 0)
		msg = wire.AppendInt(wire.AppendInt(msg, 1), 1)
		msg = wire.AppendMPI(msg, c.y)
		msg = append(msg, 0, 0, 0, 0, 0, 0, 0, 1)
		msg = append(wire.AppendData(msg, []byte("x")), make([]byte, macSize)...)
		msg = wire.AppendData(msg, nil)
		_, b := newTwo(t)
		if _, err := open(b, msg); !errors.Is(err, c.want) {
			t.Errorf("next key %.20x (%d bytes): %v, want %v", c.y, len(c.y), err, c.want)
		}
	}
}

func TestExtraKeyAndWipe(t *testing.T) {
	a, b := newTwo(t)
	msg, extra := a.Seal(header.Append(nil), 1, []byte("x"), true)
	in := wire.NewReader(msg)
	in.Header()
	m, err := Read(msg, in)
	if err != nil || m.Flags != 1 {
		t.Fatal(err)
	}
	if _, got, err := b.Open(nil, &m); err != nil || got != extra || extra == [32]byte{} {
		t.Fatal("extra keys differ")
	}
	held := *b
	if keys := b.Wipe(); len(keys) != macSize {
		t.Fatalf("%d bytes left to reveal", len(keys))
	}
	if !b.wiped() || b.pairs != [2][2]*pair{} || b.reveal != nil {
		t.Fatal("not wiped")
	}
	for own, k := range held.own {
		if !gone(k) {
			t.Fatal("a private key is left")
		}
		for _, p := range held.pairs[own] {
			if p != nil && *p != (pair{}) {
				t.Fatal("derived keys are left")
			}
		}
	}
	(*Ratchet)(nil).Wipe()
	(*Ratchet)(nil).Reveal(nil)
}

// gone tells whether a private key was wiped: it makes no secret any more.
func gone(k *modp.KeyPair) (wiped bool) {
	defer func() { wiped = recover() != nil }()
	k.Shared(&k.Public)
	return false
}

// What was wiped does not go on with what is left, which everybody knows: a
// private key of 0, no key of the peer's, and numbers next to 0.
func TestWipedIsUseless(t *testing.T) {
	a, b := newTwo(t)
	open(a, seal(b, "x"))
	b.Wipe()
	if b.Prepare() != nil {
		t.Error("something to prepare")
	}
	one, two := modp.ExpG(nil), modp.ExpG([]byte{1})
	for _, forger := range []*pair{derive(&one, &two, &one), derive(&two, &one, &one)} {
		for _, ids := range [][2]uint32{{1, 1}, {0xffffffff, 0xffffffff}, {0, 0}, {0xffffffff, 1}} {
			tools := newTools()
			k := forger.send.ready(tools)
			msg := wire.AppendInt(wire.AppendInt(append(header.Append(nil), 0), ids[0]), ids[1])
			msg = wire.AppendMPI(msg, two.Bytes())
			msg = wire.AppendData(append(msg, 0, 0, 0, 0, 0, 0, 0, 1), []byte("forged"))
			msg = append(msg, tools.mac(k, msg)...)
			if text, err := open(b, wire.AppendData(msg, nil)); !errors.Is(err, ErrUnreadable) || text != "" {
				t.Errorf("keys %x: %q, %v", ids, text, err)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("sealed with wiped keys")
		}
	}()
	seal(b, "x")
}

// The last message of a conversation reveals what will be forgotten with it.
func TestLastReveals(t *testing.T) {
	a, b := newTwo(t)
	open(a, seal(b, "x"))
	msg, _ := a.Seal(header.Append(nil), 0, nil, true)
	if len(revealed(t, msg)) != macSize || len(a.Wipe()) != 0 {
		t.Fatal("not revealed, or twice")
	}
}

func BenchmarkOneWay(b *testing.B) {
	x, y := newTwo(b)
	for b.Loop() {
		if _, err := open(y, seal(x, "about a hundred bytes of text, which is a longish line in a chat, but not one that is unheard of")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPingPong(b *testing.B) {
	x, y := newTwo(b)
	for b.Loop() {
		if _, err := open(y, seal(x, "about a hundred bytes of text, which is a longish line in a chat, but not one that is unheard of")); err != nil {
			b.Fatal(err)
		}
		x, y = y, x
	}
}
