package xmpp

import "sync"

// maxTracked is how many messages are remembered after they were sent, in case
// they come back.
const maxTracked = 1024

// tracked are the messages that were queued, so that what comes back is believed
// only if it came from whom it went to, and Sent never follows Rejected. Any
// goroutine may add; Run does the rest.
type tracked struct {
	mu    sync.Mutex
	to    map[string]string // ID to the bare address of the peer
	order []string          // IDs, oldest first
}

func (t *tracked) add(id, bare string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.to == nil {
		t.to = map[string]string{}
	}
	if _, again := t.to[id]; !again {
		t.order = append(t.order, id)
	}
	t.to[id] = bare
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

// returned takes a message that came back, if it can have come from there.
func (t *tracked) returned(id, bare string, fromServer bool) (to string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	to, ok = t.to[id]
	if !ok || (to != bare && !fromServer) {
		return "", false
	}
	delete(t.to, id) // its place in order is dropped in its turn
	return to, true
}
