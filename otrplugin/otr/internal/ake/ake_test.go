package ake

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"culver/otrplugin/otr/internal/dsa"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

var random = rand.NewChaCha8([32]byte{'a', 'k', 'e'})

var keys2 = sync.OnceValue(func() (k [2]*dsa.PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = dsa.Generate(random); err != nil {
			panic(err)
		}
	}
	return k
})

// exchange runs the four messages; spoil may change each on its way.
func exchange(t testing.TB, spoil func(n int, body []byte) []byte) (a, b *Outcome, err error) {
	t.Helper()
	if spoil == nil {
		spoil = func(_ int, body []byte) []byte { return body }
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	i, err := NewInitiator(random)
	must(err)
	c, err := ReadCommit(spoil(0, i.Commit()))
	if err != nil {
		return nil, nil, err
	}
	r, err := NewResponder(random, c)
	must(err)
	reveal, err := i.Reveal(random, keys2()[0], spoil(1, r.Key()))
	if err != nil {
		return nil, nil, err
	}
	if again, same := i.Repeat(r.Key()); same && !bytes.Equal(again, reveal) {
		t.Fatal("Repeat made something else")
	}
	signature, b, err := r.Finish(random, keys2()[1], spoil(2, reveal))
	if err != nil {
		return nil, nil, err
	}
	a, err = i.Finish(spoil(3, signature))
	return a, b, err
}

func TestExchange(t *testing.T) {
	a, b, err := exchange(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.SSID != b.SSID || a.SSID == [8]byte{} || !a.Revealed || b.Revealed || a.PeerID != 1 || b.PeerID != 1 {
		t.Fatal("outcomes differ")
	}
	if !a.Secret.Equal(b.Secret) || !a.Own.Public.Equal(b.Peer) || !b.Own.Public.Equal(a.Peer) {
		t.Fatal("keys differ")
	}
	if a.PeerKey.Fingerprint() != keys2()[1].Fingerprint() || b.PeerKey.Fingerprint() != keys2()[0].Fingerprint() {
		t.Fatal("fingerprints")
	}
}

// No bit of any message may be changed on its way and yet lead to an outcome.
func TestMalleability(t *testing.T) {
	var lengths [4]int
	if _, _, err := exchange(t, func(n int, body []byte) []byte { lengths[n] = len(body); return body }); err != nil {
		t.Fatal(err)
	}
	step := 7
	if testing.Short() {
		step = 61
	}
	for n, length := range lengths {
		for at := 0; at < length; at += step {
			_, _, err := exchange(t, func(m int, body []byte) []byte {
				if m != n || at >= len(body) {
					return body
				}
				body = bytes.Clone(body)
				body[at] ^= 0x10
				return body
			})
			if err == nil {
				t.Fatalf("message %d changed at %d, and nobody noticed", n, at)
			}
		}
		for _, change := range []func([]byte) []byte{
			func(b []byte) []byte { return b[:len(b)-1] },
			func(b []byte) []byte { return append(bytes.Clone(b), 0) },
			func(b []byte) []byte { return nil },
		} {
			_, _, err := exchange(t, func(m int, body []byte) []byte {
				if m != n {
					return body
				}
				return change(body)
			})
			if err == nil {
				t.Fatalf("message %d longer or shorter, and nobody noticed", n)
			}
		}
	}
}

func TestKeyRange(t *testing.T) {
	p := bytes.Repeat([]byte{0xff}, modp.Size)
	for name, key := range map[string][]byte{"0": {}, "1": {1}, "huge": p, "leading zero": {0, 5}} {
		i, err := NewInitiator(random)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Reveal(random, keys2()[0], wire.AppendData(nil, key)); !errors.Is(err, ErrMalformed) {
			t.Errorf("a key of %s: %v", name, err)
		}
	}
	// The same for a key that was committed to.
	i, err := NewInitiator(random)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Reveal(random, keys2()[0], wire.AppendMPI(nil, i.own.Public.Bytes())); !errors.Is(err, ErrReflected) {
		t.Errorf("our own key: %v", err)
	}
	if _, err := ReadCommit(wire.AppendData(wire.AppendData(nil, make([]byte, 1<<16)), make([]byte, 32))); err == nil {
		t.Error("a huge commit accepted")
	}
}

func TestWipe(t *testing.T) {
	i, err := NewInitiator(random)
	if err != nil {
		t.Fatal(err)
	}
	c := i.Clone()
	i.Wipe()
	if i.r != [16]byte{} || c.r == [16]byte{} || bytes.Equal(modp.ExpG(make([]byte, 40)).Bytes(), c.own.Public.Bytes()) {
		t.Fatal("Wipe or Clone")
	}
	(*Initiator)(nil).Wipe()
	(*Responder)(nil).Wipe()
}

func BenchmarkExchange(b *testing.B) {
	keys2()
	for b.Loop() {
		exchange(b, nil)
	}
}
