package xmpp

import (
	"crypto/rand"
	"sync"
	"time"
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

// ask queues a request. Done is called on Run's goroutine with the answer, a
// result or an error, if one comes.
func (l *link) ask(to, kind string, payload *element, done func(answer *element)) error {
	e := l.request(to, kind, payload, done)
	if e == nil {
		return errQueueFull
	}
	err := l.send(e)
	if err != nil {
		l.requests.forget(e.attr("id"))
	}
	return err
}

// request makes a request, or returns nil if too many wait for their answers.
func (l *link) request(to, kind string, payload *element, done func(answer *element)) *element {
	id := l.requests.add(to, done)
	if id == "" {
		return nil
	}
	return newElement(nsClient, "iq", payload).with("type", kind).with("id", id).with("to", to)
}

// askInTime is ask for what an answer may never come to: done is called with nil then.
func (l *link) askInTime(to, kind string, payload *element, done func(answer *element)) {
	l.askWithin(l.patience.answer, to, kind, payload, done)
}

// askWithin is askInTime with another patience.
func (l *link) askWithin(patience time.Duration, to, kind string, payload *element, done func(answer *element)) {
	over := false
	var stop func() bool
	e := l.request(to, kind, payload, func(answer *element) {
		stop()
		over = true
		done(answer)
	})
	if e == nil || l.send(e) != nil {
		if e != nil {
			l.requests.forget(e.attr("id"))
		}
		l.later(func() { done(nil) })
		return
	}
	stop = time.AfterFunc(patience, func() {
		l.later(func() {
			if !over {
				l.requests.forget(e.attr("id"))
				done(nil)
			}
		})
	}).Stop
}
