package otrplugin

import (
	"encoding/json"
	"fmt"

	"culver/lang"
)

const lookKey = "look"

// look is how OTR shows itself.
type look struct {
	ShowButton bool `json:"showButton"`
}

func (p *Plugin) loadLook() error {
	p.look = look{ShowButton: true}
	b, ok, err := p.host.Store().Get(lookKey)
	if err != nil {
		return fmt.Errorf(lang.T("read OTR settings: %w"), err)
	}
	chosen := p.look
	if ok && json.Unmarshal(b, &chosen) == nil { // else the button is there, which does no harm
		p.look = chosen
	}
	return nil
}

// changeLook saves l first: what could not be saved is not in force.
func (p *Plugin) changeLook(l look) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	if err := p.host.Store().Put(lookKey, b); err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	p.look = l
	return nil
}

// NoButton reports that the user has taken the OTR button away.
func (p *Plugin) NoButton() bool { return !p.look.ShowButton }
