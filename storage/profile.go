package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// The files of a profile.
const (
	lockFile     = "lock"
	keyringFile  = "keyring.culver"
	vaultFile    = "vault.culver"
	vaultCopy    = "vault.culver.bak"
	databaseFile = "culver.db"
	newSuffix    = ".new" // a file that is being written, of no use after a crash
)

// Profile is a folder that holds everything of one user. While it is open no
// other program can open it. It belongs to one goroutine.
type Profile struct {
	dir  string
	lock *os.File
	ring ring        // the system's keyring
	cost func() cost // of a new vault's passphrase
}

// DefaultDir is where the profile lies if the user says nothing else:
// $XDG_DATA_HOME/culver (~/.local/share/culver), %APPDATA%\Culver or
// ~/Library/Application Support/Culver.
func DefaultDir() (string, error) {
	switch runtime.GOOS {
	case "windows", "darwin", "ios":
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("find the folder for Culver's data: %w", err)
		}
		return filepath.Join(dir, "Culver"), nil
	}
	// A relative path is invalid and is to be ignored (XDG Base Directory
	// Specification 0.8, "Basics").
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "culver"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for Culver's data: %w", err)
	}
	return filepath.Join(home, ".local", "share", "culver"), nil
}

// OpenProfile opens the profile in dir, and makes the folder if need be. Only
// the user may enter it. An error that is ErrInUse means that another program
// has it open; its lock ends with that program, however it ends.
func OpenProfile(dir string) (*Profile, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the profile: %w", err)
	}
	if err := makePrivate(dir); err != nil {
		return nil, sentence(err, nil,
			"Culver cannot use the folder %s for its data. Check that it is a folder of yours that can be written to.", dir)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, sentence(err, nil,
			"Culver cannot write to its folder %s. Check that the folder is yours and that the disk is not read-only.", dir)
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
	return &Profile{dir: dir, lock: lock, ring: systemRing{}, cost: calibrate}, nil
}

// makePrivate makes sure that dir is a folder which only the user may enter.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// Dir is the folder of the profile.
func (p *Profile) Dir() string { return p.dir }

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
	case passphrase && keyring:
		return Fresh, sentence(ErrDamaged, nil,
			"The profile in %s has both a vault file and a note that its secrets are in the keyring. Move the one that does not belong there (%s or %s) away.",
			p.dir, vaultFile, keyringFile)
	case passphrase:
		return Passphrase, nil
	case keyring:
		return Keyring, nil
	case database:
		return Fresh, sentence(ErrDamaged, nil,
			"The profile in %s has a database, but the file that says where its key is (%s or %s) is missing. Restore it from a backup, or move %s away to start afresh without the history.",
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
