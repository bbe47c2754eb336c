package otr

import "io"

// PrivateKey is a long-term key: DSA with 1024-bit p and 160-bit q, the only
// kind that OTR 2 and 3 know. It is safe for use by several goroutines until Wipe.
type PrivateKey struct{}

// GenerateKey makes a key. It takes a tenth of a second, sometimes several.
func GenerateKey(rand io.Reader) (*PrivateKey, error) { return &PrivateKey{}, nil }

// ParsePrivateKey reads what Marshal wrote: the public key in wire format,
// then x as an MPI.
func ParsePrivateKey(b []byte) (*PrivateKey, error) { return &PrivateKey{}, nil }

// Marshal is the key as bytes, for an encrypted store. Wipe them after use.
func (k *PrivateKey) Marshal() []byte { return nil }

// Fingerprint identifies the key.
func (k *PrivateKey) Fingerprint() Fingerprint { return Fingerprint{} }

// Wipe forgets the secret part; the key can't sign any more.
func (k *PrivateKey) Wipe() {}

// NewInstanceTag draws an instance tag, at least 0x100.
func NewInstanceTag(rand io.Reader) uint32 { return 0x100 }
