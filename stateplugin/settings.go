package stateplugin

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields of the settings.
const (
	fieldSigns = "signs"
	fieldAway  = "away"
)

// Configure opens the settings.
func (p *Plugin) Configure() { p.window.Open(p.host) }

// change saves the settings first: what could not be saved is not in force.
func (p *Plugin) change(values map[string]string) error {
	s := settings{Signs: values[fieldSigns] == im.On, Away: values[fieldAway] == im.On}
	if err := plugin.Save(p.host.Store(), settingsKey, s); err != nil {
		return err
	}
	p.settings = s
	return nil
}

func (p *Plugin) fields() []im.Field {
	return []im.Field{
		{ID: fieldSigns, Kind: im.FieldSwitch, Live: true, Label: lang.T("Signs on or off"), Value: im.Switch(p.settings.Signs)},
		{ID: fieldAway, Kind: im.FieldSwitch, Live: true, Label: lang.T("Goes away, comes back or does not want to be disturbed"), Value: im.Switch(p.settings.Away)},
	}
}
