package messenger

import (
	"context"
	"errors"
	"os"
	"sync"

	"culver/backup"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// restoring asks for a backup and its passphrase, and opens it. What is in it is
// then shown, and brought in: see [incoming].
type restoring struct {
	m       *Messenger
	dialog  *dialog
	path    string
	problem string
	busy    bool
	stop    context.CancelFunc
}

const (
	actionOpenBackup = "open"
	actionRestore    = "restore" // in the window that greets
)

// ShowRestore opens the window that restores a backup, or brings it to the front.
func (m *Messenger) ShowRestore() {
	m.inbox.Put(func() {
		switch {
		case m.restore != nil:
			m.restore.dialog.raise()
		case m.incoming != nil:
			m.incoming.dialog.raise()
		default:
			r := &restoring{m: m, stop: func() {}}
			m.restore = r
			r.dialog = m.ask(im.ConvID{}, r.form(), r.answered)
		}
	})
}

// dropRestore ends the opening of a backup, as at the end of the program.
func (m *Messenger) dropRestore() {
	if r := m.restore; r != nil {
		m.restore = nil
		r.stop()
		r.dialog.Close()
	}
}

func (r *restoring) answered(a plugin.Answers) {
	switch {
	case ending(a.Action):
		r.m.dropRestore()
	case a.Action == actionOpenBackup && !r.busy:
		r.path, r.problem = a.Values[fieldFile], ""
		path, err := wholePath(r.path)
		switch {
		case err != nil:
			r.problem = err.Error()
		case a.Values[fieldOld] == "":
			r.problem = lang.T("Type the passphrase of the backup.")
		default:
			r.open(path, []byte(a.Values[fieldOld]))
		}
		r.dialog.Update(r.form())
	}
}

func restoreTitle() string { return lang.T("Restore a Backup") }

func (r *restoring) form() plugin.Form {
	fields := []im.Field{
		{ID: fieldFile, Kind: im.FieldFile, Label: lang.T("File"), Value: r.path, Hint: lang.T("Culver's backups end in .age"), Off: r.busy},
		{ID: fieldOld, Kind: im.FieldSecret, Label: lang.T("Passphrase"), Off: r.busy},
	}
	if r.busy {
		fields[1].Value = plugin.TypedDots // so that the line is empty afterwards
	}
	f := plugin.Page(restoreTitle(), lang.T("What the backup holds is shown before anything is changed. What you have here stays."), fields,
		cancelButton(), plugin.Button{ID: actionOpenBackup, Label: lang.T("Next"), Role: plugin.Default, Off: r.busy})
	if f.Problem = r.problem; r.busy {
		f.Doing = lang.T("Opening it…")
	}
	return f
}

// open reads the whole backup, on a goroutine of its own.
func (r *restoring) open(path string, passphrase []byte) {
	r.busy = true
	ctx, stop := context.WithCancel(r.m.ctx)
	r.stop = stop
	var a *arriving
	r.m.background(func(context.Context) error {
		defer clear(passphrase)
		defer stop()
		file, err := openBackup(path)
		if err != nil {
			return err
		}
		opened, err := backup.Open(ctx, file, passphrase)
		if err != nil {
			file.Close()
			return err
		}
		if a = r.m.arrivingFrom(opened, file); ctx.Err() != nil { // nobody is there to take it
			a.wipe()
		}
		return ctx.Err()
	}, func(err error) {
		switch {
		case r.m.restore != r:
			if a != nil {
				a.wipe()
			}
		case err != nil:
			r.busy, r.problem = false, openProblem(err)
			r.dialog.Update(r.form())
		default:
			r.m.restore = nil
			r.m.bringIn(a, r.dialog)
		}
	})
}

// openBackup opens an ordinary file, and nothing else: a pipe would be waited for.
func openBackup(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, cannotRead(err)
	case info.IsDir():
		return nil, errFolder
	case !info.Mode().IsRegular():
		return nil, errNotFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, cannotRead(err)
	}
	return f, nil
}

// openProblem says why a backup cannot be used, and what to do.
func openProblem(err error) string {
	var plain formError
	switch {
	case errors.As(err, &plain):
		return plain.Error()
	case errors.Is(err, backup.ErrPassphrase):
		return lang.T("The passphrase does not open this backup. Type it again; capital and small letters matter.")
	case errors.Is(err, backup.ErrNotBackup), errors.Is(err, backup.ErrTooHard):
		return lang.T("This file is not a backup made by Culver. Choose another one.")
	case errors.Is(err, backup.ErrNewer):
		return lang.T("A newer version of Culver made this backup. Install that version, and restore it there.")
	case errors.Is(err, backup.ErrDamaged):
		return lang.T("This backup is damaged: it was cut short or changed. Nothing of it was used. Try another copy of it.")
	default:
		return lang.F("The file could not be read to its end. Nothing was changed. %s", asSentence(cannotRead(err)))
	}
}

// arrivingFrom is what a backup holds, with the file that the history is read from. It
// is called beside the messenger.
func (m *Messenger) arrivingFrom(o *backup.Opened, file *os.File) *arriving {
	a := &arriving{
		title: restoreTitle(), verb: restores,
		intro: lang.F("The backup was made on %s, %s. Choose what to restore.", im.Date(o.Made.Local()), o.Made.Local().Format("15:04")),
		pasts: o.Pasts, private: o.Private,
		files:    map[string][]plugin.File{},
		settings: o.Settings, drafts: o.Drafts, logging: o.Logging, choices: o.Choices,
	}
	for i := range o.Accounts {
		x := &o.Accounts[i]
		a.accounts = append(a.accounts, arrivingAccount{account: x.Account, password: im.NewSecret(x.Password), buddies: x.Buddies})
	}
	for _, f := range o.Files {
		if f.Name == packedSpace {
			a.arriveSpace(m.pluginTitle(f.Plugin), f.Plugin, f.Data)
			continue
		}
		a.files[f.Plugin] = append(a.files[f.Plugin], plugin.File{Name: f.Name, Data: f.Data})
	}
	if o.Unknown > 0 {
		a.leftOut = append(a.leftOut, lang.N(o.Unknown, "Left out, because this version of Culver does not know it: %s part of the backup.",
			"Left out, because this version of Culver does not know it: %s parts of the backup.", im.Number(o.Unknown)))
	}
	var reading sync.Mutex // between the goroutine of lines and the end
	a.lines = func(ctx context.Context, emit func(im.Message) error) error {
		reading.Lock()
		defer reading.Unlock()
		return o.History(ctx, emit)
	}
	a.done = func() {
		m.background(func(context.Context) error {
			reading.Lock()
			defer reading.Unlock()
			o.Wipe()
			return file.Close()
		}, func(error) {})
	}
	return a
}
