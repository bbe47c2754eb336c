package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// attentionPause is how long somebody who asks for attention again gets none, and how long
// the user cannot ask again.
const attentionPause = time.Minute

// attentionAsked is told that somebody wants the user to look. From all but buddies, and
// often, it is nothing; from whom the user muted it is a line, where that can be seen.
func (m *Messenger) attentionAsked(a *account, e protocol.AttentionAsked) {
	id := im.ConvID{Account: a.id, Peer: e.From.Bare}
	if _, listed := m.list.Buddy(id); !listed || m.shared(id) || m.list.BlockedAs(id) != "" {
		return
	}
	c := m.chat(id)
	if !c.asked.IsZero() && time.Since(c.asked) < attentionPause {
		return
	}
	c.asked = time.Now()
	words := lang.F("%s asks for your attention.", m.list.Title(id))
	if m.heed(id) == HeedNone {
		m.noticeIfOpen(id, words)
		return
	}
	what := soundOf(c)
	m.notice(id, im.Notice, im.Plain(words))
	m.setUnread(c, c.unread+1)
	m.heard(c, what)
}

// GetAttention asks a buddy to look at their screen.
func (m *Messenger) GetAttention(id im.ConvID) {
	m.inbox.Put(func() {
		if m.accounts[id.Account] == nil || id.Peer == "" || m.shared(id) {
			return
		}
		c, name := m.chat(id), m.list.Title(id)
		s, can := m.online(id.Account).(protocol.AttentionSender)
		p, _ := m.list.Presence(id)
		switch {
		case !can || p.Show == im.Offline:
			m.noticeIfOpen(id, lang.F("%s cannot be asked for attention now.", name))
		case !c.asking.IsZero() && time.Since(c.asking) < attentionPause:
			m.noticeIfOpen(id, lang.F("%s was asked for attention just now.", name))
		default:
			if err := s.SendAttention(im.Addr{Bare: id.Peer, Resource: c.resource}); err != nil {
				m.noticeIfOpen(id, lang.F("%s cannot be asked for attention now.", name))
				return
			}
			c.asking = time.Now()
		}
	})
}

// attentionAnswered tells the user what became of it.
func (m *Messenger) attentionAnswered(a *account, e protocol.AttentionAnswered) {
	id := im.ConvID{Account: a.id, Peer: e.Bare}
	c, ok := m.chats[id]
	if !ok || c.asking.IsZero() {
		return
	}
	if e.Asked {
		m.noticeIfOpen(id, lang.F("You asked %s for attention.", m.list.Title(id)))
		return
	}
	c.asking = time.Time{}
	m.noticeIfOpen(id, lang.F("The program of %s does not take that.", m.list.Title(id)))
}
