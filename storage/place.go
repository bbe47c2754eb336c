package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// What makes the program portable when it stands beside it.
const (
	portableFile = "portable.txt" // whatever is in it
	portableDir  = "Data"         // where the profile then lies
)

// Place is where a profile lies. A portable one travels with the program, on a
// stick for instance: nothing that it needs may stay on this computer, so its
// secrets are locked by a passphrase and never in the system's keyring.
type Place struct {
	Dir      string
	Portable bool
}

// FindPlace says where the profile lies: in the folder that the user asked for,
// or, where that is "", in the folder Data beside the program if the program is
// portable, or in [DefaultDir].
//
// The program is portable if it has a folder Data or a file portable.txt beside
// it. A folder that the user asked for wins, and is not portable then: so a
// profile that was in use on this computer, with the secrets in its keyring, can
// be opened here and given a passphrase before it travels.
func FindPlace(asked string) (Place, error) {
	if asked == "" {
		if exe, err := os.Executable(); err == nil {
			if dir, ok := portablePlace(exe, runtime.GOOS); ok {
				return Place{Dir: dir, Portable: true}, nil
			}
		}
		dir, err := DefaultDir()
		return Place{Dir: dir}, err
	}
	dir, err := filepath.Abs(asked)
	if err != nil {
		return Place{}, fmt.Errorf("find the profile: %w", err)
	}
	return Place{Dir: dir}, nil
}

// portablePlace is where the profile of a portable program lies. A link to the
// program is not the program: it may be anywhere.
func portablePlace(exe, system string) (dir string, ok bool) {
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		exe = real
	}
	home := filepath.Dir(exe)
	if bundle, inside := strings.CutSuffix(filepath.ToSlash(home), ".app/Contents/MacOS"); inside && system == "darwin" {
		home = filepath.Dir(filepath.FromSlash(bundle))
	}
	dir = filepath.Join(home, portableDir)
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir, true
	}
	info, err := os.Stat(filepath.Join(home, portableFile))
	return dir, err == nil && !info.IsDir()
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
