package messenger

import (
	"cmp"

	"culver/im"
)

const reasonForgotten = "The server stopped just after it had taken this line, and may have lost it."

// doubtful is told that one of our lines may be lost though the network had taken it. One
// that its peer has confirmed is not.
func (m *Messenger) doubtful(id im.AccountID, line string) {
	c, msg, ok := m.find(id, line)
	if !ok || msg.State != im.Done {
		return
	}
	if len(c.doubted) >= maxDoubted || c.doubted == nil {
		c.doubted = map[string]bool{}
	}
	c.doubted[nameOnNetwork(msg)] = true
	m.fail(c, msg, reasonForgotten)
}

// maxDoubted is how many of these a conversation remembers.
const maxDoubted = 1000

// nameOnNetwork is what a line of ours is called there.
func nameOnNetwork(msg im.Message) string { return cmp.Or(msg.Origin, msg.ID) }
