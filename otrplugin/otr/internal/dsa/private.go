package dsa

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"math/big"

	"culver/otrplugin/otr/internal/wire"

	"filippo.io/bigmod"
)

// PrivateKey is a long-term key. Its secret is x.
type PrivateKey struct {
	PublicKey
	x    [qBytes]byte
	p, q *bigmod.Modulus
	g    *bigmod.Nat

	qMinus2 []byte
}

// NewPrivateKey makes a key of its big-endian numbers and checks that they
// belong together.
func NewPrivateKey(p, q, g, y, x []byte) (*PrivateKey, error) {
	pub, err := NewPublicKey(p, q, g, y)
	if err != nil {
		return nil, err
	}
	k := &PrivateKey{PublicKey: *pub}
	for len(x) > 0 && x[0] == 0 {
		x = x[1:]
	}
	if len(x) == 0 || len(x) > qBytes {
		return nil, errKey
	}
	copy(k.x[qBytes-len(x):], x)
	if !k.PublicKey.q.ProbablyPrime(20) {
		return nil, errKey
	}
	if err := k.prepare(); err != nil {
		return nil, err
	}
	if _, err := bigmod.NewNat().SetBytes(k.x[:], k.q); err != nil {
		return nil, errKey
	}
	if new(big.Int).SetBytes(k.expG(k.x[:]).Bytes(k.p)).Cmp(k.y) != 0 {
		return nil, errKey
	}
	return k, nil
}

// prepare derives the forms for constant-time arithmetic.
func (k *PrivateKey) prepare() (err error) {
	if k.p, err = bigmod.NewModulus(k.PublicKey.p.Bytes()); err != nil {
		return err
	}
	if k.q, err = bigmod.NewModulus(k.PublicKey.q.Bytes()); err != nil {
		return err
	}
	k.qMinus2 = new(big.Int).Sub(k.PublicKey.q, big.NewInt(2)).FillBytes(make([]byte, qBytes))
	k.g, err = bigmod.NewNat().SetBytes(k.PublicKey.g.Bytes(), k.p)
	return err
}

func (k *PrivateKey) expG(e []byte) *bigmod.Nat { return bigmod.NewNat().Exp(k.g, e, k.p) }

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
		if sig := k.signWith(nonce(seed, byte(i)), digest); sig != nil {
			return sig, nil
		}
	}
	return nil, errKey
}

// nonce is the i-th candidate drawn from a seed.
func nonce(seed []byte, i byte) []byte {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte{i})
	return mac.Sum(nil)[:qBytes]
}

// signWith signs with the candidate nonce kb, which it wipes. It returns nil
// if the nonce will not do: it isn't in 1..q-1 (at worst every other one), or
// r or s is 0 (never seen).
func (k *PrivateKey) signWith(kb, digest []byte) []byte {
	defer clear(kb)
	n, err := bigmod.NewNat().SetBytes(kb, k.q)
	if err != nil || n.IsZero() == 1 {
		return nil
	}
	x, err := bigmod.NewNat().SetBytes(k.x[:], k.q)
	if err != nil {
		return nil
	}
	m, err := bigmod.NewNat().SetBytes(digest, k.p)
	if err != nil {
		return nil
	}
	r := bigmod.NewNat().Mod(k.expG(kb), k.q)
	s := bigmod.NewNat().Exp(n, k.qMinus2, k.q) // 1/n, by Fermat: q is prime
	x.Mul(r, k.q)
	x.Add(bigmod.NewNat().Mod(m, k.q), k.q)
	s.Mul(x, k.q) // (m + x*r) / n
	clear(n.Bits())
	clear(x.Bits())
	if r.IsZero() == 1 || s.IsZero() == 1 {
		return nil
	}
	return append(r.Bytes(k.q), s.Bytes(k.q)...)
}
