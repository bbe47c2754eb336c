package im

import "fmt"

// Secret holds bytes that must not be printed, logged or left in memory. Its
// copies share the bytes: Wipe clears them for all.
type Secret struct{ b []byte }

// NewSecret takes over b: the caller must not use it any more.
func NewSecret(b []byte) Secret { return Secret{b: b} }

// Bytes are the secret itself; they are gone after Wipe.
func (s Secret) Bytes() []byte { return s.b }

// IsEmpty reports whether there is nothing to keep.
func (s Secret) IsEmpty() bool { return len(s.b) == 0 }

// Wipe overwrites the bytes.
func (s Secret) Wipe() { clear(s.b) }

const redacted = "[redacted]"

// String never shows the secret.
func (s Secret) String() string { return redacted }

// GoString never shows the secret.
func (s Secret) GoString() string { return redacted }

// Format never shows the secret, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

// MarshalText never shows the secret: encoders write "[redacted]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
