package unlock

import (
	"errors"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/storage"
)

// askNewPassphrase makes the vault of a new profile on a system without a keyring.
func (o *Opening) askNewPassphrase(why error) {
	locks := lang.T("The passphrase locks your passwords, keys and history, and Culver asks for it at every start. Nobody can open them without it: keep it well.")
	if !o.profile.Portable() && why != errInstead {
		locks = lang.T("Or choose a passphrase instead: it locks your passwords, keys and history, and Culver asks for it at every start. Nobody can open them without it: keep it well.")
	}
	fields := []im.Field{
		{Kind: im.FieldNote, Label: why.Error()},
		{Kind: im.FieldNote, Label: locks},
		{ID: fieldPassphrase, Kind: im.FieldSecret, Label: lang.T("Passphrase"), Hint: im.PassphraseHint()},
		{ID: fieldAgain, Kind: im.FieldSecret, Label: lang.T("Once more")},
	}
	buttons := []plugin.Button{quit()}
	if !o.profile.Portable() {
		buttons = append(buttons, plugin.Button{ID: buttonRetry, Label: lang.T("Try the keyring again")})
	}
	form := plugin.Page(lang.T("Protect Your Profile"), "", fields,
		append(buttons, plugin.Button{ID: buttonCreate, Label: lang.T("Continue"), Role: plugin.Default})...)
	(&passphraseForm{Opening: o, form: form, button: buttonCreate,
		check: func(v map[string]string) string { return im.CheckPassphrase(v[fieldPassphrase], v[fieldAgain]) },
		open:  o.profile.CreateVault}).ask()
}

// askPassphrase unlocks the vault.
func (o *Opening) askPassphrase() {
	intro := lang.T("Your passwords, keys and history are locked by a passphrase.")
	if o.again {
		intro = lang.T("Culver is locked. You are signed off.")
	}
	form := plugin.Page(lang.T("Unlock Culver"), intro,
		[]im.Field{{ID: fieldPassphrase, Kind: im.FieldSecret, Label: lang.T("Passphrase")}},
		quit(), unlock())
	(&passphraseForm{Opening: o, form: form, button: buttonUnlock,
		check: func(v map[string]string) string {
			if v[fieldPassphrase] == "" {
				return lang.T("Type your passphrase.")
			}
			return ""
		},
		open: o.profile.UnlockVault}).ask()
}

// passphraseForm asks until a passphrase opens the vault.
type passphraseForm struct {
	*Opening
	form   plugin.Form
	button string                                // that opens
	check  func(values map[string]string) string // says what is wrong with the answers
	open   func([]byte) (*storage.Vault, error)  // is slow

	dialog plugin.Dialog
	busy   bool
}

func (p *passphraseForm) ask() {
	p.dialog = p.Opening.ask(p.form, p.answered)
}

func (p *passphraseForm) answered(a plugin.Answers) {
	if p.busy {
		return
	}
	switch a.Action {
	case p.button:
	case buttonCopy:
		p.useCopy()
		return
	case buttonRetry:
		p.dialog.Close()
		p.start()
		return
	case buttonAfresh:
		p.dialog.Close()
		p.askAfresh(nil, p.start)
		return
	default:
		p.dialog.Close()
		p.leave()
		return
	}
	if problem := p.check(a.Values); problem != "" {
		f := p.form
		f.Problem = problem
		p.dialog.Update(f)
		return
	}
	p.wait()
	typed := []byte(a.Values[fieldPassphrase])
	slow(p.Opening, func() (*storage.Vault, error) {
		defer clear(typed)
		return p.open(typed)
	}, func(v *storage.Vault, err error) {
		p.busy = false
		if err != nil {
			p.refused(err)
			return
		}
		p.dialog.Close()
		p.openDB(v)
	})
}

// leave gives up, unless something would be lost and the user stays then.
func (p *passphraseForm) leave() {
	if !p.unsent {
		p.giveUp()
		return
	}
	var d plugin.Dialog
	d = p.Opening.ask(plugin.Page(lang.T("Quit Culver?"), lang.T("What you wrote and did not send is not on the disk. If you quit now, it is gone."), nil,
		plugin.Button{ID: buttonStay, Label: lang.T("Stay"), Role: plugin.Cancel}, plugin.Button{ID: buttonQuit, Label: lang.T("Quit anyway"), Role: plugin.Danger}),
		func(a plugin.Answers) {
			d.Close()
			if a.Action == buttonQuit {
				p.giveUp()
				return
			}
			p.ask()
		})
}

// wait shows that something goes on.
func (p *passphraseForm) wait() {
	p.busy = true
	p.dialog.Update(plugin.Waiting(p.form))
}

// refused says why the vault was not opened, and offers its copy where that helps, or
// to start afresh where nothing does. Whatever is typed then, the offer stays.
func (p *passphraseForm) refused(err error) {
	switch damaged := errors.Is(err, storage.ErrDamaged); {
	case p.profile.CopyHelps(err):
		p.form.Buttons = []plugin.Button{quit(), unlock(), useCopy()}
		if damaged { // and no passphrase opens it
			later, first := unlock(), useCopy()
			later.Role, first.Role = first.Role, later.Role
			p.form.Buttons = []plugin.Button{quit(), later, first}
		}
	case damaged:
		p.form.Buttons = []plugin.Button{quit(), unlock(), afresh()}
	}
	f := p.form
	f.Problem = err.Error()
	p.dialog.Update(f)
}

// useCopy puts the copy in the place of the vault file.
func (p *passphraseForm) useCopy() {
	p.wait()
	slow(p.Opening, func() (string, error) { return p.profile.UseCopy(time.Now()) }, func(kept string, err error) {
		p.busy = false
		if err != nil {
			p.refused(err)
			return
		}
		p.form.Buttons = []plugin.Button{quit(), unlock()}
		f := p.form
		f.Intro = lang.T("The copy of the vault is in use now. Type your passphrase.")
		if kept != "" {
			f.Intro = lang.F("The copy of the vault is in use now; the damaged file is kept beside it as %s. Type your passphrase.", kept)
		}
		p.dialog.Update(f)
	})
}
