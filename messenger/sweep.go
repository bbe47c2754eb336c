package messenger

// sweep has the store do what it put off, a moment at a time, so that everything
// else goes on in between. What an earlier run did not finish is taken up at the start.
func (m *Messenger) sweep() {
	more, err := m.cfg.Store.Sweep()
	if err != nil {
		m.trouble("What was deleted could not be taken off the disk. Culver tries again when it is started anew.", err)
	}
	if more {
		m.inbox.Put(m.sweep)
	}
}
