package ake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"culver/otrplugin/otr/internal/dsa"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

var random = rand.NewChaCha8([32]byte{'a', 'k', 'e'})

var keys2 = sync.OnceValue(func() (k [2]*dsa.PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = dsa.Generate(random); err != nil {
			panic(err)
		}
	}
	return k
})

// exchange runs the four messages; spoil may change each on its way.
func exchange(t testing.TB, spoil func(n int, body []byte) []byte) (a, b *Outcome, err error) {
	t.Helper()
	if spoil == nil {
		spoil = func(_ int, body []byte) []byte { return body }
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	i, err := NewInitiator(random)
	must(err)
	c, err := ReadCommit(spoil(0, i.Commit()))
	if err != nil {
		return nil, nil, err
	}
	r, err := NewResponder(random, c)
	must(err)
	reveal, err := i.Reveal(random, keys2()[0], spoil(1, r.Key()))
	if err != nil {
		return nil, nil, err
	}
	if again, same := i.Repeat(r.Key()); same && !bytes.Equal(again, reveal) {
		t.Fatal("Repeat made something else")
	}
	signature, b, err := r.Finish(random, keys2()[1], spoil(2, reveal))
	if err != nil {
		return nil, nil, err
	}
	a, err = i.Finish(spoil(3, signature))
	return a, b, err
}

func TestExchange(t *testing.T) {
	a, b, err := exchange(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.SSID != b.SSID || a.SSID == [8]byte{} || !a.Revealed || b.Revealed || a.PeerID != 1 || b.PeerID != 1 {
		t.Fatal("outcomes differ")
	}
	if !a.Secret.Equal(b.Secret) || !a.Own.Public.Equal(&b.Peer) || !b.Own.Public.Equal(&a.Peer) {
		t.Fatal("keys differ")
	}
	if a.PeerKey.Fingerprint() != keys2()[1].Fingerprint() || b.PeerKey.Fingerprint() != keys2()[0].Fingerprint() {
		t.Fatal("fingerprints")
	}
}

// No bit of any message may be changed on its way and yet lead to an outcome.
func TestMalleability(t *testing.T) {
	var lengths [4]int
	if _, _, err := exchange(t, func(n int, body []byte) []byte { lengths[n] = len(body); return body }); err != nil {
		t.Fatal(err)
	}
	step := 7
	if testing.Short() {
		step = 61
	}
	for n, length := range lengths {
		for at := 0; at < length; at += step {
			_, _, err := exchange(t, func(m int, body []byte) []byte {
				if m != n || at >= len(body) {
					return body
				}
				body = bytes.Clone(body)
				body[at] ^= 0x10
				return body
			})
			if err == nil {
				t.Fatalf("message %d changed at %d, and nobody noticed", n, at)
			}
		}
		for _, change := range []func([]byte) []byte{
			func(b []byte) []byte { return b[:len(b)-1] },
			func(b []byte) []byte { return append(bytes.Clone(b), 0) },
			func(b []byte) []byte { return nil },
		} {
			_, _, err := exchange(t, func(m int, body []byte) []byte {
				if m != n {
					return body
				}
				return change(body)
			})
			if err == nil {
				t.Fatalf("message %d longer or shorter, and nobody noticed", n)
			}
		}
	}
}

// committed is a responder who took a commit to g^x as it stands there, and a
// Reveal Signature message for it that is right up to the MAC.
func committed(t *testing.T, gx []byte) (*Responder, []byte) {
	t.Helper()
	hash, key := sha256.Sum256(gx), make([]byte, 16)
	enc := bytes.Clone(gx)
	ctr(key, enc)
	c, err := ReadCommit(wire.AppendData(wire.AppendData(nil, enc), hash[:]))
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewResponder(random, c)
	if err != nil {
		t.Fatal(err)
	}
	body := wire.AppendData(wire.AppendData(nil, key), []byte("signed"))
	return r, append(body, make([]byte, macSize)...)
}

func TestKeyRange(t *testing.T) {
	prime, err := hex.DecodeString("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b" +
		"302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d" +
		"c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff")
	if err != nil {
		t.Fatal(err)
	}
	p := bytes.Repeat([]byte{0xff}, modp.Size)
	for name, key := range map[string][]byte{"0": {}, "1": {1}, "huge": p, "leading zero": {0, 5}} {
		i, err := NewInitiator(random)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Reveal(random, keys2()[0], wire.AppendData(nil, key)); !errors.Is(err, ErrMalformed) {
			t.Errorf("a key of %s: %v", name, err)
		}
	}
	// The same for a key that was committed to, and is revealed when it is too
	// late to choose another one.
	last := bytes.Clone(prime)
	last[modp.Size-1]--
	for name, key := range map[string][]byte{
		"0": {0}, "1": {1}, "p-1": last, "p": prime, "2^1536-1": p, "leading zero": {0, 5},
	} {
		r, body := committed(t, wire.AppendData(nil, key))
		if _, _, err := r.Finish(random, keys2()[1], body); !errors.Is(err, ErrMalformed) || r.Key() == nil {
			t.Errorf("a committed key of %s: %v", name, err)
		}
	}
	for name, enc := range map[string][]byte{"something after it": {0, 0, 0, 1, 5, 0}, "cut": {0, 0, 0, 2, 5}} {
		r, body := committed(t, enc)
		if _, _, err := r.Finish(random, keys2()[1], body); !errors.Is(err, ErrMalformed) {
			t.Errorf("a committed key, %s: %v", name, err)
		}
	}
	// One in the range gets as far as the MAC.
	r, body := committed(t, wire.AppendData(nil, []byte{5}))
	if _, _, err := r.Finish(random, keys2()[1], body); !errors.Is(err, ErrForged) {
		t.Errorf("a committed key of 5: %v", err)
	}

	// Our own key comes back.
	i, err := NewInitiator(random)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Reveal(random, keys2()[0], wire.AppendMPI(nil, i.own.Public.Bytes())); !errors.Is(err, ErrReflected) {
		t.Errorf("our own key: %v", err)
	}
	if _, err := ReadCommit(wire.AppendData(wire.AppendData(nil, make([]byte, 1<<16)), make([]byte, 32))); err == nil {
		t.Error("a huge commit accepted")
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

// sides are both sides, each before its last step.
func sides(t testing.TB) (i *Initiator, r *Responder, reveal []byte) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	i, err := NewInitiator(random)
	must(err)
	c, err := ReadCommit(i.Commit())
	must(err)
	r, err = NewResponder(random, c)
	must(err)
	reveal, err = i.Reveal(random, keys2()[0], r.Key())
	must(err)
	return i, r, reveal
}

// gone tells whether a private key was wiped: it makes no secret any more.
func gone(k *modp.KeyPair) (wiped bool) {
	defer func() { wiped = recover() != nil }()
	k.Shared(&k.Public)
	return false
}

func TestWipe(t *testing.T) {
	i, err := NewInitiator(random)
	if err != nil {
		t.Fatal(err)
	}
	c, own := i.Clone(), i.own
	i.Wipe()
	if i.r != [16]byte{} || i.own != nil || c.r == [16]byte{} || c.own == nil {
		t.Fatal("Wipe or Clone")
	}
	if !gone(own) {
		t.Fatal("the private key is still there")
	}
	if gone(c.own) {
		t.Fatal("the copy's private key is gone, too")
	}
	(*Initiator)(nil).Wipe()
	(*Responder)(nil).Wipe()

	i, r, reveal := sides(t)
	k, s, own := i.keys, i.secret, r.own
	i.Wipe()
	r.Wipe()
	if *k != (keys{}) || s.Valid() || i.secret != nil {
		t.Error("keys are still there")
	}
	if !gone(own) {
		t.Error("the responder's private key is still there")
	}
	// What was wiped refuses to go on.
	if _, _, err := r.Finish(random, keys2()[1], reveal); !errors.Is(err, ErrMalformed) || r.Key() != nil {
		t.Error(err)
	}
	if _, err := i.Finish(nil); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	if _, err := i.Reveal(random, keys2()[0], appendMPI(nil, &c.own.Public)); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	if _, same := i.Repeat(appendMPI(nil, &c.own.Public)); same || i.Clone().own != nil {
		t.Error("a wiped exchange goes on")
	}

	// A success hands the secrets over, and keeps none.
	i, r, reveal = sides(t)
	signature, o, err := r.Finish(random, keys2()[1], reveal)
	if err != nil || r.own != nil {
		t.Fatal(err)
	}
	p, err := i.Finish(signature)
	if err != nil || i.own != nil || i.secret != nil || i.keys != nil {
		t.Fatal(err)
	}
	own = o.Own
	o.Wipe()
	p.Wipe()
	if o.Secret.Valid() || !gone(own) {
		t.Error("the outcome is still there")
	}
}

// A second key in place of the first makes other keys.
func TestRevealAgain(t *testing.T) {
	i, r, _ := sides(t)
	first, s, k := *i.secret, i.secret, i.keys
	r.Wipe()
	other, err := modp.NewKeyPair(random)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Reveal(random, keys2()[0], appendMPI(nil, &other.Public)); err != nil || *k != (keys{}) || s.Valid() || i.secret.Equal(&first) {
		t.Fatal(err)
	}
}

// Without randomness nothing goes on.
func TestRandomnessFails(t *testing.T) {
	for _, have := range []broken{0, modp.PrivateSize, modp.PrivateSize + 15} {
		if i, err := NewInitiator(&have); !errors.Is(err, errBroken) || i != nil {
			t.Errorf("NewInitiator: %v", err)
		}
	}
	var none broken
	if r, err := NewResponder(&none, Commitment{}); !errors.Is(err, errBroken) || r != nil {
		t.Errorf("NewResponder: %v", err)
	}
	i, r, reveal := sides(t)
	again := i.Clone()
	if _, err := again.Reveal(&none, keys2()[0], r.Key()); !errors.Is(err, errBroken) || again.secret != nil || again.keys != nil {
		t.Errorf("Reveal: %v", err)
	}
	if _, _, err := r.Finish(&none, keys2()[1], reveal); !errors.Is(err, errBroken) {
		t.Errorf("Finish: %v", err)
	}
	// None of that changed anything.
	signature, _, err := r.Finish(random, keys2()[1], reveal)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Finish(signature); err != nil {
		t.Fatal(err)
	}
}

// TestReflected has the peer send us our own key back.
func TestReflected(t *testing.T) {
	i, err := NewInitiator(random)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadCommit(i.Commit())
	if err != nil {
		t.Fatal(err)
	}
	r := &Responder{own: i.own.Clone(), c: c}
	body := wire.AppendData(nil, i.r[:])
	if _, _, err := r.Finish(random, keys2()[1], body); !errors.Is(err, ErrReflected) {
		t.Error(err)
	}
	for _, short := range [][]byte{nil, wire.AppendData(nil, i.r[:15])} {
		if _, _, err := r.Finish(random, keys2()[1], short); !errors.Is(err, ErrMalformed) {
			t.Error(err)
		}
	}
}

// What a peer with the right keys may still do wrong inside the encryption.
func TestSignedPart(t *testing.T) {
	i, r, _ := sides(t)
	h := &i.keys.signature
	ours, theirs := &i.own.Public, &r.own.Public
	for name, c := range map[string]struct {
		id   uint32
		want error
		more []byte
		key  []byte
	}{
		"nothing wrong":      {id: 7},
		"key 0":              {want: ErrMalformed},
		"something after it": {id: 7, more: []byte{0}, want: ErrMalformed},
		"no key":             {id: 7, key: []byte{0, 0, 0, 0, 0, 0}, want: ErrMalformed},
		"another's key":      {id: 7, key: keys2()[0].PublicKey.Append(nil), want: ErrForged},
	} {
		if c.key == nil {
			c.key = keys2()[1].PublicKey.Append(nil)
		}
		x := wire.AppendInt(bytes.Clone(c.key), c.id)
		sig, err := keys2()[1].Sign(random, h.digest(theirs, ours, x))
		if err != nil {
			t.Fatal(err)
		}
		x = append(append(x, sig...), c.more...)
		ctr(h.c[:], x)
		body := wire.AppendData(nil, x)
		body = append(body, h.mac(body)...)
		key, id, err := h.open(wire.NewReader(body), ours, theirs)
		if !errors.Is(err, c.want) || (err == nil) != (key != nil && id == c.id) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The specification's h2 of a fixed secret, computed elsewhere.
func TestDerive(t *testing.T) {
	b := make([]byte, modp.Size-1) // one byte short: an MPI has no leading zeros
	for i := range b {
		b[i] = byte(i + 1)
	}
	for _, c := range []struct {
		s    []byte
		want string
	}{
		{b, "682480fe79e61c3fc31542e20e83d713faba2323f8652de354f11fc628d09fe3a14c92ddd930c0426e5dddc70a35ff64852088fc68a0bda92ae5d3da8e988b048d552ed6a4d6b19478fd385f814010686a7b3f346a6a4f43d19734fc5e81067bc3a3d7d4853ff2bf29ca5d2fe1b819064888c741601c701c0d8e1da7dcf58218c99900a2223e99ec9c0f89b97d59c4094ea0d8357d020145a8195a7f066da9c293d41aea1c3166d7"},
		{[]byte{2}, "39f07166ad40cd227452ace7401c53700730b80516801e1381540ddc172ee212bc36b7e75f7b49cbd5feaf8686065cca7a3b0a49b7fa75c59adf3408e832e94e18b80928afaf565347b57973a97145ec7359b94f907b17fdc5a8c82fcb51a17df0d3fb4bf648b78dbad06f6421c3006cc8180c64589129cd19af1b3b5c7d0d17731fc6d232e04a295217c7a0452071a0d39dec9f7b0c793021f79dfb017102458b6f25564c1fa194"},
	} {
		s, ok := modp.Parse(c.s)
		if !ok {
			t.Fatal("the secret does not parse")
		}
		k := derive(&s)
		all := k.ssid[:]
		for _, h := range []half{k.reveal, k.signature} {
			all = append(append(append(all, h.c[:]...), h.m1[:]...), h.m2[:]...)
		}
		if got := hex.EncodeToString(all); got != c.want {
			t.Errorf("%x gives %s", c.s, got)
		}
	}
}

func BenchmarkExchange(b *testing.B) {
	keys2()
	for b.Loop() {
		exchange(b, nil)
	}
}
