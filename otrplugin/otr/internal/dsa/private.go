package dsa

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"math/big"

	"culver/otrplugin/otr/internal/mont"
	"culver/otrplugin/otr/internal/power"
	"culver/otrplugin/otr/internal/wire"

	"filippo.io/bigmod"
)

// PrivateKey is a long-term key. Its secret is x.
type PrivateKey struct {
	PublicKey
	x      [qBytes]byte
	expG   func(exponent []byte) []byte // g^exponent modulo p, in constant time
	modQ   *bigmod.Modulus
	two128 *bigmod.Nat // 2^128, which is below q
}

// NewPrivateKey makes a key of its big-endian numbers and checks that they
// belong together: p and q are prime, g has the order q, and y is g^x. A key
// for which that isn't so gives x away, or can't be verified by others.
func NewPrivateKey(p, q, g, y, x []byte) (*PrivateKey, error) {
	pub, err := NewPublicKey(p, q, g, y)
	if err != nil {
		return nil, err
	}
	for len(x) > 0 && x[0] == 0 {
		x = x[1:]
	}
	if len(x) == 0 || len(x) > qBytes || !pub.q.ProbablyPrime(20) || !pub.p.ProbablyPrime(3) {
		return nil, errKey
	}
	k := &PrivateKey{PublicKey: *pub}
	k.prepare()
	if new(big.Int).SetBytes(k.expG(pub.q.Bytes())).Cmp(big.NewInt(1)) != 0 {
		return nil, errKey
	}
	copy(k.x[qBytes-len(x):], x)
	if n, ok := k.scalar(k.x[:]); ok {
		clear(n.Bits())
		if new(big.Int).SetBytes(k.expG(k.x[:])).Cmp(k.y) == 0 {
			return k, nil
		}
	}
	k.Wipe()
	return nil, errKey
}

// Size of the comb for g: 16 KiB, and 20 signatures' time to make it.
const (
	teeth  = 6
	blocks = 2
)

// prepare derives what signing needs from a public key with a prime q.
func (k *PrivateKey) prepare() {
	p := k.p.Bytes()
	if m, err := mont.NewModulus16(p); err == nil {
		f := power.Mod16{Modulus16: m}
		var g mont.Elem16
		m.Enter(&g, k.g.Bytes())
		comb := power.NewComb(f, &g, qBits, teeth, blocks)
		k.expG = func(exponent []byte) []byte {
			var z mont.Elem16
			power.Product(f, &z, comb.Secret(exponent))
			b := m.Leave(&z)
			return b[:]
		}
	} else { // not of the usual length
		m, err := bigmod.NewModulus(p)
		must(err)
		g, err := bigmod.NewNat().SetBytes(k.g.Bytes(), m)
		must(err)
		k.expG = func(exponent []byte) []byte { return bigmod.NewNat().Exp(g, exponent, m).Bytes(m) }
	}
	var err error
	k.modQ, err = bigmod.NewModulus(k.q.Bytes())
	must(err)
	k.two128, err = bigmod.NewNat().SetBytes(append([]byte{1}, make([]byte, 16)...), k.modQ)
	must(err)
}

// must is for what can't fail with a key that was checked.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Append appends the key: PUBKEY, then x as an MPI. Wipe what it returns.
func (k *PrivateKey) Append(b []byte) []byte {
	return wire.AppendMPI(k.PublicKey.Append(b), k.x[:])
}

// X is the secret number, big-endian. Wipe it after use.
func (k *PrivateKey) X() []byte { return append([]byte(nil), k.x[:]...) }

// ReadPrivateKey reads what Append wrote.
func ReadPrivateKey(b []byte) (*PrivateKey, error) {
	r := wire.NewReader(b)
	pub, err := ReadPublicKey(r)
	if err != nil {
		return nil, err
	}
	x := r.MPI(qBytes)
	if !r.Done() {
		return nil, errKey
	}
	p, q, g, y := pub.Numbers()
	return NewPrivateKey(p, q, g, y, x)
}

// Wipe forgets x.
func (k *PrivateKey) Wipe() { k.x = [qBytes]byte{} }

// wiped tells whether x is gone.
func (k *PrivateKey) wiped() bool { return k.x == [qBytes]byte{} }

// Sign signs a digest. The nonce depends on rand, on x and on the digest: a
// bad source of randomness alone does not give the key away.
func (k *PrivateKey) Sign(rand io.Reader, digest []byte) ([]byte, error) {
	if k.wiped() {
		return nil, errKey
	}
	salt, err := readFull(rand, 32)
	if err != nil {
		return nil, err
	}
	defer clear(salt)
	seed := k.seed(salt, digest)
	defer clear(seed)
	for i := range 256 { // two on average at most; a broken key must not hang us
		nonce, blind := attempt(seed, byte(i))
		if sig := k.signWith(nonce, blind, digest); sig != nil {
			return sig, nil
		}
	}
	return nil, errKey
}

// seed is what the nonce comes of: as random as the salt is for who does not
// know x, and another one for each digest even if the salt is always the same.
func (k *PrivateKey) seed(salt, digest []byte) []byte {
	mac := hmac.New(sha256.New, k.x[:])
	mac.Write(salt)
	mac.Write(digest)
	return mac.Sum(nil)
}

// attempt is the candidate nonce of the i-th attempt, and its blind.
func attempt(seed []byte, i byte) (nonce, blind []byte) {
	draw := func(what byte) []byte {
		mac := hmac.New(sha256.New, seed)
		mac.Write([]byte{i, what})
		return mac.Sum(nil)
	}
	return draw(0)[:qBytes], draw(1)
}

// signWith signs with the candidate nonce and a random blind, both of which
// it wipes. It returns nil if the nonce will not do: it isn't in 1..q-1 (at
// worst every other one), or r, s or the blind is 0 (never seen).
func (k *PrivateKey) signWith(nonce, blind, digest []byte) []byte {
	defer clear(nonce)
	defer clear(blind)
	q := k.modQ
	n, ok := k.scalar(nonce)
	defer clear(n.Bits())
	if !ok {
		return nil
	}
	x, ok := k.scalar(k.x[:])
	defer clear(x.Bits())
	if !ok {
		return nil
	}
	r := k.reduce(k.expG(nonce))
	x.Mul(r, q).Add(k.reduce(digest), q)
	// s is (m + x*r)/n. With the blind b that is (m + x*r)*b / (n*b): inverting
	// takes a time that depends on n*b, which says nothing of n to who doesn't
	// know b.
	b := k.reduce(blind)
	defer clear(b.Bits())
	s := k.inverse(n.Mul(b, q))
	if s == nil {
		return nil
	}
	s.Mul(b, q).Mul(x, q)
	if r.IsZero() == 1 || s.IsZero() == 1 {
		return nil
	}
	return append(r.Bytes(q), s.Bytes(q)...)
}

// inverse is 1/n modulo q, nil for 0. Its time depends on n.
func (k *PrivateKey) inverse(n *bigmod.Nat) *bigmod.Nat {
	b := n.Bytes(k.modQ)
	defer clear(b)
	v := new(big.Int).SetBytes(b)
	defer clear(v.Bits())
	w := new(big.Int)
	if w.ModInverse(v, k.q) == nil {
		return nil
	}
	defer clear(w.Bits())
	inv, err := bigmod.NewNat().SetBytes(w.FillBytes(b), k.modQ)
	must(err)
	return inv
}

// scalar is a number of 1..q-1; ok tells whether b is one. Clear n in any case.
func (k *PrivateKey) scalar(b []byte) (n *bigmod.Nat, ok bool) {
	n = bigmod.NewNat()
	_, err := n.SetBytes(b, k.modQ)
	return n, err == nil && n.IsZero() == 0
}

// reduce is a big-endian number modulo q, in constant time.
func (k *PrivateKey) reduce(b []byte) *bigmod.Nat {
	n := bigmod.NewNat().ExpandFor(k.modQ)
	for len(b) > 0 {
		head := 1 + (len(b)-1)%16
		part, err := bigmod.NewNat().SetBytes(b[:head], k.modQ)
		must(err) // it is below 2^128
		n.Mul(k.two128, k.modQ).Add(part, k.modQ)
		clear(part.Bits())
		b = b[head:]
	}
	return n
}
