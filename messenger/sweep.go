package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// sweepPatience is how long what is no line stays in the store's log after it was
// deleted: drafts come and go with every line that is typed. As long, the store has not
// tidied up after a line that was added.
const sweepPatience = 20 * time.Second

// sweepSoon sweeps in a while, once for all that is deleted and added until then.
func (m *Messenger) sweepSoon() {
	if m.sweeps {
		return
	}
	m.sweeps = true
	m.after(sweepPatience, func() {
		m.sweeps = false
		m.sweep()
	})
}

// sweptStore is what a plugin keeps; what it deletes is swept.
type sweptStore struct {
	plugin.Store
	m *Messenger
}

func (s sweptStore) Delete(key string) error {
	defer s.m.sweepSoon()
	return s.Store.Delete(key)
}

// append keeps a line at the end of the history.
func (m *Messenger) append(line im.Message) error {
	err := m.cfg.Store.Append(line)
	if err == nil {
		m.sweepSoon()
	}
	return err
}

// importLines keeps lines of the past.
func (m *Messenger) importLines(lines []im.Message) (added int, err error) {
	added, err = m.cfg.Store.Import(lines)
	if added > 0 {
		m.sweepSoon()
	}
	return added, err
}

// sweep has the store do what it put off, a moment at a time, so that everything
// else goes on in between. What an earlier run did not finish is taken up at the start.
func (m *Messenger) sweep() {
	more, err := m.cfg.Store.Sweep()
	if err != nil {
		m.trouble(lang.T("What was deleted could not be taken off the disk. Culver tries again when it is started anew."), err)
	}
	if more {
		m.inbox.Put(m.sweep)
	}
}
