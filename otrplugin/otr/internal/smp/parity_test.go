package smp

import (
	"errors"
	"math/big"
	"testing"

	"culver/otrplugin/otr/internal/modp"
)

var p1536 = func() *big.Int {
	p, _ := new(big.Int).SetString("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff", 16)
	return p
}()

// minus is -e, which is no power of g1 if e is one.
func minus(t *testing.T, e modp.Element) modp.Element {
	t.Helper()
	m, ok := modp.Parse(new(big.Int).Sub(p1536, new(big.Int).SetBytes(e.Bytes())).Bytes())
	if !ok {
		t.Fatal("-e does not parse")
	}
	return m
}

// negative tells whether an element is no power of g1, as everybody can tell.
func negative(e modp.Element) bool {
	return big.Jacobi(new(big.Int).SetBytes(e.Bytes()), p1536) < 0
}

// even tells whether a proof's challenge is: then the sign of what is proven
// does not show in it.
func even(c []byte) bool { return c[len(c)-1]&1 == 0 }

// crooked is our half of a generator with the wrong sign, and a proof of it
// that verifies all the same.
func crooked(t *testing.T, version byte) (x []byte, gx modp.Element, p log) {
	t.Helper()
	for {
		x, gx, p, err := newHalf(random, version)
		if err != nil {
			t.Fatal(err)
		}
		if even(p.c) {
			return x, minus(t, gx), p
		}
	}
}

func ending(s string, bit byte) [32]byte {
	x := secret(s)
	x[31] = x[31]&^1 | bit
	return x
}

// A peer may send halves that are no powers of g1. Were our exponents odd now
// and then, the sign of what we answer would tell the last bit of what is
// compared, or of our random numbers, without a guess being spent.
func TestParityOfResponder(t *testing.T) {
	for n := range byte(12) {
		var m message1
		_, m.g2, m.p2 = crooked(t, proveG2a)
		_, m.g3, m.p3 = crooked(t, proveG3a)
		r, err := Receive(write(&m))
		if err != nil {
			t.Fatal(err)
		}
		body, err := r.Answer(random, ending("low entropy", n&1))
		if err != nil {
			t.Fatal(err)
		}
		var out message2
		if !read(&out, body) {
			t.Fatal("message 2 does not parse")
		}
		if negative(out.p) || negative(out.q) {
			t.Fatalf("the sign of P or Q tells a bit: %v, %v", negative(out.p), negative(out.q))
		}
	}
}

func TestParityOfInitiator(t *testing.T) {
	for n := range byte(12) {
		i, m1, err := Start(random, ending("low entropy", n&1))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Receive(m1)
		if err != nil {
			t.Fatal(err)
		}
		var m message2
		r.g2.half, m.g2, m.p2 = crooked(t, proveG2b)
		r.g3.half, m.g3, m.p3 = crooked(t, proveG3b)
		r.g2.base, r.g3.base = modp.Prepare(r.g2a), modp.Prepare(r.g3a)
		// He does not know the secret, and P and Q are as crooked as can be.
		guess := ending("a guess", n&1)
		for m.cp.c == nil || !even(m.cp.c) {
			r4, err := modp.RandomScalar(random)
			if err != nil {
				t.Fatal(err)
			}
			m.p, m.q = blind(&r.g2, &r.g3, r4, guess[:])
			if m.cp, err = proveCoords(random, provePb, &r.g2, &r.g3, r4, guess[:]); err != nil {
				t.Fatal(err)
			}
		}
		m.p, m.q = minus(t, m.p), minus(t, m.q)
		body, err := i.Two(random, write(&m))
		if err != nil {
			t.Fatal(err)
		}
		var out message3
		if !read(&out, body) {
			t.Fatal("message 3 does not parse")
		}
		if negative(out.p) || negative(out.q) || negative(out.r) {
			t.Fatalf("the sign of P, Q or R tells a bit: %v, %v, %v", negative(out.p), negative(out.q), negative(out.r))
		}
	}
}

// The same for R: whether secrets are the same is all that its sender learns.
func TestParityOfOutcome(t *testing.T) {
	for range 8 {
		i, m1, err := Start(random, secret("x"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Receive(m1)
		if err != nil {
			t.Fatal(err)
		}
		m2, err := r.Answer(random, secret("x"))
		if err != nil {
			t.Fatal(err)
		}
		m3, err := i.Two(random, m2)
		if err != nil {
			t.Fatal(err)
		}
		var in message3
		if !read(&in, m3) {
			t.Fatal("message 3 does not parse")
		}
		for !even(in.cr.c) {
			if in.cr, err = proveEqual(random, proveRa, i.qab, i.a3); err != nil {
				t.Fatal(err)
			}
		}
		in.r = minus(t, in.r)
		if _, same, err := r.Three(random, write(&in)); !same && !errors.Is(err, ErrCheated) {
			t.Fatalf("the outcome tells a bit of b3: %v", err)
		}
	}
}
