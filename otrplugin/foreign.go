package otrplugin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"culver/im"
	"culver/otrplugin/otr/libotr"
)

const (
	schemeXMPP   = "xmpp"
	pidginJabber = "prpl-jabber"
)

// foreignProtocols are the names of our networks in libotr's files, the first one
// being Pidgin's, for which we write. (Adium calls accounts by numbers that only it
// knows.)
var foreignProtocols = map[string][]string{
	schemeXMPP: {pidginJabber, "xmpp", "jabber"},
}

// foreignProtocol is Pidgin's name for the network of an account, if it has one.
func foreignProtocol(id im.AccountID) (string, bool) {
	names := foreignProtocols[id.Scheme()]
	if len(names) == 0 {
		return "", false
	}
	return names[0], true
}

// sameForeign reports that an entry of libotr's files means our account.
func sameForeign(a libotr.Account, id im.AccountID) bool {
	return slices.ContainsFunc(foreignProtocols[id.Scheme()], func(n string) bool { return strings.EqualFold(n, a.Protocol) }) &&
		libotr.SameAccount(a.Name, id.Bare())
}

// Why a file can't be used, in sentences for the user.
var (
	errNoPath     = errors.New("Type where the file is, or choose it.")
	errRelative   = errors.New("Type the whole path, from the root of the disk on.")
	errFolder     = errors.New("This is a folder. Type the name of a file, too.")
	errNotFile    = errors.New("This is not an ordinary file.")
	errNoFile     = errors.New("There is no such file.")
	errNoFolder   = errors.New("There is no such folder.")
	errNotKeys    = errors.New("This is not a file of private keys, or it is damaged.")
	errTooBig     = errors.New("This file is too big to be one of private keys.")
	errMayNotRead = errors.New("You may not read this file.")
	errMayNot     = errors.New("You may not write there.")
)

// pathOf is the path that the user typed.
func pathOf(typed string) (string, error) {
	path := strings.TrimSpace(typed)
	if path == "" {
		return "", errNoPath
	}
	if rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator)); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errRelative
		}
		path = filepath.Join(home, rest)
	}
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) {
		return "", errRelative
	}
	return filepath.Clean(path), nil
}

// readKeyFile reads a file of private keys. Somebody else may have made it. The
// keys are the caller's to wipe; there are none with an error.
func readKeyFile(path string) (accounts []libotr.Account, skipped int, err error) {
	switch info, err := os.Stat(path); { // not even opened, as a pipe would be for ever
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, errNoFile
	case err != nil:
		return nil, 0, fileError(err)
	case info.IsDir():
		return nil, 0, errFolder
	case !info.Mode().IsRegular():
		return nil, 0, errNotFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fileError(err)
	}
	accounts, bad, err := libotr.ReadKeys(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	switch {
	case errors.Is(err, libotr.ErrTooBig):
		err = errTooBig
	case err != nil && len(accounts) == 0:
		err = errNotKeys
	case err != nil: // the rest of the file is
		bad = append(bad, libotr.Skipped{Err: err})
		err = nil
	}
	if err != nil {
		wipeAll(accounts)
		return nil, 0, err
	}
	for _, s := range bad {
		skipped += max(1, s.More)
	}
	return accounts, skipped, nil
}

func wipeAll(accounts []libotr.Account) {
	for _, a := range accounts {
		wipeKey(a.Key)
	}
}

// fileError words what the system says of a file.
func fileError(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return errMayNotRead
	}
	if failed := new(fs.PathError); errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("The file could not be read: %w", err)
}

// namesOf are the accounts in a file, for people.
func namesOf(accounts []libotr.Account) string {
	const most = 8
	var names []string
	for i, a := range accounts {
		if i == most {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(accounts)-most)
		}
		names = append(names, words(libotr.Bare(a.Name)))
	}
	return strings.Join(names, ", ")
}
