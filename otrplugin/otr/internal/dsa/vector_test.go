package dsa

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rfcKey is the key of RFC 6979, A.2.1.
func rfcKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := NewPrivateKey(
		unhex(t, "86f5ca03dcfeb225063ff830a0c769b9dd9d6153ad91d7ce27f787c43278b447"+
			"e6533b86b18bed6e8a48b784a14c252c5be0dbf60b86d6385bd2f12fb763ed88"+
			"73abfd3f5ba2e0a8c0a59082eac056935e529daf7c610467899c77adedfc846c"+
			"881870b7b19b2b58f9be0521a17002e3bdd6b86685ee90b3d9a1b02b782b1779"),
		unhex(t, "996f967f6c8e388d9e28d01e205fba957a5698b1"),
		unhex(t, "07b0f92546150b62514bb771e2a0c0ce387f03bda6c56b505209ff25fd3c133d"+
			"89bbcd97e904e09114d9a7defdeadfc9078ea544d2e401aeecc40bb9fbbf78fd"+
			"87995a10a1c27cb7789b594ba7efb5c4326a9fe59a070e136db77175464adca4"+
			"17be5dce2f40d10a46a3a3943f26ab7fd9c0398ff8c76ee0a56826a8a88f1dbd"),
		unhex(t, "5df5e01ded31d0297e274e1691c192fe5868fef9e19a84776454b100cf16f653"+
			"92195a38b90523e2542ee61871c0440cb87c322fc4b4d2ec5e1e7ec766e1be8d"+
			"4ce935437dc11c3c8fd426338933ebfe739cb3465f4d3668c5e473508253b1e6"+
			"82f65cbdc4fae93c2ea212390e54905a86e2223170b44eaa7da5dd9ffcfb7f3b"),
		unhex(t, "411602cb19a6ccc34494d79d98ef1e7ed5af25f7"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The signatures of RFC 6979, A.2.1, with its nonces. It shortens a digest to
// the length of q, which OTR does not: here that has been done.
func TestVectors(t *testing.T) {
	k := rfcKey(t)
	short, long := sha1.Sum([]byte("sample")), sha256.Sum256([]byte("sample"))
	for _, c := range []struct {
		digest     []byte
		nonce, sig string
	}{
		{short[:], "7bdb6b0ff756e1bb5d53583ef979082f9ad5bd5b", "2e1a0c2562b2912caaf89186fb0f42001585da5529efb6b0aff2d7a68eb70ca313022253b9a88df5"},
		{long[:20], "519ba0546d0c39202a7d34d7dfa5e760b318bcfb", "81f2f5850be5bc123c43f71a3033e9384611c5454cdd914b65eb6c66a8aaad27299bee6b035f5e89"},
	} {
		if !k.Verify(c.digest, unhex(t, c.sig)) {
			t.Error("the signature does not verify")
		}
		// Whatever the blind, the signature is the same.
		for blind := range byte(3) {
			if got := k.signWith(unhex(t, c.nonce), bytes.Repeat([]byte{blind + 1}, 32), c.digest); !bytes.Equal(got, unhex(t, c.sig)) {
				t.Errorf("signed %x", got)
			}
		}
	}
	if k.Verify(long[:], unhex(t, "81f2f5850be5bc123c43f71a3033e9384611c5454cdd914b65eb6c66a8aaad27299bee6b035f5e89")) {
		t.Error("the digest was shortened")
	}
	if got := hex.EncodeToString(fingerprint(k)); got != "3459511b1979807dada0a9ee9f1e357db9a7bb30" {
		t.Errorf("fingerprint %s", got)
	}
}

func fingerprint(k *PrivateKey) []byte { f := k.Fingerprint(); return f[:] }

// What will not do as a nonce or a blind.
func TestNonceRange(t *testing.T) {
	k := rfcKey(t)
	digest := make([]byte, 32)
	one, last := make([]byte, qBytes), new(big.Int).Sub(k.q, big.NewInt(1)).Bytes()
	one[qBytes-1] = 1
	blind := func() []byte { return bytes.Repeat([]byte{7}, 32) }
	for name, kb := range map[string][]byte{"0": make([]byte, qBytes), "q": k.q.Bytes(), "2^160-1": bytes.Repeat([]byte{0xff}, qBytes)} {
		if k.signWith(kb, blind(), digest) != nil {
			t.Errorf("the nonce %s will do", name)
		}
	}
	for name, kb := range map[string][]byte{"1": one, "q-1": last} {
		digest[0]++
		sig := k.signWith(bytes.Clone(kb), blind(), digest)
		if sig == nil || !k.Verify(digest, sig) {
			t.Errorf("the nonce %s will not do", name)
		}
	}
	if k.signWith(bytes.Clone(last), make([]byte, 32), digest) != nil {
		t.Error("a blind of 0 will do")
	}
	kb, b := bytes.Clone(last), blind()
	if k.signWith(kb, b, digest); !bytes.Equal(kb, make([]byte, qBytes)) || !bytes.Equal(b, make([]byte, 32)) {
		t.Error("the nonce or its blind is still there")
	}
	// s = 0 for the digest -x*r.
	r := new(big.Int).SetBytes(k.expG(last))
	r.Mod(r, k.q)
	m := r.Mul(r, new(big.Int).SetBytes(k.X()))
	m.Mod(m.Neg(m), k.q)
	if k.signWith(bytes.Clone(last), blind(), m.Bytes()) != nil {
		t.Error("signed with s = 0")
	}
}

func TestReduce(t *testing.T) {
	k := rfcKey(t)
	for _, n := range []int{0, 1, 15, 16, 17, 20, 31, 32, 33, 128} {
		for _, fill := range []byte{0, 1, 0x80, 0xff} {
			b := bytes.Repeat([]byte{fill}, n)
			want := new(big.Int).Mod(new(big.Int).SetBytes(b), k.q)
			if got := k.reduce(b).Bytes(k.modQ); new(big.Int).SetBytes(got).Cmp(want) != 0 {
				t.Errorf("%x modulo q is %x, not %x", b, got, want)
			}
		}
	}
}
