package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

const fieldKeeping = "keeping"

// keepings are the choices of what a server keeps, for people.
func keepings() []im.Choice {
	return []im.Choice{
		{Value: string(protocol.KeepAll), Label: lang.T("Everything")},
		{Value: string(protocol.KeepBuddies), Label: lang.T("Only with people on my Buddy List")},
		{Value: string(protocol.KeepNone), Label: lang.T("Nothing")},
	}
}

// showKeeping asks what the account's server is to keep of what is said.
func (m *Messenger) showKeeping(a *account) {
	if a.showing != nil {
		a.showing.dialog.raise()
		return
	}
	k := &choosingKeeping{m: m, account: a, chosen: a.keeping}
	a.showing = k
	k.dialog = m.ask(im.ConvID{}, k.form(), k.answered)
}

// choosingKeeping is the window for that.
type choosingKeeping struct {
	m       *Messenger
	account *account
	dialog  *dialog
	chosen  protocol.Keeping
	asked   bool
	problem string
}

func (k *choosingKeeping) form() plugin.Form {
	fields := []im.Field{
		{ID: fieldKeeping, Kind: im.FieldChoice, Label: lang.T("The server keeps"), Value: string(k.chosen), Choices: keepings()},
		{Kind: im.FieldNote, Label: lang.T("Private lines it cannot read in any case.")},
		{Kind: im.FieldNote, WhenField: fieldKeeping, WhenOneOf: []string{string(protocol.KeepBuddies), string(protocol.KeepNone)},
			Label: lang.T("What it does not keep, your other devices will not show later. What it has kept before stays there.")},
	}
	f := plugin.Page(lang.T("History on the Server"), lang.F("The server of %s can keep copies of what you and others write. All your devices can then show it, and those who run the server can read it.",
		cleanName(k.account.id.Bare())), fields,
		cancelButton(), plugin.Button{ID: "save", Label: lang.T("Save"), Role: plugin.Default})
	if k.asked {
		f = plugin.Waiting(f)
		f.Buttons[0].Off = false // to give up
	}
	f.Problem = k.problem
	return f
}

func (k *choosingKeeping) answered(ans plugin.Answers) {
	if ending(ans.Action) {
		k.end()
		return
	}
	if k.asked {
		return
	}
	k.problem, k.chosen = "", protocol.Keeping(ans.Values[fieldKeeping])
	s, ok := k.m.online(k.account.id).(protocol.ArchiveKeeper)
	switch {
	case !ok:
		k.problem = lang.T("The account is not connected. Try again when it is.")
	case k.chosen == k.account.keeping:
		k.end()
		return
	default:
		if err := s.SetKeeping(k.chosen); err != nil {
			k.problem = sentenceOf(err)
		} else {
			k.asked = true
		}
	}
	k.dialog.Update(k.form())
}

func (k *choosingKeeping) end() {
	k.account.showing = nil
	k.dialog.Close()
}

// failed says why it did not work.
func (k *choosingKeeping) failed(problem string) {
	k.asked, k.problem = false, problem
	k.dialog.Update(k.form())
}

// keepingTold: this is what the server keeps.
func (m *Messenger) keepingTold(a *account, e protocol.KeepingTold) {
	a.keeping = e.Keeping
	if k := a.showing; k != nil && k.asked && k.chosen == e.Keeping {
		k.end()
	}
}

func (m *Messenger) keepingFailed(a *account, e protocol.KeepingFailed) {
	if k := a.showing; k != nil && k.asked {
		k.failed(e.Problem)
	}
}

// keepingOver: the connection ended, and with it what the server said.
func (m *Messenger) keepingOver(a *account) {
	a.keeping = ""
	if k := a.showing; k != nil && k.asked {
		k.failed(lang.T("The connection ended before the server answered. Look again when the account is connected."))
	}
}
