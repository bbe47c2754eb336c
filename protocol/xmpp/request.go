package xmpp

import (
	"crypto/rand"
	"sync"
)

const maxRequests = 1024

// requests are the IQ requests that wait for their answer. An answer counts only
// if it comes from whom was asked: its ID alone proves nothing (CVE-2024-46957).
// Any goroutine may ask; Run answers.
type requests struct {
	mu      sync.Mutex
	waiting map[string]request
}

type request struct {
	to   string // empty: our own server
	done func(answer *element)
}

// add makes the ID of a request, or returns "" if too many wait already.
func (r *requests) add(to string, done func(*element)) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) >= maxRequests {
		return ""
	}
	if r.waiting == nil {
		r.waiting = map[string]request{}
	}
	id := rand.Text()
	r.waiting[id] = request{to: to, done: done}
	return id
}

// forget drops a request that was not sent.
func (r *requests) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, id)
}

// answered returns what waits for the answer with that ID, and forgets it, if
// the sender is the right one. FromServer says that the answer came from our own server.
func (r *requests) answered(id, from string, fromServer bool) (done func(*element), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q, ok := r.waiting[id]
	if !ok || (q.to == "" && !fromServer) || (q.to != "" && q.to != from) {
		return nil, false
	}
	delete(r.waiting, id)
	return q.done, true
}
