package unlock

import (
	"context"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/storage"
)

// keyringAnswers is how long a keyring may take before the user is told that it is
// being waited for.
const keyringAnswers = 1500 * time.Millisecond

// waiting is a form that says that the keyring has not answered yet. The system
// may be asking for its password meanwhile.
type waiting struct {
	over   bool
	dialog plugin.Dialog
	answer string // the button that the user pressed; empty: they wait
}

// waitForKeyring shows the form after a while, until end. Stop ends ctx, and makes
// the keyring be asked no more.
func (o *Opening) waitForKeyring(ctx context.Context, kind storage.Kind, stop context.CancelFunc) *waiting {
	w := &waiting{}
	o.work.Go(func() {
		select {
		case <-time.After(keyringAnswers):
		case <-ctx.Done():
			return
		}
		o.later(func() {
			if !w.over {
				w.show(o, kind, stop)
			}
		})
	})
	return w
}

func (w *waiting) show(o *Opening, kind storage.Kind, stop context.CancelFunc) {
	buttons := []plugin.Button{quit()}
	if kind == storage.Fresh {
		buttons = append(buttons, plugin.Button{ID: buttonInstead, Label: lang.T("Use a passphrase instead")})
	}
	form := plugin.Page("Culver", lang.T("Your passwords and keys are in the keyring of this system. It may be asking for its password in a window of its own."),
		[]im.Field{{Kind: im.FieldProgress, Percent: im.Unknown, Label: lang.T("Waiting for the keyring…")}}, buttons...)
	if kind == storage.Fresh {
		form.Intro = lang.T("Culver is going to keep your passwords and keys in the keyring of this system. It may be asking for its password in a window of its own.")
	}
	w.dialog = o.ask(form, func(a plugin.Answers) {
		if w.answer == "" {
			w.answer = a.Action
		}
		stop()
	})
}

func (w *waiting) end() {
	w.over = true
	if w.dialog != nil {
		w.dialog.Close()
	}
}

// problem is an error in words for people.
//
//culver:text 0
type problem string

func (p problem) Error() string { return lang.Of(string(p)) }

const errInstead = problem("The keyring of this system is not used.")
