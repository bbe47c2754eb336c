package storage

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// A vault file, numbers in network byte order:
//
//	  0  8  "CULVERV1"
//	  8  4  Argon2id: memory in KiB
//	 12  4            passes
//	 16  1            lanes
//	 17  3  zero
//	 20 16            salt
//	 36 16  check value
//	 52 24  XChaCha20-Poly1305: nonce
//	 76  4  length n of what follows, without the digest
//	 80  n  ciphertext and its tag; bytes 0 to 79 are additional data
//	80+n 32 SHA-256 of all before
//
// Argon2id (RFC 9106) turns the passphrase into 64 bytes: the key of the
// cipher, and that of the check value, HMAC-SHA-256 over bytes 0 to 35, cut to
// 16. The digest, which needs no key, tells a file that was damaged by accident
// from a passphrase that is wrong; the check value tells a passphrase that is
// wrong from a ciphertext that was tampered with. Who changes the parameters,
// the salt or the check value on purpose, and the digest with them, gets
// "wrong passphrase" and no further.
const (
	sealMagic  = "CULVERV1"
	saltSize   = 16
	checkStart = 36
	checkSize  = 16
	nonceStart = checkStart + checkSize
	lenStart   = nonceStart + chacha20poly1305.NonceSizeX
	headerSize = lenStart + 4
	digestSize = sha256.Size

	// maxSealed bounds a vault file: some thousand secrets.
	maxSealed = 16 << 20
)

// cost is how hard it is to try a passphrase.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// Upper limits of what a file may ask for, so that one that was planted cannot
// freeze the program or fill the memory.
const (
	maxMemory = 1 << 20 // KiB: 1 GiB
	maxPasses = 64
	maxLanes  = 16
)

// valid reports whether a file may ask for c.
func (c cost) valid() bool {
	return c.passes >= 1 && c.passes <= maxPasses && c.lanes >= 1 && c.lanes <= maxLanes &&
		c.memory >= 8*uint32(c.lanes) && c.memory <= maxMemory
}

// below reports that c makes less work than least.
func (c cost) below(least cost) bool { return c.memory < least.memory || c.passes < least.passes }

// lockParams are what turns a passphrase into keys: bytes 0 to 35 of the file.
type lockParams [checkStart]byte

// newLockParams draws a salt.
func newLockParams(c cost) (p lockParams) {
	copy(p[:], sealMagic)
	binary.BigEndian.PutUint32(p[8:], c.memory)
	binary.BigEndian.PutUint32(p[12:], c.passes)
	p[16] = c.lanes
	rand.Read(p[20 : 20+saltSize])
	return p
}

func (p *lockParams) cost() cost {
	return cost{binary.BigEndian.Uint32(p[8:]), binary.BigEndian.Uint32(p[12:]), p[16]}
}

// sealKeys are what a passphrase opens.
type sealKeys struct{ cipher, check [32]byte }

// derive turns a passphrase into keys. It takes about a second, and for that long the
// memory that the cost says: it is given back, for the collector would keep up to 256 MiB
// of a program that is at rest.
func (p *lockParams) derive(passphrase []byte) *sealKeys {
	c := p.cost()
	defer debug.FreeOSMemory()
	out := argon2.IDKey(passphrase, p[20:20+saltSize], c.passes, c.memory, c.lanes, 64)
	defer clear(out)
	return &sealKeys{[32]byte(out[:32]), [32]byte(out[32:])}
}

func (k *sealKeys) wipe() {
	clear(k.cipher[:])
	clear(k.check[:])
}

// checkValue proves that the keys belong to the parameters.
func (k *sealKeys) checkValue(p *lockParams) []byte {
	mac := hmac.New(sha256.New, k.check[:])
	mac.Write(p[:])
	return mac.Sum(nil)[:checkSize]
}

// seal makes a vault file. Each has a nonce of its own, drawn at random: with
// 24 bytes none comes twice.
func (k *sealKeys) seal(p lockParams, plain []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(k.cipher[:])
	if err != nil {
		return nil, err
	}
	n := len(plain) + aead.Overhead()
	if headerSize+n+digestSize > maxSealed {
		return nil, errors.New("there is no room for more secrets in the vault")
	}
	file := make([]byte, headerSize, headerSize+n+digestSize)
	copy(file, p[:])
	copy(file[checkStart:], k.checkValue(&p))
	rand.Read(file[nonceStart:lenStart])
	binary.BigEndian.PutUint32(file[lenStart:], uint32(n))
	file = aead.Seal(file, file[nonceStart:lenStart], plain, file[:headerSize])
	sum := sha256.Sum256(file)
	return append(file, sum[:]...), nil
}

// sealed is a vault file whose form is right.
type sealed struct {
	params lockParams
	file   []byte // without the digest
}

// parseSealed reads a vault file. Each error is ErrDamaged.
func parseSealed(file []byte) (sealed, error) {
	bad := func(what string) (sealed, error) { return sealed{}, fmt.Errorf("%s: %w", what, ErrDamaged) }
	if len(file) < headerSize+chacha20poly1305.Overhead+digestSize || len(file) > maxSealed {
		return bad("impossible length")
	}
	body := file[:len(file)-digestSize]
	if sha256.Sum256(body) != [digestSize]byte(file[len(body):]) {
		return bad("wrong digest")
	}
	s := sealed{params: lockParams(body[:checkStart]), file: body}
	if string(s.params[:8]) != sealMagic {
		return bad("not a vault, or one of a newer Culver")
	}
	if s.params[17] != 0 || s.params[18] != 0 || s.params[19] != 0 {
		return bad("unknown parameters")
	}
	if !s.params.cost().valid() {
		return bad("parameters out of range")
	}
	if n := binary.BigEndian.Uint32(body[lenStart:]); uint64(n) != uint64(len(body)-headerSize) {
		return bad("wrong length")
	}
	return s, nil
}

// open decrypts the file. Errors are ErrWrongPassphrase if the keys are not
// those of the file, and ErrDamaged. The caller wipes what it gets.
func (s sealed) open(k *sealKeys) ([]byte, error) {
	if !hmac.Equal(k.checkValue(&s.params), s.file[checkStart:nonceStart]) {
		return nil, ErrWrongPassphrase
	}
	aead, err := chacha20poly1305.NewX(k.cipher[:])
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, s.file[nonceStart:lenStart], s.file[headerSize:], s.file[:headerSize])
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", ErrDamaged)
	}
	return plain, nil
}
