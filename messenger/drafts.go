package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// What was typed and not sent is a draft. Drafts are in the history, so that they
// outlive the program, with one exception: where nothing is to be kept, of what is
// sealed or of what is not, a line that is to leave like that is not written down
// either, unless the user chose so when quitting. It is taken off the disk as soon
// as it is sent, taken back or edited.

// log keeps a line on the disk before it goes on the wire, if it is to be kept.
func (m *Messenger) log(c *chat, msg im.Message) error {
	if !m.logs(c.id, msg.Seal) {
		c.noteUnkept(msg)
		if !c.logged[msg.ID] {
			return nil
		}
		delete(c.logged, msg.ID)
		delete(c.kept, msg.ID)
		defer m.sweep()
		return m.cfg.Store.Remove(c.id, msg.ID)
	}
	if c.logged[msg.ID] {
		return m.update(msg)
	}
	if err := m.append(msg); err != nil {
		return err
	}
	c.logged[msg.ID] = true
	return nil
}

// update brings the disk in line with lines that it has.
func (m *Messenger) update(lines ...im.Message) error {
	var rest []im.Message
	for _, msg := range lines {
		if !msg.Edited {
			rest = append(rest, msg)
		} else if err := m.cfg.Store.Edit(msg); err != nil {
			return err
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return m.cfg.Store.Update(rest...)
}

// updated is update; if it fails the user is told.
func (m *Messenger) updated(lines ...im.Message) {
	if err := m.update(lines...); err != nil {
		m.trouble(lang.T("What became of a line could not be saved."), err)
	}
}

// keepDraft brings the disk in line with a line that waits or failed. Sealed says
// that it is to leave sealed, or may turn out to.
func (m *Messenger) keepDraft(c *chat, msg im.Message, sealed, changed bool) {
	if m.placeDraft(c, msg, sealed) && changed {
		m.updated(msg)
	}
}

// placeDraft puts such a line on the disk, or takes it off, if that is to be. It reports
// whether the disk has it from before, to be brought in line. What cannot be written is
// not lost yet: it is asked about at the end.
func (m *Messenger) placeDraft(c *chat, msg im.Message, sealed bool) (stale bool) {
	hide := !m.logging(c.id)
	if sealed {
		hide = m.unlogged(c.id) || c.hidden[msg.ID]
	}
	switch {
	case hide && c.logged[msg.ID] && !c.kept[msg.ID]: // it waited in the open, and became private, for instance
		m.unkeep(c, msg.ID)
	case c.logged[msg.ID]:
		return true
	case !hide:
		if err := m.append(msg); err == nil {
			c.logged[msg.ID] = true
		}
	}
	return false
}

// keepSent brings the disk in line with a line that was sent.
func (m *Messenger) keepSent(c *chat, msg im.Message) {
	if c.logged[msg.ID] {
		m.updated(msg)
	}
}

// unkeep takes a line off the disk.
func (m *Messenger) unkeep(c *chat, line string) {
	if !c.logged[line] {
		return
	}
	delete(c.logged, line)
	delete(c.kept, line)
	defer m.sweep()
	if err := m.cfg.Store.Remove(c.id, line); err != nil {
		m.trouble(lang.T("A line could not be removed from the history."), err)
	}
}

// recoverUnsent takes up the lines that an earlier run did not send.
func (m *Messenger) recoverUnsent(id im.AccountID) error {
	unsent, err := m.cfg.Store.Unsent(id)
	if err != nil {
		return err
	}
	var failed []im.Message
	for _, msg := range unsent {
		c := m.chat(msg.Conv)
		if _, ok := c.timeline.Find(msg.ID); !ok {
			c.timeline.Add(msg)
			c.recovered(msg)
		}
		if msg.State == im.Waiting {
			c.ours = true                  // the user wrote here
			c.open = c.open || msg.Private // they said that it is to be taken up
			c.waiting = append(c.waiting, msg.ID)
			continue
		}
		msg.State, msg.Reason = im.Failed, reasonInterrupted()
		failed = append(failed, msg)
		c.timeline.Change(msg)
	}
	return m.update(failed...)
}

// recoverStranded takes up the private lines of an earlier run that failed, where
// they are on the disk only because the user chose so: he is asked about them
// again at the end, so they are to be seen. Plugins say where that is.
func (m *Messenger) recoverStranded() {
	for _, c := range m.sortedChats("") {
		c.unlogged = m.unlogged(c.id) // there was nobody to ask before
	}
	for _, a := range m.sortedAccounts() {
		stranded, err := m.cfg.Store.Stranded(a.id)
		if err != nil {
			m.trouble(lang.T("Lines that were not sent could not be read."), err)
		}
		for _, msg := range stranded {
			if !m.unlogged(msg.Conv) {
				continue
			}
			c := m.chat(msg.Conv)
			c.ours, c.open = true, true
			if _, ok := c.timeline.Find(msg.ID); !ok {
				c.timeline.Add(msg)
				c.recovered(msg)
			}
		}
	}
}

// refreshDrafts brings the disk in line with what is to be there from now on.
func (m *Messenger) refreshDrafts() {
	for _, c := range m.sortedChats("") {
		m.refreshLogging(c)
		m.saveDraft(c)
	}
}

// recovered notes that the disk has the line.
func (c *chat) recovered(msg im.Message) {
	c.logged[msg.ID] = true
	if (secret(msg) || !c.logging) && !msg.State.Taken() {
		c.kept[msg.ID] = true
	}
}

// secret reports that the line is to leave sealed, or did.
func secret(msg im.Message) bool { return msg.Private || msg.Seal.Level != im.Open }

// sealed is like secret, for a line that was not sent: it may turn out to be
// private, too, while a plugin holds it.
func (c *chat) sealed(msg im.Message) bool { return secret(msg) || c.held[msg.ID] }

// resume tells the plugins of a private line that they may not know of as one: once
// in this run of those of an earlier one, and once of each that was taken back and
// written anew.
func (m *Messenger) resume(c *chat, msg im.Message) {
	earlier := !c.resumed && c.kept[msg.ID]
	if !msg.Private || !earlier && !c.anew[msg.ID] {
		return
	}
	c.resumed = c.resumed || earlier
	delete(c.anew, msg.ID)
	each(m, func(r plugin.Resumer) { r.Resume(c.id) })
}

func (c *chat) writtenAnew(line string) {
	if c.anew == nil {
		c.anew = map[string]bool{}
	}
	c.anew[line] = true
}

// noneHeld tells the plugins that the user took back what waited.
func (m *Messenger) noneHeld(id im.ConvID) {
	each(m, func(p plugin.Holder) { p.NoneHeld(id) })
}
