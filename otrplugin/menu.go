package otrplugin

import (
	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The actions of the OTR menu.
const (
	actionStart        = "start"
	actionEnd          = "end"
	actionAuthenticate = "authenticate"
	actionRelease      = "release"
	actionSettings     = "settings"
)

// Actions is the OTR menu of a conversation.
func (p *Plugin) Actions(t plugin.Target) []plugin.Action {
	if t.Conv.IsZero() {
		return nil
	}
	c := p.chats[t.Conv]
	if c == nil {
		c = newChat(t.Conv)
	}
	if p.off(c) {
		return p.menuWhenOff(c.id)
	}
	online, _ := p.host.Online(c.id)
	level := p.levelNow(c)
	start := plugin.Action{ID: actionStart, Label: "Start private conversation",
		Off: !online || p.sessionPolicy(c) == otr.Never}
	if level.Encrypted() {
		start.Label = "Refresh private conversation"
	}
	authenticate := plugin.Action{ID: actionAuthenticate, Label: "Authenticate buddy", Off: !online || !level.Encrypted()}
	if level == im.Verified {
		authenticate.Label = "Reauthenticate buddy"
	}
	actions := []plugin.Action{
		start,
		{ID: actionEnd, Label: "End private conversation", Off: !online || !c.live()},
		authenticate,
	}
	switch {
	case c.held && p.gated(c):
		actions = append(actions, plugin.Action{ID: actionRelease, Label: "Send waiting lines…", Off: !online})
	case p.gated(c):
		actions = append(actions, plugin.Action{ID: actionRelease, Label: "About the new key…"})
	case p.mayReleaseOpen(c):
		actions = append(actions, plugin.Action{ID: actionRelease, Label: "Send waiting lines unencrypted…", Off: !online})
	}
	return append(actions,
		plugin.Action{},
		plugin.Action{Label: c.id.Peer + " (" + c.id.Account.Bare() + ")"},
		plugin.Action{Label: level.String(), Icon: level, HasIcon: true},
	)
}

// Invoke does what was chosen in the menu, if it is still possible.
func (p *Plugin) Invoke(t plugin.Target, id string) {
	if t.Conv.IsZero() {
		return
	}
	if id == actionSettings { // also in the menus of the Buddy List
		p.openBuddySettings(p.chat(t.Conv))
		return
	}
	for _, a := range p.Actions(t) {
		if a.ID == id && !a.Off {
			p.invoke(p.chat(t.Conv), id)
			return
		}
	}
}

func (p *Plugin) invoke(c *chat, id string) {
	switch id {
	case actionStart:
		p.start(c)
	case actionEnd:
		p.end(c)
	case actionAuthenticate:
		p.authenticate(c)
	case actionRelease:
		if p.gated(c) {
			p.askAboutKey(c, true)
		} else {
			p.askToReleaseOpen(c)
		}
	}
}

// end ends the private conversation, and keeps the conversation open until the
// user starts again: what was ended on purpose does not start by itself.
func (p *Plugin) end(c *chat) {
	if !c.live() {
		return
	}
	c.keepOpen, c.wished = true, c.held
	p.closeKeyQuestion(c)
	if err := p.endSession(c); err != nil {
		p.notice(c, p.name(c)+" could not be told that the private conversation has ended: "+sentence(err.Error()))
	}
}

func (p *Plugin) endSession(c *chat) error {
	r, err := c.session.End()
	if wireErr := p.apply(c, r, ""); err == nil {
		err = wireErr
	}
	if c.state() == otr.Plaintext && p.policyOf(c.id) == otr.Never {
		c.session.SetPolicy(otr.Never)
	}
	return err
}
