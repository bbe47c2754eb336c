package storage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is what the entries of a profile are filed under, with the ID
// of the profile behind it: several profiles of one user share the keyring.
const keyringService = "im.culver.Culver"

// keyringPatience bounds each call, also when the caller's context does not. It
// is long, because the system may be asking the user for a password.
const keyringPatience = 2 * time.Minute

// ring is the system's keyring. Its calls may block for as long as they like.
type ring interface {
	// Available says why there is no keyring, without starting one.
	Available() error
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// systemRing is the Secret Service, the Keychain or the Credential Manager.
type systemRing struct{}

func (systemRing) Available() error { return findBus() }

func (systemRing) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (systemRing) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}

func (systemRing) Delete(service, user string) error { return keyring.Delete(service, user) }

// OpenKeyring opens the vault of a profile that keeps its secrets in the
// system's keyring, or makes it one if it is fresh: then a secret is written,
// read and deleted first, to see whether the keyring keeps any. It may block
// for as long as the system asks the user for a password; ctx ends the waiting.
//
// Errors are ErrNoKeyring or ErrKeyringLocked, with a sentence for people. A
// profile whose keyring is gone stays as it is: its secrets may come back.
func (p *Profile) OpenKeyring(ctx context.Context) (*Vault, error) {
	kind, err := p.VaultKind()
	if err != nil {
		return nil, err
	}
	if kind == Passphrase {
		return nil, sentence(ErrNotFresh, nil, "This profile is locked by a passphrase, not by the system's keyring.")
	}
	if p.portable && kind == Keyring {
		return nil, sentence(ErrNoKeyring, nil,
			"This profile has its secrets in the keyring of the computer that it was made on, and a portable Culver uses no keyring. On that computer, start Culver with --profile %s and choose a passphrase in Tools, Security; then the profile can travel.", p.dir)
	}
	if err := p.askForRing(); err != nil {
		return nil, err
	}
	if kind == Keyring {
		return p.reopenKeyring(ctx)
	}
	id := newKeyringID()
	k := newKeyringVault(p.ring, id)
	if err := k.probe(ctx); err != nil {
		return nil, err
	}
	if k.names, err = p.newNames(ctx, k); err != nil {
		return nil, err
	}
	if err := p.writeKeyringFile(id); err != nil {
		return nil, err
	}
	return p.newVault(k), nil
}

// reopenKeyring opens the keyring of a profile that keeps its secrets there.
func (p *Profile) reopenKeyring(ctx context.Context) (*Vault, error) {
	id, err := p.readKeyringFile()
	if err != nil {
		return nil, err
	}
	k := newKeyringVault(p.ring, id)
	// Whether the key is there is for OpenDB to judge; here it matters
	// that the keyring answers.
	key, err := k.get(ctx, databaseKey)
	clear(key)
	if err != nil {
		return nil, err
	}
	if k.names, err = p.readNames(ctx, k); err != nil {
		return nil, err
	}
	if key != nil {
		p.endMoveToKeyring()
	}
	p.dropUnfinished()
	return p.newVault(k), nil
}

// askForRing says why the system's keyring cannot be used.
func (p *Profile) askForRing() error {
	if p.portable {
		return sentence(ErrNoKeyring, nil, "This Culver is portable: it keeps nothing in the keyring of the computer that it runs on, and needs a passphrase.")
	}
	if err := p.ring.Available(); err != nil {
		return noKeyring(err)
	}
	return nil
}

// keyringHeader begins keyring.culver; the ID of the profile follows.
const keyringHeader = "culver keyring 1\n"

func newKeyringID() string {
	random := make([]byte, 16)
	rand.Read(random)
	return hex.EncodeToString(random)
}

func (p *Profile) writeKeyringFile(id string) error {
	if err := p.files.write(p.path(keyringFile), []byte(keyringHeader+id+"\n")); err != nil {
		return doing("write "+keyringFile, err)
	}
	return nil
}

var keyringID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// readKeyringFile is the ID under which the profile's secrets are filed.
func (p *Profile) readKeyringFile() (string, error) {
	text, err := readFile(p.path(keyringFile), 1000)
	if err != nil {
		return "", doing("read "+keyringFile, err)
	}
	id, ok := strings.CutPrefix(string(text), keyringHeader)
	id, end := strings.CutSuffix(id, "\n")
	if !ok || !end || !keyringID.MatchString(id) {
		return "", sentence(ErrDamaged, nil,
			"The file %s is damaged: it no longer says under which name the keyring has the profile's secrets. Restore it from a backup.",
			p.path(keyringFile))
	}
	return id, nil
}

// keyringVault keeps each secret as an entry of the system's keyring.
type keyringVault struct {
	ring    ring
	service string
	names   *nameList     // of all secrets, for the keyring cannot list them; nil: not known, or lost
	turn    chan struct{} // holds a token while a call is under way
	closed  atomic.Bool
}

var _ backend = (*keyringVault)(nil)

func newKeyringVault(r ring, id string) *keyringVault {
	return &keyringVault{ring: r, service: keyringService + "/" + id, turn: make(chan struct{}, 1)}
}

func (k *keyringVault) get(ctx context.Context, name string) ([]byte, error) {
	return k.read(ctx, entryName(name))
}

// put lists the name first: what is in the keyring is on the list, unless that is lost.
func (k *keyringVault) put(ctx context.Context, name string, secret []byte) error {
	if k.closed.Load() {
		return ErrClosed
	}
	if k.names != nil {
		if err := k.names.add(name); err != nil {
			return doing("list a secret", err)
		}
	}
	return k.write(ctx, entryName(name), secret)
}

func (k *keyringVault) delete(ctx context.Context, name string) error {
	if err := k.forget(ctx, entryName(name)); err != nil {
		return err
	}
	if k.names != nil {
		_ = k.names.remove(name) // one name too many does no harm
	}
	return nil
}

// read is the secret of an entry, or nil.
func (k *keyringVault) read(ctx context.Context, entry string) ([]byte, error) {
	var text string
	err := k.call(ctx, func() (err error) {
		text, err = k.ring.Get(k.service, entry)
		return err
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, sentence(ErrDamaged, nil, "An entry of Culver's in the system's keyring was changed by another program and cannot be read.")
	}
	return secret, nil
}

func (k *keyringVault) write(ctx context.Context, entry string, secret []byte) error {
	text := base64.StdEncoding.EncodeToString(secret)
	return k.call(ctx, func() error { return k.ring.Set(k.service, entry, text) })
}

func (k *keyringVault) forget(ctx context.Context, entry string) error {
	err := k.call(ctx, func() error { return k.ring.Delete(k.service, entry) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// all are the secrets in the keyring. The caller wipes them.
func (k *keyringVault) all(ctx context.Context) (map[string][]byte, error) {
	if k.names == nil {
		return nil, sentence(ErrDamaged, nil,
			"Nothing was moved: Culver's list of what it has in the system's keyring is missing or damaged, so something could be left behind. Make a backup of everything (Tools, Back Up), and restore it in a new profile with a passphrase.")
	}
	secrets := map[string][]byte{}
	for _, name := range k.names.all() {
		secret, err := k.read(ctx, entryName(name))
		if err != nil {
			wipeAll(secrets)
			return nil, err
		}
		if secret != nil {
			secrets[name] = secret
		}
	}
	return secrets, nil
}

func wipeAll(secrets map[string][]byte) {
	for _, s := range secrets {
		clear(s)
	}
}

func (k *keyringVault) close() error {
	k.closed.Store(true)
	return nil
}

// probe writes, reads and deletes a secret.
func (k *keyringVault) probe(ctx context.Context) error {
	want := make([]byte, 32)
	rand.Read(want)
	if err := k.write(ctx, probeEntry, want); err != nil {
		return err
	}
	got, err := k.read(ctx, probeEntry)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, want) != 1 {
		return noKeyring(errors.New("a secret reads differently from what was written"))
	}
	if err := k.forget(ctx, probeEntry); err != nil {
		return err
	}
	if got, err = k.read(ctx, probeEntry); err == nil && got != nil {
		return noKeyring(errors.New("a secret that was deleted is still there"))
	}
	return err
}

// call does f on a goroutine of its own and waits for it, until ctx ends. A call
// that nobody waits for any more goes on, until the system answers or the
// program ends; the next one has its turn after it, so that calls are never
// reordered and never pile up in the system.
func (k *keyringVault) call(ctx context.Context, f func() error) error {
	if k.closed.Load() {
		return ErrClosed
	}
	ctx, cancel := context.WithTimeout(ctx, keyringPatience)
	defer cancel()
	if ctx.Err() != nil {
		return k.explain(ctx, ctx.Err())
	}
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return k.explain(ctx, ctx.Err())
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-k.turn }()
		done <- guard(f)
	}()
	select {
	case err := <-done:
		return k.explain(ctx, err)
	case <-ctx.Done():
		return k.explain(ctx, ctx.Err())
	}
}

// guard calls f and turns a panic into an error: the D-Bus code underneath
// trusts the shape of what the bus sends, and dies when the bus goes away while
// a password is being asked for.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the keyring broke off: %v", r)
		}
	}()
	return f()
}

// explain turns a keyring's error into one of ours. Only keyring.ErrNotFound is
// typed there and passes; the others are told apart by their texts.
func (k *keyringVault) explain(ctx context.Context, err error) error {
	switch {
	case err == nil || errors.Is(err, keyring.ErrNotFound):
		return err
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return doing("ask the keyring", err)
	case errors.Is(err, context.DeadlineExceeded):
		return sentence(ErrKeyringLocked, err,
			"The system's keyring did not answer. Perhaps it waits for its password: unlock it, then try again.")
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return sentence(ErrTooLarge, err, "The secret is too long for the system's keyring.")
	}
	text := err.Error()
	for _, sign := range []string{"failed to unlock", "IsLocked", "is locked", "dismissed", "User interaction is not allowed"} {
		if strings.Contains(text, sign) {
			return sentence(ErrKeyringLocked, err,
				"The system's keyring is locked, or was never set up. Unlock it (or sign out and in again), then try again.")
		}
	}
	return noKeyring(err)
}

func noKeyring(err error) error {
	return sentence(ErrNoKeyring, err,
		"The system has no keyring that can keep Culver's secrets, or it does not answer. Install and start one (GNOME Keyring or KWallet, for instance), then try again.")
}

// entryName is what an entry is called. It is the name of the secret, or its
// digest if the name is long or has characters that mean something to one of
// the keyrings: macOS reads commands, line by line.
func entryName(name string) string {
	plain := len(name) <= 200 && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
	if plain && !strings.HasPrefix(name, digestPrefix) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return digestPrefix + hex.EncodeToString(sum[:])
}

const digestPrefix = "sha256-"

// Entries that are no secrets. No secret has an entry of that name.
const (
	probeEntry = digestPrefix + "probe"
	namesEntry = digestPrefix + "names" // the key of the list of names
)
