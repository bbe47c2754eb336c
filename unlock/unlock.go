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

	"culver/plugin"
	"culver/storage"
)

// Opened is a profile that is ready for use. Close its parts in this order.
type Opened struct {
	DB    *storage.DB
	Vault *storage.Vault
}

// The fields and buttons of the forms.
const (
	fieldPassphrase = "passphrase"
	fieldAgain      = "again"
	buttonUnlock    = "unlock"
	buttonCreate    = "create"
	buttonRetry     = "retry"
	buttonCopy      = "copy"
	buttonInstead   = "instead"
	buttonRescue    = "rescue"
	buttonStop      = "stop"
	buttonContinue  = "continue"
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
	ctx, stop := context.WithCancel(o.ctx)
	w := o.waitForKeyring(kind, stop)
	slow(o, func() (*storage.Vault, error) { return o.profile.OpenKeyring(ctx) },
		func(v *storage.Vault, err error) {
			stop()
			w.end()
			switch {
			case err == nil && (w.answer == "" || w.answer == buttonInstead): // it answered all the same
				o.openDB(v)
			case w.answer == buttonInstead:
				o.askNewPassphrase(errInstead)
			case w.answer != "":
				if err == nil {
					v.Close()
				}
				o.done(nil)
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
			switch {
			case errors.Is(err, storage.ErrDamaged):
				o.damaged(v, err)
			case err != nil:
				v.Close()
				o.stuck(err)
			default:
				o.done(&Opened{DB: db, Vault: v})
			}
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
