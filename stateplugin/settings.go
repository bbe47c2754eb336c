package stateplugin

import (
	"encoding/json"

	"culver/im"
	"culver/plugin"
)

// The fields of the settings.
const (
	fieldSigns = "signs"
	fieldAway  = "away"
)

// Configure opens the settings.
func (p *Plugin) Configure() {
	p.closeWindow()
	p.problem = ""
	p.window = p.host.Ask(im.ConvID{}, p.form(p.settings), func(a plugin.Answers) {
		switch a.Action {
		case fieldSigns, fieldAway:
			p.change(settings{Signs: a.Values[fieldSigns] == im.On, Away: a.Values[fieldAway] == im.On})
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
	f := plugin.Page("Buddy state notification", "Say in an open conversation when the buddy:", []im.Field{
		{ID: fieldSigns, Kind: im.FieldSwitch, Live: true, Label: "Signs on or off", Value: onOff(s.Signs)},
		{ID: fieldAway, Kind: im.FieldSwitch, Live: true, Label: "Goes away, comes back or does not want to be disturbed", Value: onOff(s.Away)},
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
