package smp

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

// FuzzSMP feeds each step with anything. The run that it interferes with is
// always the same one, so that what is in testdata/fuzz keeps its meaning: the
// messages of that run, whole, and with single numbers replaced.
func FuzzSMP(f *testing.F) {
	random := rand.NewChaCha8([32]byte{'f', 'u', 'z', 'z'})
	messages, step := steps(f, random)
	for _, m := range messages {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for n := range step {
			switch err := step[n](body); {
			case err == nil:
				if !bytes.Equal(body, messages[n]) {
					t.Fatalf("another message %d accepted", n+1)
				}
			case !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrCheated):
				t.Fatalf("message %d: %v", n+1, err)
			}
			// What can be read has one spelling only.
			if m := [...]message{new(message1), new(message2), new(message3), new(message4)}[n]; read(m, body) && !bytes.Equal(write(m), body) {
				t.Fatalf("message %d, %x, is written %x", n+1, body, write(m))
			}
		}
	})
}
