package otrplugin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
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

// Why a file cannot be used, in sentences for the user.
const (
	errNoPath     = lang.Error("Type where the file is, or choose it.")
	errRelative   = lang.Error("Type the whole path, from the root of the disk on.")
	errFolder     = lang.Error("This is a folder. Type the name of a file, too.")
	errNotFile    = lang.Error("This is not an ordinary file.")
	errNoFile     = lang.Error("There is no such file.")
	errNoFolder   = lang.Error("There is no such folder.")
	errNotKeys    = lang.Error("This is not a file of private keys, or it is damaged.")
	errTooBig     = lang.Error("This file is too big to be one of private keys.")
	errMayNotRead = lang.Error("You may not read this file.")
	errMayNot     = lang.Error("You may not write there.")
)

// pathOf is the path that the user typed.
func pathOf(typed string) (string, error) {
	path := strings.TrimSpace(typed)
	if path == "" {
		return "", errNoPath
	}
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) {
		return "", errRelative
	}
	return filepath.Clean(path), nil
}

// openFile opens a file to read. Its errors are sentences.
func openFile(path string) (*os.File, error) {
	switch info, err := os.Stat(path); { // not even opened, as a pipe would be for ever
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNoFile
	case err != nil:
		return nil, fileError(err)
	case info.IsDir():
		return nil, errFolder
	case !info.Mode().IsRegular():
		return nil, errNotFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(err)
	}
	return f, nil
}

// readKeyFile reads a file of private keys. Somebody else may have made it. The
// keys are the caller's to wipe; there are none with an error, nor if nobody is
// there any more to take them.
func readKeyFile(ctx context.Context, path string) (accounts []libotr.Account, skipped int, err error) {
	f, err := openFile(path)
	if err != nil {
		return nil, 0, err
	}
	accounts, bad, err := libotr.ReadKeys(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
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
	return fmt.Errorf(lang.T("The file could not be read: %w"), reason(err))
}

// writeError words what the system says of a file that cannot be written.
func writeError(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return errMayNot
	case errors.Is(err, fs.ErrNotExist):
		return errNoFolder
	}
	return fmt.Errorf(lang.T("The file could not be written: %w"), reason(err))
}

// reason is an error of the system's without what was tried with which file.
func reason(err error) error {
	if failed := new(fs.PathError); errors.As(err, &failed) {
		return failed.Err
	}
	if failed := new(os.LinkError); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// namesOf are the accounts in a file, for people.
func namesOf(accounts []libotr.Account) string {
	names := make([]string, len(accounts))
	for i, a := range accounts {
		names[i] = words(libotr.Bare(a.Name))
	}
	return listed(names, 8)
}
