package smp

import (
	"bytes"
	"errors"
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

// steps are both sides after a run, and its messages. A step that fails
// changes nothing, so each can be tried again with something else.
func steps(t testing.TB) (messages [4][]byte, step [4]func([]byte) error) {
	t.Helper()
	i, m1, err := Start(random, secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Receive(m1)
	if err != nil {
		t.Fatal(err)
	}
	m2, err := r.Answer(random, secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	m3, err := i.Two(random, m2)
	if err != nil {
		t.Fatal(err)
	}
	m4, same, err := r.Three(random, m3)
	if err != nil || !same {
		t.Fatal(same, err)
	}
	return [4][]byte{m1, m2, m3, m4}, [4]func([]byte) error{
		func(b []byte) error { _, err := Receive(b); return err },
		func(b []byte) error { j := *i; _, err := j.Two(random, b); return err },
		func(b []byte) error { _, _, err := r.Three(random, b); return err },
		func(b []byte) error { _, err := i.Four(b); return err },
	}
}

// No number of any message may be changed on its way.
func TestMalleability(t *testing.T) {
	messages, step := steps(t)
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
	messages, step := steps(t)
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

func TestWipe(t *testing.T) {
	i, _, err := Start(random, secret("x"))
	if err != nil {
		t.Fatal(err)
	}
	i.Wipe()
	if i.x != [32]byte{} || !bytes.Equal(i.a2, make([]byte, modp.Size)) {
		t.Fatal("not wiped")
	}
	(*Initiator)(nil).Wipe()
	(*Responder)(nil).Wipe()
}

// FuzzMessages feeds each step with anything.
func FuzzMessages(f *testing.F) {
	messages, step := steps(f)
	for _, seed := range append(messages[:], nil, []byte{0, 0, 0, 6}, []byte{0xff, 0xff, 0xff, 0xff}, []byte{0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff}) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for n := range step {
			if err := step[n](body); err == nil && !bytes.Equal(body, messages[n]) {
				t.Fatalf("another message %d accepted", n+1)
			}
		}
	})
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		run(b, "s", "s")
	}
}
