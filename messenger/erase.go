package messenger

import (
	"encoding/json"
	"slices"
	"time"

	"culver/im"
	"culver/lang"
)

// What is deleted of the history is deleted for good, which takes its time: it is
// done in steps, and goes on in the next run if the program ends meanwhile.

// erasing is a part of the history that is to be deleted. It is kept as a setting.
type erasing struct {
	Range im.Range

	lines    int    // how many are deleted
	progress func() // called after each step
	done     func() // called at the end
}

// settingErasing is what is still to be deleted, as JSON.
const settingErasing = "history.erasing"

// erase deletes a part of the history.
func (m *Messenger) erase(e *erasing) {
	m.noTrails()
	m.erasings = append(m.erasings, e)
	m.keepErasings()
	m.eraseStep(e)
}

// eraseTime is how long one step of deleting takes, about.
const eraseTime = 40 * time.Millisecond

func (m *Messenger) eraseStep(e *erasing) {
	if m.quitting {
		return // nobody waits for this: the next run goes on with it
	}
	for end := time.Now().Add(eraseTime); ; {
		n, err := m.cfg.Store.Erase(e.Range)
		e.lines += n
		if err != nil || n == 0 {
			m.eraseEnds(e, err)
			return
		}
		if time.Now().After(end) {
			if e.progress != nil {
				e.progress()
			}
			m.inbox.Put(func() { m.eraseStep(e) })
			return
		}
	}
}

// eraseEnds forgets what was to be deleted. What failed is tried again in the next
// run.
func (m *Messenger) eraseEnds(e *erasing, err error) {
	if i := slices.Index(m.erasings, e); i >= 0 && err == nil {
		m.erasings = slices.Delete(m.erasings, i, i+1)
		m.keepErasings()
		m.sweep()
	}
	var left []func()
	for _, c := range m.sortedChats("") {
		if !e.Range.Conv.IsZero() && c.id != e.Range.Conv {
			continue
		}
		for lines := range slices.Chunk(c.loggedLines(), historyPage) {
			left = append(left, func() { m.withoutGone(c, lines) })
		}
	}
	m.inTurn(append(left, func() {
		if e.done != nil {
			e.done()
		}
		m.publish(Erased{e.Range})
		if err != nil {
			m.trouble(lang.T("The history could not be deleted to its end. Culver tries it again when it starts the next time."), err)
		}
	}))
}

// inTurn does one after the other, and between them what else waits.
func (m *Messenger) inTurn(all []func()) {
	if len(all) > 0 {
		all[0]()
		m.inbox.Put(func() { m.inTurn(all[1:]) })
	}
}

// loggedLines are those on show that are in the history.
func (c *chat) loggedLines() (lines []string) {
	for i := range c.timeline.Len() {
		if id := c.timeline.At(i).ID; c.logged[id] {
			lines = append(lines, id)
		}
	}
	return lines
}

// withoutGone takes those of the lines away from a conversation that were deleted
// from the history, and reports whether there were such.
func (m *Messenger) withoutGone(c *chat, lines []string) bool {
	lines = slices.DeleteFunc(slices.Clone(lines), func(id string) bool { return !c.logged[id] }) // they went meanwhile
	gone, err := m.cfg.Store.Gone(c.id, lines)
	m.unreadHistory(err)
	m.noLongerShown(c, gone)
	return len(gone) > 0
}

func (m *Messenger) keepErasings() {
	value := ""
	if len(m.erasings) > 0 {
		b, err := json.Marshal(m.erasings)
		if err != nil {
			m.trouble(lang.T("The history is not deleted to its end if you quit now."), err)
			return
		}
		value = string(b)
	}
	m.keep(settingErasing, value)
}

// loadErasings reads what an earlier run did not delete to its end.
func (m *Messenger) loadErasings() error {
	value, ok, err := m.cfg.Store.Setting(settingErasing)
	if err != nil || !ok || value == "" {
		return err
	}
	if json.Unmarshal([]byte(value), &m.erasings) != nil || slices.Contains(m.erasings, nil) {
		m.erasings = nil
		m.trouble(lang.T("Something of the history was to be deleted, and it cannot be read what. Please delete it again."), nil)
		m.keepErasings()
	}
	return nil
}

// resumeErasings goes on with it.
func (m *Messenger) resumeErasings() {
	for _, e := range m.erasings {
		m.inbox.Put(func() { m.eraseStep(e) })
	}
}

// underWay reports that it is not decided yet what becomes of our line: it is no
// history.
func underWay(msg im.Message) bool {
	return msg.Out && (msg.State == im.Waiting || msg.State == im.Sending)
}

// unloggedIn are the lines of a conversation on show that are not in the history,
// and by their times in a part of it.
func (c *chat) unloggedIn(r im.Range) (lines []string) {
	for i := range c.timeline.Len() {
		msg := c.timeline.At(i)
		within := !msg.Time.Before(r.From) && (r.Until.IsZero() || msg.Time.Before(r.Until))
		if within && !c.logged[msg.ID] && !underWay(msg) {
			lines = append(lines, msg.ID)
		}
	}
	return lines
}

// noLongerShown takes lines away from a conversation that are not in the history
// any more.
func (m *Messenger) noLongerShown(c *chat, lines []string) {
	if len(lines) == 0 {
		return
	}
	for _, line := range lines {
		delete(c.logged, line)
		delete(c.kept, line)
		m.remove(c, line)
	}
	if c.timeline.Len() == 0 {
		m.setUnread(c, 0)
	}
	m.historyChanged(c)
}
