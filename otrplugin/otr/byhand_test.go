package otr

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	stddsa "crypto/dsa" //lint:ignore SA1019 what OTR is defined on
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"testing"

	"culver/otrplugin/otr/internal/wire"
)

// byHand is a peer who exchanges keys with the standard library alone, from
// the words of the protocol (section "Authenticated Key Exchange"), so that
// the engine's arithmetic has a second opinion.
type byHand struct {
	*testing.T
	version Policy
	key     stddsa.PrivateKey
	x       *big.Int // our exponent
	theirs  *big.Int // the engine's public value
}

// group is the 1536-bit prime of RFC 3526.
var group = func() *big.Int {
	p, ok := new(big.Int).SetString("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"+
		"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"+
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"+
		"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF", 16)
	if !ok {
		panic("not a number")
	}
	return p
}()

func (h *byHand) public() *big.Int { return new(big.Int).Exp(big.NewInt(2), h.x, group) }

func mpi(n *big.Int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(n.Bytes()))), n.Bytes()...)
}

func data(b []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)
}

func stream(key, b []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	out := make([]byte, len(b))
	cipher.NewCTR(c, make([]byte, 16)).XORKeyStream(out, b)
	return out
}

func mac(key, b []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(b)
	return m.Sum(nil)
}

// derived is h2(b), of the secret that both share.
func (h *byHand) derived(b byte) []byte {
	sum := sha256.Sum256(append([]byte{b}, mpi(new(big.Int).Exp(h.theirs, h.x, group))...))
	return sum[:]
}

// read cuts the fields of a body: a DATA of each of the sizes (0: of any), or
// if negative that many bytes as they are.
func (h *byHand) read(body []byte, sizes ...int) (fields [][]byte) {
	h.Helper()
	in := wire.NewReader(body)
	for _, size := range sizes {
		if size < 0 {
			fields = append(fields, in.Bytes(-size))
		} else if fields = append(fields, in.Data()); size > 0 && len(fields[len(fields)-1]) != size {
			h.Fatalf("a field of %d bytes, want %d", len(fields[len(fields)-1]), size)
		}
	}
	if !in.Done() {
		h.Fatal("not all there, or more than all")
	}
	return fields
}

// signature makes the body that proves our key, with the derived key c and
// the MAC keys number m1 and m1+1.
func (h *byHand) signature(c []byte, m1 byte) []byte {
	pub := append(append(append(append([]byte{0, 0}, mpi(h.key.P)...), mpi(h.key.Q)...), mpi(h.key.G)...), mpi(h.key.Y)...)
	pub = append(pub, 0, 0, 0, 1)
	m := mac(h.derived(m1), append(append(mpi(h.public()), mpi(h.theirs)...), pub...))
	r, s, err := stddsa.Sign(rand.Reader, &h.key, m)
	if err != nil {
		h.Fatal(err)
	}
	signed := append(append(bytes.Clone(pub), r.FillBytes(make([]byte, 20))...), s.FillBytes(make([]byte, 20))...)
	enc := data(stream(c, signed))
	return append(enc, mac(h.derived(m1+1), enc)[:20]...)
}

// verify checks the body that proves the engine's key.
func (h *byHand) verify(enc, sum, c []byte, m1 byte) {
	h.Helper()
	if !bytes.Equal(mac(h.derived(m1+1), data(enc))[:20], sum) {
		h.Fatal("the MAC is not over the DATA with its length, cut to 20 bytes")
	}
	in := wire.NewReader(stream(c, enc))
	var pub stddsa.PublicKey
	signed := in.Rest()
	if in.Short() != 0 {
		h.Fatal("not a DSA key")
	}
	for _, n := range []**big.Int{&pub.P, &pub.Q, &pub.G, &pub.Y} {
		*n = new(big.Int).SetBytes(in.MPI(128))
	}
	if id := in.Int(); id != 1 {
		h.Fatalf("key number %d", id)
	}
	signed = signed[:len(signed)-len(in.Rest())]
	r, s := new(big.Int).SetBytes(in.Bytes(20)), new(big.Int).SetBytes(in.Bytes(20))
	if !in.Done() {
		h.Fatal("not all there, or more than all")
	}
	m := mac(h.derived(m1), append(append(mpi(h.theirs), mpi(h.public())...), signed...))
	if !stddsa.Verify(&pub, m, r, s) {
		h.Fatal("the signature is not over M as a whole")
	}
}

func (h *byHand) message(t wire.Type, to uint32, body []byte) []byte {
	b := []byte{0, 2, byte(t)}
	if h.version == AllowV3 {
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{0, 3, byte(t)}, 0x2002), to)
	}
	return wire.Armour(append(b, body...))
}

// exchangeByHand exchanges keys with a session, which commits if it is to.
func exchangeByHand(t *testing.T, v Policy, engineCommits bool) (*Session, *byHand) {
	t.Helper()
	p := newPair(t, func(a, b *Config) { a.Policy = v })
	h := &byHand{T: t, version: v, x: new(big.Int).SetBytes(bytes.Repeat([]byte{0xa5}, 40))}
	num := func(n []byte) *big.Int { return new(big.Int).SetBytes(n) }
	kp, kq, kg, ky, kx := keys()[1].Numbers()
	h.key = stddsa.PrivateKey{PublicKey: stddsa.PublicKey{Parameters: stddsa.Parameters{P: num(kp), Q: num(kq), G: num(kg)}, Y: num(ky)}, X: num(kx)}
	// give hands the engine a message and takes its answer's header and body.
	give := func(msg []byte, want wire.Type, to uint32) []byte {
		t.Helper()
		r, err := p.a.Receive(msg)
		if err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			return nil
		}
		head, body := unarmoured(t, r.Wire[0])
		from := uint32(0x1001)
		if v == AllowV2 {
			from, to = 0, 0
		}
		if head.Type != want || head.From != from || head.To != to || len(r.Wire) > 1 {
			t.Fatalf("answer %+v", head)
		}
		return body
	}
	if engineCommits {
		f := h.read(give([]byte("?OTRv23?"), wire.DHCommit, 0), 0, 32)
		enc, hash := f[0], f[1]
		one := big.NewInt(1)
		for _, bad := range []*big.Int{{}, one, new(big.Int).Sub(group, one), group, new(big.Int).Add(group, one), new(big.Int).Lsh(group, 1)} {
			if r, err := p.a.Receive(h.message(wire.DHKey, 0x1001, mpi(bad))); err != ErrMalformed || len(r.Wire) > 0 {
				t.Fatalf("the public value %x: %v", bad, err)
			}
		}
		f = h.read(give(h.message(wire.DHKey, 0x1001, mpi(h.public())), wire.RevealSig, 0x2002), 16, 0, -20)
		gx := stream(f[0], enc)
		if sum := sha256.Sum256(gx); !bytes.Equal(sum[:], hash) {
			t.Fatal("not what was committed to")
		}
		h.theirs = num(h.read(gx, 0)[0])
		keys := h.derived(1)
		h.verify(f[1], f[2], keys[:16], 2)
		give(h.message(wire.Signature, 0x1001, h.signature(keys[16:], 4)), 0, 0)
	} else {
		key := bytes.Repeat([]byte{7}, 16)
		hash := sha256.Sum256(mpi(h.public()))
		commit := append(data(stream(key, mpi(h.public()))), data(hash[:])...)
		h.theirs = num(h.read(give(h.message(wire.DHCommit, 0, commit), wire.DHKey, 0x2002), 0)[0])
		keys := h.derived(1)
		reveal := append(data(key), h.signature(keys[:16], 2)...)
		f := h.read(give(h.message(wire.RevealSig, 0x1001, reveal), wire.Signature, 0x2002), 0, -20)
		h.verify(f[0], f[1], keys[16:], 4)
	}
	return p.a.Session, h
}

// The four messages field by field, what is derived from the secret, and what
// is signed, in both roles; and the numbers of the first keys.
func TestExchangeByHand(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		for _, engineCommits := range []bool{true, false} {
			s, h := exchangeByHand(t, v, engineCommits)
			role := map[bool]string{true: ", we commit", false: ", the peer commits"}[engineCommits]
			t.Run("P9 messages"+role, func(t *testing.T) {
				if f, ok := s.PeerFingerprint(); s.State() != Encrypted || !ok || f != keys()[1].Fingerprint() {
					t.Fatal("not private", s.State())
				}
			})
			t.Run("P10 P19 secret and session id"+role, func(t *testing.T) {
				id, first := s.SessionID()
				if !bytes.Equal(id[:], h.derived(0)[:8]) || first != engineCommits {
					t.Fatalf("session id %x, ours first %v", id, first)
				}
			})
			t.Run("P11 P12 signatures and key numbers"+role, func(t *testing.T) {
				r, err := s.Send([]byte("hi"))
				if err != nil {
					t.Fatal(err)
				}
				if m, ok := sniff(r.Wire[0]); !ok || m.sender != 1 || m.to != 1 || bytes.Equal(m.next, h.theirs.Bytes()) {
					t.Fatalf("keys %d and %d", m.sender, m.to)
				}
			})
		}
	})
}
