package smp

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"

	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// The version bytes keep a proof from being replayed as another one.
const (
	proveG2a byte = iota + 1
	proveG3a
	proveG2b
	proveG3b
	provePb
	provePa
	proveRa
	proveRb
)

func hash(version byte, elements ...modp.Element) []byte {
	b := []byte{version}
	for _, e := range elements {
		b = wire.AppendMPI(b, e.Bytes())
	}
	h := sha256.Sum256(b)
	return h[:]
}

// same compares a hash with one from an MPI, which may lack leading zeros.
func same(h, received []byte) bool {
	var b [sha256.Size]byte
	if len(received) > len(b) {
		return false
	}
	copy(b[len(b)-len(received):], received)
	return subtle.ConstantTimeCompare(h, b[:]) == 1
}

// log proves knowledge of x in g1^x.
type log struct{ c, d []byte }

func proveLog(rand io.Reader, version byte, x []byte) (log, error) {
	r, err := modp.RandomScalar(rand)
	if err != nil {
		return log{}, err
	}
	defer clear(r)
	c := hash(version, modp.ExpG(r))
	return log{c, modp.SubMul(r, x, c)}, nil
}

func (p log) verify(version byte, gx modp.Element) bool {
	return same(hash(version, modp.Mul(modp.ExpG(p.d), modp.Exp(gx, p.c))), p.c)
}

// coords proves that P = g3^r and Q = g1^r g2^y for one r and some y.
type coords struct{ c, d5, d6 []byte }

func proveCoords(rand io.Reader, version byte, g2, g3 modp.Base, r, y []byte) (coords, error) {
	r5, err := modp.RandomScalar(rand)
	if err != nil {
		return coords{}, err
	}
	r6, err := modp.RandomScalar(rand)
	if err != nil {
		return coords{}, err
	}
	defer clear(r5)
	defer clear(r6)
	c := hash(version, g3.Exp(r5), modp.Mul(modp.ExpG(r5), g2.Exp(r6)))
	return coords{c, modp.SubMul(r5, r, c), modp.SubMul(r6, y, c)}, nil
}

func (p coords) verify(version byte, g2, g3 modp.Base, P, Q modp.Element) bool {
	a := modp.Mul(g3.Exp(p.d5), modp.Exp(P, p.c))
	b := modp.Mul(modp.Mul(modp.ExpG(p.d5), g2.Exp(p.d6)), modp.Exp(Q, p.c))
	return same(hash(version, a, b), p.c)
}

// equal proves that g1 and base were raised to the same x.
type equal struct{ c, d []byte }

func proveEqual(rand io.Reader, version byte, base modp.Base, x []byte) (equal, error) {
	r, err := modp.RandomScalar(rand)
	if err != nil {
		return equal{}, err
	}
	defer clear(r)
	c := hash(version, modp.ExpG(r), base.Exp(r))
	return equal{c, modp.SubMul(r, x, c)}, nil
}

func (p equal) verify(version byte, g1x modp.Element, base modp.Base, basex modp.Element) bool {
	a := modp.Mul(modp.ExpG(p.d), modp.Exp(g1x, p.c))
	b := modp.Mul(base.Exp(p.d), modp.Exp(basex, p.c))
	return same(hash(version, a, b), p.c)
}
