package otrplugin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// keyExport is the writing of one account's key into a file of libotr's:
//
//	asking --Export--> (no such file) ----------------------> written
//	                   (a file of keys) --> joining --Add--> written
//
// A file that is anything else is left alone.
type keyExport struct {
	account *account
	path    string
	problem string
	busy    bool
	joining *keyFile // the file that is there already
	written string   // what was done; empty: nothing yet
}

// keyFile is a file of keys as it was found.
type keyFile struct {
	sum      [sha256.Size]byte
	accounts []libotr.Account // their keys are wiped
	name     string           // of our account in it; empty: it is not there
	same     bool             // and its key is the one that we have
}

// exportKey asks where to, and warns.
func (p *Plugin) exportKey(w *configWindow, a *account) {
	if _, ok := foreignProtocol(a.id); !ok || a.state != keyReady || a.work != nil {
		return
	}
	e := &keyExport{account: a, path: suggested(libotr.KeysFile)}
	t := &keyTask{account: a.id, form: func() plugin.Form { return e.form() }}
	t.done = func(answers plugin.Answers) {
		if answers.Action != buttonGo || e.busy || e.written != "" {
			return
		}
		if e.joining == nil {
			e.path = answers.Values[fieldPath]
		}
		p.writeExportOfKey(w, t, e)
	}
	p.openTask(w, t)
}

func (e *keyExport) form() plugin.Form {
	who := e.account.id.Bare()
	var f plugin.Form
	switch {
	case e.written != "":
		return plugin.Page(lang.T("The private key was exported"), e.written, nil, closeButton())
	case e.joining != nil:
		label, change := lang.T("Add to the file"), lang.F("The key of %s is added to them.", who)
		if e.joining.name != "" {
			label, change = lang.T("Replace in the file"), lang.F("The one of %s in it is another one: it is REPLACED. The others stay.", who)
		}
		text := together(
			lang.F("The file “%s” is there already and holds private keys, of %s.", words(filepath.Base(e.path)), namesOf(e.joining.accounts)),
			change,
			lang.F("What the file holds now is kept beside it, under the name “%s”.", words(filepath.Base(e.path)+libotr.BackupSuffix)))
		f = plugin.Page(lang.T("Add to a file of private keys?"), text, nil, cancelButton(),
			plugin.Button{ID: buttonGo, Label: label, Role: plugin.Danger, Off: e.busy})
	default:
		f = plugin.Page(lang.F("Export the private key of %s", who),
			lang.F("The file will NOT be encrypted. Whoever gets hold of it can pretend to be you, %s, in private "+
				"conversations. Keep it where nobody else can read it, and delete it when you don't need it any more. Pidgin "+
				"and most other programs for OTR can read it.", who),
			[]im.Field{{ID: fieldPath, Kind: im.FieldFile, Label: lang.T("File"), Value: e.path, Save: true}},
			cancelButton(), plugin.Button{ID: buttonGo, Label: lang.T("Export unencrypted"), Role: plugin.Danger, Off: e.busy})
	}
	f.Problem = e.problem
	return f
}

// writeExportOfKey writes the file, or finds out that there is one.
func (p *Plugin) writeExportOfKey(w *configWindow, t *keyTask, e *keyExport) {
	path, err := pathOf(e.path)
	if err == nil && e.account.state != keyReady {
		err = errors.New(lang.T("There is no key any more to export."))
	}
	if err != nil {
		e.problem = err.Error()
		p.updateTask(w)
		return
	}
	e.busy, e.problem = true, ""
	p.updateTask(w)
	key, id, known := e.account.key.Marshal(), e.account.id, e.joining
	var found *keyFile
	p.host.Go(func(context.Context) error {
		defer clear(key)
		k, err := otr.ParsePrivateKey(key)
		if err != nil {
			return err
		}
		defer k.Wipe()
		found, err = writeKey(path, id, k, known)
		return err
	}, func(err error) {
		if w.task != t {
			return
		}
		e.busy, e.joining = false, nil
		switch {
		case err != nil:
			e.problem = inWords(err)
		case found != nil && found.same:
			e.written = lang.F("The file “%s” holds this key already. Nothing was changed.", words(path))
		case found != nil:
			e.path, e.joining = path, found
		default:
			e.written = lang.F("The private key of %s is in the file “%s” now. The file is NOT encrypted: delete it when you "+
				"don't need it any more.", id.Bare(), words(path))
			if known != nil {
				e.written = together(e.written, lang.F("So is what it held before, in “%s”.", words(filepath.Base(path)+libotr.BackupSuffix)))
			}
		}
		p.updateTask(w)
	})
}

// writeKey writes the key into a new file, or into the one that is known to be
// there. It returns the file that is there if that is another one.
func writeKey(path string, id im.AccountID, key *otr.PrivateKey, known *keyFile) (*keyFile, error) {
	protocol, _ := foreignProtocol(id)
	ours := libotr.Account{Name: libotr.WithResource(id.Bare(), ""), Protocol: protocol, Key: key}
	all := []libotr.Account{ours}
	switch _, err := os.Lstat(path); {
	case err == nil:
		accounts, sum, err := keysThere(path)
		if err != nil {
			return nil, err
		}
		defer wipeAll(accounts)
		found := &keyFile{sum: sum}
		all = nil
		for _, a := range accounts {
			if !sameForeign(a, id) {
				all = append(all, a)
			} else if found.name == "" {
				found.name, found.same = a.Name, a.Key.Fingerprint() == key.Fingerprint()
				ours.Name, ours.Protocol = a.Name, a.Protocol // it is looked for under this name
				all = append(all, ours)
			}
			found.accounts = append(found.accounts, libotr.Account{Name: a.Name, Protocol: a.Protocol})
		}
		if found.name == "" {
			all = append(all, ours)
		}
		if known == nil || known.sum != sum {
			return found, nil
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, writeError(err)
	}
	b, err := libotr.MarshalKeys(all)
	if err != nil {
		return nil, fmt.Errorf(lang.T("The key could not be written: %w"), err)
	}
	defer clear(b)
	if err := libotr.WriteFile(path, b); err != nil {
		return nil, writeError(err)
	}
	return nil, nil
}

// maxKeyFile is the size of the biggest file that keys are added to.
const maxKeyFile = 1 << 18

// keysThere reads the file that is to be added to. All of it must make sense: the
// rest would be lost.
func keysThere(path string) (accounts []libotr.Account, sum [sha256.Size]byte, err error) {
	errOther := errors.New(lang.T("There is another file of this name, which is not one of private keys only. Choose another name."))
	f, err := openFile(path)
	switch {
	case errors.Is(err, errNoFile), errors.Is(err, errNotFile): // a link to nowhere, a pipe
		return nil, sum, errOther
	case err != nil:
		return nil, sum, err
	}
	b := make([]byte, maxKeyFile+1) // at once: nothing of it is left in smaller ones
	defer clear(b)
	n, err := io.ReadFull(f, b)
	if closed := f.Close(); closed != nil {
		return nil, sum, fileError(closed)
	}
	switch {
	case err == nil:
		return nil, sum, errOther // it is longer than that
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		return nil, sum, fileError(err)
	}
	b = b[:n]
	accounts, skipped, err := libotr.ReadKeys(bytes.NewReader(b))
	if err != nil || len(skipped) > 0 {
		wipeAll(accounts)
		return nil, sum, errOther
	}
	return accounts, sha256.Sum256(b), nil
}
