package storage

import (
	"errors"
	"fmt"

	"culver/lang"
)

// What callers branch on. Errors that wrap one of these read as a sentence or
// two for people: what happened and what to do.
var (
	// ErrInUse: another program has the profile open.
	ErrInUse = errors.New("the profile is in use")
	// ErrNoKeyring: the system has no keyring, or it does not answer.
	ErrNoKeyring = errors.New("there is no keyring")
	// ErrKeyringLocked: the keyring is there and was not unlocked.
	ErrKeyringLocked = errors.New("the keyring is locked")
	// ErrKeyMissing: the database is there, and its key is not in the vault.
	ErrKeyMissing = errors.New("the key to the database is missing")
	// ErrWrongPassphrase: the vault file is sound and this does not open it.
	ErrWrongPassphrase = errors.New("the passphrase is wrong")
	// ErrDamaged: a file of the profile is not what was written.
	ErrDamaged = errors.New("a file is damaged")
	// ErrDatabaseDamaged is ErrDamaged, and it is the database: see [Profile.Rescue].
	ErrDatabaseDamaged = fmt.Errorf("the database: %w", ErrDamaged)
	// ErrDatabaseMissing: there is a key to a database in the vault, and no database.
	ErrDatabaseMissing = errors.New("the database is missing")
	// ErrNewer: a newer Culver wrote it.
	ErrNewer = errors.New("a newer version wrote this")
	// ErrNotFresh: the profile already has a vault.
	ErrNotFresh = errors.New("the profile has a vault already")
	// ErrTooLarge: a secret is longer than MaxSecret.
	ErrTooLarge = errors.New("the secret is too long")
	// ErrExists: the conversation has a message with this ID.
	ErrExists = errors.New("the message is there already")
	// ErrFull: the disk has no room for it, or takes no more; nothing was changed.
	ErrFull = errors.New("the disk is full")
	// ErrDisk: the disk went away, or can no longer be written to; nothing was changed.
	ErrDisk = errors.New("the disk does not work")
	// ErrClosed: it was closed before.
	ErrClosed = errors.New("the store is closed")
)

// problem is an error that reads as a sentence for people and still is one of
// the sentinels; err is the technical reason, for logs.
type problem struct {
	is   error
	text string
	err  error
}

// sentence makes a problem of the kind is. err may be nil.
//
//culver:text 2
func sentence(is, err error, format string, a ...any) error {
	return &problem{is: is, text: lang.F(format, a...), err: err}
}

func (p *problem) Error() string { return p.text }

func (p *problem) Unwrap() []error {
	if p.err == nil {
		return []error{p.is}
	}
	return []error{p.is, p.err}
}

// doing says what was being done when err happened. A sentence for people stays
// as it is.
func doing(what string, err error) error {
	if p, ok := errors.AsType[*problem](err); ok && p.text == err.Error() {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}
