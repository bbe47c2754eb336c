package messenger

import "culver/im"

// What buddies are told of the user: that they type, and that messages came. Nobody
// else is, and no buddy who does not see the user's presence anyhow.

// The choices, in the settings for all and of each buddy: im.On or "".
const (
	TellTyping   = "tell.typing"
	TellReceipts = "tell.receipts"
)

// tells reports whether the peer is told of it.
func (m *Messenger) tells(id im.ConvID, what string) bool {
	b, listed := m.list.Buddy(id)
	return listed && b.Subscription.SeesUs() && m.telling(id, what)
}

// telling is what the user chose.
func (m *Messenger) telling(id im.ConvID, what string) bool {
	return m.settings[what] == im.On
}
