package smp

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"math/rand/v2"
	"testing"

	"culver/otrplugin/otr/internal/modp"
)

// plain is SMP as the specification writes it, with the standard library's
// numbers: slow, in variable time, and step by step.
type plain struct {
	t    *testing.T
	rand *rand.ChaCha8
	p, q *big.Int
}

func (s *plain) draw() *big.Int {
	b := make([]byte, modp.Size)
	s.rand.Read(b)
	b[0] &= 0x7f
	n := new(big.Int).SetBytes(b)
	return n.Mod(n, s.q)
}

func (s *plain) exp(b, e *big.Int) *big.Int { return new(big.Int).Exp(b, e, s.p) }
func (s *plain) mul(a, b *big.Int) *big.Int {
	return new(big.Int).Mod(new(big.Int).Mul(a, b), s.p)
}
func (s *plain) div(a, b *big.Int) *big.Int { return s.mul(a, new(big.Int).ModInverse(b, s.p)) }

func (s *plain) hash(version byte, elements ...*big.Int) *big.Int {
	h := sha256.Sum256(append([]byte{version}, s.mpis(elements...)...))
	return new(big.Int).SetBytes(h[:])
}

func (s *plain) mpis(numbers ...*big.Int) (b []byte) {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(len(n.Bytes())))
		b = append(b, n.Bytes()...)
	}
	return b
}

// d is r - x*c modulo q.
func (s *plain) d(r, x, c *big.Int) *big.Int {
	d := new(big.Int).Mul(x, c)
	return d.Sub(r, d).Mod(d, s.q)
}

func (s *plain) message(numbers ...*big.Int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(numbers))), s.mpis(numbers...)...)
}

// TestVector compares all four messages with those of the plain reckoning, and
// with what they were when this test was written.
func TestVector(t *testing.T) {
	const seed = "the randomness of this transcript"
	s := &plain{t: t, rand: rand.NewChaCha8([32]byte([]byte(seed)))}
	s.p = new(big.Int).Lsh(big.NewInt(1), 1536)
	prime, _ := hex.DecodeString("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff")
	s.p.SetBytes(prime)
	s.q = new(big.Int).Rsh(s.p, 1)
	g1, source := big.NewInt(2), rand.NewChaCha8([32]byte([]byte(seed)))
	x := secret("the same")
	y := new(big.Int).SetBytes(x[:])

	proof := func(version byte, e *big.Int) (c, d *big.Int) {
		r := s.draw()
		c = s.hash(version, s.exp(g1, r))
		return c, s.d(r, e, c)
	}
	i, m1, err := Start(source, x)
	if err != nil {
		t.Fatal(err)
	}
	a2 := s.draw()
	c2, d2 := proof(1, a2)
	a3 := s.draw()
	c3, d3 := proof(2, a3)
	g2a, g3a := s.exp(g1, a2), s.exp(g1, a3)
	check(t, 1, m1, s.message(g2a, c2, d2, g3a, c3, d3), "46afdc6c5db26752a44842b9050cb882fca49f9f3b514fa3b11c2961f2025952")

	r, err := Receive(m1)
	if err != nil {
		t.Fatal(err)
	}
	m2, err := r.Answer(source, x)
	if err != nil {
		t.Fatal(err)
	}
	b2 := s.draw()
	c2, d2 = proof(3, b2)
	b3 := s.draw()
	c3, d3 = proof(4, b3)
	g2, g3 := s.exp(g2a, b2), s.exp(g3a, b3)
	pq := func(version byte) (P, Q, c, d5, d6 *big.Int) {
		r4 := s.draw()
		P, Q = s.exp(g3, r4), s.mul(s.exp(g1, r4), s.exp(g2, y))
		r5, r6 := s.draw(), s.draw()
		c = s.hash(version, s.exp(g3, r5), s.mul(s.exp(g1, r5), s.exp(g2, r6)))
		return P, Q, c, s.d(r5, r4, c), s.d(r6, y, c)
	}
	pb, qb, cp, d5, d6 := pq(5)
	g3b := s.exp(g1, b3)
	check(t, 2, m2, s.message(s.exp(g1, b2), c2, d2, g3b, c3, d3, pb, qb, cp, d5, d6), "7f1f505ac4c00f4369377646cc7bfa0e81789750f14ac81700bec13f15d6754c")

	m3, err := i.Two(source, m2)
	if err != nil {
		t.Fatal(err)
	}
	pa, qa, cp, d5, d6 := pq(6)
	qab := s.div(qa, qb)
	last := func(version byte, e *big.Int) (R, c, d *big.Int) {
		r := s.draw()
		c = s.hash(version, s.exp(g1, r), s.exp(qab, r))
		return s.exp(qab, e), c, s.d(r, e, c)
	}
	ra, cr, d7 := last(7, a3)
	check(t, 3, m3, s.message(pa, qa, cp, d5, d6, ra, cr, d7), "bf18cd1abce152a02a81032b0be995a0501cf0b0632627373ea2e8eb4a649166")

	m4, same, err := r.Three(source, m3)
	if err != nil || !same {
		t.Fatal(same, err)
	}
	rb, cr, d7 := last(8, b3)
	check(t, 4, m4, s.message(rb, cr, d7), "f20a3a7fff1e1af2e4cbce66d7540efbc9aac553577f124fe12b67d72190dab8")
	if same, err := i.Four(m4); !same || err != nil || s.exp(rb, a3).Cmp(s.div(pa, pb)) != 0 {
		t.Fatal(same, err)
	}
}

func check(t *testing.T, n int, got, want []byte, sum string) {
	t.Helper()
	h := sha256.Sum256(got)
	if !bytes.Equal(got, want) {
		t.Errorf("message %d is %x, and ought to be %x", n, got, want)
	} else if s := hex.EncodeToString(h[:]); s != sum {
		t.Errorf("message %d hashes to %s, not %s", n, s, sum)
	}
}
