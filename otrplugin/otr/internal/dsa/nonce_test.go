package dsa

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"testing"
)

// constant is a source of randomness that has one byte only.
type constant byte

func (c constant) Read(b []byte) (int, error) {
	return copy(b, bytes.Repeat([]byte{byte(c)}, len(b))), nil
}

// sibling is another key over the same p, q and g.
func sibling(t testing.TB, k *PrivateKey) *PrivateKey {
	t.Helper()
	p, q, g, _ := k.Numbers()
	x := new(big.Int).Xor(new(big.Int).SetBytes(k.X()), big.NewInt(1))
	l, err := NewPrivateKey(p, q, g, new(big.Int).Exp(k.g, x, k.p).Bytes(), x.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Two signatures with one nonce give the key away. A nonce depends on all of
// salt, digest and key: none of them may be the same for ever, or even all
// known, and the nonce be so too.
func TestNonceDependsOnAll(t *testing.T) {
	k := rfcKey(t)
	sign := func(k *PrivateKey, salt constant, text string) []byte {
		t.Helper()
		digest := sha256.Sum256([]byte(text))
		sig, err := k.Sign(salt, digest[:])
		if err != nil || !k.Verify(digest[:], sig) {
			t.Fatal(err)
		}
		return sig
	}
	first := sign(k, 1, "a")
	if !bytes.Equal(first, sign(k, 1, "a")) {
		t.Error("all is the same, but not the signature")
	}
	for name, sig := range map[string][]byte{"salt": sign(k, 2, "a"), "digest": sign(k, 1, "b"), "key": sign(sibling(t, k), 1, "a")} {
		if bytes.Equal(first[:qBytes], sig[:qBytes]) {
			t.Errorf("another %s, and the same nonce", name)
		}
	}
}

// Each attempt has a nonce and a blind of its own, which the seed decides on.
func TestAttempts(t *testing.T) {
	seen := make(map[string]bool)
	for _, seed := range [][]byte{{1}, {2}} {
		for i := range 256 {
			nonce, blind := attempt(seed, byte(i))
			if len(nonce) != qBytes || len(blind) != 32 {
				t.Fatalf("%d and %d bytes", len(nonce), len(blind))
			}
			seen[string(nonce)], seen[string(blind[:qBytes])] = true, true
		}
	}
	if len(seen) != 2*256*2 {
		t.Errorf("%d different numbers", len(seen))
	}
}

// A signature is what the formula says, and its blind is in it: one that is 0
// modulo q leaves nothing.
func TestFormula(t *testing.T) {
	k := rfcKey(t)
	for i := range byte(10) {
		nonce, blind := bytes.Repeat([]byte{i + 1}, qBytes), bytes.Repeat([]byte{0xff - i}, 32)
		digest := sha256.Sum256([]byte{i})
		n := new(big.Int).SetBytes(nonce)
		r := new(big.Int).Exp(k.g, n, k.p)
		r.Mod(r, k.q)
		s := new(big.Int).Mul(r, new(big.Int).SetBytes(k.X()))
		s.Add(s, new(big.Int).SetBytes(digest[:])).Mul(s, n.ModInverse(n, k.q)).Mod(s, k.q)
		want := append(r.FillBytes(make([]byte, qBytes)), s.FillBytes(make([]byte, qBytes))...)
		if got := k.signWith(bytes.Clone(nonce), blind, digest[:]); !bytes.Equal(got, want) {
			t.Errorf("signed %x, want %x", got, want)
		}
		for _, zero := range [][]byte{make([]byte, 32), append(make([]byte, 12), k.q.Bytes()...)} {
			if k.signWith(bytes.Clone(nonce), zero, digest[:]) != nil {
				t.Error("a blind of 0 modulo q will do")
			}
		}
	}
}
