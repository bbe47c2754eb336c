package messenger

import (
	"encoding/json"
	"slices"
	"time"

	"culver/im"
)

// What is deleted of the history is deleted for good, which takes its time: it is
// done in steps, and goes on in the next run if the program ends meanwhile.

// erasing is a part of the history that is to be deleted. It is kept as a setting.
type erasing struct {
	Range im.Range

	lines    int    // how many are deleted
	progress func() // called after each step
	done     func(error)
}

// settingErasing is what is still to be deleted, as JSON.
const settingErasing = "history.erasing"

// erase deletes a part of the history.
func (m *Messenger) erase(e *erasing) {
	m.erasings = append(m.erasings, e)
	m.keepErasings()
	m.eraseStep(e)
}

// eraseTime is how long one step of deleting takes, about.
const eraseTime = 40 * time.Millisecond

func (m *Messenger) eraseStep(e *erasing) {
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
	if e.done != nil {
		e.done(err)
	} else if err != nil {
		m.trouble("Something of the history could not be deleted. Culver tries it again when it starts the next time.", err)
	}
}

func (m *Messenger) keepErasings() {
	value := ""
	if len(m.erasings) > 0 {
		b, err := json.Marshal(m.erasings)
		if err != nil {
			m.trouble("The history is not deleted to its end if you quit now.", err)
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
		m.trouble("Something of the history was to be deleted, and it cannot be read what. Please delete it again.", nil)
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

// shownIn are the lines of a conversation on show that belong to a part of the
// history, in order: by their places there, or if they are not in it, by their
// times.
func (m *Messenger) shownIn(c *chat, r im.Range) (lines []string, err error) {
	past, err := m.pastIn(c, r)
	for i := range c.timeline.Len() {
		msg := c.timeline.At(i)
		within := past[msg.ID]
		if !c.logged[msg.ID] {
			within = !msg.Time.Before(r.From) && (r.Until.IsZero() || msg.Time.Before(r.Until))
		}
		if within && !underWay(msg) {
			lines = append(lines, msg.ID)
		}
	}
	return lines, err
}

// pastIn are the lines of a part of the history, from its end up to the oldest
// that the conversation shows.
func (m *Messenger) pastIn(c *chat, r im.Range) (map[string]bool, error) {
	past := map[string]bool{}
	oldest, first, behind := m.oldestLogged(c), "", ""
	if oldest == "" {
		return past, nil
	}
	if !r.From.IsZero() {
		line, err := m.cfg.Store.Since(c.id, r.From, 1)
		if err != nil || len(line) == 0 {
			return past, err
		}
		first = line[0].ID
	}
	if !r.Until.IsZero() {
		line, err := m.cfg.Store.Since(c.id, r.Until, 1)
		if err != nil {
			return past, err
		}
		if len(line) > 0 {
			behind = line[0].ID
		}
	}
	if first != "" && first == behind {
		return past, nil
	}
	for {
		page, err := m.cfg.Store.Older(c.id, behind, maxLines)
		if err != nil || len(page) == 0 {
			return past, err
		}
		for _, msg := range slices.Backward(page) {
			past[msg.ID] = true
			if msg.ID == first || msg.ID == oldest {
				return past, nil
			}
		}
		behind = page[0].ID
	}
}

// noLongerShown takes lines away from a conversation that are not in the history
// any more.
func (m *Messenger) noLongerShown(c *chat, lines []string) {
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
