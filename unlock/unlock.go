// Package unlock opens a profile before anything of it is shown: with the
// system's keyring where there is one, else with a passphrase, asked for in a
// form. It belongs to main, and uses the storage for it.
//
// [Open] returns at once. All it does but the slow parts, and all that it calls
// back, runs on the goroutine that do leads to. The slow parts run on goroutines that
// the [Opening] owns, and end with it.
package unlock

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"culver/lang"
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
	buttonAfresh    = "afresh"
	buttonBack      = "back"
	buttonQuit      = "quit"
	buttonStay      = "stay"
)

func quit() plugin.Button {
	return plugin.Button{ID: buttonQuit, Label: lang.T("Quit"), Role: plugin.Cancel}
}

func retry() plugin.Button {
	return plugin.Button{ID: buttonRetry, Label: lang.T("Try again"), Role: plugin.Default}
}

func unlock() plugin.Button {
	return plugin.Button{ID: buttonUnlock, Label: lang.T("Unlock"), Role: plugin.Default}
}

func useCopy() plugin.Button { return plugin.Button{ID: buttonCopy, Label: lang.T("Use the copy")} }

// Open opens the profile. Done is called once, unless it is ended before: with nil if
// the user gave up. Do must not wait.
func Open(ctx context.Context, p *storage.Profile, ask func(plugin.Form, func(plugin.Answers)) plugin.Dialog, do func(func()), done func(*Opened)) *Opening {
	return (&Opening{profile: p, ask: ask, do: do, done: done}).begin(ctx, (*Opening).start)
}

// Again opens a profile that was locked: as Open does, saying so. If something unsent
// is gone when the program ends, it asks before the user gives up.
func Again(ctx context.Context, p *storage.Profile, unsent bool, ask func(plugin.Form, func(plugin.Answers)) plugin.Dialog, do func(func()), done func(*Opened)) *Opening {
	return (&Opening{profile: p, ask: ask, do: do, done: done, again: true, unsent: unsent}).begin(ctx, (*Opening).start)
}

// Damaged goes on with a profile of which the vault is open, and the database closed:
// it is damaged, as was only found when it was in use. The vault is the opening's from
// now on. If why is nil the user has chosen already to rescue what can be read.
func Damaged(ctx context.Context, p *storage.Profile, v *storage.Vault, why error, ask func(plugin.Form, func(plugin.Answers)) plugin.Dialog, do func(func()), done func(*Opened)) *Opening {
	return (&Opening{profile: p, ask: ask, do: do, done: done}).begin(ctx, func(o *Opening) {
		o.keep(v)
		o.damaged(v, why)
	})
}

// Opening is a profile that is being opened.
type Opening struct {
	again   bool
	unsent  bool
	ctx     context.Context
	cancel  context.CancelFunc
	profile *storage.Profile
	ask     func(plugin.Form, func(plugin.Answers)) plugin.Dialog
	do      func(func())
	done    func(*Opened)
	work    sync.WaitGroup // the slow parts

	mu    sync.Mutex
	ended bool
	open  []io.Closer // what was opened, until done has it
}

func (o *Opening) begin(ctx context.Context, start func(*Opening)) *Opening {
	o.ctx, o.cancel = context.WithCancel(ctx)
	start(o)
	return o
}

// End breaks the opening off, and returns when nothing of it touches the profile any
// more and what was opened is closed, unless done has it. Done is not called after it.
// It is called once, on the goroutine that do leads to or after that has ended.
//
// It waits for all that is under way but a call that the system's keyring never
// answers: that goes on alone, and knows nothing of the profile.
func (o *Opening) End() {
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.cancel()
	o.work.Wait()
	o.shut()
}

// keep notes what was opened.
func (o *Opening) keep(c io.Closer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open = append(o.open, c)
}

// shut closes what was opened, the last first.
func (o *Opening) shut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range slices.Backward(o.open) {
		_ = c.Close() // nothing was written
	}
	o.open = nil
}

// handOver says that all is open, and whose it is from now on.
func (o *Opening) handOver(all *Opened) {
	o.mu.Lock()
	o.open = nil
	o.mu.Unlock()
	o.cancel()
	o.done(all)
}

// giveUp says that the user does not go on.
func (o *Opening) giveUp() {
	o.shut()
	o.cancel()
	o.done(nil)
}

// later does f on the goroutine of the opening, if that still goes on.
func (o *Opening) later(f func()) {
	o.do(func() {
		o.mu.Lock()
		ended := o.ended
		o.mu.Unlock()
		if !ended {
			f()
		}
	})
}

func (o *Opening) start() {
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

// slow runs work beside, and then with its result. What work opens is kept to be
// closed.
func slow[T any](o *Opening, work func() (T, error), then func(T, error)) {
	o.work.Go(func() {
		v, err := work()
		if c, ok := any(v).(io.Closer); ok && err == nil {
			o.keep(c)
		}
		o.later(func() { then(v, err) })
	})
}

func (o *Opening) tryKeyring(kind storage.Kind) {
	ctx, stop := context.WithCancel(o.ctx)
	w := o.waitForKeyring(ctx, kind, stop)
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
				o.giveUp()
			case kind == storage.Fresh && (errors.Is(err, storage.ErrNoKeyring) || errors.Is(err, storage.ErrKeyringLocked)):
				o.askNewPassphrase(err)
			default:
				o.stuck(err)
			}
		})
}

func (o *Opening) openDB(v *storage.Vault) {
	slow(o, func() (*storage.DB, error) { return o.profile.OpenDB(o.ctx, v) },
		func(db *storage.DB, err error) {
			switch {
			case errors.Is(err, storage.ErrDatabaseDamaged):
				o.damaged(v, err)
			case errors.Is(err, storage.ErrDatabaseMissing):
				o.missing(v, err)
			case err != nil:
				o.shut()
				o.stuck(err)
			default:
				o.handOver(&Opened{DB: db, Vault: v})
			}
		})
}

// missing says that there is no database, and offers to look for it again, or to start
// afresh. The vault is open.
func (o *Opening) missing(v *storage.Vault, err error) {
	var d plugin.Dialog
	f := plugin.Page(lang.T("Culver cannot open your profile"), "", nil, quit(), afresh(), retry())
	f.Problem = err.Error()
	d = o.ask(f, func(a plugin.Answers) {
		d.Close()
		switch a.Action {
		case buttonRetry:
			o.openDB(v)
		case buttonAfresh:
			o.askAfresh(v, func() { o.missing(v, err) })
		default:
			o.giveUp()
		}
	})
}

// stuck says why it does not go on, and offers to try again; if nothing opens the
// profile any more, also to start afresh.
func (o *Opening) stuck(err error) {
	var d plugin.Dialog
	f := plugin.Page(lang.T("Culver cannot open your profile"), "", nil, quit(), retry())
	if errors.Is(err, storage.ErrDamaged) || errors.Is(err, storage.ErrKeyMissing) {
		f.Buttons = []plugin.Button{quit(), afresh(), retry()}
	}
	if errors.Is(err, storage.ErrNoKeyring) || errors.Is(err, storage.ErrKeyringLocked) {
		f.Intro = lang.T("Your passwords and keys are in the keyring of this system, and Culver does not open without it.")
	}
	f.Problem = err.Error()
	d = o.ask(f, func(a plugin.Answers) {
		d.Close()
		switch a.Action {
		case buttonRetry:
			o.start()
		case buttonAfresh:
			o.askAfresh(nil, func() { o.stuck(err) })
		default:
			o.giveUp()
		}
	})
}
