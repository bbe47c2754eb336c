package storage

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// The plaintext of a vault file: a number of entries, each a name and a secret,
// all with lengths before them, as 32-bit numbers in network byte order; then
// zeros up to a multiple of secretsBlock, so that the length of the file does
// not tell the length of a password.
const secretsBlock = 1024

// encodeSecrets is the plaintext for a set of secrets, in the order of names.
func encodeSecrets(secrets map[string][]byte) []byte {
	size := 4
	for name, secret := range secrets {
		size += 4 + len(name) + 4 + len(secret)
	}
	// All at once: a buffer that grows leaves copies behind.
	b := make([]byte, 0, (size+secretsBlock-1)/secretsBlock*secretsBlock)
	b = binary.BigEndian.AppendUint32(b, uint32(len(secrets)))
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(name)))
		b = append(b, name...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(secrets[name])))
		b = append(b, secrets[name]...)
	}
	return b[:cap(b)]
}

// decodeSecrets reads a plaintext; each error is ErrDamaged. The secrets share
// the memory of b: wiping it wipes them all.
func decodeSecrets(b []byte) (map[string][]byte, error) {
	size := len(b)
	number := func() (uint32, bool) {
		if len(b) < 4 {
			return 0, false
		}
		n := binary.BigEndian.Uint32(b)
		b = b[4:]
		return n, true
	}
	field := func() ([]byte, bool) {
		n, ok := number()
		if !ok || uint64(n) > uint64(len(b)) {
			return nil, false
		}
		f := b[:n:n]
		b = b[n:]
		return f, true
	}
	count, ok := number()
	if !ok {
		return nil, fmt.Errorf("read the number of secrets: %w", ErrDamaged)
	}
	secrets := map[string][]byte{}
	last := ""
	for i := range count {
		name, ok := field()
		secret, ok2 := field()
		if !ok || !ok2 || i > 0 && string(name) <= last ||
			checkSecret(string(name), secret) != nil || len(secret) == 0 {
			return nil, fmt.Errorf("read secret %d: %w", i, ErrDamaged)
		}
		last = string(name)
		secrets[last] = secret
	}
	if size%secretsBlock != 0 || len(b) >= secretsBlock || slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) {
		return nil, fmt.Errorf("read the padding: %w", ErrDamaged)
	}
	return secrets, nil
}
