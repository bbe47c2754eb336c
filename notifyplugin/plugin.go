// Package notifyplugin makes the user aware of new messages in conversations that
// they do not look at: a plugin.Plugin, on the messenger's goroutine.
//
// It is told that something came, and from whom, never what. What the front end
// shows of it is the name at most: notifications stand on locked screens, and
// the system keeps them.
package notifyplugin

import (
	"encoding/json"
	"fmt"

	"culver/im"
	"culver/plugin"
)

// Plugin is the notifications of one user. The zero value is ready for Init.
type Plugin struct {
	host     plugin.Host
	settings settings
	window   plugin.Dialog // the settings, if they are open
	problem  string        // what is to be told in them
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
		Name:        "Notification",
		Title:       "Message notification",
		Description: "Tells you of new messages while you look elsewhere: who wrote, never what",
		Version:     "1.0",
	}
}

// settings are what the user chose.
type settings struct {
	Notify    bool `json:"notify"`
	Count     bool `json:"count"`
	Strangers bool `json:"strangers"`
}

const settingsKey = "settings"

// Init reads the settings. Damaged ones are as if there were none.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h, settings: settings{Notify: true, Count: true, Strangers: true}}
	b, ok, err := h.Store().Get(settingsKey)
	if err != nil {
		return fmt.Errorf("read the settings of notifications: %w", err)
	}
	chosen := p.settings
	if ok && json.Unmarshal(b, &chosen) == nil {
		p.settings = chosen
	}
	return nil
}

// Close takes the settings off the screen.
func (p *Plugin) Close() error {
	p.closeWindow()
	return nil
}

// Heard makes the user aware of what came.
func (p *Plugin) Heard(c im.ConvID) {
	if !p.settings.Strangers && !p.host.Listed(c) {
		return
	}
	if how := (plugin.Attention{Notify: p.settings.Notify, Count: p.settings.Count}); how != (plugin.Attention{}) {
		p.host.Attention(c, how)
	}
}

// The fields of the settings.
const (
	fieldNotify    = "notify"
	fieldCount     = "count"
	fieldStrangers = "strangers"
)

// Configure opens the settings.
func (p *Plugin) Configure() {
	p.closeWindow()
	p.problem = ""
	p.window = p.host.Ask(im.ConvID{}, p.form(p.settings), func(a plugin.Answers) {
		switch a.Action {
		case fieldNotify, fieldCount, fieldStrangers:
			p.change(settings{
				Notify:    a.Values[fieldNotify] == im.On,
				Count:     a.Values[fieldCount] == im.On,
				Strangers: a.Values[fieldStrangers] == im.On,
			})
		default:
			p.closeWindow()
		}
	})
}

func (p *Plugin) closeWindow() {
	if p.window != nil {
		p.window.Close()
		p.window = nil
	}
}

// change saves the settings first: what could not be saved is not in force.
func (p *Plugin) change(s settings) {
	p.problem = ""
	b, err := json.Marshal(s)
	if err == nil {
		err = p.host.Store().Put(settingsKey, b)
	}
	if err != nil {
		p.problem = "This could not be saved: " + err.Error() + "."
		p.window.Update(p.form(s)) // so that the switch goes back
	} else {
		p.settings = s
	}
	p.window.Update(p.form(p.settings))
}

func (p *Plugin) form(s settings) plugin.Form {
	f := plugin.Page("Message notification", "When a message comes in a conversation that you do not look at:", []im.Field{
		{ID: fieldNotify, Kind: im.FieldSwitch, Live: true, Label: "Show a notification", Value: onOff(s.Notify),
			Hint: "It says who wrote, never what. There is one for each conversation until you look at it."},
		{ID: fieldCount, Kind: im.FieldSwitch, Live: true, Label: "Count new messages in the title of the window", Value: onOff(s.Count)},
		{ID: fieldStrangers, Kind: im.FieldSwitch, Live: true, Label: "Also for people who are not on your Buddy List", Value: onOff(s.Strangers)},
	}, plugin.Button{ID: "close", Label: "Close", Role: plugin.Cancel})
	f.Problem = p.problem
	return f
}

func onOff(on bool) string {
	if on {
		return im.On
	}
	return ""
}
