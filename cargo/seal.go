package cargo

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// A sealed stream is a header and chunks, as in the STREAM construction of Hoang,
// Reyhanitabar, Rogaway and Vizár (2015): the nonce of a chunk is its place among all
// chunks of the offer and whether it is the last, so that none can be left out,
// repeated, or put elsewhere. Each stream has a key of its own, made of a salt in its
// header: one that begins anew, perhaps of a file that was changed, uses no nonce
// twice.

const (
	saltSize   = 32
	headerSize = len(magic) + saltSize
	overhead   = 16 // the tag of a chunk
	magic      = "culver-files-1\n"
)

// ErrForged says that a sealed stream is not what its sender sealed: bytes were changed,
// left out, repeated or moved, or it belongs to another offer.
var ErrForged = errors.New("what came is not what was sent")

// Key seals the contents of one offer, on its way in one direction.
type Key struct {
	secret []byte
	digest [sha256.Size]byte
}

// Key makes the key of an offer from a secret of both sides, and who sends it to whom.
func (o Offer) Key(secret []byte, from, to string) (Key, error) {
	digest := o.digest()
	info := fmt.Sprintf("culver files 1\x00%d\x00%s%d\x00%s%s", len(from), from, len(to), to, digest[:])
	key, err := hkdf.Key(sha256.New, secret, []byte(o.ID), info, sha256.Size)
	if err != nil {
		return Key{}, fmt.Errorf("derive the key of files: %w", err)
	}
	return Key{secret: key, digest: digest}, nil
}

// Wipe forgets the key.
func (k *Key) Wipe() {
	clear(k.secret)
	k.secret = nil
}

// stream is the cipher of the stream with that salt.
func (k Key) stream(salt []byte) (cipher.AEAD, error) {
	if k.secret == nil {
		return nil, errors.New("the key of files was wiped")
	}
	key, err := hkdf.Key(sha256.New, k.secret, salt, "culver files 1 stream", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive the key of a stream: %w", err)
	}
	defer clear(key)
	return chacha20poly1305.New(key)
}

// nonce is that of a chunk.
func nonce(n int64, last bool) []byte {
	b := make([]byte, chacha20poly1305.NonceSize)
	binary.BigEndian.PutUint64(b[3:], uint64(n))
	if last {
		b[len(b)-1] = 1
	}
	return b
}

// sealer reads sealed what it reads plain.
type sealer struct {
	aead   cipher.AEAD
	digest [sha256.Size]byte
	plain  io.Reader
	left   int64 // of the contents
	next   int64 // the chunk
	count  int64 // of all chunks
	buf    []byte
	ready  []byte // what is sealed and not read yet
	err    error
}

// Seal returns the sealed stream of an offer from a chunk on, for which plain has the
// contents of all files from there on, one after the other.
func (o Offer) Seal(k Key, plain io.Reader, first int64) (io.Reader, error) {
	if !o.ValidChunk(first) {
		return nil, errOffer
	}
	salt := make([]byte, saltSize)
	rand.Read(salt)
	aead, err := k.stream(salt)
	if err != nil {
		return nil, err
	}
	size := o.Size()
	return &sealer{
		aead: aead, digest: k.digest, plain: plain, left: size - first*ChunkSize, next: first, count: chunks(size),
		buf: make([]byte, ChunkSize, ChunkSize+overhead), ready: append([]byte(magic), salt...),
	}, nil
}

func (s *sealer) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.ready, s.err = s.seal()
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// seal makes the next chunk.
func (s *sealer) seal() ([]byte, error) {
	if s.next == s.count {
		return nil, io.EOF
	}
	text := s.buf[:min(s.left, ChunkSize)]
	if _, err := io.ReadFull(s.plain, text); err != nil {
		return nil, fmt.Errorf("read what is to be sent: %w", err)
	}
	s.left -= int64(len(text))
	s.next++
	return s.aead.Seal(text[:0], nonce(s.next-1, s.next == s.count), text, s.digest[:]), nil
}

// Opener opens sealed streams of one offer, one after the other if they break.
type Opener struct {
	key   Key
	size  int64
	next  int64
	count int64
	aead  cipher.AEAD // of the stream that is being read
	buf   []byte
}

// Opener returns one that begins with the first chunk.
func (o Offer) Opener(k Key) *Opener {
	size := o.Size()
	return &Opener{key: k, size: size, count: chunks(size), buf: make([]byte, ChunkSize+overhead)}
}

// Next is the chunk that is due. All before it were opened.
func (o *Opener) Next() int64 { return o.next }

// Begin reads the header of a stream that begins with the chunk that is due.
func (o *Opener) Begin(r io.Reader) error {
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(r, head); err != nil {
		return cutShort(err)
	}
	if string(head[:len(magic)]) != magic {
		return ErrForged
	}
	aead, err := o.key.stream(head[len(magic):])
	o.aead = aead
	return err
}

// Offset is where the chunk that is due stands in a stream that begins with first.
func (o *Opener) Offset(first int64) int64 {
	return int64(headerSize) + (o.next-first)*(ChunkSize+overhead)
}

// Chunk opens the next chunk. The result is good until the next call. After the last
// one it returns io.EOF, unless there is still something to read.
func (o *Opener) Chunk(r io.Reader) ([]byte, error) {
	if o.next == o.count {
		if n, _ := io.ReadFull(r, o.buf[:1]); n > 0 { // what broke after the last chunk broke nothing
			return nil, ErrForged
		}
		return nil, io.EOF
	}
	if o.aead == nil {
		return nil, errOffer
	}
	sealed := o.buf[:min(o.size-o.next*ChunkSize, ChunkSize)+overhead]
	if _, err := io.ReadFull(r, sealed); err != nil {
		return nil, cutShort(err)
	}
	text, err := o.aead.Open(sealed[:0], nonce(o.next, o.next+1 == o.count), sealed, o.key.digest[:])
	if err != nil {
		return nil, ErrForged
	}
	o.next++
	return text, nil
}

// cutShort is the error of a stream that ends too early.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
