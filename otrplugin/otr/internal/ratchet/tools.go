package ratchet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/subtle"
	"encoding"
	"encoding/binary"
	"hash"
)

// state is SHA-1 after some whole blocks, as crypto/sha1 marshals it.
type state [4 + sha1.Size + sha1.BlockSize + 8]byte

// resumable is SHA-1 that can be left and gone on with.
type resumable interface {
	hash.Hash
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// tools is the working memory of a Ratchet. What the standard library's
// interfaces take by pointer would be allocated for each message otherwise.
type tools struct {
	sha     resumable
	sum     [macSize]byte
	counter [aes.BlockSize]byte
	pad     [8 * aes.BlockSize]byte
}

func newTools() *tools { return &tools{sha: sha1.New().(resumable)} }

// expand works out HMAC's two states for a key, so that none of its messages
// has to hash the key again (RFC 2104, section 4).
func (t *tools) expand(k *keyed, key *[macSize]byte) {
	block := t.pad[:sha1.BlockSize]
	for _, half := range []struct {
		to  *state
		pad byte
	}{{&k.inner, 0x36}, {&k.outer, 0x5c}} {
		for i := range block {
			block[i] = half.pad
		}
		subtle.XORBytes(block, block, key[:])
		t.sha.Reset()
		t.sha.Write(block)
		t.save(half.to)
	}
	clear(block)
}

func (t *tools) save(to *state) {
	if b, err := t.sha.AppendBinary(to[:0]); err != nil || len(b) != len(to) {
		panic("ratchet: crypto/sha1 marshals otherwise now")
	}
}

func (t *tools) resume(from *state) {
	if err := t.sha.UnmarshalBinary(from[:]); err != nil {
		panic(err) // it was saved by save
	}
}

// mac is HMAC-SHA1 of msg, valid until the next call.
func (t *tools) mac(k *keyed, msg []byte) []byte {
	t.resume(&k.inner)
	t.sha.Write(msg)
	inner := t.sha.Sum(t.sum[:0])
	t.resume(&k.outer)
	t.sha.Write(inner)
	return t.sha.Sum(t.sum[:0])
}

// short is the length up to which single blocks cost less than a stream, which
// has to be allocated first.
const short = 256

// crypt encrypts or decrypts src to dst, which may be the same: counter mode,
// from the given upper half of the counter.
func (t *tools) crypt(k *keyed, top uint64, dst, src []byte) {
	binary.BigEndian.PutUint64(t.counter[:], top)
	t.counter[aes.BlockSize-1] = 0
	if len(src) > short {
		cipher.NewCTR(k.block, t.counter[:]).XORKeyStream(dst, src)
		return
	}
	for len(src) > 0 {
		n := 0
		for ; n < min(len(src), len(t.pad)); n += aes.BlockSize {
			k.block.Encrypt(t.pad[n:], t.counter[:])
			t.counter[aes.BlockSize-1]++
		}
		n = subtle.XORBytes(dst, src, t.pad[:n])
		dst, src = dst[n:], src[n:]
	}
	clear(t.pad[:])
}

func (t *tools) wipe() {
	t.sha.Reset()
	*t = tools{sha: t.sha}
}
