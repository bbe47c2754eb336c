package smp

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"testing"

	"culver/otrplugin/otr/internal/modp"
)

// twin is r4 and a secret y of a side that knows all that the responder drew:
// either its P is the responder's, or its Q is, but not both.
func twin(i *Initiator, r *Responder, r4, x []byte, p bool) (twin []byte, y [32]byte) {
	y = secret("another one")
	if p {
		return r4, y
	}
	// Q is g1^r4 g2^x, and g2 is g1^(a2 b2): the difference of the secrets is
	// made up for in r4.
	n := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	d := new(big.Int).Sub(n(x), n(y[:]))
	d.Mul(d, n(i.a2)).Mul(d, n(r.g2.half)).Add(d, n(r4))
	return d.Mod(d, new(big.Int).Rsh(p1536, 1)).FillBytes(make([]byte, modp.Size)), y
}

func scalar(t *testing.T) []byte {
	t.Helper()
	x, err := modp.RandomScalar(random)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Neither side takes its own Pa, Qa back as the other's Pb, Qb: P and Q must
// both differ. Only somebody who knows the randomness of the other side can get
// as far as these checks: the proofs stop everybody else. Here they are right.
func TestSamePAndQ(t *testing.T) {
	x := secret("x")
	i, m1, err := Start(random, x)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Receive(m1)
	if err != nil {
		t.Fatal(err)
	}
	var drawn bytes.Buffer
	m2, err := r.Answer(io.TeeReader(random, &drawn), x)
	if err != nil {
		t.Fatal(err)
	}
	var out message2
	if !read(&out, m2) {
		t.Fatal("message 2 does not parse")
	}
	// Answer drew, in this order: b2 and its proof's, b3 and its proof's, r4.
	r4, err := modp.RandomScalar(bytes.NewReader(drawn.Bytes()[4*modp.Size:]))
	if err != nil {
		t.Fatal(err)
	}
	g2, g3 := &generator{modp.Prepare(out.g2), i.a2}, &generator{modp.Prepare(out.g3), i.a3}
	if p, q := blind(g2, g3, r4, x[:]); !p.Equal(&r.p) || !q.Equal(&r.q) {
		t.Fatal("not what the responder drew")
	}
	for name, p := range map[string]bool{"P": true, "Q": false} {
		same, y := twin(i, r, r4, x[:], p)

		// The initiator happens to make what he was sent.
		j := i.clone()
		j.x = y
		if _, err := j.Two(io.MultiReader(bytes.NewReader(same), random), m2); !errors.Is(err, ErrCheated) {
			t.Errorf("the initiator and %s: %v", name, err)
		}

		// The responder gets what he made.
		var m message3
		m.p, m.q = blind(g2, g3, same, y[:])
		if m.p.Equal(&r.p) != p || m.q.Equal(&r.q) == p {
			t.Fatalf("not the same %s, or both", name)
		}
		if m.cp, err = proveCoords(random, provePa, g2, g3, same, y[:]); err != nil {
			t.Fatal(err)
		}
		_, qab := modp.Div(m.p, r.p, m.q, r.q)
		base := modp.Prepare(qab)
		m.r = power(base, i.a3)
		if m.cr, err = proveEqual(random, proveRa, base, i.a3); err != nil {
			t.Fatal(err)
		}
		if !p { // then Qab is 1, and R may be chosen when all else is there
			u, v := scalar(t), scalar(t)
			m.cr.c = hash(proveRa, modp.ExpG(u), modp.ExpG(v))
			m.cr.d = modp.SubMul(u, i.a3, m.cr.c)
			q := new(big.Int).Rsh(p1536, 1)
			e := new(big.Int).ModInverse(new(big.Int).SetBytes(m.cr.c), q)
			e.Mul(e, new(big.Int).SetBytes(v)).Mod(e, q)
			m.r = modp.ExpG(e.FillBytes(make([]byte, modp.Size)))
		}
		if !m.cr.verify(proveRa, r.g3a, base, m.r) {
			t.Fatal("the last proof is wrong: nothing shows")
		}
		if _, _, err := r.clone().Three(random, write(&m)); !errors.Is(err, ErrCheated) {
			t.Errorf("the responder and %s: %v", name, err)
		}
	}
	m3, err := i.Two(random, m2)
	if err != nil {
		t.Fatal(err)
	}
	if _, same, err := r.Three(random, m3); !same || err != nil {
		t.Fatal(same, err)
	}
}
