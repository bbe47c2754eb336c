package otrplugin

import (
	"encoding/json"
	"fmt"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

const buddyPrefix = "buddy/"

// buddySettings are the settings that the user chose for one conversation, in
// place of the default ones.
type buddySettings struct {
	settings
	damaged bool // they cannot be read: these are the safest, until others are chosen
}

// buddyKey is where they are kept.
func buddyKey(id im.ConvID) string { return buddyPrefix + convKey(id) }

// loadBuddySettings reads what was chosen for single buddies. For those whose
// settings cannot be read, the safest are in force.
func (p *Plugin) loadBuddySettings() error {
	rows, err := p.host.Store().List(buddyPrefix)
	if err != nil {
		return fmt.Errorf(lang.T("read OTR settings of buddies: %w"), err)
	}
	damaged, lost := 0, 0
	for name, b := range rows {
		id, ok := parseConvKey(strings.TrimPrefix(name, buddyPrefix))
		if !ok {
			lost++
			continue
		}
		own, err := parseBuddySettings(b)
		if err != nil {
			damaged++
			own = &buddySettings{settings: safestSettings(), damaged: true}
		}
		p.own[id] = own
	}
	if damaged > 0 {
		p.damage = append(p.damage, count(damaged,
			lang.T("The OTR settings of one buddy could not be read. The safest ones are in force there until you change them."),
			lang.N(damaged, "The OTR settings of %d buddy could not be read. The safest ones are in force there until you change them.",
				"The OTR settings of %d buddies could not be read. The safest ones are in force there until you change them.", damaged)))
	}
	if lost > 0 {
		p.damage = append(p.damage, count(lost,
			lang.T("OTR settings of one buddy could not be read, nor whose they are. If you chose any in the Buddy List, look them through."),
			lang.N(lost, "OTR settings of %d buddy could not be read, nor whose they are. If you chose any in the Buddy List, look them through.",
				"OTR settings of %d buddies could not be read, nor whose they are. If you chose any in the Buddy List, look them through.", lost)))
	}
	return nil
}

// parseBuddySettings reads one row of the store.
func parseBuddySettings(b []byte) (*buddySettings, error) {
	var chosen struct {
		Enabled   *bool    `json:"enabled"`
		Automatic *bool    `json:"automatic"`
		Require   *bool    `json:"require"`
		Keep      *keeping `json:"keep"`
		DontLog   *bool    `json:"dontLog"` // of older versions
	}
	if err := json.Unmarshal(b, &chosen); err != nil {
		return nil, fmt.Errorf("read OTR settings of a buddy: %w", err)
	}
	if chosen.Keep == nil && chosen.DontLog != nil {
		old := keepingOf(*chosen.DontLog)
		chosen.Keep = &old
	}
	if chosen.Keep == nil {
		return nil, fmt.Errorf("read OTR settings of a buddy: one is missing")
	}
	own := &buddySettings{settings: settings{Keep: *chosen.Keep}}
	for to, from := range map[*bool]*bool{
		&own.Enabled: chosen.Enabled, &own.Automatic: chosen.Automatic,
		&own.Require: chosen.Require,
	} {
		if from == nil {
			return nil, fmt.Errorf("read OTR settings of a buddy: one is missing")
		}
		*to = *from
	}
	return own, nil
}

// changeBuddySettings saves s as the settings of a conversation; nil: it has the
// default ones again. What could not be saved is not in force.
func (p *Plugin) changeBuddySettings(id im.ConvID, s *settings) error {
	if s == nil {
		if err := p.host.Store().Delete(buddyKey(id)); err != nil {
			return fmt.Errorf(lang.T("save OTR settings: %w"), err)
		}
		p.inForce(func() { delete(p.own, id) })
		return nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	if err := p.host.Store().Put(buddyKey(id), b); err != nil {
		return fmt.Errorf(lang.T("save OTR settings: %w"), err)
	}
	p.inForce(func() { p.own[id] = &buddySettings{settings: *s} })
	return nil
}

// forgetBuddySettings removes those of an account that the user removed.
func (p *Plugin) forgetBuddySettings(account im.AccountID) {
	p.closeBuddySettings(account)
	for id := range p.own {
		if id.Account == account {
			p.host.Store().Delete(buddyKey(id))
			delete(p.own, id)
		}
	}
}

// speaks reports that OTR is on for somebody whom the account talks to.
func (p *Plugin) speaks(account im.AccountID) bool {
	if p.settings.policy() != otr.Never {
		return true
	}
	for id, own := range p.own {
		if id.Account == account && own.policy() != otr.Never {
			return true
		}
	}
	return false
}

func settingsAction() plugin.Action {
	return plugin.Action{ID: actionSettings, Label: lang.T("OTR settings…")}
}

// BuddyActions are the settings of each buddy.
func (p *Plugin) BuddyActions() []plugin.Action { return []plugin.Action{settingsAction()} }

// menuWhenOff is the OTR menu where OTR is switched off: none. But who is not
// on the Buddy List has no other way back to settings of their own.
func (p *Plugin) menuWhenOff(id im.ConvID) []plugin.Action {
	if p.own[id] == nil || p.host.Listed(id) {
		return nil
	}
	return []plugin.Action{settingsAction()}
}

// buddyWindow is the open settings of a conversation.
type buddyWindow struct {
	dialog  plugin.Dialog
	trouble string
}

const fieldUseDefault = "default"

// openBuddySettings shows what the user chose for the conversation.
func (p *Plugin) openBuddySettings(c *chat) {
	if w := p.windows[c.id]; w != nil {
		w.dialog.Update(p.buddyForm(c.id, w))
		return
	}
	w := new(buddyWindow)
	p.windows[c.id] = w
	id := c.id
	w.dialog = p.host.Ask(im.ConvID{}, p.buddyForm(id, w), func(a plugin.Answers) {
		if p.windows[id] == w {
			p.buddyConfigured(id, w, a)
		}
	})
}

// buddyConfigured is what the user did there. It is saved at each click. To
// leave the default settings changes nothing by itself.
func (p *Plugin) buddyConfigured(id im.ConvID, w *buddyWindow, a plugin.Answers) {
	w.trouble = ""
	s := p.settingsOf(id)
	chosen := &s
	switch a.Action {
	case fieldUseDefault:
		if a.Values[a.Action] == im.On {
			chosen = nil
		}
	case fieldEnabled, fieldAutomatic, fieldRequire, fieldKeep:
		if p.own[id] == nil {
			return // these are the default ones, which are not changed here
		}
		s.set(a.Action, a.Values[a.Action])
	default:
		delete(p.windows, id)
		w.dialog.Close()
		return
	}
	if err := p.changeBuddySettings(id, chosen); err != nil {
		w.trouble = lang.F("Nothing was changed: %s", inWords(err))
	}
	p.changed()
}

func (p *Plugin) buddyForm(id im.ConvID, w *buddyWindow) plugin.Form {
	own := p.own[id]
	fields := []im.Field{onOff(fieldUseDefault, lang.T("Use default OTR settings for this buddy"), own == nil, false)}
	for _, f := range p.settingsOf(id).fields() {
		f.Off = f.Off || own == nil
		fields = append(fields, f)
	}
	form := plugin.Page(lang.F("OTR settings of %s", p.nameOf(id)), id.Peer+" ("+id.Account.Bare()+")", fields, closeButton())
	if own != nil && own.damaged {
		form.Problem = lang.T("What you chose here could not be read. The safest settings are in force until you change them.")
	}
	if w.trouble != "" {
		form.Problem = w.trouble
	}
	return form
}

// updateBuddySettings redraws those that are open.
func (p *Plugin) updateBuddySettings() {
	for id, w := range p.windows {
		if w.dialog != nil {
			w.dialog.Update(p.buddyForm(id, w))
		}
	}
}

// closeBuddySettings closes those of an account, or of all ("").
func (p *Plugin) closeBuddySettings(account im.AccountID) {
	for id, w := range p.windows {
		if account == "" || id.Account == account {
			delete(p.windows, id)
			w.dialog.Close()
		}
	}
}
