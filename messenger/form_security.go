package messenger

import (
	"context"
	"slices"
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields and buttons of the security forms.
const (
	fieldOld   = "old"
	fieldNew   = "new"
	fieldAgain = "again"

	actionChangePassphrase = "change"
	actionUsePassphrase    = "passphrase"
	actionUseKeyring       = "keyring"
	actionLock             = "lock"
)

// security is the Security window with what was opened from it.
type security struct {
	window *dialog
	step   *dialog // asks for a passphrase; nil: not open
	busy   bool    // something is being changed
	said   string  // what was changed last
}

// safeWork is a change of the vault that is at work, which is not to be locked
// meanwhile: there is either a passphrase afterwards, or there is none.
type safeWork struct {
	busy    bool
	lockDue bool // somebody wanted to lock
}

// safeEnds goes on with what waited for the vault.
func (m *Messenger) safeEnds() {
	due := m.safeWork.lockDue
	m.safeWork = safeWork{}
	if due {
		m.lock()
	}
}

// ShowSecurity opens the form about where passwords and keys are kept, or brings
// it to the front.
func (m *Messenger) ShowSecurity() {
	m.inbox.Put(func() {
		switch {
		case m.cfg.Safe == nil:
			m.say(lang.T("Security"), lang.T("Nothing is kept on this computer, so there is nothing to lock."))
		case m.security != nil:
			m.security.window.raise()
		default:
			s := &security{}
			m.security = s
			s.window = m.ask(im.ConvID{}, m.securityForm(), func(a plugin.Answers) { m.securityAnswer(s, a) })
			s.window.keepFresh(m.securityForm)
		}
	})
}

func (m *Messenger) securityAnswer(s *security, a plugin.Answers) {
	if ending(a.Action) {
		s.window.Close()
		if s.step != nil && !s.busy {
			s.step.Close()
		}
		m.security = nil
		return
	}
	if s.step != nil && a.Action != SettingLockIdle && a.Action != SettingLockSuspend {
		s.step.raise()
		return
	}
	switch safe := m.cfg.Safe; {
	case a.Action == SettingLockIdle || a.Action == SettingLockSuspend:
		m.setLocking(a.Action, a.Values[a.Action])
	case a.Action == actionLock:
		m.lock()
	case a.Action == actionChangePassphrase && safe.UsesPassphrase():
		m.changePassphrase(s)
	case a.Action == actionUsePassphrase && !safe.UsesPassphrase():
		m.usePassphrase(s)
	case a.Action == actionUseKeyring && safe.UsesPassphrase() && safe.MayUseKeyring():
		m.useKeyring(s)
	}
}

// lockAfter are the minutes without use after which Culver can lock itself.
var lockAfter = [...]string{"", "1", "5", "10", "15", "30", "60"}

func lockAfterWords(minutes string) string {
	switch minutes {
	case "":
		return lang.T("Never")
	case "60":
		return lang.T("After 1 hour without use")
	}
	n, _ := strconv.Atoi(minutes) // what was set elsewhere may be none
	return lang.N(n, "After %s minute without use", "After %s minutes without use", minutes)
}

// setLocking keeps a setting of when Culver locks itself.
func (m *Messenger) setLocking(key, value string) {
	if key == SettingLockIdle && !slices.Contains(lockAfter[:], value) || key == SettingLockSuspend && value != "" && value != im.On {
		return
	}
	if m.settings[key] != value {
		m.setSetting(key, value)
	}
}

// lockChoice is the field for that.
func (m *Messenger) lockChoice() im.Field {
	after := im.Field{ID: SettingLockIdle, Kind: im.FieldChoice, Label: lang.T("Lock by itself"), Live: true, Value: m.settings[SettingLockIdle]}
	all := lockAfter[:]
	if !slices.Contains(all, after.Value) { // it was set elsewhere
		all = append(slices.Clone(all), after.Value)
	}
	for _, minutes := range all {
		after.Choices = append(after.Choices, im.Choice{Value: minutes, Label: lockAfterWords(minutes)})
	}
	return after
}

// lockingFields are about when Culver locks itself.
func (m *Messenger) lockingFields() []im.Field {
	return []im.Field{
		{Kind: im.FieldNote, Label: lang.T("Locking")},
		m.lockChoice(),
		{ID: SettingLockSuspend, Kind: im.FieldSwitch, Label: lang.T("Lock after the computer has slept"), Live: true, Value: im.Switch(m.settings[SettingLockSuspend] == im.On)},
		{Kind: im.FieldNote, Label: lang.T("A locked Culver is signed off, shows nothing, and asks for the passphrase.")},
		{ID: actionLock, Kind: im.FieldButton, Label: lang.T("Lock now")},
	}
}

func (m *Messenger) securityForm() plugin.Form {
	var fields []im.Field
	if safe := m.cfg.Safe; safe.UsesPassphrase() {
		fields = []im.Field{
			{Kind: im.FieldNote, Label: lang.T("Passwords and keys")},
			{Kind: im.FieldNote, Label: lang.T("They are in a file of Culver's, locked by your passphrase, and so is what unlocks your history and settings. Culver asks for the passphrase at every start.")},
			{ID: actionChangePassphrase, Kind: im.FieldButton, Label: lang.T("Change passphrase…")},
		}
		if safe.MayUseKeyring() {
			fields = append(fields, im.Field{ID: actionUseKeyring, Kind: im.FieldButton, Label: lang.T("Use the system's keyring instead…")})
		}
		fields = append(fields, m.lockingFields()...)
	} else {
		fields = []im.Field{
			{Kind: im.FieldNote, Label: lang.T("Passwords and keys")},
			{Kind: im.FieldNote, Label: lang.T("They are in the keyring of this system, and so is what unlocks your history and settings. The keyring opens when you sign in to the computer, and Culver with it.")},
			{Kind: im.FieldNote, Label: lang.T("With a passphrase instead, Culver asks for it at every start, and can be locked while it runs: locking needs a passphrase.")},
			{ID: actionUsePassphrase, Kind: im.FieldButton, Label: lang.T("Protect with a passphrase instead…")},
		}
	}
	said := ""
	if m.security != nil {
		said = m.security.said
	}
	return plugin.Page(lang.T("Security"), said, fields, closeButton())
}

func newPassphraseFields() []im.Field {
	return []im.Field{
		{ID: fieldNew, Kind: im.FieldSecret, Label: lang.T("New passphrase"), Hint: im.PassphraseHint()},
		{ID: fieldAgain, Kind: im.FieldSecret, Label: lang.T("Once more")},
	}
}

func (m *Messenger) changePassphrase(s *security) {
	fields := append([]im.Field{{ID: fieldOld, Kind: im.FieldSecret, Label: lang.T("Current passphrase")}}, newPassphraseFields()...)
	fields = append(fields, im.Field{Kind: im.FieldNote,
		Label: lang.T("Copies that were made of Culver's folder before, in a backup of the disk for instance, still open with the old passphrase.")})
	f := plugin.Page(lang.T("Change the Passphrase"), "", fields, cancelButton(), plugin.Button{ID: "save", Label: lang.T("Change"), Role: plugin.Default})
	m.safeStep(s, f, lang.T("The passphrase was changed."), func(ctx context.Context, old, fresh []byte) error {
		return m.cfg.Safe.ChangePassphrase(ctx, old, fresh)
	})
}

func (m *Messenger) usePassphrase(s *security) {
	f := plugin.Page(lang.T("Protect With a Passphrase"),
		lang.T("Your passwords and keys move from the system's keyring to a file that only the passphrase opens. Nobody can open it without: keep the passphrase well."),
		newPassphraseFields(), cancelButton(), plugin.Button{ID: "save", Label: lang.T("Protect"), Role: plugin.Default})
	m.safeStep(s, f, lang.T("Your passwords and keys have moved to a file that the passphrase locks."), func(ctx context.Context, _, fresh []byte) error { return m.cfg.Safe.UsePassphrase(ctx, fresh) })
}

func (m *Messenger) useKeyring(s *security) {
	f := plugin.Page(lang.T("Use the system's keyring"),
		lang.T("Your passwords and keys move to the keyring of this system. Culver then opens without a passphrase while you are signed in, and cannot be locked."),
		[]im.Field{{ID: fieldOld, Kind: im.FieldSecret, Label: lang.T("Passphrase")}},
		cancelButton(), plugin.Button{ID: "save", Label: lang.T("Use the keyring"), Role: plugin.Default})
	m.safeStep(s, f, lang.T("Your passwords and keys have moved to the keyring."), func(ctx context.Context, old, _ []byte) error { return m.cfg.Safe.UseKeyring(ctx, old) })
}

// safeStep asks for passphrases until work succeeds with them, which the Security
// window then says.
func (m *Messenger) safeStep(s *security, f plugin.Form, done string, work func(ctx context.Context, old, fresh []byte) error) {
	before := m.cfg.Safe.UsesPassphrase()
	s.said = ""
	gone := func() {
		s.step.Close()
		s.step, s.busy = nil, false
	}
	s.step = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		switch {
		case s.busy:
			return
		case ending(a.Action):
			gone()
			return
		}
		if problem := checkSafeForm(f, a.Values); problem != "" {
			s.step.Update(withProblem(f, problem))
			return
		}
		if m.quitting {
			return
		}
		if m.safeWork.busy { // from a window that was closed
			s.step.Update(withProblem(f, lang.T("Your passwords and keys are being protected in another way at the moment. Try again when that is done.")))
			return
		}
		s.busy, m.safeWork.busy = true, true
		s.step.Update(plugin.Waiting(f))
		old, fresh := []byte(a.Values[fieldOld]), []byte(a.Values[fieldNew])
		m.background(func(ctx context.Context) error {
			defer clear(old)
			defer clear(fresh)
			return work(ctx, old, fresh)
		}, func(err error) {
			s.busy = false
			defer m.safeEnds()
			switch {
			case err == nil:
				gone()
				s.said = done // the window is fresh after this
			case m.cfg.Safe.UsesPassphrase() != before: // and something was left over
				gone()
				m.say(lang.T("Security"), err.Error())
			default:
				s.step.Update(withProblem(f, err.Error()))
			}
		})
	})
}

// checkSafeForm says what is wrong with what was typed, if anything.
func checkSafeForm(f plugin.Form, typed map[string]string) string {
	for _, field := range f.Tabs[0].Fields {
		switch {
		case field.ID == fieldOld && typed[fieldOld] == "":
			return lang.T("Type your passphrase.")
		case field.ID == fieldNew:
			return im.CheckPassphrase(typed[fieldNew], typed[fieldAgain])
		}
	}
	return ""
}
