package otrplugin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// knownExport is the writing of known fingerprints into a file, in the form of
// libotr.
type knownExport struct {
	known   []libotr.Known
	replace string // a file that is there; the user is asked about it
	problem string
	path    string // that is suggested
	busy    bool
	done    string // what was reached
}

const (
	buttonExport  = "export"
	buttonReplace = "replace"
)

// askToExport asks where to write these keys.
func (p *Plugin) askToExport(w *configWindow, keys []*knownKey) {
	if len(keys) == 0 {
		return
	}
	e := &knownExport{path: suggested(libotr.FingerprintsFile)}
	for _, k := range keys {
		e.known = append(e.known, foreign(k))
	}
	t := &keyTask{form: e.form}
	t.done = func(a plugin.Answers) { p.exportAnswered(w, t, e, a) }
	p.openTask(w, t)
}

// suggested is where a file is written if the user does not choose another place:
// at home. It is empty if nobody knows where that is.
func suggested(name string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, name)
}

// foreign is a key as other programs write it.
func foreign(k *knownKey) libotr.Known {
	account, protocol := foreignAccount(k.Account)
	return libotr.Known{User: k.Peer, Account: account, Protocol: protocol, Fingerprint: k.fingerprint, Trust: k.Trust}
}

// foreignAccount is Pidgin's name for an account, and for its network.
func foreignAccount(id im.AccountID) (name, protocol string) {
	if protocol, ok := foreignProtocol(id); ok {
		return libotr.WithResource(id.Bare(), ""), protocol
	}
	return id.Bare(), id.Scheme()
}

func (e *knownExport) form() plugin.Form {
	path := im.Field{
		ID: fieldPath, Kind: im.FieldFile, Label: lang.T("File"), Value: e.path, Save: true, Off: e.busy,
		Hint: lang.T("Pidgin calls its own otr.fingerprints"),
	}
	if e.done != "" {
		return plugin.Page(lang.T("Export Fingerprints"), e.done, nil, closeButton())
	}
	button := plugin.Button{ID: buttonExport, Label: lang.T("Export"), Role: plugin.Default, Off: e.busy}
	form := plugin.Page(lang.T("Export Fingerprints"),
		lang.F("This writes %s in a form that Pidgin and other programs with OTR can read. The file is not encrypted: "+
			"whoever can read it sees whom you talk to.", fingerprints(len(e.known))), []im.Field{path})
	if e.replace != "" {
		form.Buttons = []plugin.Button{cancelButton(), button, {ID: buttonReplace, Label: lang.T("Replace it"), Role: plugin.Danger, Off: e.busy}}
		form.Problem = lang.F("There is a file of that name already. Choose another name, or replace it: what it holds is "+
			"kept beside it, under the same name with %s.", libotr.BackupSuffix)
	} else {
		form.Buttons = []plugin.Button{cancelButton(), button}
	}
	if e.problem != "" {
		form.Problem = e.problem
	}
	return form
}

func (p *Plugin) exportAnswered(w *configWindow, t *keyTask, e *knownExport, a plugin.Answers) {
	if e.busy || a.Action != buttonExport && a.Action != buttonReplace {
		return
	}
	path, err := pathOf(a.Values[fieldPath])
	if err != nil {
		e.problem = err.Error()
		p.updateTask(w)
		return
	}
	p.export(w, t, e, path, a.Action == buttonReplace && path == e.replace)
}

// export writes the file, on a goroutine of its own.
func (p *Plugin) export(w *configWindow, t *keyTask, e *knownExport, path string, replace bool) {
	data, err := libotr.MarshalFingerprints(e.known)
	if err != nil {
		e.problem = lang.F("The fingerprints could not be written: %s", inWords(err))
		p.updateTask(w)
		return
	}
	e.busy, e.replace, e.problem = true, "", ""
	p.updateTask(w)
	p.host.Go(func(context.Context) error { return writeExport(path, data, replace) }, func(err error) {
		if w.task != t {
			return
		}
		e.busy = false
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			e.replace = path
		case err != nil:
			e.problem = sentence(writeError(err).Error())
		default:
			e.done = lang.F("Written to %s: %s.", path, fingerprints(len(e.known)))
		}
		p.updateTask(w)
	})
}

// writeExport writes a file that only its owner can read. One that is there is
// touched only to replace it.
func writeExport(path string, data []byte, replace bool) error {
	if replace {
		return libotr.WriteFile(path, data)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
