package otrplugin

import (
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
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
	actionDetails      = "details"
	actionHelp         = "help"
	actionKeys         = "keys"
	actionBest         = "best"
	actionRecent       = "recent"
	actionSelect       = "select" // a session; see sessionAction
)

// Actions is the OTR menu of a conversation.
func (p *Plugin) Actions(id im.ConvID) []plugin.Action {
	c := p.chats[id]
	if c == nil {
		c = newChat(id)
	}
	if p.off(c) {
		return p.menuWhenOff(c.id)
	}
	online, _ := p.host.Online(c.id)
	level := p.levelNow(c)
	start := plugin.Action{ID: actionStart, Label: lang.T("Start private conversation"),
		Off: !online || p.sessionPolicy(c) == otr.Never}
	if level.Encrypted() {
		start.Label = lang.T("Refresh private conversation")
	}
	if c.starting() {
		start.Label, start.Off = lang.T("Starting…"), true
	}
	authenticate := plugin.Action{ID: actionAuthenticate, Label: lang.T("Authenticate buddy"), Off: !online || !level.Encrypted()}
	if level == im.Verified {
		authenticate.Label = lang.T("Reauthenticate buddy")
	}
	actions := []plugin.Action{
		start,
		{ID: actionEnd, Label: lang.T("End private conversation"), Off: !online || !c.live() && !p.mayGiveUp(c)},
		authenticate,
	}
	switch {
	case p.gated(c):
		actions = append(actions, plugin.Action{ID: actionRelease, Label: lang.T("Decide about the new key…"), Off: c.held && !online})
	case p.mayReleaseOpen(c):
		actions = append(actions, plugin.Action{ID: actionRelease, Label: lang.T("Send waiting lines unencrypted…"), Off: !online})
	}
	actions = append(actions, p.sessionActions(c, online)...)
	actions = append(actions,
		plugin.Action{},
		plugin.Action{Label: c.id.Peer + " (" + c.id.Account.Bare() + ")"},
		plugin.Action{Label: level.String(), Icon: level, HasIcon: true},
		plugin.Action{},
		plugin.Action{ID: actionDetails, Label: lang.T("Session details…"), Off: !c.live()},
	)
	if len(p.known[c.id]) > 1 {
		actions = append(actions, plugin.Action{ID: actionKeys, Label: lang.T("Keys of this buddy…")})
	}
	return append(actions, settingsAction(), plugin.Action{ID: actionHelp, Label: lang.T("What's this?")})
}

// starting reports that the user asked for a private conversation, and no answer
// came yet: a second query would only cross the first.
func (c *chat) starting() bool {
	return c.startWhenReady || c.starts && c.state() != otr.Encrypted
}

// sessionActions lists the sessions of a peer who has several, and which of them
// is written to.
func (p *Plugin) sessionActions(c *chat, online bool) []plugin.Action {
	all := c.instances()
	if len(all) < 2 {
		return nil
	}
	actions := []plugin.Action{
		{},
		{ID: actionBest, Label: lang.T("Send to best session"), Checked: c.where.sending == toBest},
		{ID: actionRecent, Label: lang.T("Send to most recent session"), Checked: c.where.sending == toRecent},
	}
	for _, i := range all {
		level := p.deviceLevel(c, i)
		private := i.State == otr.Encrypted
		sel := plugin.Action{ID: sessionAction(actionSelect, i.Tag), Label: lang.T("Select"), Off: !private}
		if c.where.sending == toChosen && c.where.chosen == i.Tag {
			sel.Label, sel.Checked = lang.T("Selected"), true
		}
		start := plugin.Action{ID: sessionAction(actionStart, i.Tag), Label: lang.T("Start private conversation"), Off: !online}
		if private {
			start.Label = lang.T("Refresh private conversation")
		}
		authenticate := plugin.Action{ID: sessionAction(actionAuthenticate, i.Tag), Label: lang.T("Authenticate buddy"), Off: !online || !private}
		if level == im.Verified {
			authenticate.Label = lang.T("Reauthenticate buddy")
		}
		inUse := i.Tag == c.session.TheirTag()
		label := lang.F("%s: %s", c.deviceName(i.Tag), level.String())
		if inUse {
			label = lang.F("%s: %s, in use", c.deviceName(i.Tag), level.String())
		}
		actions = append(actions, plugin.Action{
			Label: label, Icon: level, HasIcon: true, Checked: inUse,
			Sub: []plugin.Action{
				sel, start, {ID: sessionAction(actionEnd, i.Tag), Label: lang.T("End private conversation"), Off: !online}, authenticate,
			},
		})
	}
	return actions
}

// sessionAction is an action on the session with one instance of the peer's.
func sessionAction(action string, tag uint32) string { return action + ":" + tagID(tag) }

// Invoke does what was chosen in the menu, if it is still possible.
func (p *Plugin) Invoke(id im.ConvID, action string) {
	if action == actionSettings { // also in the menus of the Buddy List
		p.openBuddySettings(p.chat(id))
		return
	}
	if possible(p.Actions(id), action) {
		p.invoke(p.chat(id), action)
	}
}

func possible(actions []plugin.Action, id string) bool {
	return id != "" && slices.ContainsFunc(actions, func(a plugin.Action) bool {
		return a.ID == id && !a.Off || possible(a.Sub, id)
	})
}

func (p *Plugin) invoke(c *chat, id string) {
	if action, tag, ok := strings.Cut(id, ":"); ok {
		p.invokeAt(c, action, hexTag(tag))
		return
	}
	switch id {
	case actionBest:
		p.chooseSending(c, toBest)
	case actionRecent:
		p.chooseSending(c, toRecent)
	case actionDetails:
		p.openDetails(c)
	case actionKeys:
		p.openKeyHistory(c)
	case actionHelp:
		p.host.ShowGuide(pageLevels)
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

// invokeAt does what was chosen for one session.
func (p *Plugin) invokeAt(c *chat, action string, tag uint32) {
	switch action {
	case actionSelect:
		p.chooseSession(c, tag)
	case actionStart:
		p.refreshAt(c, tag)
	case actionEnd:
		p.endAt(c, tag)
	case actionAuthenticate:
		p.authenticateAt(c, tag)
	}
}

// end ends the private conversation, and keeps the conversation open until the
// user starts again or somebody was away: what was ended on purpose does not start
// by itself.
func (p *Plugin) end(c *chat) {
	if !c.live() {
		p.giveUp(c)
		return
	}
	c.keepOpen, c.wished = true, c.held
	p.closeKeyQuestion(c)
	p.tellUntold(c, p.endSession(c))
}

// mayGiveUp reports that a private conversation is wished for that has not begun,
// and that the user can do without. About lines that wait, there is a question of
// its own.
func (p *Plugin) mayGiveUp(c *chat) bool {
	return c.wished && !c.held && !c.live() && !p.requires(c.id)
}

// giveUp ends the wish for a private conversation: the user talks in clear.
func (p *Plugin) giveUp(c *chat) {
	if !p.mayGiveUp(c) {
		return
	}
	c.stopWaiting()
	c.wished, c.startWhenReady, c.mute = false, false, false
	c.keepOpen = true
	p.notice(c, lang.F("Culver does not wait for a private conversation with %s any more. What you write is not private: "+
		"others may be able to read along, "+
		"until you choose Start private conversation, or one of you goes offline.", p.name(c)))
	p.changed()
}

func (p *Plugin) endSession(c *chat) error {
	r, err := c.session.End()
	err = p.do(c, "", r, err)
	if c.state() == otr.Plaintext && p.policyOf(c.id) == otr.Never {
		c.session.SetPolicy(otr.Never)
	}
	return err
}

// endSessionAt ends the session with one device of the peer's; the others go on.
func (p *Plugin) endSessionAt(c *chat, tag uint32) error {
	r, err := c.session.EndInstance(tag)
	delete(c.keys, tag)
	err = p.do(c, "", r, err)
	delete(c.devices, tag)
	return err
}
