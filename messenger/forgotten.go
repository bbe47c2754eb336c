package messenger

import (
	"cmp"

	"culver/im"
	"culver/lang"
)

func reasonForgotten() string {
	return lang.T("The server stopped just after it had taken this line, and may have lost it.")
}

// forgotten is told that one of our lines may be lost though the network had taken it. One
// that its peer has confirmed is not.
func (m *Messenger) forgotten(id im.AccountID, line string) {
	c, msg, ok := m.find(id, line)
	if !ok || msg.State != im.Done {
		return
	}
	if len(c.unsure) >= maxForgotten || c.unsure == nil {
		c.unsure = map[string]bool{}
	}
	c.unsure[nameOnNetwork(msg)] = true
	m.fail(c, msg, reasonForgotten())
}

// maxForgotten is how many of these a conversation remembers.
const maxForgotten = 1000

// nameOnNetwork is what a line of ours is called there.
func nameOnNetwork(msg im.Message) string { return cmp.Or(msg.Origin, msg.ID) }
