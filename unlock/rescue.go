package unlock

import (
	"context"
	"errors"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/storage"
)

// damaged says that the database is damaged, and offers to rescue what can be read
// of it; without an error it is wanted already. The vault is open.
func (o *Opening) damaged(v *storage.Vault, why error) {
	r := &rescue{Opening: o, vault: v}
	if why == nil {
		r.dialog = r.ask(atWork(), r.answered)
		r.work()
		return
	}
	r.offer(why)
}

// rescue is the form about a damaged database.
type rescue struct {
	*Opening
	vault  *storage.Vault
	why    error // what is damaged; nil: the user knows
	dialog plugin.Dialog
	stop   context.CancelFunc // nil: it is not at work
}

func (r *rescue) offer(why error) {
	r.why = why
	r.dialog = r.ask(r.offerForm(nil), r.answered)
}

// offerForm says what is damaged, then what can be done about it, and what became of
// that if it was tried.
func (r *rescue) offerForm(tried error) plugin.Form {
	f := plugin.Page(lang.T("Culver cannot open your profile"),
		lang.T("Culver can make a new database of what can be read of the damaged one, and go on with it. The damaged one is kept beside it."), nil,
		quit(), afresh(), plugin.Button{ID: buttonRescue, Label: lang.T("Rescue what can be read"), Role: plugin.Default})
	if r.why != nil {
		f.Warning = r.why.Error()
	}
	if tried != nil {
		f.Problem = tried.Error()
	}
	return f
}

func (r *rescue) answered(a plugin.Answers) {
	switch {
	case r.stop != nil:
		r.stop() // the only button there is
	case a.Action == buttonRescue:
		r.work()
	case a.Action == buttonContinue:
		r.dialog.Close()
		r.openDB(r.vault)
	case a.Action == buttonAfresh:
		r.dialog.Close()
		r.askAfresh(r.vault, func() { r.offer(r.why) })
	default:
		r.dialog.Close()
		r.giveUp()
	}
}

func (r *rescue) work() {
	ctx, stop := context.WithCancel(r.ctx)
	r.stop = stop
	r.dialog.Update(atWork())
	slow(r.Opening, func() (storage.Rescued, error) { return r.profile.Rescue(ctx, r.vault) },
		func(found storage.Rescued, err error) {
			stop()
			r.stop = nil
			switch {
			case errors.Is(err, context.Canceled):
				r.dialog.Update(r.offerForm(errStopped))
			case err != nil:
				r.dialog.Update(r.offerForm(err))
			default:
				r.dialog.Update(report(found))
			}
		})
}

func atWork() plugin.Form {
	return plugin.Page(lang.T("Rescuing your profile"), "",
		[]im.Field{{Kind: im.FieldProgress, Percent: im.Unknown, Label: lang.T("Please wait: reading the damaged database…")}},
		plugin.Button{ID: buttonStop, Label: lang.T("Stop"), Role: plugin.Cancel})
}

const errStopped = problem("Nothing was changed: the database is as damaged as it was.")

// lostWords say what was lost, and what is done about it.
func lostWords(what string) string {
	switch what {
	case im.LostSettings:
		return lang.T("Some settings are lost. Unless the one about the history was rescued, none is kept until you choose it again, under History Settings in the Tools menu. Please look through all settings, also those about locking.")
	case im.LostChoices:
		return lang.T("Culver no longer knows of which conversations you wanted a history. None is kept until you choose it again.")
	case im.LostTold:
		return lang.T("Culver no longer knows which buddies are told that you type, and that messages arrive. None is, until you choose it again under Privacy in the Tools menu.")
	default:
		return lang.T("What plugins remember is lost in part: their settings, and the fingerprints that you verified or refused. The safest settings are in force where yours are lost.")
	}
}

// missing says what is not there any more, as far as that is known.
func missing(r storage.Rescued) string {
	if r.Complete() {
		return lang.T("Nothing is known to be missing.")
	}
	text := lang.T("No line of history is known to be missing.")
	if r.LostLines > 0 {
		text = lang.N(r.LostLines, "Missing: at least %s line of history.", "Missing: at least %s lines of history.", im.Number(r.LostLines))
	}
	if r.Bad > 0 {
		text += " " + lang.N(r.Bad, "%s part of %s of the database could not be read. What was there is lost.",
			"%s parts of %s of the database could not be read. What was there is lost.", im.Number(r.Bad), im.Number(r.Pages))
	}
	return text
}

// report tells what was rescued.
func report(r storage.Rescued) plugin.Form {
	kept := lang.F("Rescued: %s, %s, %s, and %s.",
		lang.N(r.Accounts, "%s account", "%s accounts", im.Number(r.Accounts)), lang.N(r.Buddies, "%s buddy", "%s buddies", im.Number(r.Buddies)),
		lang.N(r.Lines, "%s line of history", "%s lines of history", im.Number(r.Lines)), lang.N(r.Settings, "%s setting", "%s settings", im.Number(r.Settings)))
	fields := []im.Field{{Kind: im.FieldNote, Label: kept}, {Kind: im.FieldNote, Label: missing(r)}}
	if r.Named > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.N(r.Named,
			"Only the name is left of %s account. Look through the settings under Accounts, and enable what is to connect.",
			"Only the name is left of %s accounts. Look through the settings under Accounts, and enable what is to connect.", im.Number(r.Named))})
	}
	for _, word := range strings.Fields(r.Lost) {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lostWords(word)})
	}
	if r.Kept != "" {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.F("The damaged database is kept as %s. What you delete from now on stays in there, until you delete all history or an account: then it is deleted, too.", r.Kept)})
	}
	return plugin.Page(lang.T("Your profile was rescued"), "", fields, quit(), plugin.Button{ID: buttonContinue, Label: lang.T("Continue"), Role: plugin.Default})
}
