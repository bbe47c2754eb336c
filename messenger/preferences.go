package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// A preference is a row of the Preferences: a setting that can be chosen there, or what
// stands beside such. Its ID is the key of the setting. All that is to be done for a new
// one is a row in its page; what it is for is read from [Messenger.settings], or by
// front ends from SettingChanged.
type preference struct {
	im.Field
	standard string             // what the setting is until the user chooses
	hidden   bool               // not here, or not now
	loose    bool               // of a choice: another value that was once set stays
	own      func() string      // what it is, of a setting that is kept elsewhere; nil: as all settings
	set      func(value string) // keeps it, nil: as all settings
	then     func(value string) // after the user chose it
	act      func(value string) // of a row that is no setting: does what it is for
}

// settable reports a row that is a setting, and not only a button or words.
func (p *preference) settable() bool {
	switch p.Kind {
	case im.FieldSwitch, im.FieldChoice:
		return p.act == nil
	}
	return false
}

// takes reports that the setting can have the value.
func (p *preference) takes(value string) bool {
	switch {
	case !p.settable():
		return false
	case p.Kind == im.FieldSwitch:
		return value == "" || value == im.On
	}
	return slices.ContainsFunc(p.Choices, func(c im.Choice) bool { return c.Value == value })
}

// preferencePage is a page of the Preferences.
type preferencePage struct {
	id, title string
	rows      []preference
}

// The pages of the Preferences.
const (
	PageInterface     = "interface"
	PageConversations = "conversations"
	PageNotifications = "notifications"
	PageSounds        = "sounds"
	PageStatus        = "status"
	PageLogging       = "logging"
	PageNetwork       = "network"
	PageShortcuts     = "shortcuts"
)

// preferencePages are all pages, in their order.
func (m *Messenger) preferencePages() []preferencePage {
	return []preferencePage{
		{PageInterface, lang.T("Interface"), m.interfaceRows()},
		{PageConversations, lang.T("Conversations"), m.conversationRows()},
		{PageNotifications, lang.T("Notifications"), m.notificationRows()},
		{PageSounds, lang.T("Sounds"), m.soundRows()},
		{PageStatus, lang.T("Status and idle"), m.statusRows()},
		{PageLogging, lang.T("History"), m.loggingRows()},
		{PageNetwork, lang.T("Network"), m.networkRows()},
		{PageShortcuts, lang.T("Shortcuts"), m.shortcutRows()},
	}
}

// These make rows. The texts that they are given are in the user's language.

func heading(text string) preference {
	return preference{Field: im.Field{Kind: im.FieldNote, Label: text}}
}

func toggle(key, label string, on bool) preference {
	return preference{Field: im.Field{ID: key, Kind: im.FieldSwitch, Label: label}, standard: im.Switch(on)}
}

func choice(key, label, standard string, choices ...im.Choice) preference {
	return preference{Field: im.Field{ID: key, Kind: im.FieldChoice, Label: label, Choices: choices}, standard: standard}
}

func button(id, label string, press func()) preference {
	return preference{Field: im.Field{ID: id, Kind: im.FieldButton, Label: label}, act: func(string) { press() }}
}

// hint says more about a row.
func (p preference) hint(text string) preference {
	p.Hint = text
	return p
}

// only shows a row while a setting has one of the values.
func (p preference) only(key string, values ...string) preference {
	p.WhenField, p.WhenOneOf = key, values
	return p
}

// within shows a row while a switch is on, as a part of it.
func (p preference) within(key string) preference {
	if p.Kind == im.FieldSwitch {
		p.Depth = 1
	}
	return p.only(key, im.On)
}

// preference finds the row of a setting.
func (m *Messenger) preference(key string) (preference, bool) {
	for _, page := range m.preferencePages() {
		for _, p := range page.rows {
			if p.ID == key && p.settable() && p.own == nil {
				return p, true
			}
		}
	}
	return preference{}, false
}

// loadPreferences takes the settings from the store: what it does not have, or what is
// none of the choices, is as it is until the user chooses.
func (m *Messenger) loadPreferences() {
	m.sample = SoundReceived
	for _, page := range m.preferencePages() {
		for _, p := range page.rows {
			if !p.settable() || p.own != nil {
				continue
			}
			m.settings[p.ID] = p.standard
			if v, ok, err := m.cfg.Store.Setting(p.ID); err == nil && ok && (p.loose || p.takes(v)) {
				m.settings[p.ID] = v
			}
		}
	}
}

// ShowPreferences opens the Preferences at a page, empty: at the first, or as they are.
func (m *Messenger) ShowPreferences(page string) {
	m.inbox.Put(func() { m.showPreferences(page) })
}

func (m *Messenger) showPreferences(page string) {
	form := m.preferencesForm()
	form.Front = slices.IndexFunc(m.preferencePages(), func(p preferencePage) bool { return p.id == page })
	if d := m.preferences; d != nil {
		m.publish(DialogOpened{d.id, d.conv, form})
		return
	}
	m.preferences = m.ask(im.ConvID{}, form, m.preferred)
	m.preferences.keepFresh(func() plugin.Form {
		f := m.preferencesForm()
		f.Front = form.Front
		return f
	})
}

const resetPrefix = "reset."

// preferred does what the user chose.
func (m *Messenger) preferred(a plugin.Answers) {
	if ending(a.Action) {
		m.preferences.Close()
		m.preferences = nil
		return
	}
	value := a.Values[a.Action]
	for _, page := range m.preferencePages() {
		if a.Action == resetPrefix+page.id {
			m.resetPage(page)
			return
		}
		for _, p := range page.rows {
			switch {
			case p.ID != a.Action || p.ID == "" || p.Off || p.hidden:
			case p.act != nil:
				p.act(value)
			case p.takes(value) && m.preferredValue(p) != value:
				m.prefer(p, value)
				if p.then != nil {
					p.then(value)
				}
			}
		}
	}
}

// preferredValue is what a setting is now.
func (m *Messenger) preferredValue(p preference) string {
	if p.own != nil {
		return p.own()
	}
	return m.settings[p.ID]
}

func (m *Messenger) prefer(p preference, value string) {
	if p.set != nil {
		p.set(value)
		return
	}
	m.setSetting(p.ID, value)
}

// resetPage has all settings of a page be as before the user chose anything.
func (m *Messenger) resetPage(page preferencePage) {
	for _, p := range page.rows {
		if p.settable() && !p.hidden && m.preferredValue(p) != p.standard {
			m.prefer(p, p.standard)
		}
	}
}

func (m *Messenger) preferencesForm() plugin.Form {
	f := plugin.Form{Title: lang.T("Preferences"), Aside: true, Buttons: []plugin.Button{closeButton()}}
	for _, page := range m.preferencePages() {
		tab, reset := plugin.Tab{Title: page.title}, false
		for _, p := range page.rows {
			if p.hidden {
				continue
			}
			field := p.Field
			field.Live = field.Kind == im.FieldSwitch || field.Kind == im.FieldChoice
			if p.settable() {
				field.Value = m.preferredValue(p)
				reset = true
			}
			tab.Fields = append(tab.Fields, field)
		}
		if reset {
			tab.Fields = append(tab.Fields, im.Field{Kind: im.FieldNote},
				im.Field{ID: resetPrefix + page.id, Kind: im.FieldButton, Label: lang.T("Reset This Page")})
		}
		f.Tabs = append(f.Tabs, tab)
	}
	return f
}
