package otr

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"
)

// dry is randomness that runs out once, at the nth read.
type dry struct {
	io.Reader
	n int
}

var errDry = errors.New("no randomness")

func (d *dry) Read(b []byte) (int, error) {
	if d.n--; d.n == 0 {
		return 0, errDry
	}
	return d.Reader.Read(b)
}

// Wherever randomness fails, the caller is told, nothing leaves in clear, and
// the next attempt gets through.
func TestRandomnessFails(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for n := int(v); ; n += 2 { // the versions take turns
			source := &dry{seeded(n), n}
			p := newPair(t, func(a, b *Config) {
				a.Policy, b.Policy = v|RequireEncryption, v
				b.Rand = source
				if n/2%2 == 1 {
					a.Rand, b.Rand = b.Rand, a.Rand
				}
			})
			p.a.say("canary")
			p.run()
			p.b.take(p.b.Start())
			p.run()
			for range 3 {
				p.a.say("canary")
				p.run()
				if p.b.State() == Encrypted {
					p.b.say("canary")
				}
				p.run()
			}
			p.a.take(p.a.Authenticate([]byte("x"), ""))
			p.run()
			p.b.take(p.b.Answer([]byte("x")))
			p.run()
			for _, w := range append(p.a.wire, p.b.wire...) {
				if bytes.Contains(w, []byte("canary")) {
					t.Fatalf("read %d failed: in clear", n)
				}
			}
			if source.n > 0 { // it never came to that
				if n < 20 {
					t.Fatalf("randomness was read %d times only", n)
				}
				return
			}
			told := false
			for _, err := range append(p.a.errs, p.b.errs...) {
				told = told || errors.Is(err, errDry)
			}
			if !told {
				t.Fatalf("read %d failed, and nobody was told", n)
			}
			p.clock = p.clock.Add(2 * time.Minute)
			p.a.quiet()
			p.b.quiet()
			p.b.take(p.b.Start())
			p.run()
			p.a.texts, p.b.texts = nil, nil
			p.a.say("finally")
			p.b.say("indeed")
			p.run()
			p.shown(p.b, "finally")
			p.shown(p.a, "indeed")
		}
	})
}

// A refresh that fails at the last moment leaves the keys in use, and nothing
// of those from before the last one.
func TestRefreshFailsLate(t *testing.T) {
	tap := &dry{Reader: seeded(1)}
	p := newPair(t, func(a, b *Config) { a.Rand = tap }).secure()
	p.b.take(p.b.Start()) // a commits, and gets done last
	p.run()
	p.want(p.a, Refreshed)
	i := p.a.live
	if i.former == nil {
		t.Fatal("no former keys: nothing to lose")
	}
	p.b.take(p.b.Start())
	tap.n = 4 // D-H key, r, signature, and the next D-H key
	p.run()
	if tap.n != 0 || len(p.a.errs) == 0 || !errors.Is(p.a.errs[0], errDry) {
		t.Fatal(tap.n, p.a.errs)
	}
	if i.former != nil || i.keys == nil || p.a.State() != Encrypted {
		t.Error("wiped keys are still there, or those in use are gone")
	}
	p.a.errs = nil
	p.a.say("on")
	p.run()
}

// What is too long is refused before anything has changed.
func TestTooLong(t *testing.T) {
	p := newPair(t, nil).secure()
	long := bytes.Repeat([]byte{'x'}, maxText+1)
	for name, send := range map[string]func() (Result, error){
		"text":      func() (Result, error) { return p.a.Send(long) },
		"record":    func() (Result, error) { return p.a.SendTLV(nil, 1234, make([]byte, 1<<16)) },
		"extra key": func() (Result, error) { _, r, err := p.a.ExtraKey(1, make([]byte, 1<<16-4)); return r, err },
		"question":  func() (Result, error) { return p.a.Authenticate([]byte("x"), string(long[:maxQuestion+1])) },
	} {
		if r, err := send(); !errors.Is(err, ErrTooLong) || len(r.Wire) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := p.a.Receive(append([]byte("?OTR:"), bytes.Repeat([]byte{'A'}, 2<<20)...))
	if !errors.Is(err, ErrMalformed) || r.Show || len(r.Wire) > 0 || r.Events[0].Kind != Malformed {
		t.Error("a huge message", err)
	}
	p.a.say("hi")
	p.run()
	p.shown(p.b, "hi")
}

func TestNames(t *testing.T) {
	for s, name := range map[State]string{Plaintext: "plaintext", Encrypted: "encrypted", Finished: "finished"} {
		if s.String() != name {
			t.Errorf("%d is %v", s, s)
		}
	}
	seen := map[string]bool{}
	for k := GoneSecure; k <= TLVReceived; k++ {
		if name := k.String(); name == "unknown" || seen[name] {
			t.Errorf("event %d is %q", k, name)
		} else {
			seen[name] = true
		}
	}
	if EventKind(0).String() != "unknown" || EventKind(255).String() != "unknown" {
		t.Error("an event that is none has a name")
	}
	s := New(Config{InstanceTag: 0x1001})
	if id, first := s.SessionID(); id != [8]byte{} || first || s.TheirTag() != 0 || s.OurTag() != 0x1001 || s.Version() != 0 {
		t.Error("a session without a peer has something of his")
	}
}
