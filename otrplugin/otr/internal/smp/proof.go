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
	b := append(make([]byte, 0, 1+2*(4+modp.Size)), version)
	for i := range elements {
		var e [modp.Size]byte
		elements[i].Put(&e)
		b = wire.AppendMPI(b, e[:])
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

// generator is g2 or g3: the peer's half to the power of our half's exponent.
// It is never computed itself. Its powers are those of the peer's half, which
// is prepared for them.
type generator struct {
	base *modp.Base
	half []byte
}

// exponent is what makes g^e of the base. It is as secret as the half: wipe it.
// It is even, since the peer may have sent us a base that tells an odd exponent
// from an even one, and e may be what is compared (see [modp.Even]).
func (g *generator) exponent(e []byte) []byte { return modp.MulExponents(g.half, e) }

func (g *generator) wipe() {
	clear(g.half)
	*g = generator{}
}

// blind is g3^r and g1^r g2^y.
func blind(g2, g3 *generator, r, y []byte) (p, q modp.Element) {
	e3, e2 := g3.exponent(r), g2.exponent(y)
	defer clear(e3)
	defer clear(e2)
	return modp.Product(g3.base.Power(e3)), modp.Product(modp.G(r), g2.base.Power(e2))
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

func (p *log) verify(version byte, gx modp.Element) bool {
	return same(hash(version, modp.Product(modp.PublicG(p.d), modp.PublicPower(gx, p.c))), p.c)
}

// coords proves that P = g3^r and Q = g1^r g2^y for one r and some y.
type coords struct{ c, d5, d6 []byte }

func proveCoords(rand io.Reader, version byte, g2, g3 *generator, r, y []byte) (coords, error) {
	r5, err := modp.RandomScalar(rand)
	if err != nil {
		return coords{}, err
	}
	defer clear(r5)
	r6, err := modp.RandomScalar(rand)
	if err != nil {
		return coords{}, err
	}
	defer clear(r6)
	a, b := blind(g2, g3, r5, r6)
	c := hash(version, a, b)
	return coords{c, modp.SubMul(r5, r, c), modp.SubMul(r6, y, c)}, nil
}

func (p *coords) verify(version byte, g2, g3 *generator, P, Q modp.Element) bool {
	e3, e2 := g3.exponent(p.d5), g2.exponent(p.d6)
	defer clear(e3)
	defer clear(e2)
	a := modp.Product(g3.base.Power(e3), modp.PublicPower(P, p.c))
	b := modp.Product(modp.PublicG(p.d5), g2.base.Power(e2), modp.PublicPower(Q, p.c))
	return same(hash(version, a, b), p.c)
}

// equal proves that g1 and base, which has to be a power of g1 for that, were
// raised to the same x.
type equal struct{ c, d []byte }

func proveEqual(rand io.Reader, version byte, base *modp.Base, x []byte) (equal, error) {
	r, err := modp.RandomScalar(rand)
	if err != nil {
		return equal{}, err
	}
	defer clear(r)
	even := modp.Even(r)
	defer clear(even)
	c := hash(version, modp.ExpG(r), modp.Product(base.Power(even)))
	return equal{c, modp.SubMul(r, x, c)}, nil
}

func (p *equal) verify(version byte, g1x modp.Element, base *modp.Base, basex modp.Element) bool {
	a := modp.Product(modp.PublicG(p.d), modp.PublicPower(g1x, p.c))
	b := modp.Product(base.PublicPower(p.d), modp.PublicPower(basex, p.c))
	return same(hash(version, a, b), p.c)
}
