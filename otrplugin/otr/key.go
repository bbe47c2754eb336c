package otr

import (
	crand "crypto/rand"
	"encoding/binary"
	"io"

	"culver/otrplugin/otr/internal/dsa"
)

// PrivateKey is a long-term key: DSA with 1024-bit p and 160-bit q, the only
// kind that OTR 2 and 3 clients make (section "Public keys, signatures, and
// fingerprints"). It is safe for use by several goroutines until Wipe.
type PrivateKey struct{ k *dsa.PrivateKey }

// GenerateKey makes a key. It takes a tenth of a second, sometimes several.
// A nil rand is crypto/rand.
func GenerateKey(rand io.Reader) (*PrivateKey, error) {
	k, err := dsa.Generate(orCrypto(rand))
	if err != nil {
		return nil, err
	}
	return &PrivateKey{k}, nil
}

// ParsePrivateKey reads what Marshal wrote and checks that the numbers belong
// together. The caller's copy is his to wipe.
func ParsePrivateKey(b []byte) (*PrivateKey, error) {
	k, err := dsa.ReadPrivateKey(b)
	if err != nil {
		return nil, err
	}
	return &PrivateKey{k}, nil
}

// KeyFromNumbers makes a key of its numbers, big-endian, as other programs'
// files have them, and checks that they belong together.
func KeyFromNumbers(p, q, g, y, x []byte) (*PrivateKey, error) {
	k, err := dsa.NewPrivateKey(p, q, g, y, x)
	if err != nil {
		return nil, err
	}
	return &PrivateKey{k}, nil
}

// Numbers are the numbers of the key, big-endian, x being the secret one.
// Wipe x after use.
func (k *PrivateKey) Numbers() (p, q, g, y, x []byte) {
	p, q, g, y = k.k.Numbers()
	return p, q, g, y, k.k.X()
}

// Marshal is the key as bytes, for an encrypted store: the public key in wire
// format, then x as an MPI. Wipe them after use.
func (k *PrivateKey) Marshal() []byte { return k.k.Append(nil) }

// Fingerprint identifies the key.
func (k *PrivateKey) Fingerprint() Fingerprint { return k.k.Fingerprint() }

// Wipe forgets the secret part; the key can't sign any more.
func (k *PrivateKey) Wipe() { k.k.Wipe() }

// String keeps the secret out of logs.
func (k *PrivateKey) String() string { return "[redacted]" }

// GoString keeps the secret out of logs.
func (k *PrivateKey) GoString() string { return "[redacted]" }

// minTag is the smallest valid instance tag.
const minTag = 0x100

// NewInstanceTag draws an instance tag, at least 0x100 (section "Instance
// Tags"). Keep it with the account on this machine; never carry it to another. A
// nil rand is crypto/rand, as is one that fails or is stuck.
func NewInstanceTag(rand io.Reader) uint32 {
	rand = orCrypto(rand)
	var b [4]byte
	for n := 0; ; n++ {
		if n == 8 {
			rand = crand.Reader // it is stuck
		}
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			crand.Read(b[:])
		}
		if tag := binary.BigEndian.Uint32(b[:]); tag >= minTag {
			return tag
		}
	}
}

func orCrypto(rand io.Reader) io.Reader {
	if rand == nil {
		return crand.Reader
	}
	return rand
}
