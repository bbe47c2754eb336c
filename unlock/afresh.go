package unlock

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/storage"
)

func afresh() plugin.Button { return plugin.Button{ID: buttonAfresh, Label: lang.T("Start afresh…")} }

// askAfresh asks whether to put what is damaged aside, and does so: the database
// alone if the vault is open, else all there is. Back is where the user came from.
func (o *Opening) askAfresh(v *storage.Vault, back func()) {
	intro := lang.T("Culver then begins with an empty profile: without your accounts, passwords, keys, buddies, history, drafts and settings, and it trusts no fingerprint.")
	if v != nil {
		intro = lang.T("Culver then begins with an empty database: without your accounts, buddies, history, drafts and settings, and it trusts no fingerprint. Your passwords and keys are kept elsewhere, and stay.")
	}
	form := plugin.Page(lang.T("Start afresh?"), intro, []im.Field{
		{Kind: im.FieldNote, Label: lang.F("Nothing is deleted. The old files stay, under names with today's date, in %s.", o.profile.Dir())},
		{Kind: im.FieldNote, Label: lang.T("If you have made a backup, choose Restore Backup in the Tools menu afterwards.")},
	}, plugin.Button{ID: buttonBack, Label: lang.T("Back"), Role: plugin.Cancel}, plugin.Button{ID: buttonAfresh, Label: lang.T("Start afresh"), Role: plugin.Danger})
	var d plugin.Dialog
	busy := false
	d = o.ask(form, func(a plugin.Answers) {
		switch {
		case busy:
		case a.Action != buttonAfresh:
			d.Close()
			back()
		default:
			busy = true
			slow(o, func() (struct{}, error) { return struct{}{}, o.profile.StartAfresh(time.Now(), v == nil) }, func(_ struct{}, err error) {
				busy = false
				switch {
				case err != nil:
					form.Problem = err.Error()
					d.Update(form)
				case v != nil:
					d.Close()
					o.openDB(v)
				default:
					d.Close()
					o.start()
				}
			})
		}
	})
}
