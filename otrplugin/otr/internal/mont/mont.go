// Package mont multiplies modulo odd numbers of exactly 1024 and 1536 bits in
// Montgomery's form: the arithmetic under the Diffie-Hellman group and under
// DSA. A number is an array of words, least significant first; which numbers
// are in Montgomery form (times R, R being 2^1024 or 2^1536, modulo m) is the
// caller's business, and so is wiping them.
//
// Nothing here branches on a number or addresses memory by one, but for the
// modulus, which is public: the time that a function takes tells nothing of
// its operands. The package keeps no state, and a Modulus never changes once
// it is made: every function may be called from any goroutine.
package mont

import (
	"encoding/binary"
	"errors"
	"math/big"
)

// Elem16 is a number below 2^1024, Elem24 one below 2^1536.
type (
	Elem16 = [16]uint64
	Elem24 = [24]uint64
)

// Lengths of the numbers in bytes.
const (
	Size16 = 16 * 8
	Size24 = 24 * 8
)

var errModulus = errors.New("not an odd modulus of the right length")

// Modulus16 is an odd modulus of 1024 bits.
type Modulus16 struct {
	m, one, rr Elem16 // m; R and R^2 modulo m
	inv        uint64 // -1/m modulo 2^64
}

// Modulus24 is an odd modulus of 1536 bits.
type Modulus24 struct {
	m, one, rr Elem24
	inv        uint64
}

// NewModulus16 makes a modulus of a big-endian number. It refuses even
// numbers and those of more or less than 1024 bits.
func NewModulus16(m []byte) (*Modulus16, error) {
	n := new(Modulus16)
	var err error
	n.inv, err = constants(m, n.m[:], n.one[:], n.rr[:])
	if err != nil {
		return nil, err
	}
	return n, nil
}

// NewModulus24 makes a modulus of a big-endian number. It refuses even
// numbers and those of more or less than 1536 bits.
func NewModulus24(m []byte) (*Modulus24, error) {
	n := new(Modulus24)
	var err error
	n.inv, err = constants(m, n.m[:], n.one[:], n.rr[:])
	if err != nil {
		return nil, err
	}
	return n, nil
}

// constants works out what belongs to a modulus. Its time depends on it.
func constants(b []byte, m, one, rr []uint64) (inv uint64, err error) {
	n, bits := new(big.Int).SetBytes(b), 64*len(m)
	if n.BitLen() != bits || n.Bit(0) == 0 {
		return 0, errModulus
	}
	buf := make([]byte, bits/8)
	set := func(z []uint64, v *big.Int) { setBytes(z, v.FillBytes(buf)) }
	set(m, n)
	r := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	set(one, r.Mod(r, n))
	set(rr, r.Mul(r, r).Mod(r, n))
	inv = m[0] // right in 3 bits; each step of Newton's doubles them
	for range 5 {
		inv *= 2 - m[0]*inv
	}
	return -inv, nil
}

// Mul sets z = x*y/R modulo m. x and y may be any numbers of 16 words; if one
// of them at least is below m, z is, too. Any of the three may be the same.
func (m *Modulus16) Mul(z, x, y *Elem16) { mul16(z, x, y, &m.m, m.inv) }

// Sqr sets z = x*x/R modulo m, as Mul does.
func (m *Modulus16) Sqr(z, x *Elem16) { sqr16(z, x, &m.m, m.inv) }

// Mul sets z = x*y/R modulo m. x and y may be any numbers of 24 words; if one
// of them at least is below m, z is, too. Any of the three may be the same.
func (m *Modulus24) Mul(z, x, y *Elem24) { mul24(z, x, y, &m.m, m.inv) }

// Sqr sets z = x*x/R modulo m, as Mul does.
func (m *Modulus24) Sqr(z, x *Elem24) { sqr24(z, x, &m.m, m.inv) }

// One is 1 in Montgomery form.
func (m *Modulus16) One() Elem16 { return m.one }

// One is 1 in Montgomery form.
func (m *Modulus24) One() Elem24 { return m.one }

// Double sets z = 2x modulo m for an x below m. z may be x.
func (m *Modulus16) Double(z, x *Elem16) { double(z[:], x[:], m.m[:]) }

// Double sets z = 2x modulo m for an x below m. z may be x.
func (m *Modulus24) Double(z, x *Elem24) { double(z[:], x[:], m.m[:]) }

// Enter sets z to a big-endian number of at most Size16 bytes, modulo m and in
// Montgomery form. A longer one panics.
func (m *Modulus16) Enter(z *Elem16, b []byte) {
	var full [Size16]byte
	copy(full[len(full)-len(b):], b)
	setBytes(z[:], full[:])
	clear(full[:])
	m.Mul(z, z, &m.rr)
}

// Enter sets z to a big-endian number of at most Size24 bytes, modulo m and in
// Montgomery form. A longer one panics.
func (m *Modulus24) Enter(z *Elem24, b []byte) {
	var full [Size24]byte
	copy(full[len(full)-len(b):], b)
	setBytes(z[:], full[:])
	clear(full[:])
	m.Mul(z, z, &m.rr)
}

// Leave is the big-endian number, below m, of which x is the Montgomery form.
func (m *Modulus16) Leave(x *Elem16) (b [Size16]byte) {
	var z Elem16
	m.Mul(&z, x, &Elem16{1})
	putBytes(b[:], z[:])
	clear(z[:])
	return b
}

// Leave is the big-endian number, below m, of which x is the Montgomery form.
func (m *Modulus24) Leave(x *Elem24) (b [Size24]byte) {
	var z Elem24
	m.Mul(&z, x, &Elem24{1})
	putBytes(b[:], z[:])
	clear(z[:])
	return b
}

// setBytes sets z to a big-endian number of its length.
func setBytes(z []uint64, b []byte) {
	for i := range z {
		z[i] = binary.BigEndian.Uint64(b[8*(len(z)-1-i):])
	}
}

// putBytes writes z big-endian.
func putBytes(b []byte, z []uint64) {
	for i, w := range z {
		binary.BigEndian.PutUint64(b[8*(len(z)-1-i):], w)
	}
}
