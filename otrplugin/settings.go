package otrplugin

import (
	"encoding/json"
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

const settingsKey = "settings"

// settings are what the user chose for all conversations, or for one. The nested
// switches keep what they were set to while the one around them is off.
type settings struct {
	Enabled   bool    `json:"enabled"`
	Automatic bool    `json:"automatic"`
	Require   bool    `json:"require"`
	Keep      keeping `json:"keep"`
}

// UnmarshalJSON reads settings, also those of older versions. What is missing stays
// as it is.
func (s *settings) UnmarshalJSON(b []byte) error {
	type plain settings
	read := struct {
		*plain
		Keep    *keeping `json:"keep"`
		DontLog *bool    `json:"dontLog"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(b, &read); err != nil {
		return err
	}
	switch {
	case read.Keep != nil:
		s.Keep = *read.Keep
	case read.DontLog != nil:
		s.Keep = keepingOf(*read.DontLog)
	}
	return nil
}

func defaultSettings() settings {
	return settings{Enabled: true, Automatic: true, Require: false, Keep: keepNever}
}

// safestSettings are in force while the user's cannot be read: nothing leaves in
// clear that he may have wanted sealed, and nothing is kept.
func safestSettings() settings {
	return settings{Enabled: true, Automatic: true, Require: true, Keep: keepNever}
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

// set changes the setting of a field.
func (s *settings) set(field, value string) {
	on := value == im.On
	switch field {
	case fieldEnabled:
		s.Enabled = on
	case fieldAutomatic:
		s.Automatic = on
	case fieldRequire:
		s.Require = on
	case fieldKeep:
		if s.Keep.UnmarshalText([]byte(value)) != nil {
			s.Keep = keepNever
		}
	}
}

// fields are the switches, each being off within one that is, and what is kept.
func (s settings) fields() []im.Field {
	within := func(depth int, hint string, f im.Field) im.Field {
		f.Depth, f.Hint = depth, hint
		return f
	}
	return []im.Field{
		onOff(fieldEnabled, lang.T("Enable private messaging"), s.Enabled, false),
		within(1, lang.T("Starts by itself when both programs know OTR."),
			onOff(fieldAutomatic, lang.T("Automatically initiate private messaging"), s.Automatic, !s.Enabled)),
		within(2, lang.T("Nothing is ever sent unencrypted."),
			onOff(fieldRequire, lang.T("Require private messaging"), s.Require, !s.Enabled || !s.Automatic)),
		{ID: fieldKeep, Kind: im.FieldChoice, Label: lang.T("History"), Value: s.Keep.String(), Choices: keepingChoices(), Live: true, Off: !s.Enabled,
			Hint: lang.T("What is kept stays on this computer.")},
	}
}

func (p *Plugin) loadSettings() error {
	p.settings = defaultSettings()
	b, ok, err := p.host.Store().Get(settingsKey)
	if err != nil {
		return fmt.Errorf(lang.T("read OTR settings: %w"), err)
	}
	if !ok {
		if p.rescued {
			p.settings = safestSettings()
			p.damage = append(p.damage, lang.T("The settings of OTR are lost. The safest ones are in force until you change them."))
		}
		return nil
	}
	defaults := defaultSettings()
	chosen := &defaults
	if err := json.Unmarshal(b, &chosen); err != nil || chosen == nil {
		p.settings = safestSettings()
		p.damage = append(p.damage, lang.T("The settings of OTR could not be read. The safest ones are in force until you change them."))
		return nil
	}
	p.settings = *chosen
	return nil
}

// settingsOf are the settings in force for a conversation: its own, or the
// default.
func (p *Plugin) settingsOf(id im.ConvID) settings {
	if own := p.own[id]; own != nil {
		return own.settings
	}
	return p.settings
}

func (p *Plugin) policyOf(id im.ConvID) otr.Policy { return p.settingsOf(id).policy() }

// changeSettings saves s first: what could not be saved is not in force.
func (p *Plugin) changeSettings(s settings) error {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	if err := p.host.Store().Put(settingsKey, b); err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	p.inForce(func() { p.settings = s })
	return nil
}

// inForce changes settings, and brings the conversations in line for which that
// makes a difference.
func (p *Plugin) inForce(change func()) {
	all := p.sortedChats("")
	before := make([]settings, len(all))
	for i, c := range all {
		before[i] = p.settingsOf(c.id)
	}
	change()
	for i, c := range all {
		if now := p.settingsOf(c.id); now != before[i] {
			p.resettle(c, before[i], now)
		}
	}
}

// resettle brings a conversation in line with other settings. Lines that wait to
// leave sealed go on waiting, whatever the settings are now: to send them in
// clear is a question of its own. A wish for which nothing waits ends with OTR.
func (p *Plugin) resettle(c *chat, before, now settings) {
	wasOff, isOff := before.policy() == otr.Never, now.policy() == otr.Never
	if isOff && !wasOff && !c.live() {
		c.stopWaiting()
		c.startWhenReady, c.wished = false, c.wished && c.held
	}
	if c.session != nil {
		c.session.SetPolicy(p.sessionPolicy(c))
	}
	p.resettleKeeping(c, before.Keep, now.Keep)
	if isOff != wasOff && c.held && c.state() == otr.Plaintext {
		p.release(c) // they are asked again, and wait for another reason now
	}
}

// sessionPolicy is the policy for one conversation now. It differs from the
// settings' in three cases. A private conversation outlives the switching off
// of OTR: only End ends it. While the user talks in clear by choice, nothing is
// offered or taken up by itself. And a stranger gets no automatic answer.
func (p *Plugin) sessionPolicy(c *chat) otr.Policy {
	policy := p.policyOf(c.id)
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
	return p.policyOf(c.id) == otr.Never && !c.live() && !c.wished
}

// stranger reports that the peer is not told whether the user is there, as
// everybody is who is on the Buddy List and may see it, and that the user did not
// turn to them in this run: whoever answers by itself tells them.
func (p *Plugin) stranger(c *chat) bool {
	return !c.talked && !c.live() && !p.host.SeesUs(c.id)
}
