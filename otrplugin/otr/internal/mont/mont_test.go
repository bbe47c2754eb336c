package mont

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Moduli in use: the prime of OTR's Diffie-Hellman group (RFC 3526, group 5),
// the prime of a DSA key, and a prime of 1024 bits of the former's kind (RFC
// 2409, group 2).
const (
	groupPrime = "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd1" +
		"29024e088a67cc74020bbea63b139b22514a08798e3404dd" +
		"ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245" +
		"e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
		"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d" +
		"c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
		"83655d23dca3ad961c62f356208552bb9ed529077096966d" +
		"670c354e4abc9804f1746c08ca237327ffffffffffffffff"
	group2Prime = "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd1" +
		"29024e088a67cc74020bbea63b139b22514a08798e3404dd" +
		"ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245" +
		"e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
		"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381" +
		"ffffffffffffffff"
	dsaPrime = "8ba9bea12ae35152ce2a463835b90b318902d221b78c1e7f99c6fe3f3c1a358564a6fe5ce294033649319f19172fd257" +
		"564a02fbfe47afbb4e7af8dfce2420cf99a2b566be9667871ffe631375376e8e2ef12933c4a992af0f4bdb90319b10fb" +
		"063c6b2fbb994c05d0334584bfa19514d04e33ef29dc4e699df297a0f71d2f0b"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// source is a source of numbers that are the same in every run.
type source struct{ *rand.Rand }

func newSource(name string) source {
	var seed [32]byte
	copy(seed[:], name)
	return source{rand.New(rand.NewChaCha8(seed))}
}

// words sets z to a number of any kind: random throughout, or of words of the
// sort that make carries run.
func (s source) words(z []uint64) {
	edges := [...]uint64{0, 1, 1<<64 - 1, 1<<64 - 2, 1 << 63, 1<<63 - 1, 1<<32 - 1}
	kind := s.IntN(4)
	for i := range z {
		switch {
		case kind == 0, kind == 1 && s.IntN(2) == 0:
			z[i] = s.Uint64()
		case kind == 3: // a run of ones, up to the top
			z[i] = 1<<64 - 1
		default:
			z[i] = edges[s.IntN(len(edges))]
		}
	}
	if kind == 3 {
		for i := range s.IntN(len(z)) {
			z[i] = edges[s.IntN(2)]
		}
	}
}

// modulus draws an odd modulus of n words.
func (s source) modulus(n int) []byte {
	z := make([]uint64, n)
	s.words(z)
	z[0] |= 1
	z[n-1] |= 1 << 63
	if s.IntN(4) == 0 {
		z[0] = 1<<64 - 1 // of the kind that has a way of its own
	}
	b := make([]byte, 8*n)
	putBytes(b, z)
	return b
}

// extremes are moduli of n words at both ends of what is allowed.
func extremes(n int) [][]byte {
	ones := bytes.Repeat([]byte{0xff}, 8*n)
	least := make([]byte, 8*n)
	least[0], least[8*n-1] = 0x80, 1
	hollow := make([]byte, 8*n)
	copy(hollow, ones[:8])
	copy(hollow[8*n-8:], ones[:8])
	close := bytes.Clone(ones)
	close[8*n-1] = 0xfd
	return [][]byte{ones, least, hollow, close}
}

func number(x []uint64) *big.Int {
	b := make([]byte, 8*len(x))
	putBytes(b, x)
	return new(big.Int).SetBytes(b)
}

func TestNewModulus(t *testing.T) {
	p := unhex(t, groupPrime)
	if _, err := NewModulus24(append([]byte{0, 0}, p...)); err != nil {
		t.Errorf("leading zeros: %v", err)
	}
	even := bytes.Clone(p)
	even[len(even)-1]--
	low := bytes.Clone(p)
	low[0] = 0x7f
	for name, b := range map[string][]byte{
		"nothing": nil, "zero": make([]byte, Size24), "even": even, "1535 bits": low, "1544 bits": append([]byte{1}, p...), "1024 bits": unhex(t, dsaPrime),
	} {
		if m, err := NewModulus24(b); err == nil || m != nil {
			t.Errorf("24 words: %s accepted", name)
		}
		if name == "1024 bits" {
			continue
		}
		if m, err := NewModulus16(b); err == nil || m != nil {
			t.Errorf("16 words: %s accepted", name)
		}
	}
	if m, err := NewModulus16(p); err == nil || m != nil {
		t.Error("16 words: 1536 bits accepted")
	}
}

// TestForm is what callers see: into Montgomery's form, arithmetic, and out of it.
func TestForm(t *testing.T) {
	s := newSource("form")
	for range 200 {
		b16, b24 := s.modulus(16), s.modulus(24)
		m16, err := NewModulus16(b16)
		if err != nil {
			t.Fatal(err)
		}
		m24, err := NewModulus24(b24)
		if err != nil {
			t.Fatal(err)
		}
		var words Elem24
		s.words(words[:])
		b := make([]byte, Size24)
		putBytes(b, words[:])
		b = b[:s.IntN(Size16+1)] // any length, and above m as well
		x := new(big.Int).SetBytes(b)

		want := func(x, m *big.Int) *big.Int { // 2(x^3 + 0)
			v := new(big.Int).Exp(x, big.NewInt(3), m)
			return v.Lsh(v, 1).Mod(v, m)
		}
		n := new(big.Int).SetBytes(b16)
		var e, z Elem16
		m16.Enter(&e, b)
		m16.Sqr(&z, &e)
		m16.Mul(&z, &z, &e)
		m16.Double(&z, &z)
		if got := m16.Leave(&z); new(big.Int).SetBytes(got[:]).Cmp(want(x, n)) != 0 {
			t.Fatalf("16 words: 2*%x^3 modulo %x = %x", x, n, got)
		}
		one := m16.One()
		if got := m16.Leave(&one); number(one[:]).Cmp(n) >= 0 || new(big.Int).SetBytes(got[:]).Cmp(big.NewInt(1)) != 0 {
			t.Fatal("16 words: One")
		}

		n = new(big.Int).SetBytes(b24)
		var f, y Elem24
		m24.Enter(&f, b)
		m24.Sqr(&y, &f)
		m24.Mul(&y, &y, &f)
		m24.Double(&y, &y)
		if got := m24.Leave(&y); new(big.Int).SetBytes(got[:]).Cmp(want(x, n)) != 0 {
			t.Fatalf("24 words: 2*%x^3 modulo %x = %x", x, n, got)
		}
		unit := m24.One()
		if got := m24.Leave(&unit); number(unit[:]).Cmp(n) >= 0 || new(big.Int).SetBytes(got[:]).Cmp(big.NewInt(1)) != 0 {
			t.Fatal("24 words: One")
		}
	}
}

func TestEnterTooLong(t *testing.T) {
	m16, _ := NewModulus16(unhex(t, dsaPrime))
	m24, _ := NewModulus24(unhex(t, groupPrime))
	for name, f := range map[string]func(){
		"16 words": func() { m16.Enter(new(Elem16), make([]byte, Size16+1)) },
		"24 words": func() { m24.Enter(new(Elem24), make([]byte, Size24+1)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a number too long was taken", name)
				}
			}()
			f()
		}()
	}
}

func TestDouble(t *testing.T) {
	s := newSource("double")
	for _, b := range append(extremes(24), unhex(t, groupPrime), s.modulus(24)) {
		m, err := NewModulus24(b)
		if err != nil {
			t.Fatal(err)
		}
		n := new(big.Int).SetBytes(b)
		half := new(big.Int).Rsh(n, 1)
		for _, v := range []*big.Int{new(big.Int), big.NewInt(1), half, new(big.Int).Add(half, big.NewInt(1)), new(big.Int).Sub(n, big.NewInt(1))} {
			var x Elem24
			setBytes(x[:], v.FillBytes(make([]byte, Size24)))
			m.Double(&x, &x)
			if want := new(big.Int).Lsh(v, 1); number(x[:]).Cmp(want.Mod(want, n)) != 0 {
				t.Fatalf("2*%x modulo %x", v, n)
			}
		}
	}
}

func BenchmarkMul24(b *testing.B) {
	m, _ := NewModulus24(unhex(b, groupPrime))
	x := m.rr
	for b.Loop() {
		m.Mul(&x, &x, &m.rr)
	}
}

func BenchmarkSqr24(b *testing.B) {
	m, _ := NewModulus24(unhex(b, groupPrime))
	x := m.rr
	for b.Loop() {
		m.Sqr(&x, &x)
	}
}

func BenchmarkMul16(b *testing.B) {
	m, _ := NewModulus16(unhex(b, dsaPrime))
	x := m.rr
	for b.Loop() {
		m.Mul(&x, &x, &m.rr)
	}
}

func BenchmarkSqr16(b *testing.B) {
	m, _ := NewModulus16(unhex(b, dsaPrime))
	x := m.rr
	for b.Loop() {
		m.Sqr(&x, &x)
	}
}
