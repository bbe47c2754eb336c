package messenger

import (
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// offer is a plugin of the configuration, which the user may enable and disable.
type offer struct {
	plugin plugin.Plugin
	info   plugin.Info
	host   *hosted // nil while it is off
	failed bool    // it is on, but could not be started
	asking *dialog // the question whether to disable it
}

// The settings of a plugin: whether it is on, and which accounts were removed
// while it was not.
func settingPlugin(id string) string  { return "plugin." + id }
func settingRemoved(id string) string { return "plugin." + id + ".removed" }

const pluginOff = "off" // else: im.On

func (m *Messenger) startPlugins() {
	for _, p := range m.cfg.Plugins {
		o := &offer{plugin: p, info: p.Info()}
		m.offers = append(m.offers, o)
		if m.wantsPlugin(o) {
			m.startPlugin(o)
		}
	}
}

// wantsPlugin reports whether a plugin is to be on. A setting that cannot be read
// does not keep one off: nobody knows what it would have protected.
func (m *Messenger) wantsPlugin(o *offer) bool {
	switch v, ok, err := m.cfg.Store.Setting(settingPlugin(o.info.ID)); {
	case err != nil:
		return true
	case ok:
		return v != pluginOff
	default:
		return !o.info.OffByDefault
	}
}

// startPlugin starts a plugin that is off. In the place of one that cannot start,
// nothing gets out that it would have protected.
func (m *Messenger) startPlugin(o *offer) {
	h := m.newHosted(o.plugin)
	err := initialise(o.plugin, h)
	o.host, o.failed = h, err != nil
	if err != nil {
		h.end()
		text := notStarted(o.info)
		stand := plugin.Plugin(&idle{o.info})
		if protects(o.plugin) {
			text += " " + lang.T("What it protects is not sent until it can be.") + " " + startAgain()
			stand = &failed{idle{o.info}}
		}
		o.host = m.newHosted(stand)
		m.trouble(text, err)
	}
	m.arrangePlugins()
	if obs, ok := o.host.plugin.(plugin.Observer); ok {
		m.tellRemoved(o, obs)
		for _, a := range m.onlineAccounts() {
			m.guard(func() { obs.AccountOnline(a.id, true) })
		}
	}
}

// initialise is Init, with a panic as an error.
func initialise(p plugin.Plugin, h plugin.Host) (err error) {
	defer func() {
		if recover() != nil {
			err = lang.Error("something failed inside Culver; please report it")
		}
	}()
	return p.Init(h)
}

// arrangePlugins puts those that are on in the order of the configuration.
func (m *Messenger) arrangePlugins() {
	m.plugins = nil
	for _, o := range m.offers {
		if o.host != nil {
			m.plugins = append(m.plugins, o.host)
		}
	}
}

// closePlugin ends a plugin. It says goodbye to peers while it still can.
func (m *Messenger) closePlugin(o *offer) {
	h := o.host
	m.guard(func() {
		if err := h.plugin.Close(); err != nil {
			m.trouble(lang.F("%s could not be closed properly.", o.info.Title), err)
		}
	})
	h.end()
	o.host, o.failed = nil, false
}

// stopPlugins ends them all at the end of the program.
func (m *Messenger) stopPlugins() {
	for _, o := range m.offers {
		if o.host != nil {
			m.closePlugin(o)
		}
	}
	m.arrangePlugins()
}

// enablePlugin switches a plugin on for good, or tries again to start one that
// could not be.
func (m *Messenger) enablePlugin(o *offer) {
	if o.host != nil && !o.failed {
		return
	}
	m.keep(settingPlugin(o.info.ID), im.On)
	if o.host != nil {
		o.host.end()
		o.host = nil
	}
	m.startPlugin(o)
}

// askToDisable disables a plugin, after a question if something would be lost.
func (m *Messenger) askToDisable(o *offer) {
	if o.host == nil {
		return
	}
	if o.asking != nil {
		o.asking.raise()
		return
	}
	lost := m.lostWith(o)
	if lost == "" {
		m.disablePlugin(o)
		return
	}
	o.asking = m.ask(im.ConvID{}, plugin.Page(lang.F("Disable %s?", o.info.Title), lost, nil, cancelButton(),
		plugin.Button{ID: "off", Label: lang.T("Disable anyway"), Role: plugin.Danger}),
		func(a plugin.Answers) {
			o.asking.Close()
			o.asking = nil
			if a.Action == "off" {
				m.disablePlugin(o)
			}
		})
}

// lostWith says what would be lost if the plugin were disabled now.
func (m *Messenger) lostWith(o *offer) string {
	var all []string
	if r, ok := o.host.plugin.(plugin.Reluctant); ok {
		keeps := lang.T("It could not say what would be lost.")
		m.guard(func() { keeps = r.Loses() })
		if keeps != "" {
			all = append(all, keeps)
		}
	}
	if protects(o.plugin) && m.anyHeld() {
		all = append(all, lang.T("Lines that wait to be sent privately are not sent."))
	}
	return strings.Join(all, " ")
}

// anyHeld reports whether lines wait for something else than the connection.
func (m *Messenger) anyHeld() bool {
	for _, c := range m.chats {
		if slices.ContainsFunc(c.waiting, func(line string) bool {
			msg, ok := c.timeline.Find(line)
			return ok && m.heldPrivate(c, msg)
		}) {
			return true
		}
	}
	return false
}

// heldPrivate reports that a waiting line is not to leave unsealed: it was meant to
// be private, or a plugin held it, for whatever reason.
func (m *Messenger) heldPrivate(c *chat, msg im.Message) bool {
	return msg.Private || c.seal.Level != im.Open || c.held[msg.ID] || m.required(c.id)
}

// disablePlugin switches a plugin off for good. It says goodbye while it still can.
// What it protected is open from here on, and the user is told where; what waits to
// be private does not leave any more, for it stays private without the plugin.
func (m *Messenger) disablePlugin(o *offer) {
	if o.host == nil {
		return
	}
	m.keep(settingPlugin(o.info.ID), pluginOff)
	guards := protects(o.plugin)
	var sealed []*chat
	for _, c := range m.sortedChats("") {
		if c.seal.By == o.info.ID && c.seal.Level != im.Open {
			sealed = append(sealed, c)
		}
		if guards {
			m.stayPrivate(c)
		}
	}
	m.closePlugin(o)
	m.arrangePlugins()
	for _, c := range sealed {
		m.setSeal(c.id, im.Seal{})
		m.notice(c.id, im.Alarm, im.Plain(lang.F("%s was disabled. What you write here is not private any more: others may be able to read it.", o.info.Title)))
	}
	for _, c := range m.sortedChats("") {
		if c.seal.By == o.info.ID { // it was sealed by the goodbye
			m.setSeal(c.id, im.Seal{})
		}
		if guards {
			m.flush(c)
		}
	}
}

// stayPrivate makes what the plugins that are on want of our unsent lines outlast
// them: what waits to be private stays private, and what is not to be on the disk
// does not get there.
func (m *Messenger) stayPrivate(c *chat) {
	for _, line := range c.waiting {
		if msg, ok := c.timeline.Find(line); ok && !msg.Private && m.heldPrivate(c, msg) {
			msg.Private = true
			m.change(c, msg)
			m.keepDraft(c, msg, true, true)
		}
	}
	if !m.unlogged(c.id) {
		return
	}
	c.draft.hidden = c.draft.Text != "" && (c.draft.Private || m.sealedNext(c))
	c.draft.Private = c.draft.Private || c.draft.hidden
	for _, msg := range c.timeline.Lines(0) {
		if msg.Out && !msg.State.Taken() && secret(msg) && !c.logged[msg.ID] {
			c.hide(msg.ID)
		}
	}
}

// noteRemoved remembers an account that was removed, for the plugins that are off:
// they have to forget it, too, when they are on again.
func (m *Messenger) noteRemoved(id im.AccountID) {
	for _, o := range m.offers {
		if o.host != nil && !o.failed {
			continue
		}
		key := settingRemoved(o.info.ID)
		removed, _, _ := m.cfg.Store.Setting(key)
		m.keep(key, strings.TrimPrefix(removed+"\n"+string(id), "\n"))
	}
}

// tellRemoved tells a plugin of the accounts that were removed while it was off.
func (m *Messenger) tellRemoved(o *offer, obs plugin.Observer) {
	key := settingRemoved(o.info.ID)
	removed, _, err := m.cfg.Store.Setting(key)
	if err != nil || removed == "" {
		return
	}
	for id := range strings.SplitSeq(removed, "\n") {
		m.guard(func() { obs.AccountRemoved(im.AccountID(id)) })
	}
	m.keep(key, "")
}
