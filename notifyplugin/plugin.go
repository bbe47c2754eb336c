// Package notifyplugin makes the user aware of new messages in conversations that
// they do not look at: a plugin.Plugin, on the messenger's goroutine.
//
// It is told that something came, and from whom, never what. Unless the user chose
// otherwise, what the front end shows of it is the name at most: notifications stand
// on locked screens, and the system keeps them. What is private they never say.
package notifyplugin

import (
	"errors"
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Plugin is the notifications of one user. Make it with [New].
type Plugin struct {
	host     plugin.Host
	settings settings
}

var (
	_ plugin.Plugin    = (*Plugin)(nil)
	_ plugin.Listener  = (*Plugin)(nil)
	_ plugin.Preferrer = (*Plugin)(nil)
)

// New makes the plugin.
func New() *Plugin { return &Plugin{} }

// Info describes the plugin.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:          "notify",
		Name:        lang.T("Notification"),
		Title:       lang.T("Message notification"),
		Description: lang.T("Tells you of new messages while you look elsewhere"),
		Version:     "1.0",
	}
}

// settings are what the user chose.
type settings struct {
	Notify    bool   `json:"notify"`
	Says      string `json:"says"` // one of those below
	Count     bool   `json:"count"`
	Strangers bool   `json:"strangers"`
}

// What a notification says. Anything else is as if it was who.
const (
	saysWho     = "who"
	saysNothing = "nothing"
	saysText    = "text"
)

// says is what the user chose.
func (s settings) says() plugin.Says {
	switch s.Says {
	case saysNothing:
		return plugin.SaysNothing
	case saysText:
		return plugin.SaysText
	}
	return plugin.SaysWho
}

// standard is what they are until the user chooses.
var standard = settings{Notify: true, Says: saysWho, Count: true, Strangers: true}

const settingsKey = "settings"

// Init reads the settings. Damaged ones are as if there were none.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h, settings: standard}
	if _, err := plugin.Load(h.Store(), settingsKey, &p.settings); err != nil && !errors.Is(err, plugin.ErrDamaged) {
		return fmt.Errorf("read the settings of notifications: %w", err)
	}
	return nil
}

// Close has nothing to end.
func (p *Plugin) Close() error { return nil }

// Heard makes the user aware of what came.
func (p *Plugin) Heard(c im.ConvID) {
	if !p.settings.Strangers && !p.host.Listed(c) {
		return
	}
	how := plugin.Attention{Notify: p.settings.Notify, Count: p.settings.Count}
	if how.Notify {
		how.Says = p.settings.says()
	}
	if how != (plugin.Attention{}) {
		p.host.Attention(c, how)
	}
}

// The fields of the settings.
const (
	fieldNotify    = "notify"
	fieldSays      = "says"
	fieldCount     = "count"
	fieldStrangers = "strangers"
)

// Preferences are the settings.
func (p *Plugin) Preferences() []plugin.Preference {
	now := p.settings.values()
	standard := standard.values()
	fields := fields()
	rows := make([]plugin.Preference, len(fields))
	for i, f := range fields {
		f.Value = now[f.ID]
		rows[i] = plugin.Preference{Field: f, Standard: standard[f.ID]}
	}
	return rows
}

// Prefer has a value in force, and keeps it.
func (p *Plugin) Prefer(id, value string) error {
	switch id {
	case fieldNotify:
		p.settings.Notify = value == im.On
	case fieldSays:
		p.settings.Says = value
	case fieldCount:
		p.settings.Count = value == im.On
	case fieldStrangers:
		p.settings.Strangers = value == im.On
	}
	return plugin.Save(p.host.Store(), settingsKey, p.settings)
}

// values are the settings by their fields.
func (s settings) values() map[string]string {
	says := s.Says
	if says != saysNothing && says != saysText {
		says = saysWho
	}
	return map[string]string{
		fieldNotify:    im.Switch(s.Notify),
		fieldSays:      says,
		fieldCount:     im.Switch(s.Count),
		fieldStrangers: im.Switch(s.Strangers),
	}
}

func fields() []im.Field {
	return []im.Field{
		{ID: fieldNotify, Kind: im.FieldSwitch, Label: lang.T("Show a notification"),
			Hint: lang.T("There is one for each conversation until you look at it.")},
		{ID: fieldSays, Kind: im.FieldChoice, Label: lang.T("It says"), WhenField: fieldNotify, WhenValue: im.On,
			Hint: lang.T("Notifications may stand on a locked screen, and the system may keep them. What is private they never show."),
			Choices: []im.Choice{
				{Value: saysWho, Label: lang.T("Who wrote")},
				{Value: saysNothing, Label: lang.T("Only that there is a new message")},
				{Value: saysText, Label: lang.T("Who wrote, and the text")},
			}},
		{ID: fieldCount, Kind: im.FieldSwitch, Label: lang.T("Count new messages in the title of the window")},
		{ID: fieldStrangers, Kind: im.FieldSwitch, Label: lang.T("Also for people who are not on your Buddy List")},
	}
}
