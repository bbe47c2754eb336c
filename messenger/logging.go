package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Which lines are kept in the history. Those that travel sealed go by what the
// plugins say, all others by what the user chose for the conversation, or for all.

// SettingHistory says whether conversations are kept: im.On or "".
const SettingHistory = "history.keep"

// logs reports whether lines with this seal are kept on the disk.
func (m *Messenger) logs(id im.ConvID, s im.Seal) bool {
	if s.Level == im.Open {
		return m.logging(id)
	}
	return !m.unlogged(id)
}

// logging reports whether lines that are not private are kept.
func (m *Messenger) logging(id im.ConvID) bool {
	if on, chosen := m.choices[id]; chosen {
		return on
	}
	return m.settings[SettingHistory] == im.On
}

// unlogged reports that nothing sealed is kept of the conversation.
func (m *Messenger) unlogged(id im.ConvID) bool {
	return !m.shared(id) && m.anySecrecy(func(p plugin.Secrecy) bool { return p.Unlogged(id) })
}

// SetLogging says whether lines that are not private are kept.
func (m *Messenger) SetLogging(id im.ConvID, on bool) {
	m.inbox.Put(func() {
		if m.accounts[id.Account] == nil || id.Peer == "" {
			return
		}
		before := m.logging(id)
		if err := m.chooseLogging(id, on); err != nil {
			m.trouble(lang.T("Whether the conversation is kept could not be saved. Nothing was changed."), err)
			return
		}
		if on == before {
			return
		}
		switch private := m.chat(id).seal.Level != im.Open; {
		case on && private:
			m.noticeIfOpen(id, lang.T("From now on, lines that are not private are kept in the history."))
		case on:
			m.noticeIfOpen(id, lang.T("From now on, this conversation is kept in the history."))
		case private:
			m.noticeIfOpen(id, lang.T("From now on, lines that are not private are not kept in the history. What came before stays there."))
		default:
			m.noticeIfOpen(id, lang.T("From now on, this conversation is not kept in the history. What came before stays there."))
		}
	})
}

// chooseLogging keeps that choice, and puts it in force.
func (m *Messenger) chooseLogging(id im.ConvID, on bool) error {
	err := m.cfg.Store.SetLogging(id, on)
	if err == nil {
		m.choices[id] = on
	}
	return err
}

// ShowHistorySettings asks whether a history is kept.
func (m *Messenger) ShowHistorySettings() {
	m.inbox.Put(func() {
		if m.historySettings != nil {
			m.historySettings.raise()
			return
		}
		m.historySettings = m.ask(im.ConvID{}, m.historyForm(), func(a plugin.Answers) {
			if a.Action == SettingHistory {
				m.setSetting(SettingHistory, a.Values[SettingHistory])
				return
			}
			for _, o := range m.keepers() {
				if o.info.ID == a.Action {
					m.pluginAction(o, actionConfigure)
					return
				}
			}
			m.historySettings.Close()
			m.historySettings = nil
		})
		m.historySettings.keepFresh(m.historyForm)
	})
}

func (m *Messenger) historyForm() plugin.Form {
	fields := []im.Field{
		{ID: SettingHistory, Kind: im.FieldSwitch, Label: lang.T("Keep a history of conversations"), Live: true, Value: m.settings[SettingHistory],
			Hint: lang.T("Conversations for which you chose otherwise stay as they are.")},
		{Kind: im.FieldNote, Label: lang.T("What is in the history already stays there until you delete it.")},
	}
	for i, o := range m.keepers() {
		if i == 0 {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("Private conversations have a choice of their own, in the settings of the plugin that makes them private:")})
		}
		fields = append(fields, im.Field{ID: o.info.ID, Kind: im.FieldButton, Label: o.info.Title + "…"})
	}
	return plugin.Page(lang.T("History Settings"), lang.T("The history is encrypted on this disk."), fields, closeButton())
}

// keepers are the plugins with a say in what is kept, and with settings.
func (m *Messenger) keepers() (all []*offer) {
	for _, o := range m.offers {
		if o.host == nil {
			continue
		}
		_, secrecy := o.host.plugin.(plugin.Secrecy)
		_, settings := o.host.plugin.(plugin.Configurer)
		if secrecy && settings {
			all = append(all, o)
		}
	}
	return all
}

// refreshLogging brings the disk in line with what is to be kept of a conversation
// from now on. What was said stays; what is unsent goes by what is in force. A line
// that failed in an earlier run is history; what becomes of it is asked at the end.
func (m *Messenger) refreshLogging(c *chat) {
	unlogged, logging := m.unlogged(c.id), m.logging(c.id)
	if c.unlogged == unlogged && c.logging == logging {
		return
	}
	if c.logging != logging && c.open {
		m.publish(LoggingChanged{c.id, logging})
	}
	c.unlogged, c.logging = unlogged, logging
	for _, msg := range c.timeline.Lines(0) {
		if !msg.Out || msg.State != im.Waiting && msg.State != im.Failed {
			continue
		}
		hide := m.hides(c, msg)
		switch {
		case hide && (msg.State == im.Waiting || !c.kept[msg.ID]):
			m.unkeep(c, msg.ID)
		case !hide:
			m.keepDraft(c, msg, c.sealed(msg), false)
		}
	}
}

// hides reports that nothing like this unsent line is to be on the disk.
func (m *Messenger) hides(c *chat, msg im.Message) bool {
	if c.sealed(msg) {
		return c.hidden[msg.ID] || m.unlogged(c.id)
	}
	return !m.logging(c.id)
}

// noteUnkept remembers a line of the private conversation that is not in the history.
func (c *chat) noteUnkept(msg im.Message) {
	if msg.Seal.Level.Encrypted() {
		c.unkept = append(c.unkept, msg.ID)
	}
}

// keptAtOnce is how many lines are written down in one step.
const keptAtOnce = 200

// keepSealed writes down what was said since the conversation became private: the
// user has agreed to that.
func (m *Messenger) keepSealed(id im.ConvID) {
	c, ok := m.chats[id]
	if !ok || m.unlogged(id) {
		return
	}
	var lines []im.Message
	for len(c.unkept) > 0 && len(lines) < keptAtOnce {
		line := c.unkept[0]
		c.unkept = c.unkept[1:]
		if msg, ok := c.timeline.Find(line); ok && !c.logged[line] && !c.hidden[line] {
			lines = append(lines, msg)
		}
	}
	if _, err := m.importLines(lines); err != nil {
		m.trouble(lang.F("What was said so far in the private conversation with %s could not be written down. It is shown, but will be gone after you quit.", m.list.Title(id)), err)
		return
	}
	for _, msg := range lines {
		c.logged[msg.ID] = true
	}
	if len(c.unkept) > 0 {
		m.inbox.Put(func() { m.keepSealed(id) })
	}
}
