package otrplugin

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"culver/im"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// exportWindow asks for the file that known fingerprints are written to, in the
// form of libotr.
type exportWindow struct {
	dialog  plugin.Dialog
	known   []libotr.Known
	replace string // a file that is there; the user is asked about it
	problem string
	busy    bool
	done    string // what was reached
}

const (
	buttonExport  = "export"
	buttonReplace = "replace"
)

// askToExport asks where to write these keys.
func (p *Plugin) askToExport(keys []*knownKey) {
	if len(keys) == 0 {
		return
	}
	p.closeExport()
	w := &exportWindow{}
	for _, k := range keys {
		w.known = append(w.known, foreign(k))
	}
	p.keyForms.export = w
	w.dialog = p.host.Ask(im.ConvID{}, w.form(), func(a plugin.Answers) {
		if p.keyForms.export == w {
			p.exportAnswered(w, a)
		}
	})
}

func (p *Plugin) closeExport() {
	if w := p.keyForms.export; w != nil {
		p.keyForms.export = nil
		w.dialog.Close()
	}
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

func (w *exportWindow) form() plugin.Form {
	path := im.Field{
		ID: fieldPath, Kind: im.FieldFile, Label: "File", Save: true, Off: w.busy,
		Hint: "Pidgin calls its own otr.fingerprints",
	}
	if w.done != "" {
		return plugin.Page("Export fingerprints", w.done, nil, closeButton)
	}
	button := plugin.Button{ID: buttonExport, Label: "Export", Role: plugin.Default, Off: w.busy}
	form := plugin.Page("Export fingerprints",
		"This writes "+count(len(w.known), "fingerprint", "fingerprints")+" in a form that Pidgin and other programs with OTR "+
			"can read. The file is not encrypted: whoever can read it sees whom you talk to.", []im.Field{path})
	if w.replace != "" {
		form.Buttons = []plugin.Button{cancelButton, button, {ID: buttonReplace, Label: "Replace it", Role: plugin.Danger, Off: w.busy}}
		form.Problem = "There is a file of that name already. Choose another name, or replace it: what it holds is kept " +
			"beside it, under the same name with " + libotr.BackupSuffix + "."
	} else {
		form.Buttons = []plugin.Button{cancelButton, button}
	}
	if w.problem != "" {
		form.Problem = w.problem
	}
	return form
}

func (p *Plugin) exportAnswered(w *exportWindow, a plugin.Answers) {
	if w.busy && a.Action != buttonCancel && a.Action != plugin.Closed {
		return
	}
	w.problem = ""
	switch a.Action {
	case buttonExport, buttonReplace:
		path, err := pathOf(a.Values[fieldPath])
		if err == nil {
			p.export(w, path, a.Action == buttonReplace && path == w.replace)
			return
		}
		w.problem = err.Error()
		w.dialog.Update(w.form())
	default:
		p.closeExport()
	}
}

// export writes the file, on a goroutine of its own.
func (p *Plugin) export(w *exportWindow, path string, replace bool) {
	data, err := libotr.MarshalFingerprints(w.known)
	if err != nil {
		w.problem = "The fingerprints could not be written: " + sentence(err.Error())
		w.dialog.Update(w.form())
		return
	}
	w.busy, w.replace = true, ""
	w.dialog.Update(w.form())
	p.host.Go(func(context.Context) error { return writeExport(path, data, replace) }, func(err error) {
		if p.keyForms.export != w {
			return
		}
		w.busy = false
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			w.replace = path
		case err != nil:
			w.problem = sentence(writeError(err).Error())
		default:
			w.done = "Written to " + path + ": " + count(len(w.known), "fingerprint", "fingerprints") + "."
		}
		w.dialog.Update(w.form())
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
