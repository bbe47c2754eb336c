// Package unlock opens a profile before anything of it is shown: with the
// system's keyring where there is one, else with a passphrase, asked for in a
// form. It belongs to main, and uses the storage for it.
//
// [Open] returns at once. All it does but the slow parts, and all that it calls
// back, runs on the goroutine that do leads to.
package unlock

import (
	"context"
	"errors"
	"strings"

	"culver/im"
	"culver/plugin"
	"culver/storage"
)

// Opened is a profile that is ready for use. Close its parts in this order.
type Opened struct {
	DB    *storage.DB
	Vault *storage.Vault
}

// MinPassphrase is how many characters a new passphrase has at least.
const MinPassphrase = 8

// The fields and buttons of the forms.
const (
	fieldPassphrase = "passphrase"
	fieldAgain      = "again"
	buttonUnlock    = "unlock"
	buttonCreate    = "create"
	buttonRetry     = "retry"
	buttonQuit      = "quit"
)

var (
	quit  = plugin.Button{ID: buttonQuit, Label: "Quit", Role: plugin.Cancel}
	retry = plugin.Button{ID: buttonRetry, Label: "Try again", Role: plugin.Default}
)

// Open opens the profile. Done is called once: with nil if the user gave up.
func Open(ctx context.Context, p *storage.Profile, ask func(plugin.Form, func(plugin.Answers)) plugin.Dialog, do func(func()), done func(*Opened)) {
	o := &opening{ctx: ctx, profile: p, ask: ask, do: do, done: done}
	o.start()
}

// Again opens a profile that was locked: as Open does, saying so.
func Again(ctx context.Context, p *storage.Profile, ask func(plugin.Form, func(plugin.Answers)) plugin.Dialog, do func(func()), done func(*Opened)) {
	o := &opening{ctx: ctx, profile: p, ask: ask, do: do, done: done, again: true}
	o.start()
}

// opening is an Open on its way.
type opening struct {
	again   bool
	ctx     context.Context
	profile *storage.Profile
	ask     func(plugin.Form, func(plugin.Answers)) plugin.Dialog
	do      func(func())
	done    func(*Opened)
}

func (o *opening) start() {
	kind, err := o.profile.VaultKind()
	switch {
	case err != nil:
		o.stuck(err)
	case kind == storage.Passphrase:
		o.askPassphrase()
	default:
		o.tryKeyring(kind)
	}
}

// slow runs work beside, and then with its result.
func slow[T any](o *opening, work func() (T, error), then func(T, error)) {
	go func() {
		v, err := work()
		o.do(func() { then(v, err) })
	}()
}

func (o *opening) tryKeyring(kind storage.Kind) {
	slow(o, func() (*storage.Vault, error) { return o.profile.OpenKeyring(o.ctx) },
		func(v *storage.Vault, err error) {
			switch {
			case err == nil:
				o.openDB(v)
			case kind == storage.Fresh && (errors.Is(err, storage.ErrNoKeyring) || errors.Is(err, storage.ErrKeyringLocked)):
				o.askNewPassphrase(err)
			default:
				o.stuck(err)
			}
		})
}

func (o *opening) openDB(v *storage.Vault) {
	slow(o, func() (*storage.DB, error) { return o.profile.OpenDB(o.ctx, v) },
		func(db *storage.DB, err error) {
			if err != nil {
				v.Close()
				o.stuck(err)
				return
			}
			o.done(&Opened{DB: db, Vault: v})
		})
}

// stuck says why it does not go on, and offers to try again.
func (o *opening) stuck(err error) {
	var d plugin.Dialog
	f := plugin.Page("Culver cannot open your profile", "", nil, quit, retry)
	f.Problem = err.Error()
	d = o.ask(f, func(a plugin.Answers) {
		d.Close()
		if a.Action == buttonRetry {
			o.start()
		} else {
			o.done(nil)
		}
	})
}

// askNewPassphrase makes the vault of a new profile on a system without a keyring.
func (o *opening) askNewPassphrase(why error) {
	fields := []im.Field{
		{Kind: im.FieldNote, Label: why.Error()},
		{Kind: im.FieldNote, Label: "The passphrase locks your passwords, keys and history, and Culver asks for it at every start. Nobody can open them without it: keep it well."},
		{ID: fieldPassphrase, Kind: im.FieldSecret, Label: "Passphrase", Hint: "At least 8 characters; several words that do not belong together are best"},
		{ID: fieldAgain, Kind: im.FieldSecret, Label: "Once more"},
	}
	buttons := []plugin.Button{quit}
	if !o.profile.Portable() {
		buttons = append(buttons, plugin.Button{ID: buttonRetry, Label: "Try the keyring again"})
	}
	form := plugin.Page("Protect Your Profile", "", fields,
		append(buttons, plugin.Button{ID: buttonCreate, Label: "Continue", Role: plugin.Default})...)
	o.passphraseForm(form, buttonCreate, func(v map[string]string) (string, func() (*storage.Vault, error)) {
		typed := v[fieldPassphrase]
		if weak(typed) {
			return "Choose a longer passphrase: at least 8 characters, and not always the same ones.", nil
		}
		if typed != v[fieldAgain] {
			return "The two are not the same. Type the passphrase twice.", nil
		}
		return "", func() (*storage.Vault, error) { return o.profile.CreateVault([]byte(typed)) }
	})
}

// weak reports whether a passphrase is too short, or little more than one key
// pressed again and again.
func weak(passphrase string) bool {
	different := map[rune]bool{}
	for _, r := range passphrase {
		different[r] = true
	}
	return len([]rune(strings.TrimSpace(passphrase))) < MinPassphrase || len(different) < 4
}

// askPassphrase unlocks the vault.
func (o *opening) askPassphrase() {
	intro := "Your passwords, keys and history are locked by a passphrase."
	if o.again {
		intro = "Culver is locked. You are signed off."
	}
	form := plugin.Page("Unlock Culver", intro,
		[]im.Field{{ID: fieldPassphrase, Kind: im.FieldSecret, Label: "Passphrase"}},
		quit, plugin.Button{ID: buttonUnlock, Label: "Unlock", Role: plugin.Default})
	o.passphraseForm(form, buttonUnlock, func(v map[string]string) (string, func() (*storage.Vault, error)) {
		typed := v[fieldPassphrase]
		if typed == "" {
			return "Type your passphrase.", nil
		}
		return "", func() (*storage.Vault, error) { return o.profile.UnlockVault([]byte(typed)) }
	})
}

// passphraseForm asks until a passphrase opens the vault. Read says what is wrong
// with the answers, or how to open it.
func (o *opening) passphraseForm(form plugin.Form, button string, read func(map[string]string) (string, func() (*storage.Vault, error))) {
	var d plugin.Dialog
	busy := false
	say := func(text string, off bool) {
		f := form
		if off {
			f.Intro = text
		} else {
			f.Problem = text
		}
		f.Buttons = append([]plugin.Button(nil), form.Buttons...)
		for i := range f.Buttons {
			f.Buttons[i].Off = off
		}
		d.Update(f)
	}
	d = o.ask(form, func(a plugin.Answers) {
		if busy {
			return
		}
		switch a.Action {
		case button:
		case buttonRetry:
			d.Close()
			o.start()
			return
		default:
			d.Close()
			o.done(nil)
			return
		}
		problem, open := read(a.Values)
		if problem != "" {
			say(problem, false)
			return
		}
		busy = true
		say("Please wait…", true)
		slow(o, open, func(v *storage.Vault, err error) {
			busy = false
			if err != nil {
				say(err.Error(), false)
				return
			}
			d.Close()
			o.openDB(v)
		})
	})
}
