package messenger

import (
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/plugin"
	"culver/protocol"
)

// A session may outlive its connection: see [protocol.Continuer]. As long as it can,
// nobody is told that it ended: buddies are seen as they were, private conversations go
// on, lines that are under way stay so. Only the account shows that there is no
// connection, and what is written meanwhile waits. The next session either resumes it,
// and nothing has happened, or says that it is online, and the one before is over.

// hold keeps what a session had, if the network does, and reports whether.
func (m *Messenger) hold(a *account, ended protocol.Session) bool {
	if ended == nil {
		return a.held != nil // the next one did not get that far
	}
	c, ok := ended.(protocol.Continuer)
	if !ok {
		return false
	}
	until, held := c.Held()
	if !held || !a.up {
		return false
	}
	a.release()
	a.held = ended
	a.stopHold = m.after(time.Until(until), func() {
		a.stopHold = nil
		if a.cancel == nil {
			m.part(a)
		} // else it is being tried, and the network has the last word
	})
	return true
}

// release forgets what is held.
func (a *account) release() {
	if a.stopHold != nil {
		a.stopHold()
		a.stopHold = nil
	}
	a.held = nil
}

// resumed goes on with what was held.
func (m *Messenger) resumed(a *account, e protocol.Resumed) {
	a.release()
	a.link.Up(e.Self, time.Now())
	m.publish(AccountChanged{a.link.State()})
	m.sendWaiting(a.id)
	m.archiveResumed(a)
}

// part ends what a session had, if there was one that is not over yet: nobody is seen
// any more, and what was under way is not certain to have arrived.
func (m *Messenger) part(a *account) {
	if held, ok := a.held.(protocol.Continuer); ok {
		held.Abandon()
	}
	a.release()
	if !a.up {
		return
	}
	a.up = false
	m.passwordUncertain(a)
	m.ownPictureOver(a)
	m.profilesLost(a.id)
	m.keepingOver(a)
	m.ownProfileOver(a)
	m.archiveEnded(a)
	m.failSending(a.id)
	m.roomsOffline(a.id)
	m.applyList(buddylist.Offline{Account: a.id, At: time.Now()})
	m.keepSeenSoon()
	m.dropPictures(a.id, false)
	for _, c := range m.chats {
		if c.id.Account == a.id {
			c.resource, c.typed = "", im.TypingGone
		}
	}
	each(m, func(o plugin.Observer) { o.AccountOnline(a.id, false) })
}

// connected reports whether what is sent reaches the network, at once or once the
// connection is there again.
func (m *Messenger) connected(id im.AccountID) bool {
	return m.online(id) != nil || m.isHeld(id)
}

// isHeld reports whether the connection broke, and the session may go on.
func (m *Messenger) isHeld(id im.AccountID) bool {
	a, ok := m.accounts[id]
	return ok && a.held != nil
}
