package messenger

import (
	"slices"

	"culver/accounts"
	"culver/im"
	"culver/protocol"
)

type (
	// SendingChanged: files can be sent in the conversation from now on, or no longer.
	SendingChanged struct {
		Conv im.ConvID
		On   bool
	}
	// DepositsChanged: files can be sent from these accounts also outside of private
	// conversations.
	DepositsChanged struct{ Accounts []im.AccountID }
)

func (SendingChanged) isEvent()  {}
func (DepositsChanged) isEvent() {}

// deposits reports that the account's server keeps files for others.
func (m *Messenger) deposits(id im.AccountID) bool {
	depot, ok := m.online(id).(protocol.Depot)
	if ok {
		_, ok = depot.Deposits()
	}
	return ok
}

// canSendFiles reports whether there is a way to send a file in a conversation.
func (m *Messenger) canSendFiles(c *chat) bool {
	switch level := c.seal.Level; {
	case m.shared(c.id) || m.online(c.id.Account) == nil:
		return false
	case level.Encrypted():
		_, ok := m.courier(c.id)
		return ok
	case level == im.Ended:
		return false
	default:
		return m.deposits(c.id.Account) && !m.required(c.id)
	}
}

// refreshSending tells front ends where files can be sent now.
func (m *Messenger) refreshSending() {
	var keep []im.AccountID
	for _, a := range m.sortedAccounts() {
		if a.link.State().Status == accounts.Online && m.deposits(a.id) {
			keep = append(keep, a.id)
		}
	}
	if !slices.Equal(keep, m.depots) {
		m.depots = keep
		m.publish(DepositsChanged{keep})
	}
	for _, c := range m.chats {
		if c.open {
			m.sending(c)
		}
	}
}

// sending is whether files can be sent in a conversation, as front ends are told.
func (m *Messenger) sending(c *chat) bool {
	if on := m.canSendFiles(c); on != c.sending {
		c.sending = on
		m.publish(SendingChanged{c.id, on})
	}
	return c.sending
}
