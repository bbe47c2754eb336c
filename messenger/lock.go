package messenger

// Locking is leaving without going: everything signs off and Run ends, as when the
// user quits, and whoever ran the messenger then closes what it was made from and
// asks for the passphrase. Nobody is asked what is to become of what was not sent:
// see [Messenger.Carry].

// Lock signs everything off and ends Run, with the event Stopped{Locked: true}. It
// does nothing if there is nothing to unlock with afterwards, or if Run ends anyhow.
// While the vault is being changed it waits for that.
func (m *Messenger) Lock() { m.inbox.Put(m.lock) }

func (m *Messenger) lock() {
	if m.quitting || !m.canLock() {
		return
	}
	if m.safeWork.busy {
		m.safeWork.lockDue = true
		return
	}
	m.locked = true
	m.publish(Locking{})
	m.quit()
}

// canLock reports whether a passphrase opens the profile again.
func (m *Messenger) canLock() bool { return m.cfg.Safe != nil && m.cfg.Safe.UsesPassphrase() }

// refreshLock tells front ends when that has changed.
func (m *Messenger) refreshLock() {
	if can := m.canLock(); can != m.lockable {
		m.lockable = can
		m.publish(CanLockChanged{can})
	}
}
