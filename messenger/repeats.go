package messenger

import (
	"hash/maphash"
	"slices"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/protocol"
)

// A line may come twice: its sender was not certain that it had left, and sent it again
// under the same ID, or a server repeats itself after a connection broke. Only what is
// the same to the letter is passed over, and only if the same one sent it: else somebody
// could make the words of others vanish.

const (
	// chosenID is how long an ID is that hardly comes up twice by chance. There are programs
	// that count, and begin anew with each start.
	chosenID = 16
	// soonAgain is how soon a message comes again whose ID is shorter.
	soonAgain = time.Minute
	// maxWires is how many messages of a conversation are remembered as they came.
	maxWires = 64
	// maxMarked is how many lines of a conversation are remembered that came with a mark.
	maxMarked = 64
)

// wired is a message as it came.
type wired struct {
	sum  uint64
	at   time.Time
	read bool // there was something to read in it
}

// cameTwice reports that a message came before, exactly as it is. No plugin sees it again:
// what is sealed cannot be opened twice. It returns what is remembered of it, nil without
// an ID.
func (m *Messenger) cameTwice(c *chat, e protocol.Received) (*wired, bool) {
	if e.ID == "" {
		return nil, false
	}
	var h maphash.Hash
	h.SetSeed(m.seed)
	for _, s := range []string{e.From.String(), e.ID, e.Replaces, e.Body} {
		maphash.WriteComparable(&h, s)
	}
	now := &wired{sum: h.Sum64(), at: time.Now()}
	for _, w := range c.wires {
		if w.sum == now.sum && (len(e.ID) >= chosenID || now.at.Sub(w.at) < soonAgain) {
			return w, true
		}
	}
	if len(c.wires) == maxWires {
		c.wires = append(c.wires[:0], c.wires[1:]...)
	}
	c.wires = append(c.wires, now)
	return now, false
}

// marked is a line as it was said: the peer's program put a mark before it, as it sent the
// line once more by itself.
type marked struct {
	line string
	said string
}

func (c *chat) mark(line string, said im.Text) {
	if len(said) == 0 {
		return
	}
	if len(c.marked) == maxMarked {
		c.marked = slices.Delete(c.marked, 0, 1)
	}
	c.marked = append(c.marked, marked{line, said.String()})
}

// saidTwice reports that a line is there already, perhaps since an earlier run: its sender
// sent it again, or their program did and put a mark before one of both. One that was
// sealed once and is not now, or the other way round, is another line: the user is to see
// that.
func (m *Messenger) saidTwice(c *chat, e protocol.Received, in conversation.Inbound) bool {
	id := cleanID(e.ID)
	if id == "" || e.Replaces != "" {
		return false
	}
	old, ok := c.timeline.ByOrigin(im.Addr{Bare: e.From.Bare}, id)
	return ok && old.Kind == im.Chat && c.sameWords(old, in) &&
		old.Seal.Level.Encrypted() == in.Seal.Level.Encrypted() &&
		(len(id) >= chosenID || time.Since(old.Time) < soonAgain)
}

// sameWords reports whether a line says the same as one that is there, but for marks. What
// stands under a warning is not taken for marked: the warning is about it.
func (c *chat) sameWords(old im.Message, in conversation.Inbound) bool {
	was, is := old.Text.String(), in.Text.String()
	if was == is || len(in.Said) > 0 && in.Alarm == "" && was == in.Said.String() {
		return true
	}
	return slices.Contains(c.marked, marked{old.ID, is})
}
