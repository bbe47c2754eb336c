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
	window   plugin.Switches
}

var (
	_ plugin.Plugin     = (*Plugin)(nil)
	_ plugin.Listener   = (*Plugin)(nil)
	_ plugin.Configurer = (*Plugin)(nil)
)

// New makes the plugin.
func New() *Plugin { return &Plugin{} }

// Info describes the plugin.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:          "notify",
		Name:        lang.T("Notification"),
		Title:       lang.T("Message notification"),
		Description: lang.T("Tells you of new messages while you look elsewhere: who wrote, or only that somebody did"),
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

const settingsKey = "settings"

// Init reads the settings. Damaged ones are as if there were none.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h, settings: settings{Notify: true, Count: true, Strangers: true}}
	if _, err := plugin.Load(h.Store(), settingsKey, &p.settings); err != nil && !errors.Is(err, plugin.ErrDamaged) {
		return fmt.Errorf("read the settings of notifications: %w", err)
	}
	p.window = plugin.Switches{
		Title:  lang.T("Message notification"),
		Intro:  lang.T("When a message comes in a conversation that you do not look at:"),
		Fields: p.fields,
		Change: p.change,
	}
	return nil
}

// Close takes the settings off the screen.
func (p *Plugin) Close() error {
	p.window.Close()
	return nil
}

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

// Configure opens the settings.
func (p *Plugin) Configure() { p.window.Open(p.host) }

// change saves the settings first: what could not be saved is not in force.
func (p *Plugin) change(values map[string]string) error {
	s := settings{
		Notify:    values[fieldNotify] == im.On,
		Says:      values[fieldSays],
		Count:     values[fieldCount] == im.On,
		Strangers: values[fieldStrangers] == im.On,
	}
	if err := plugin.Save(p.host.Store(), settingsKey, s); err != nil {
		return err
	}
	p.settings = s
	return nil
}

func (p *Plugin) fields() []im.Field {
	s := p.settings
	says := saysWho
	switch s.says() {
	case plugin.SaysNothing:
		says = saysNothing
	case plugin.SaysText:
		says = saysText
	}
	return []im.Field{
		{ID: fieldNotify, Kind: im.FieldSwitch, Live: true, Label: lang.T("Show a notification"), Value: im.Switch(s.Notify),
			Hint: lang.T("There is one for each conversation until you look at it.")},
		{ID: fieldSays, Kind: im.FieldChoice, Live: true, Label: lang.T("It says"), Value: says, WhenField: fieldNotify, WhenValue: im.On,
			Hint: lang.T("Notifications may stand on a locked screen, and the system may keep them. What is private they never show."),
			Choices: []im.Choice{
				{Value: saysWho, Label: lang.T("Who wrote")},
				{Value: saysNothing, Label: lang.T("Only that there is a new message")},
				{Value: saysText, Label: lang.T("Who wrote, and the text")},
			}},
		{ID: fieldCount, Kind: im.FieldSwitch, Live: true, Label: lang.T("Count new messages in the title of the window"), Value: im.Switch(s.Count)},
		{ID: fieldStrangers, Kind: im.FieldSwitch, Live: true, Label: lang.T("Also for people who are not on your Buddy List"), Value: im.Switch(s.Strangers)},
	}
}
