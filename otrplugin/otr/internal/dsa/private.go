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
	q      *bigmod.Modulus
	two128 *bigmod.Nat // 2^128, which is below q
}

// NewPrivateKey makes a key of its big-endian numbers and checks that they
// belong together.
func NewPrivateKey(p, q, g, y, x []byte) (*PrivateKey, error) {
	pub, err := NewPublicKey(p, q, g, y)
	if err != nil {
		return nil, err
	}
	for len(x) > 0 && x[0] == 0 {
		x = x[1:]
	}
	if len(x) == 0 || len(x) > qBytes || !pub.q.ProbablyPrime(20) {
		return nil, errKey
	}
	k := &PrivateKey{PublicKey: *pub}
	k.prepare()
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
	k.q, err = bigmod.NewModulus(k.PublicKey.q.Bytes())
	must(err)
	k.two128, err = bigmod.NewNat().SetBytes(append([]byte{1}, make([]byte, 16)...), k.q)
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
func (k *PrivateKey) Wipe() { clear(k.x[:]) }

// Wiped tells whether x is gone.
func (k *PrivateKey) Wiped() bool { return k.x == [qBytes]byte{} }

// Sign signs a digest. The nonce depends on rand, on x and on the digest: a
// bad source of randomness alone does not give the key away.
func (k *PrivateKey) Sign(rand io.Reader, digest []byte) ([]byte, error) {
	if k.Wiped() {
		return nil, errKey
	}
	salt, err := readFull(rand, 32)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, k.x[:])
	mac.Write(salt)
	mac.Write(digest)
	seed := mac.Sum(nil)
	defer clear(seed)
	for i := range 256 { // two on average at most; a broken key must not hang us
		if sig := k.signWith(draw(seed, byte(i), 0)[:qBytes], draw(seed, byte(i), 1), digest); sig != nil {
			return sig, nil
		}
	}
	return nil, errKey
}

// draw is what is drawn from a seed for the i-th attempt.
func draw(seed []byte, i, what byte) []byte {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte{i, what})
	return mac.Sum(nil)
}

// signWith signs with the candidate nonce kb and a random blind, both of which
// it wipes. It returns nil if the nonce will not do: it isn't in 1..q-1 (at
// worst every other one), or r or s is 0 (never seen).
func (k *PrivateKey) signWith(kb, blind, digest []byte) []byte {
	defer clear(kb)
	defer clear(blind)
	n, ok := k.scalar(kb)
	if !ok {
		return nil
	}
	defer clear(n.Bits())
	x, ok := k.scalar(k.x[:])
	if !ok {
		return nil
	}
	defer clear(x.Bits())
	r := k.reduce(k.expG(kb))
	x.Mul(r, k.q).Add(k.reduce(digest), k.q)
	// s is (m + x*r)/n. With the blind b that is (m + x*r)*b / (n*b): inverting
	// takes a time that depends on n*b, which says nothing of n.
	b := k.reduce(blind)
	defer clear(b.Bits())
	inv := new(big.Int).SetBytes(n.Mul(b, k.q).Bytes(k.q))
	if inv.ModInverse(inv, k.PublicKey.q) == nil {
		return nil
	}
	s, err := bigmod.NewNat().SetBytes(inv.Bytes(), k.q)
	must(err)
	s.Mul(b, k.q).Mul(x, k.q)
	if r.IsZero() == 1 || s.IsZero() == 1 {
		return nil
	}
	return append(r.Bytes(k.q), s.Bytes(k.q)...)
}

// scalar is a number of 1..q-1; ok tells whether b is one.
func (k *PrivateKey) scalar(b []byte) (n *bigmod.Nat, ok bool) {
	n, err := bigmod.NewNat().SetBytes(b, k.q)
	return n, err == nil && n.IsZero() == 0
}

// reduce is a big-endian number modulo q, in constant time.
func (k *PrivateKey) reduce(b []byte) *bigmod.Nat {
	n := bigmod.NewNat().ExpandFor(k.q)
	for len(b) > 0 {
		head := 1 + (len(b)-1)%16
		part, err := bigmod.NewNat().SetBytes(b[:head], k.q)
		must(err) // it is below 2^128
		n.Mul(k.two128, k.q).Add(part, k.q)
		b = b[head:]
	}
	return n
}
