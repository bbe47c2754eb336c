package messenger

import (
	"culver/im"
	"culver/lang"
)

// What buddies are told of the user: that they type, and that messages came. Nobody
// else is, and no buddy who does not see the user's presence anyhow.

// The choices, in the settings for all and in those of a single conversation: im.On or
// "".
const (
	TellTyping   = "tell.typing"
	TellReceipts = "tell.receipts"
)

// tellings are all of them.
var tellings = [...]string{TellTyping, TellReceipts}

// Telling is what the peer of a conversation is told.
type Telling struct{ Typing, Receipts bool }

// tells reports whether the peer is told of it.
func (m *Messenger) tells(id im.ConvID, what string) bool {
	b, listed := m.list.Buddy(id)
	return listed && b.Subscription.SeesUs() && m.wants(id, what)
}

// wants reports whether the user wants the peer to be told of it.
func (m *Messenger) wants(id im.ConvID, what string) bool {
	if chosen, ok := m.told[id][what]; ok {
		return chosen == im.On
	}
	return m.settings[what] == im.On
}

func (m *Messenger) telling(id im.ConvID) Telling {
	return Telling{Typing: m.wants(id, TellTyping), Receipts: m.wants(id, TellReceipts)}
}

// SetTelling chooses for one conversation whether the peer is told of it.
func (m *Messenger) SetTelling(id im.ConvID, what string, on bool) {
	m.inbox.Put(func() {
		if m.accounts[id.Account] == nil || id.Peer == "" {
			return
		}
		if err := m.chooseTelling(id, what, on); err != nil {
			m.trouble(lang.T("What others are told could not be saved. Nothing was changed."), err)
		}
	})
}

func (m *Messenger) chooseTelling(id im.ConvID, what string, on bool) error {
	value := im.Switch(on)
	if err := m.cfg.Store.SetChoice(id, what, value); err != nil {
		return err
	}
	if c, ok := m.chats[id]; ok && what == TellTyping && !on {
		m.sendTyping(c, im.TypingGone) // while that may be told
	}
	if m.told[id] == nil {
		m.told[id] = map[string]string{}
	}
	m.told[id][what] = value
	m.publish(TellingChanged{id, m.telling(id)})
	return nil
}

// setTelling chooses it for all for whom nothing else was chosen.
func (m *Messenger) setTelling(what, value string) {
	if value == "" && what == TellTyping {
		for _, c := range m.sortedChats("") {
			if _, chosen := m.told[c.id][what]; !chosen {
				m.sendTyping(c, im.TypingGone)
			}
		}
	}
	m.setSetting(what, value)
	for _, c := range m.sortedChats("") {
		if c.open {
			m.publish(TellingChanged{c.id, m.telling(c.id)})
		}
	}
}
