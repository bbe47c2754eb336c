package smp

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

var random = rand.NewChaCha8([32]byte{'s', 'm', 'p'})

func secret(s string) [32]byte {
	return Secret([20]byte{1}, [20]byte{2}, [8]byte{3}, []byte(s))
}

// run runs the four messages.
func run(t testing.TB, x, y string) (a, b bool, err error) {
	t.Helper()
	i, m1, err := Start(random, secret(x))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Receive(m1)
	if err != nil {
		return false, false, err
	}
	m2, err := r.Answer(random, secret(y))
	if err != nil {
		t.Fatal(err)
	}
	m3, err := i.Two(random, m2)
	if err != nil {
		return false, false, err
	}
	m4, b, err := r.Three(random, m3)
	if err != nil {
		return false, false, err
	}
	a, err = i.Four(m4)
	return a, b, err
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		x, y string
		want bool
	}{{"a", "a", true}, {"a", "b", false}, {"a", "A", false}, {"a", "a ", false}, {"ü", "ü", true}} {
		if a, b, err := run(t, c.x, c.y); a != c.want || b != c.want || err != nil {
			t.Errorf("%q and %q: %v, %v, %v", c.x, c.y, a, b, err)
		}
	}
}

// What goes into the secret counts, every part of it.
func TestSecret(t *testing.T) {
	s := Secret([20]byte{1}, [20]byte{2}, [8]byte{3}, []byte("x"))
	for _, o := range [][32]byte{
		Secret([20]byte{2}, [20]byte{1}, [8]byte{3}, []byte("x")),
		Secret([20]byte{1}, [20]byte{2}, [8]byte{4}, []byte("x")),
		Secret([20]byte{1}, [20]byte{2}, [8]byte{3}, []byte("y")),
	} {
		if s == o {
			t.Error("the same secret")
		}
	}
}

// clone is a copy that may be used up on its own.
func (i Initiator) clone() *Initiator {
	i.a2, i.a3 = bytes.Clone(i.a2), bytes.Clone(i.a3)
	return &i
}

func (r Responder) clone() *Responder {
	r.g2.half, r.g3.half = bytes.Clone(r.g2.half), bytes.Clone(r.g3.half)
	return &r
}

// sides are both sides before each step of a run, and its messages.
type sides struct {
	two, four     *Initiator
	answer, three *Responder
	messages      [4][]byte
}

func newSides(t testing.TB, random io.Reader) (s sides) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	i, m1, err := Start(random, secret("x"))
	must(err)
	r, err := Receive(m1)
	must(err)
	s.two, s.answer = i.clone(), r.clone()
	m2, err := r.Answer(random, secret("x"))
	must(err)
	s.three = r.clone()
	m3, err := i.Two(random, m2)
	must(err)
	s.four = i.clone()
	m4, same, err := r.Three(random, m3)
	must(err)
	s.messages = [4][]byte{m1, m2, m3, m4}
	if won, err := i.Four(m4); !won || !same || err != nil {
		t.Fatal(won, same, err)
	}
	return s
}

// steps take each message, every time as if it were the first.
func steps(t testing.TB, random io.Reader) (messages [4][]byte, step [4]func([]byte) error) {
	t.Helper()
	s := newSides(t, random)
	return s.messages, [4]func([]byte) error{
		func(b []byte) error { _, err := Receive(b); return err },
		func(b []byte) error { _, err := s.two.clone().Two(random, b); return err },
		func(b []byte) error { _, _, err := s.three.clone().Three(random, b); return err },
		func(b []byte) error { _, err := s.four.clone().Four(b); return err },
	}
}

// No number of any message may be changed on its way.
func TestMalleability(t *testing.T) {
	messages, step := steps(t, random)
	for n, count := range []uint32{6, 11, 8, 3} {
		if err := step[n](messages[n]); err != nil {
			t.Fatal(err)
		}
		for field := range count {
			for name, change := range map[string]func([]byte) []byte{
				"one bit":  func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
				"0":        func([]byte) []byte { return nil },
				"1":        func([]byte) []byte { return []byte{1} },
				"too big":  func([]byte) []byte { return bytes.Repeat([]byte{0xff}, modp.Size) },
				"too long": func([]byte) []byte { return bytes.Repeat([]byte{0x11}, modp.Size+1) },
			} {
				r := wire.NewReader(messages[n])
				out := wire.AppendInt(nil, r.Int())
				for f := range count {
					v := bytes.Clone(r.MPI(modp.Size))
					if f == field {
						v = change(v)
					}
					out = wire.AppendMPI(out, v)
				}
				if err := step[n](out); !errors.Is(err, ErrCheated) && !errors.Is(err, ErrMalformed) {
					t.Errorf("message %d, field %d, %s: %v", n+1, field, name, err)
				}
			}
		}
	}
}

func TestCount(t *testing.T) {
	messages, step := steps(t, random)
	for n, m := range messages {
		for _, bad := range [][]byte{
			append([]byte{0, 0, 0, m[3] + 1}, m[4:]...), append(bytes.Clone(m), 0), m[:len(m)-1], {0xff, 0xff, 0xff, 0xff}, m[:4], nil,
		} {
			if err := step[n](bad); !errors.Is(err, ErrMalformed) {
				t.Errorf("message %d: %v", n+1, err)
			}
		}
	}
}

// A responder who sends back the initiator's own values must not win.
func TestReflection(t *testing.T) {
	i, m1, err := Start(random, secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	var in message1
	if !read(&in, m1) {
		t.Fatal("message 1 does not parse")
	}
	m := message2{message1: in, p: in.g2, q: in.g3, cp: coords{in.p2.c, in.p2.d, in.p3.d}}
	if _, err := i.Two(random, write(&m)); !errors.Is(err, ErrCheated) {
		t.Fatal(err)
	}
}

// broken is a source of randomness that fails after so many bytes.
type broken int

var errBroken = errors.New("no more randomness")

func (b *broken) Read(p []byte) (int, error) {
	if len(p) > int(*b) {
		return 0, errBroken
	}
	*b -= broken(len(p))
	return random.Read(p)
}

// secrets are all secret bytes of a side.
func (i *Initiator) secrets() [][]byte { return [][]byte{i.x[:], i.a2, i.a3} }
func (r *Responder) secrets() [][]byte { return [][]byte{r.g2.half, r.g3.half} }

func wiped(t *testing.T, when string, secrets [][]byte) {
	t.Helper()
	for n, b := range secrets {
		if bytes.Count(b, []byte{0}) != len(b) {
			t.Errorf("%s: secret %d is still there", when, n)
		}
	}
}

func TestWipe(t *testing.T) {
	s := newSides(t, random)
	for _, wrong := range [][]byte{nil, s.messages[0]} {
		i := s.two.clone()
		kept := i.secrets()
		if _, err := i.Two(random, wrong); err == nil {
			t.Fatal("a wrong message accepted")
		}
		wiped(t, "message 2", kept)
		i = s.four.clone()
		kept = i.secrets()
		if _, err := i.Four(wrong); err == nil || i.qab != nil {
			t.Fatal("a wrong message accepted, or memory kept")
		}
		wiped(t, "message 4", kept)
		r := s.three.clone()
		kept = r.secrets()
		if _, _, err := r.Three(random, wrong); err == nil || r.g2.base != nil || r.g3.base != nil {
			t.Fatal("a wrong message accepted, or memory kept")
		}
		wiped(t, "message 3", kept)
	}

	// After success only what the next step needs is left.
	wiped(t, "after message 3", [][]byte{s.four.x[:], s.four.a2})
	if len(s.four.a3) != modp.Size {
		t.Fatal("a3 is gone")
	}
	i, r := s.four.clone(), s.three.clone()
	kept := append(i.secrets(), r.secrets()...)
	if won, err := i.Four(s.messages[3]); !won || err != nil {
		t.Fatal(won, err)
	}
	if _, won, err := r.Three(random, s.messages[2]); !won || err != nil {
		t.Fatal(won, err)
	}
	wiped(t, "at the end", kept)
	if i.qab != nil || r.g2.base != nil || r.g3.base != nil {
		t.Error("memory kept at the end")
	}

	i, r = s.two.clone(), s.three.clone()
	kept = append(i.secrets(), r.secrets()...)
	i.Wipe()
	r.Wipe()
	wiped(t, "wiped", kept)
	if i.x != [32]byte{} {
		t.Error("x is still there")
	}
	(*Initiator)(nil).Wipe()
	(*Responder)(nil).Wipe()
}

// Without randomness nothing goes on, and nothing is left.
func TestRandomnessFails(t *testing.T) {
	s := newSides(t, random)
	for n := range broken(4) {
		have := n * modp.Size
		if i, m, err := Start(&have, secret("x")); !errors.Is(err, errBroken) || i != nil || m != nil {
			t.Fatalf("Start with %d numbers: %v", n, err)
		}
	}
	for n := range broken(4) {
		i, have := s.two.clone(), n*modp.Size
		kept := i.secrets()
		if m, err := i.Two(&have, s.messages[1]); !errors.Is(err, errBroken) || m != nil {
			t.Fatalf("Two with %d numbers: %v", n, err)
		}
		wiped(t, "Two", kept)
	}
	for n := range broken(7) {
		r, have := s.answer.clone(), n*modp.Size
		if m, err := r.Answer(&have, secret("x")); !errors.Is(err, errBroken) || m != nil || r.g2.half != nil || r.g3.base != nil {
			t.Fatalf("Answer with %d numbers: %v", n, err)
		}
		if _, err := r.Answer(random, secret("x")); err != nil {
			t.Fatalf("Answer, tried again: %v", err)
		}
	}
	r, have := s.three.clone(), broken(0)
	kept := r.secrets()
	if m, same, err := r.Three(&have, s.messages[2]); !errors.Is(err, errBroken) || m != nil || same {
		t.Fatal(err)
	}
	wiped(t, "Three", kept)
}

// A step whose time is not or is past refuses.
func TestOrder(t *testing.T) {
	s := newSides(t, random)
	if _, err := s.two.clone().Four(s.messages[3]); !errors.Is(err, ErrMalformed) {
		t.Error("message 4 before message 2")
	}
	if _, err := s.four.clone().Two(random, s.messages[1]); !errors.Is(err, ErrMalformed) {
		t.Error("message 2 twice")
	}
	if _, _, err := s.answer.clone().Three(random, s.messages[2]); !errors.Is(err, ErrMalformed) {
		t.Error("message 3 before the answer")
	}
	if _, err := s.three.clone().Answer(random, secret("x")); !errors.Is(err, ErrMalformed) {
		t.Error("answered twice")
	}
	i, r := s.four.clone(), s.three.clone()
	i.Wipe()
	r.Wipe()
	if _, err := i.Four(s.messages[3]); !errors.Is(err, ErrMalformed) {
		t.Error("message 4 after Wipe")
	}
	if _, err := r.Answer(random, secret("x")); !errors.Is(err, ErrMalformed) {
		t.Error("an answer after Wipe")
	}
	if _, _, err := r.Three(random, s.messages[2]); !errors.Is(err, ErrMalformed) {
		t.Error("message 3 after Wipe")
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		run(b, "s", "s")
	}
}
