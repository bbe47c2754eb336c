package xmpp

import (
	"strings"
	"sync"
)

// maxTracked is how many messages are remembered after they were sent, in case
// they come back.
const maxTracked = 1024

// tracked are the messages that were queued, so that what comes back is believed
// only if it came from whom it went to, and Sent never follows Rejected. Any
// goroutine may add; Run does the rest.
type tracked struct {
	mu    sync.Mutex
	to    map[string]string // ID to the bare address of the peer, or the one in a room
	order []string          // IDs, oldest first
	peers map[string]bool   // to whom anything was sent, by bare address
}

// wroteTo reports that something was sent there: whoever the user writes to is no stranger.
func (t *tracked) wroteTo(bare string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peers[bare]
}

func (t *tracked) add(id, to string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.to == nil {
		t.to, t.peers = map[string]string{}, map[string]bool{}
	}
	if bare, _, _ := strings.Cut(to, "/"); len(t.peers) < maxTracked {
		t.peers[bare] = true
	}
	if _, again := t.to[id]; !again {
		t.order = append(t.order, id)
	}
	t.to[id] = to
	if len(t.order) > maxTracked+maxQueued { // none of those can still wait for its receipt
		delete(t.to, t.order[0])
		t.order = t.order[1:]
	}
}

// sent reports whether the message, which arrived, has not come back yet.
func (t *tracked) sent(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.to[id]
	return ok
}

// returned takes a message that came back, if it can have come from there: from whom it
// went to, or, if that is somebody in a room, from the room.
func (t *tracked) returned(id, from string, fromServer bool) (to string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	to, ok = t.to[id]
	room, _, _ := strings.Cut(to, "/")
	if !ok || to != from && room != from && !fromServer {
		return "", false
	}
	delete(t.to, id) // its place in order is dropped in its turn
	return to, true
}
