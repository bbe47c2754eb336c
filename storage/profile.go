package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a profile.
const (
	lockFile     = "lock"
	keyringFile  = "keyring.culver"
	namesFile    = "names.culver"
	moveFile     = "move.culver"
	vaultFile    = "vault.culver"
	vaultCopy    = "vault.culver.bak"
	databaseFile = "culver.db"
	toolkitDir   = "toolkit"
	newSuffix    = ".new" // a file that is being written, of no use after a crash
	oldSuffix    = ".old" // one that a new one has taken the place of, to be destroyed
)

// Profile is a folder that holds everything of one user. While it is open no
// other program can open it. It belongs to one goroutine.
type Profile struct {
	dir      string
	portable bool
	lock     *os.File
	files    *files
	ring     ring        // the system's keyring
	cost     func() cost // of a new passphrase
	cheapest cost        // that a vault file may have
}

// OpenProfile opens the profile in dir, as [Place.Open] does.
func OpenProfile(dir string) (*Profile, error) { return Place{Dir: dir}.Open() }

// Open opens the profile, and makes the folder if need be. Only the user may
// enter it. An error that is ErrInUse means that another program has it open; its
// lock ends with that program, however it ends.
func (place Place) Open() (*Profile, error) {
	dir, err := filepath.Abs(place.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the profile: %w", err)
	}
	if err := makePrivate(dir, disk{chmod: os.Chmod, keepsRights: keepsRights}); err != nil {
		return nil, place.unfit(dir, err)
	}
	if err := wantReal(dir); err != nil {
		return nil, place.unfit(dir, err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, place.unfit(dir, err)
	}
	if err := lockExclusive(lock); err != nil {
		lock.Close()
		if errors.Is(err, ErrInUse) {
			return nil, sentence(ErrInUse, nil,
				"Culver is already running with the profile in %s. Use its window, or quit it first.", dir)
		}
		return nil, sentence(err, nil,
			"The folder %s cannot be locked, so two programs might write to it at once. Choose a folder on a local disk.", dir)
	}
	p := &Profile{dir: dir, portable: place.Portable, lock: lock, files: &files{}, ring: systemRing{}, cost: calibrate, cheapest: leastCost}
	if err := p.takeBack(); err != nil {
		p.Close()
		return nil, place.unfit(dir, err)
	}
	return p, nil
}

// unfit says why the folder cannot hold a profile.
func (place Place) unfit(dir string, err error) error {
	strange, is := errors.AsType[errStrange](err)
	switch {
	case is:
		return sentence(err, nil,
			"%s is a link, or something else that Culver did not make. Culver could change or delete what is behind it, so it does not start with the folder %s. Move it away, or put the file itself in its place.", strange.path, dir)
	case errors.Is(err, errOthers):
		return sentence(err, nil,
			"Others on this computer may look into the folder %s, and it is not Culver's to close. Choose another folder with --profile, or make this one yours and private.", dir)
	case isFull(err):
		return sentence(ErrFull, err, "The disk is full, so Culver cannot start with its folder %s. Make room and start it again.", dir)
	case place.Portable:
		return sentence(err, nil,
			"This Culver is portable: it keeps everything in the folder %s, and cannot write there. Is the stick write-protected, or the disk read-only? Make it writable, or copy the program with this folder to a disk that is.", dir)
	}
	return sentence(err, nil,
		"Culver cannot use the folder %s for its data. Check that it is a folder of yours, and that the disk is not read-only.", dir)
}

// Dir is the folder of the profile.
func (p *Profile) Dir() string { return p.dir }

// Portable reports whether the profile travels with the program: then its
// secrets are never in the system's keyring.
func (p *Profile) Portable() bool { return p.portable }

// ToolkitDir is for what the toolkit keeps between two starts, and may lose: an
// index of the fonts and the like. Nothing of the user's is in it.
func (p *Profile) ToolkitDir() string { return p.path(toolkitDir) }

// Close lets other programs use the profile. Close its DB and its Vault first.
func (p *Profile) Close() error { return p.lock.Close() }

// VaultKind says where this profile keeps its secrets. An error that is
// ErrDamaged means that the files contradict each other.
func (p *Profile) VaultKind() (Kind, error) {
	var there [4]bool
	for i, name := range []string{vaultFile, vaultCopy, keyringFile, databaseFile} {
		var err error
		if there[i], err = p.has(name); err != nil {
			return Fresh, err
		}
	}
	passphrase, keyring, database := there[0] || there[1], there[2], there[3]
	switch {
	case passphrase && keyring && p.moved():
		return Keyring, nil
	case passphrase && keyring:
		return Fresh, sentence(ErrDamaged, nil,
			"The profile in %s has both a vault file and a note that its secrets are in the keyring. Culver cannot tell which one is right (%s or %s). If you know it, quit Culver, move the other one away and start it again.",
			p.dir, vaultFile, keyringFile)
	case passphrase:
		return Passphrase, nil
	case keyring:
		return Keyring, nil
	case database:
		return Fresh, sentence(ErrDamaged, nil,
			"The profile in %s has a database, but the file that says where its key is (%s or %s) is missing. Without it nobody can read %s. If you have a copy of it elsewhere, quit Culver, put it back and start again.",
			p.dir, vaultFile, keyringFile, databaseFile)
	}
	return Fresh, nil
}

// path is the full name of a file in the profile.
func (p *Profile) path(name string) string { return filepath.Join(p.dir, name) }

// has reports whether the profile has the file.
func (p *Profile) has(name string) (bool, error) {
	_, err := os.Lstat(p.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", name, err)
	}
	return true, nil
}
