package smp

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"culver/otrplugin/otr/internal/modp"
)

// Neither side takes its own Pa, Qa back as the other's Pb, Qb: P and Q must
// differ. (Only somebody who knows the randomness of the other side can get as
// far as this check of the initiator's: the proofs stop everybody else.)
func TestSamePAndQ(t *testing.T) {
	i, m1, err := Start(random, secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Receive(m1)
	if err != nil {
		t.Fatal(err)
	}
	var drawn bytes.Buffer
	m2, err := r.Answer(io.TeeReader(random, &drawn), secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	// One of what the responder drew made P and Q: with the same, the
	// initiator would make the same.
	n, refused := drawn.Len()/modp.Size, 0
	for k := range n {
		stream := io.MultiReader(bytes.NewReader(drawn.Bytes()[k*drawn.Len()/n:]), random)
		j := i.clone()
		if _, err := j.Two(stream, m2); errors.Is(err, ErrCheated) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 1 {
		t.Fatalf("refused %d of %d", refused, n)
	}

	m3, err := i.Two(random, m2)
	if err != nil {
		t.Fatal(err)
	}
	var in message3
	if !read(&in, m3) {
		t.Fatal("message 3 does not parse")
	}
	for name, change := range map[string]func(*message3){
		"P": func(m *message3) { m.p = r.p }, "Q": func(m *message3) { m.q = r.q },
	} {
		m := in
		change(&m)
		if _, _, err := r.clone().Three(random, write(&m)); !errors.Is(err, ErrCheated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, same, err := r.Three(random, m3); !same || err != nil {
		t.Fatal(same, err)
	}
}
