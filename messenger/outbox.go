package messenger

import (
	"fmt"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/protocol"
)

const (
	reasonOffline     = "Waiting until you are online"
	reasonInterrupted = "Culver was closed before it was certain that this line had been sent."
	reasonLost        = "The connection was lost before it was certain that this line had been sent."
)

// Send says a line.
func (m *Messenger) Send(id im.ConvID, text string) string {
	line := newID()
	m.inbox.Put(func() {
		a, ok := m.accounts[id.Account]
		if !ok || text == "" {
			return
		}
		m.open(id, false)
		c := m.chat(id)
		c.ours = true
		if c.seal.Level != im.Open || m.required(id) {
			c.private[line] = true
		}
		c.typed = im.TypingGone // the message itself says that we no longer type
		said, err := m.rewrite(id, text)
		msg := im.Message{ID: line, Conv: id, Out: true, From: a.self(), Text: im.Plain(said),
			Time: time.Now(), State: im.Waiting}
		if err != nil {
			msg.State, msg.Reason = im.Failed, err.Error()
			m.add(c, msg)
			return
		}
		m.add(c, msg)
		c.waiting = append(c.waiting, msg.ID)
		m.flush(c)
	})
	return line
}

// Retry sends a Failed line again, as a new one at the end.
func (m *Messenger) Retry(id im.ConvID, line string) {
	m.inbox.Put(func() {
		c, ok := m.chats[id]
		if !ok {
			return
		}
		msg, ok := c.timeline.Find(line)
		if !ok || !msg.Out || msg.State != im.Failed {
			return
		}
		private := c.private[line] || msg.Seal.Level != im.Open // sealed once, perhaps in an earlier run
		m.remove(c, line)
		msg.ID, msg.State, msg.Reason, msg.Time, msg.Seal = newID(), im.Waiting, "", time.Now(), im.Seal{}
		if private || m.required(id) {
			c.private[msg.ID] = true
		}
		m.add(c, msg)
		c.waiting = append(c.waiting, msg.ID)
		m.flush(c)
	})
}

// Discard takes a Failed or Waiting line away.
func (m *Messenger) Discard(id im.ConvID, line string) {
	m.inbox.Put(func() {
		if c, ok := m.chats[id]; ok {
			if msg, ok := c.timeline.Find(line); ok && msg.Out && (msg.State == im.Failed || msg.State == im.Waiting) {
				m.remove(c, line)
			}
		}
	})
}

// Edit takes a Failed or Waiting line back, to be written anew.
func (m *Messenger) Edit(id im.ConvID, line string) {
	m.inbox.Put(func() {
		if c, ok := m.chats[id]; ok {
			if msg, ok := c.timeline.Find(line); ok && msg.Out && (msg.State == im.Failed || msg.State == im.Waiting) {
				m.remove(c, line)
				m.publish(TakenBack{id, msg.Text.String()})
			}
		}
	})
}

func (m *Messenger) remove(c *chat, line string) {
	if c.logged[line] {
		delete(c.logged, line)
		if err := m.cfg.Store.Remove(c.id, line); err != nil {
			m.trouble("A line could not be removed from the history.", err)
		}
	}
	delete(c.private, line)
	c.timeline.Remove(line)
	m.publish(MessageRemoved{c.id, line})
}

// flush sends the waiting lines of a conversation, in order, up to the first that
// has to wait on.
func (m *Messenger) flush(c *chat) {
	waiting := c.waiting
	c.waiting = nil
	held := ""
	for _, line := range waiting {
		msg, ok := c.timeline.Find(line)
		if !ok {
			continue
		}
		if held == "" {
			held = m.attempt(c, msg)
		} else {
			m.wait(c, msg, held)
		}
	}
}

// attempt sends one line, or returns why it has to wait.
func (m *Messenger) attempt(c *chat, msg im.Message) (held string) {
	if m.required(c.id) {
		c.private[msg.ID] = true
	}
	session := m.online(c.id.Account)
	if session == nil {
		m.wait(c, msg, reasonOffline)
		return reasonOffline
	}
	out, err := conversation.Outgoing(m.chain(), c.id, msg.Text.String(), c.seal, c.private[msg.ID])
	if err == nil && out.Hold {
		if m.required(c.id) {
			c.private[msg.ID] = true
		}
		if out.Reason == "" {
			out.Reason = "Waiting"
		}
		m.wait(c, msg, out.Reason)
		return out.Reason
	}
	if err == nil {
		if most := session.Limits().MaxMessage; most > 0 && len(out.Wire) > most {
			err = fmt.Errorf("This line was not sent: it is too long for the network (at most about %d characters).", most)
		}
	}
	if err != nil {
		m.fail(c, msg, err.Error())
		return ""
	}
	if msg.Seal = out.Seal; msg.Seal.Level.Encrypted() {
		c.private[msg.ID] = true // if it has to be sent again
	}
	msg.State, msg.Reason = im.Sending, ""
	if err := m.log(c, msg); err != nil {
		m.fail(c, msg, sentence("This line was not sent, because it could not be saved first. Is the disk full?", err))
		return ""
	}
	m.change(c, msg)
	to := im.Addr{Bare: c.id.Peer, Resource: c.resource}
	if out.Hints.Resource != "" {
		to.Resource = out.Hints.Resource
	}
	err = session.Send(protocol.Outgoing{ID: msg.ID, To: to, Body: out.Wire,
		Hints: protocol.Hints{Sealed: out.Hints.Sealed, By: out.Hints.By}})
	if err != nil {
		m.fail(c, msg, sentence("This line was not sent.", err))
	}
	return ""
}

// log keeps a line on the disk before it goes on the wire, if it is to be kept.
func (m *Messenger) log(c *chat, msg im.Message) error {
	if !m.logs(c.id, msg.Seal) {
		if c.logged[msg.ID] { // it waited in the open, and leaves sealed
			delete(c.logged, msg.ID)
			return m.cfg.Store.Remove(c.id, msg.ID)
		}
		return nil
	}
	if c.logged[msg.ID] {
		return m.cfg.Store.SetState(c.id, msg.ID, msg.State, msg.Reason)
	}
	if err := m.cfg.Store.Append(msg); err != nil {
		return err
	}
	c.logged[msg.ID] = true
	return nil
}

// wait leaves a line waiting. It is kept over a restart unless it is meant to
// leave sealed: then it is not written down before that is known.
func (m *Messenger) wait(c *chat, msg im.Message, reason string) {
	c.waiting = append(c.waiting, msg.ID)
	if c.private[msg.ID] && c.logged[msg.ID] { // it waited in the open, and became private
		delete(c.logged, msg.ID)
		if err := m.cfg.Store.Remove(c.id, msg.ID); err != nil {
			m.trouble("A private line could not be removed from the history.", err)
		}
	}
	if msg.Reason == reason {
		return
	}
	msg.Reason = reason
	if reason == reasonOffline && !c.private[msg.ID] && !c.logged[msg.ID] {
		if err := m.cfg.Store.Append(msg); err == nil {
			c.logged[msg.ID] = true
		}
	}
	m.change(c, msg)
}

// fail says that a line was not sent. It stays to be sent again.
func (m *Messenger) fail(c *chat, msg im.Message, reason string) {
	msg.State, msg.Reason = im.Failed, reason
	m.settle(c, msg)
}

// settle shows and keeps the last state of a line.
func (m *Messenger) settle(c *chat, msg im.Message) {
	m.change(c, msg)
	if c.logged[msg.ID] {
		if err := m.cfg.Store.SetState(c.id, msg.ID, msg.State, msg.Reason); err != nil {
			m.trouble("What became of a line could not be saved.", err)
		}
	}
}

// find returns our line with this ID, and its conversation.
func (m *Messenger) find(id im.AccountID, line string) (*chat, im.Message, bool) {
	for _, c := range m.chats {
		if c.id.Account == id {
			if msg, ok := c.timeline.Find(line); ok && msg.Out {
				return c, msg, true
			}
		}
	}
	return nil, im.Message{}, false
}

func (m *Messenger) sent(id im.AccountID, line string) {
	if c, msg, ok := m.find(id, line); ok && msg.State == im.Sending {
		msg.State = im.Done
		delete(c.private, line)
		m.settle(c, msg)
	}
}

// failSending fails the lines of which the network did not say that they were sent.
func (m *Messenger) failSending(id im.AccountID) {
	for _, c := range m.chats {
		if c.id.Account != id {
			continue
		}
		for _, msg := range c.timeline.Lines(0) {
			if msg.Out && msg.State == im.Sending {
				m.fail(c, msg, reasonLost)
			}
		}
	}
}

func (m *Messenger) sendWaiting(id im.AccountID) {
	for _, c := range m.chats {
		if c.id.Account == id {
			m.flush(c)
		}
	}
}

// rejected is a message that came back. One that no line stands for was a
// plugin's: the user reads of it only where a conversation is open.
func (m *Messenger) rejected(id im.AccountID, e protocol.Rejected) {
	if c, msg, ok := m.find(id, e.ID); ok {
		m.fail(c, msg, e.Reason)
		return
	}
	m.noticeIfOpen(im.ConvID{Account: id, Peer: e.From.Bare}, "A message could not be delivered. "+e.Reason)
}

// recoverUnsent takes up the lines that an earlier run did not send.
func (m *Messenger) recoverUnsent(id im.AccountID) error {
	unsent, err := m.cfg.Store.Unsent(id)
	if err != nil {
		return err
	}
	for _, msg := range unsent {
		c := m.chat(msg.Conv)
		if _, ok := c.timeline.Find(msg.ID); !ok {
			c.timeline.Add(msg)
			c.logged[msg.ID] = true
		}
		if msg.State == im.Waiting {
			c.waiting = append(c.waiting, msg.ID)
		} else {
			msg.State, msg.Reason = im.Failed, reasonInterrupted
			if err := m.cfg.Store.SetState(msg.Conv, msg.ID, msg.State, msg.Reason); err != nil {
				return err
			}
			c.timeline.Change(msg)
		}
	}
	return nil
}

// self is our own address on the network.
func (a *account) self() im.Addr {
	if s := a.link.State().Self; s.Bare != "" {
		return s
	}
	return im.Addr{Bare: a.id.Bare()}
}

// waitingOnlyHere is how many lines wait that the disk does not hold.
func (m *Messenger) waitingOnlyHere() int {
	n := 0
	for _, c := range m.chats {
		for _, line := range c.waiting {
			if _, there := c.timeline.Find(line); there && !c.logged[line] {
				n++
			}
		}
	}
	return n
}
