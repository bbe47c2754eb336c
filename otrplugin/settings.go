package otrplugin

import (
	"encoding/json"
	"fmt"

	"culver/otrplugin/otr"
)

const settingsKey = "settings"

// settings are what the user chose for all conversations. The nested switches
// keep what they were set to while the one around them is off.
type settings struct {
	Enabled   bool `json:"enabled"`
	Automatic bool `json:"automatic"`
	Require   bool `json:"require"`
	DontLog   bool `json:"dontLog"`
}

func defaultSettings() settings {
	return settings{Enabled: true, Automatic: true, Require: false, DontLog: true}
}

// safestSettings are in force while the user's can't be read: nothing leaves in
// clear that he may have wanted sealed, and nothing is kept.
func safestSettings() settings {
	return settings{Enabled: true, Automatic: true, Require: true, DontLog: true}
}

// policy maps the three nested switches to the engine's policy.
func (s settings) policy() otr.Policy {
	switch {
	case !s.Enabled:
		return otr.Never
	case !s.Automatic:
		return otr.Manual
	case !s.Require:
		return otr.Opportunistic
	default:
		return otr.Always
	}
}

func (p *Plugin) loadSettings() error {
	p.settings = defaultSettings()
	b, ok, err := p.host.Store().Get(settingsKey)
	if err != nil {
		return fmt.Errorf("read OTR settings: %w", err)
	}
	if !ok {
		return nil
	}
	defaults := defaultSettings()
	chosen := &defaults
	if err := json.Unmarshal(b, &chosen); err != nil || chosen == nil {
		p.settings = safestSettings()
		p.damage = append(p.damage, "The settings of OTR could not be read. The safest ones are in force until you change them.")
		return nil
	}
	p.settings = *chosen
	return nil
}

// changeSettings saves s first: what could not be saved is not in force.
func (p *Plugin) changeSettings(s settings) error {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("save OTR settings: %w", err)
	}
	if err := p.host.Store().Put(settingsKey, b); err != nil {
		return fmt.Errorf("save OTR settings: %w", err)
	}
	p.settings = s
	for _, c := range p.chats {
		if c.session != nil {
			c.session.SetPolicy(p.sessionPolicy(c))
		}
	}
	return nil
}

// sessionPolicy is the policy for one conversation now. It differs from the
// settings' in three cases. A private conversation outlives the switching off
// of OTR: only End ends it. After End, nothing is offered or taken up by itself
// until the user starts again. And a stranger gets no automatic answer.
func (p *Plugin) sessionPolicy(c *chat) otr.Policy {
	policy := p.settings.policy()
	if policy == otr.Never && c.live() {
		return otr.Manual
	}
	if c.keepOpen {
		policy &^= otr.SendWhitespaceTag | otr.WhitespaceStartsAKE | otr.ErrorStartsAKE
	}
	if p.stranger(c) {
		policy &^= otr.WhitespaceStartsAKE | otr.ErrorStartsAKE
	}
	return policy
}

// off reports that OTR has nothing to do with the conversation.
func (p *Plugin) off(c *chat) bool {
	return p.settings.policy() == otr.Never && !c.live() && !c.wished
}

// stranger reports that the user never had to do with the peer, as far as can
// be told: whoever answers by itself tells them that the user is there.
func (p *Plugin) stranger(c *chat) bool {
	if c.talked || c.live() || p.seen(c.id) {
		return false
	}
	_, peer := p.host.Online(c.id)
	return !peer
}
