package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"filippo.io/age"
)

// MaxWorkFactor is the most work that a file may ask for: four times that of
// [Create], with 1 GiB of memory.
const MaxWorkFactor = 20

// headerSize is more than the header of a file with a passphrase ever has.
const headerSize = 512

// header is that of a file that a passphrase opens, and no other key.
var header = regexp.MustCompile(`^age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{1,64} ([1-9][0-9]{0,9})\n[A-Za-z0-9+/]{1,64}\n--- [A-Za-z0-9+/]{1,64}\n`)

// fileKey is the key of a file, which the passphrase gives at the first time. It
// takes the place of the passphrase for going through the file again.
type fileKey struct {
	passphrase *age.ScryptIdentity
	key        []byte
}

func newFileKey(passphrase []byte) (*fileKey, error) {
	id, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, ErrPassphrase
	}
	id.SetMaxWorkFactor(MaxWorkFactor)
	return &fileKey{passphrase: id}, nil
}

func (k *fileKey) wipe() {
	clear(k.key)
	k.passphrase, k.key = nil, nil
}

// Unwrap is for age.
func (k *fileKey) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if k.key != nil {
		return bytes.Clone(k.key), nil // the header's code of authenticity tells whether it is the same file
	}
	if k.passphrase == nil {
		return nil, errors.New("the key was wiped")
	}
	key, err := k.passphrase.Unwrap(stanzas)
	if err != nil {
		return nil, err
	}
	k.key = bytes.Clone(key)
	k.passphrase = nil
	return key, nil
}

// decrypt begins to read an encrypted file.
func decrypt(ctx context.Context, file io.Reader, key *fileKey) (io.Reader, error) {
	src := &source{ctx: ctx, r: file}
	begin := make([]byte, headerSize)
	n, err := io.ReadFull(src, begin)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	begin = begin[:n]
	found := header.FindSubmatch(begin)
	if found == nil {
		return nil, ErrNotBackup
	}
	if work, err := strconv.Atoi(string(found[1])); err != nil || work > MaxWorkFactor {
		return nil, ErrTooHard
	}
	plain, err := age.Decrypt(io.MultiReader(bytes.NewReader(begin), src), key)
	if no := new(age.NoIdentityMatchError); errors.As(err, &no) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, damaged(err)
	}
	return plain, nil
}

// source reads the file until ctx ends, and marks its errors as [ErrUnreadable].
type source struct {
	ctx context.Context
	r   io.Reader
}

func (s *source) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return n, err
}
