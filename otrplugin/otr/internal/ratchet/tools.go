package ratchet

import (
	"bytes"
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
	sha resumable
	end state
	pad [2 * sha1.BlockSize]byte
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
	rest := t.begin(k, msg)
	inner := t.finish(rest, sha1.BlockSize+len(msg))
	t.resume(&k.outer)
	return t.finish(inner, sha1.BlockSize+macSize)
}

// finish hashes the rest of n bytes, which begins at a whole block, and returns
// the sum: what Sum does, but without a copy of the state on the way. SHA-1's
// padding is a bit, zeros, and the length in bits (RFC 3174, section 4); its
// sum is the state after the last block, which is marshalled behind four bytes
// of crypto/sha1's own.
func (t *tools) finish(rest []byte, n int) []byte {
	whole := len(rest) &^ (sha1.BlockSize - 1)
	if whole > 0 {
		t.sha.Write(rest[:whole])
	}
	at := copy(t.pad[:], rest[whole:])
	end := sha1.BlockSize
	if at+1+8 > end {
		end *= 2
	}
	t.pad[at] = 0x80
	clear(t.pad[at+1 : end-8])
	binary.BigEndian.PutUint64(t.pad[end-8:], uint64(n)*8)
	t.sha.Write(t.pad[:end])
	t.save(&t.end)
	return t.end[4 : 4+macSize]
}

// begin hashes the beginning of msg, unless the last message of the direction
// had the very same one, and returns what is left to hash. A key that is used
// once only, as in a conversation that takes turns, remembers nothing.
func (t *tools) begin(k *keyed, msg []byte) (rest []byte) {
	b := k.begun
	if b != nil && len(msg) >= len(b.bytes) && bytes.Equal(msg[:len(b.bytes)], b.bytes[:]) {
		t.resume(&b.inner)
		return msg[len(b.bytes):]
	}
	t.resume(&k.inner)
	if k.used && len(msg) >= len(b.bytes) {
		if b == nil {
			b = new(begun)
			k.begun = b
		}
		t.sha.Write(msg[:copy(b.bytes[:], msg)])
		t.save(&b.inner)
		msg = msg[len(b.bytes):]
	}
	k.used = true
	return msg
}

// short is the length up to which single blocks cost less than a stream, which
// has to be allocated first.
const short = 256

// crypt encrypts or decrypts src to dst, which may be the same: counter mode,
// from the given upper half of the counter.
func (t *tools) crypt(k *keyed, top uint64, dst, src []byte) {
	if len(src) > short {
		counter := t.pad[:aes.BlockSize]
		binary.BigEndian.PutUint64(counter, top)
		clear(counter[8:])
		cipher.NewCTR(k.block, counter).XORKeyStream(dst, src)
		clear(counter)
		return
	}
	for low := uint64(0); len(src) > 0; {
		pad := t.pad[:min(len(t.pad), (len(src)+aes.BlockSize-1)&^(aes.BlockSize-1))]
		for b := pad; len(b) >= aes.BlockSize; b = b[aes.BlockSize:] {
			binary.BigEndian.PutUint64(b, top)
			binary.BigEndian.PutUint64(b[8:], low)
			low++
		}
		for b := pad; len(b) >= aes.BlockSize; b = b[aes.BlockSize:] {
			k.block.Encrypt(b, b)
		}
		n := subtle.XORBytes(dst, src, pad)
		dst, src = dst[n:], src[n:]
	}
	clear(t.pad[:])
}

func (t *tools) wipe() {
	t.sha.Reset()
	*t = tools{sha: t.sha}
}
