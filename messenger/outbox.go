package messenger

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

func reasonOffline() string { return lang.T("Waiting until you are online") }

func reasonInterrupted() string {
	return lang.T("Culver was closed before it was certain that this line had been sent.")
}

func reasonLost() string {
	return lang.T("The connection was lost before it was certain that this line had been sent.")
}

// Send says a line. One that is longer than any that is shown goes back to the entry.
func (m *Messenger) Send(id im.ConvID, text string, began im.Level) string {
	line := newID()
	m.inbox.Put(func() { m.sendLine(id, line, text, began) })
	return line
}

func (m *Messenger) sendLine(id im.ConvID, line, text string, began im.Level) {
	if m.accounts[id.Account] == nil || text == "" {
		return
	}
	m.open(id, false)
	c := m.chat(id)
	c.ours = true
	private := c.edited || c.seal.Level != im.Open || began.Encrypted() || c.draft.Private || m.required(id)
	said, err := m.rewrite(id, text)
	if max(len(text), len(said)) > conversation.MaxText {
		c.edited = private // its parts are to leave as it was to
		m.trouble(lang.F("What you wrote to %s was not sent: it is too long for one line. It is back in the entry: send it in parts.", m.list.Title(id)), nil)
		m.publish(TakenBack{Conv: id, Text: text})
		return
	}
	c.typed = im.TypingGone // the message itself says that we no longer type
	msg := m.ownLine(c, line, said, private)
	m.setDraft(c, "", im.Open)
	if c.edited {
		c.edited = false
		c.writtenAnew(msg.ID)
	}
	m.add(c, msg)
	m.submit(c, msg, began, err)
	m.sound(id, SoundSent)
}

// ownLine is a line of the user's that has not left.
func (m *Messenger) ownLine(c *chat, line, text string, private bool) im.Message {
	msg := im.Message{ID: line, Origin: line, Conv: c.id, Out: true, From: m.accounts[c.id.Account].self(), Text: conversation.Links(text), Time: time.Now(),
		State: im.Waiting, Private: private}
	if r := m.rooms[c.id]; r != nil {
		msg.Nick = shownNick(cmp.Or(r.known.Nick, m.nickFor(r)))
	}
	return msg
}

// submit sends what the user said, unless a plugin refused it, or the conversation
// became less private while they wrote it.
func (m *Messenger) submit(c *chat, msg im.Message, began im.Level, refused error) {
	if refused != nil {
		m.fail(c, msg, refused.Error())
		return
	}
	if why := fell(began, c.seal.Level); why != "" {
		m.fail(c, msg, why)
		return
	}
	c.waiting = append(c.waiting, msg.ID)
	m.flush(c)
}

// fell is why a line is not sent that was begun under a better level than there is
// now: whoever wrote it may not have seen that change. It is empty if nothing was
// lost, or if nothing leaves anyhow.
func fell(began, now im.Level) string {
	switch {
	case began == im.Verified && now == im.Private:
		return lang.F("Not sent: the conversation was %s when you began to write this, and is %s now. Choose Send again to send it anyway.", began, now)
	case began.Encrypted() && now == im.Open:
		return lang.F("Not sent: the conversation was %s when you began to write this, and is %s now. Choose Send again once it is private.", began, now)
	default:
		return ""
	}
}

// Retry sends a Failed line again, as a new one at the end. On the network it is the
// same: whoever did get it the first time knows it by that.
func (m *Messenger) Retry(id im.ConvID, line string) {
	m.inbox.Put(func() { m.inTurns(func() { m.retry(id, line) }) })
}

func (m *Messenger) retry(id im.ConvID, line string) {
	c, ok := m.chats[id]
	if !ok {
		return
	}
	msg, ok := c.timeline.Find(line)
	if !ok || !msg.Out || msg.State != im.Failed {
		return
	}
	msg.Private = secret(msg) || m.required(id)
	if msg.Edited { // the peer has it as it was before
		msg.State, msg.Reason, msg.Seal = im.Waiting, "", im.Seal{}
		m.change(c, msg)
		c.waiting = append(c.waiting, msg.ID)
		m.flush(c)
		return
	}
	m.remove(c, line)
	msg.Origin = cmp.Or(msg.Origin, line)
	msg.ID, msg.State, msg.Reason, msg.Time, msg.Seal = newID(), im.Waiting, "", time.Now(), im.Seal{}
	if c.hidden[line] {
		c.hide(msg.ID)
	}
	m.add(c, msg)
	c.waiting = append(c.waiting, msg.ID)
	m.flush(c)
}

// Discard takes a Failed or Waiting line away. It says nothing about what is typed
// next: whether that has to be private, the plugins say as ever.
func (m *Messenger) Discard(id im.ConvID, line string) {
	m.inbox.Put(func() { m.inTurns(func() { m.takeBack(id, line) }) })
}

// Edit takes a Failed or Waiting line back, to be written anew. If it was to leave
// sealed, the next line typed is to do so, too, whatever the plugins say by then: it
// is the same line, corrected.
func (m *Messenger) Edit(id im.ConvID, line string) {
	m.inbox.Put(func() {
		if msg, ok := m.takeBack(id, line); ok {
			c := m.chats[id]
			c.edited = c.edited || secret(msg)
			back := TakenBack{Conv: id, Text: msg.Text.String()}
			if _, there := c.timeline.Find(line); there {
				back.Corrects = line
			}
			m.publish(back)
		}
	})
}

// takeBack takes a line away for good: it does not leave on any way from here on.
// One that has left meanwhile stays.
func (m *Messenger) takeBack(id im.ConvID, line string) (im.Message, bool) {
	c, ok := m.chats[id]
	if !ok {
		return im.Message{}, false
	}
	msg, ok := c.timeline.Find(line)
	if !ok || !msg.Out || msg.State != im.Failed && msg.State != im.Waiting {
		return im.Message{}, false
	}
	waited := len(c.waiting) > 0
	if !m.uncorrect(c, msg) {
		m.remove(c, line)
	}
	if waited && len(c.waiting) == 0 {
		m.noneHeld(id)
	}
	return msg, true
}

func (m *Messenger) remove(c *chat, line string) {
	m.unkeep(c, line)
	delete(c.anew, line)
	c.waitNoMore(line)
	c.timeline.Remove(line)
	m.publish(MessageRemoved{c.id, line})
}

// flush sends the waiting lines of a conversation, in order, up to the first that
// has to wait on. If they are many, the rest follows a little later.
func (m *Messenger) flush(c *chat) {
	waiting, byPlugin := c.waiting, c.held
	c.waiting, c.held = nil, nil
	var held hold
	began := time.Now()
	for i, line := range waiting {
		if held == (hold{}) && time.Since(began) >= turnTime {
			c.waiting, c.held = waiting[i:], byPlugin
			m.inbox.Put(func() {
				if m.chats[c.id] == c {
					m.flush(c)
				}
			})
			return
		}
		msg, ok := c.timeline.Find(line)
		if !ok {
			continue
		}
		if held == (hold{}) {
			held = m.attempt(c, msg)
		} else {
			msg.Private = msg.Private || m.required(c.id)
			m.wait(c, msg, held)
		}
	}
}

// hold is why a line waits; zero: it does not.
type hold struct {
	reason   string // to be read, and not to be relied on
	byPlugin bool   // not for the connection alone: the line may turn out to be private
}

// attempt sends one line, or returns why it has to wait.
func (m *Messenger) attempt(c *chat, msg im.Message) (held hold) {
	msg.Private = msg.Private || m.required(c.id)
	if why := m.strayed(c, msg); why != "" {
		m.fail(c, msg, why)
		return hold{}
	}
	session := m.online(c.id.Account)
	if session == nil {
		held = hold{reason: reasonOffline()}
		m.wait(c, msg, held)
		return held
	}
	if wait, why := m.mayTalk(c.id); why != "" {
		if !wait {
			m.fail(c, msg, why)
			return hold{}
		}
		held = hold{reason: why}
		m.wait(c, msg, held)
		return held
	}
	m.resume(c, msg)
	out, err := conversation.Outgoing(m.chain(c.id), c.id, msg.Text.String(), c.seal, msg.Private)
	if err == nil && out.Hold {
		msg.Private = msg.Private || m.required(c.id)
		held = hold{reason: cmp.Or(out.Reason, lang.T("Waiting")), byPlugin: true}
		m.wait(c, msg, held)
		return held
	}
	if err != nil {
		m.fail(c, msg, err.Error())
		return hold{}
	}
	m.remember(c, msg.ID, out.Unsent)
	if most := session.Limits().MaxMessage; most > 0 && len(out.Wire) > most {
		m.fail(c, msg, lang.F("This line was not sent: it is too long for the network (at most about %d characters).", most))
		return hold{}
	}
	msg.Seal = out.Seal
	msg.Private = msg.Private || msg.Seal.Level.Encrypted() // if it has to be sent again
	msg.State, msg.Reason = im.Sending, ""
	if err := m.log(c, msg); err != nil {
		m.fail(c, msg, sentence(lang.T("This line was not sent, because it could not be saved first. Is the disk full?"), err))
		return hold{}
	}
	m.change(c, msg)
	to := im.Addr{Bare: c.id.Peer, Resource: c.resource}
	if out.Hints.Resource != "" {
		to.Resource = out.Hints.Resource
	}
	if in, nick, ok := im.SplitAside(c.id); ok {
		to = im.Addr{Bare: in.Peer, Resource: nick}
	}
	shared := m.shared(c.id)
	o := protocol.Outgoing{ID: cmp.Or(msg.Origin, msg.ID), To: to, Body: out.Wire, Hints: networkHints(out.Hints), Room: shared,
		WantReceipt: !shared, Typing: !shared && m.tells(c.id, TellTyping)}
	if msg.Edited {
		o.ID, o.Replaces = newID(), o.ID
		c.call(im.Addr{}, o.ID, msg.ID)
	}
	c.number(msg.ID, o.ID, out.Number)
	err = session.Send(o)
	if errors.Is(err, protocol.ErrOffline) { // the link broke, and we are not told yet
		m.unsent(c, msg.ID)
		msg.State, msg.Seal = im.Waiting, im.Seal{}
		held = hold{reason: reasonOffline()}
		m.wait(c, msg, held)
		return held
	}
	if err != nil {
		m.fail(c, msg, sentence(lang.T("This line was not sent."), err))
	}
	return hold{}
}

// wait leaves a line waiting.
func (m *Messenger) wait(c *chat, msg im.Message, why hold) {
	c.waiting = append(c.waiting, msg.ID)
	if why.byPlugin {
		if c.held == nil {
			c.held = map[string]bool{}
		}
		c.held[msg.ID] = true
	}
	before, _ := c.timeline.Find(msg.ID)
	msg.Reason = why.reason
	m.keepDraft(c, msg, msg.Private || why.byPlugin, before.Private != msg.Private || before.State != msg.State)
	if before.Reason != msg.Reason || before.State != msg.State || before.Private != msg.Private {
		m.change(c, msg)
	}
}

// fail says that a line was not sent, or that nobody knows. It stays to be sent
// again by the user, and by nobody else.
func (m *Messenger) fail(c *chat, msg im.Message, reason string) {
	m.unsent(c, msg.ID)
	msg.State, msg.Reason = im.Failed, reason
	m.change(c, msg)
	m.keepDraft(c, msg, secret(msg), true)
}

// failUnderWay fails all lines of a conversation of which nobody knows whether they
// arrived: they may be hundreds, and go to the disk at once.
func (m *Messenger) failUnderWay(c *chat, reason string) {
	var stale []im.Message
	for _, msg := range c.timeline.Lines(0) {
		if !msg.Out || msg.State != im.Sending {
			continue
		}
		m.unsent(c, msg.ID)
		msg.State, msg.Reason = im.Failed, reason
		m.change(c, msg)
		if m.placeDraft(c, msg, secret(msg)) {
			stale = append(stale, msg)
		}
	}
	m.updated(stale...)
}

// parting is what to call if a line that was handed to the network did not leave
// after all.
type parting struct {
	line   string
	unsent func()
}

// maxPartings is how many of them are kept: what was sent longer ago no plugin
// sends again by itself.
const maxPartings = 64

func (m *Messenger) remember(c *chat, line string, unsent func()) {
	if unsent == nil {
		return
	}
	if len(c.partings) == maxPartings {
		c.partings = slices.Delete(c.partings, 0, 1)
	}
	c.partings = append(c.partings, parting{line, unsent})
}

func (m *Messenger) unsent(c *chat, line string) {
	i := slices.IndexFunc(c.partings, func(p parting) bool { return p.line == line })
	if i < 0 {
		return
	}
	p := c.partings[i]
	c.partings = slices.Delete(c.partings, i, i+1)
	m.guard(p.unsent)
}

// find returns our line that was sent under this ID, and its conversation.
func (m *Messenger) find(id im.AccountID, origin string) (*chat, im.Message, bool) {
	for _, c := range m.chats {
		if c.id.Account == id {
			if msg, ok := c.sentAs(origin); ok {
				return c, msg, true
			}
		}
	}
	return nil, im.Message{}, false
}

// sentAs returns our line that was sent under this ID.
func (c *chat) sentAs(origin string) (im.Message, bool) {
	if msg, ok := c.called(im.Addr{}, origin); ok {
		return msg, true
	}
	if msg, ok := c.timeline.ByOrigin(im.Addr{}, origin); ok {
		return msg, true
	}
	msg, ok := c.timeline.Find(origin) // from before origins were kept
	return msg, ok && msg.Out && msg.Origin == ""
}

func (m *Messenger) sent(id im.AccountID, line string) {
	if c, msg, ok := m.find(id, line); ok && msg.State == im.Sending {
		msg.State = im.Done
		delete(c.before, msg.ID)
		m.change(c, msg)
		m.keepSent(c, msg)
	}
}

// failSending fails the lines of which the network did not say that they were sent.
func (m *Messenger) failSending(id im.AccountID) {
	for _, c := range m.sortedChats(id) {
		m.failUnderWay(c, reasonLost())
	}
}

func (m *Messenger) sendWaiting(id im.AccountID) {
	for _, c := range m.sortedChats(id) {
		m.flush(c)
	}
}

// rejected is a message that came back. One that no line stands for was a
// plugin's: the user reads of it only where a conversation is open.
func (m *Messenger) rejected(id im.AccountID, e protocol.Rejected) {
	if c, msg, ok := m.find(id, e.ID); ok {
		if msg.State != im.Delivered { // to one of their devices it was
			m.fail(c, msg, conversation.Name(e.Reason))
		}
		return
	}
	m.noticeIfOpen(im.ConvID{Account: id, Peer: e.From.Bare}, lang.F("A message could not be delivered. %s", conversation.Name(e.Reason)))
}

// self is our own address on the network.
func (a *account) self() im.Addr {
	if s := a.link.State().Self; s.Bare != "" {
		return s
	}
	return im.Addr{Bare: a.id.Bare()}
}
