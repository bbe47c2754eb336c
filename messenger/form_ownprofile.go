package messenger

import (
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// ownProfile is the window in which the user says what others can read about them.
type ownProfile struct {
	m       *Messenger
	account *account
	dialog  *dialog
	fields  []protocol.ProfileField // nil: the server was not heard yet
	asked   bool                    // it is to take them
	problem string
}

func ownProfileField(i int) string { return "profile" + strconv.Itoa(i) }

// showOwnProfile asks the server what it tells of the user, and shows that.
func (m *Messenger) showOwnProfile(a *account) {
	if a.profile != nil {
		a.profile.dialog.raise()
		return
	}
	p := &ownProfile{m: m, account: a}
	a.profile = p
	p.ask()
	p.dialog = m.ask(im.ConvID{}, p.form(), p.answered)
}

func (p *ownProfile) ask() {
	s, ok := p.m.online(p.account.id).(protocol.SelfDescriber)
	if !ok || s.AskOwnProfile() != nil {
		p.problem = lang.T("The account is not connected. Try again when it is.")
	}
}

func (p *ownProfile) form() plugin.Form {
	fields := []im.Field{{Kind: im.FieldNote, Label: lang.T("Anybody who knows your address can read this, strangers too. Leave empty what you do not want to tell.")}}
	for i, f := range p.fields {
		fields = append(fields, im.Field{ID: ownProfileField(i), Kind: im.FieldText, Label: cleanName(f.Label), Value: cleanName(f.Value)})
	}
	f := plugin.Page(lang.F("User Info of %s", cleanName(p.account.id.Bare())), "", fields,
		cancelButton(), plugin.Button{ID: "save", Label: lang.T("Save"), Role: plugin.Default, Off: p.fields == nil})
	switch {
	case p.asked:
		f = plugin.Waiting(f)
		f.Buttons[0].Off = false // to give up
	case p.fields == nil && p.problem == "":
		f.Doing = lang.T("Asking the server…")
	}
	f.Problem = p.problem
	return f
}

func (p *ownProfile) answered(a plugin.Answers) {
	if ending(a.Action) {
		p.end()
		return
	}
	if p.asked || p.fields == nil {
		return
	}
	p.problem = ""
	var changed []protocol.ProfileField
	for i := range p.fields {
		// What is cleaned for the screen is not sent back: only what the user changed is.
		if value := a.Values[ownProfileField(i)]; value != cleanName(p.fields[i].Value) {
			p.fields[i].Value = value
			changed = append(changed, p.fields[i])
		}
	}
	s, ok := p.m.online(p.account.id).(protocol.SelfDescriber)
	switch {
	case len(changed) == 0:
		p.end()
		return
	case !ok:
		p.problem = lang.T("The account is not connected. Try again when it is.")
	default:
		if err := s.SetOwnProfile(changed); err != nil {
			p.problem = sentenceOf(err)
		} else {
			p.asked = true
		}
	}
	p.dialog.Update(p.form())
}

func (p *ownProfile) end() {
	p.account.profile = nil
	p.dialog.Close()
}

func (m *Messenger) ownProfileTold(a *account, e protocol.OwnProfile) {
	p := a.profile
	if p == nil || p.fields != nil {
		return
	}
	if p.fields = e.Fields; e.Failed {
		p.problem = lang.F("The server of %s does not say what it has of you. It may keep no profiles.", cleanName(a.id.Bare()))
	}
	p.dialog.Update(p.form())
}

func (m *Messenger) ownProfileSet(a *account, e protocol.OwnProfileSet) {
	p := a.profile
	if p == nil || !p.asked {
		return
	}
	if p.asked = false; e.Problem == "" {
		p.end()
		return
	}
	p.problem = e.Problem
	p.dialog.Update(p.form())
}

// ownProfileOver: the connection ended.
func (m *Messenger) ownProfileOver(a *account) {
	if p := a.profile; p != nil && (p.asked || p.fields == nil) {
		p.asked, p.problem = false, lang.T("The connection ended before the server answered. Look again when the account is connected.")
		p.dialog.Update(p.form())
	}
}
