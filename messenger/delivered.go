package messenger

import (
	"culver/im"
	"culver/protocol"
)

// delivered is the word of a peer's device that one of our lines came. It counts from
// whom the line went to, and from nobody else. The disk is asked only for those on the
// Buddy List: nobody else is told from what they make up.
func (m *Messenger) delivered(a *account, e protocol.Delivered) {
	id := im.ConvID{Account: a.id, Peer: e.From.Bare}
	if m.shared(id) {
		return // one of them, whom nobody asked
	}
	if c, ok := m.chats[id]; ok {
		if msg, ok := c.sentAs(e.ID); ok {
			if c.confirmable(msg, e.ID) {
				msg.State, msg.Reason = im.Delivered, ""
				delete(c.before, msg.ID)
				m.change(c, msg)
				m.keepSent(c, msg)
			}
			return
		}
	}
	if !m.known(id) {
		return
	}
	lines, err := m.cfg.Store.ByOrigin(id, "", cleanID(e.ID))
	if err != nil || len(lines) == 0 || lines[0].State != im.Done || lines[0].Edited {
		return // what is not told is not wrong
	}
	msg := lines[0]
	msg.State = im.Delivered
	if err := m.cfg.Store.Update(msg); err == nil {
		m.publish(MessageChanged{msg})
	}
}

// confirmable reports whether the peer can have got the line as it reads now, under this
// ID. It may have come though nobody knew that it had left.
func (c *chat) confirmable(msg im.Message, id string) bool {
	return !outdated(msg, id) && (msg.State == im.Sending || msg.State == im.Done || msg.State == im.Failed)
}

// confirm tells a peer's device that its message came, where the user lets it. What was
// kept for us, or is a copy, nobody waits for.
func (m *Messenger) confirm(id im.ConvID, e protocol.Received) {
	if !e.WantReceipt || e.Late || e.Copy || e.Own || e.ID == "" || !m.tells(id, TellReceipts) {
		return
	}
	if s, ok := m.online(id.Account).(protocol.ReceiptSender); ok {
		_ = s.SendReceipt(e.From, e.ID) // it fails with the connection
	}
}
