package messenger

import (
	"context"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// changingPassword is the window that changes the password of an account on its server.
type changingPassword struct {
	m        *Messenger
	account  *account
	dialog   *dialog
	password im.Secret // while the server is asked
	asked    bool
	problem  string
}

func passwordTitle() string { return lang.T("Change Password") }

// showChangePassword asks for a new password, if the account is connected and its server
// can be asked.
func (m *Messenger) showChangePassword(a *account) {
	if _, ok := m.online(a.id).(protocol.PasswordChanger); !ok {
		m.say(passwordTitle(), lang.F("Connect %s first: the server changes the password.", cleanName(a.id.Bare())))
		return
	}
	if a.changing != nil {
		a.changing.dialog.raise()
		return
	}
	c := &changingPassword{m: m, account: a}
	a.changing = c
	c.dialog = m.ask(im.ConvID{}, c.form(), c.answered)
}

// end forgets it.
func (c *changingPassword) end() {
	c.account.changing = nil
	c.password.Wipe()
	c.dialog.Close()
}

func (c *changingPassword) answered(a plugin.Answers) {
	if ending(a.Action) {
		c.end()
		return
	}
	if c.asked {
		return
	}
	password := a.Values[fieldNew]
	strength, _ := im.PasswordStrength(password, c.account.id.Bare())
	session, online := c.m.online(c.account.id).(protocol.PasswordChanger)
	switch {
	case len([]rune(password)) < im.MinPassphrase || strength == im.Weak:
		c.problem = lang.T("This password is easy to guess. Choose a longer one.")
	case password != a.Values[fieldAgain]:
		c.problem = lang.T("The two passwords are not the same. Type it twice.")
	case !online:
		c.problem = lang.T("The account is not connected. Try again when it is.")
	default:
		c.problem = ""
		c.password = im.NewSecret([]byte(password))
		if err := session.ChangePassword(c.password); err != nil {
			c.problem = sentence(lang.T("The password was not changed."), err)
			c.password.Wipe()
		} else {
			c.asked = true
		}
	}
	c.dialog.Update(c.form())
}

func (c *changingPassword) form() plugin.Form {
	f := plugin.Page(passwordTitle(), lang.F("The password of %s is changed on the server. On your other devices enter the new one, too.", cleanName(c.account.id.Bare())),
		[]im.Field{
			{ID: fieldNew, Kind: im.FieldSecret, Label: lang.T("New password"), Hint: im.PassphraseHint()},
			{ID: fieldAgain, Kind: im.FieldSecret, Label: lang.T("The same again")},
		}, cancelButton(), plugin.Button{ID: "change", Label: lang.T("Change"), Role: plugin.Default})
	if c.asked {
		f = plugin.Waiting(f)
		f.Buttons[slices.IndexFunc(f.Buttons, func(b plugin.Button) bool { return b.ID == buttonCancel })].Off = false
	}
	f.Problem = c.problem
	return f
}

// passwordChanged is the server's answer.
func (m *Messenger) passwordChanged(a *account, e protocol.PasswordChanged) {
	c := a.changing
	if c == nil || !c.asked {
		if e.Problem == "" {
			m.trouble(lang.F("The password of %s was changed on the server after you closed the window. Choose Modify in Accounts to enter the new one.", cleanName(a.id.Bare())), nil)
		}
		return
	}
	c.asked = false
	if e.Problem != "" {
		c.problem = e.Problem
		c.password.Wipe()
		c.dialog.Update(c.form())
		return
	}
	password := im.NewSecret(slices.Clone(c.password.Bytes()))
	c.end()
	if a.password != nil { // not kept anywhere
		a.password.Wipe()
		a.password = &password
		m.say(passwordTitle(), lang.T("The password was changed."))
		return
	}
	m.background(func(ctx context.Context) error {
		defer password.Wipe()
		return m.cfg.Vault.Put(ctx, passwordName(a.id), password.Bytes())
	}, func(err error) {
		if err != nil {
			m.trouble(lang.F("The password of %s was changed on the server, but could not be kept here. Choose Modify in Accounts to enter the new one.", cleanName(a.id.Bare())), err)
			return
		}
		m.say(passwordTitle(), lang.T("The password was changed."))
	})
}

// passwordUncertain says so if the connection ended before the server answered.
func (m *Messenger) passwordUncertain(a *account) {
	if c := a.changing; c != nil && c.asked {
		c.asked = false
		c.password.Wipe()
		c.problem = lang.T("The connection ended before the server answered. If signing in fails now, the new password is in force: choose Modify in Accounts to enter it.")
		c.dialog.Update(c.form())
	}
}

// removeFromServer asks the server to delete the account; it is then deleted here, too.
func (m *Messenger) removeFromServer(a *account) {
	s, ok := m.online(a.id).(protocol.Remover)
	if !ok {
		m.say(lang.T("Delete Account"), lang.F("Connect %s first: the server deletes the account.", cleanName(a.id.Bare())))
		return
	}
	if err := s.RemoveAccount(); err != nil {
		m.trouble(lang.T("The account was not deleted from the server."), err)
	}
}
