package xmpp

import (
	"sync"
	"time"

	"culver/protocol"
)

// receipts are the messages of which it is not known yet whether they arrived
// at the server. That they were written says little: a dead link takes a lot
// into its buffers. So a ping (XEP-0199) follows what was written, and its
// answer, also a refusal, confirms all that went before it: a server handles
// what one client sends in order (RFC 6120, section 10.1). One ping serves for all
// that was written meanwhile; the next follows its answer.
//
// Any goroutine may accept, the writer lets leave, Run confirms.
type receipts struct {
	mu        sync.Mutex
	waiting   int       // messages accepted and not confirmed
	gone      []receipt // those of them that left, oldest first
	confirmed int       // how many were before gone[0], ever

	left chan struct{} // holds one token when something has left
}

// receipt is one message. Its ID is empty if nobody waits to hear of it.
type receipt struct {
	id   string
	size int
}

// mark is the place of a ping among the messages: how many left before it.
type mark struct{ after int }

func newReceipts() *receipts { return &receipts{left: make(chan struct{}, 1)} }

// accept counts in a message that is about to be queued, unless too many wait.
func (r *receipts) accept() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting >= maxQueued {
		return false
	}
	r.waiting++
	return true
}

// withdraw takes back an accept: the message was not queued.
func (r *receipts) withdraw() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting--
}

// leave is told by the writer what it is about to write: before, because the
// answer to a ping may be here as soon as it is written.
func (r *receipts) leave(batch []outgoing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, item := range batch {
		if item.chat {
			r.gone = append(r.gone, receipt{item.id, len(item.bytes)})
		}
		if item.mark != nil {
			item.mark.after = r.confirmed + len(r.gone)
		}
	}
	select {
	case r.left <- struct{}{}:
	default:
	}
}

// open reports whether a message left and is not confirmed.
func (r *receipts) open() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.gone) > 0
}

// size is how many bytes such messages have.
func (r *receipts) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, m := range r.gone {
		n += m.size
	}
	return n
}

// confirm takes what left before the mark, and returns the IDs.
func (r *receipts) confirm(m *mark) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := m.after - r.confirmed
	if n <= 0 {
		return nil
	}
	ids := make([]string, n)
	for i, g := range r.gone[:n] {
		ids[i] = g.id
	}
	r.gone = r.gone[n:]
	r.confirmed += n
	r.waiting -= n
	return ids
}

// slowest is how many bytes a second a server takes at least. Many hold clients
// to a few thousand; a ping behind a long message has to wait for that.
const slowest = 1000

// askReceipt asks whether what left has arrived, unless that is asked already.
func (l *link) askReceipt() {
	if l.asked || !l.receipts.open() {
		return
	}
	m := new(mark)
	ping := l.request("", "get", newElement(nsPing, "ping"), func(*element) { l.arrived(m) })
	if ping == nil {
		l.end(errSilent) // a server that leaves so much unanswered is gone
		return
	}
	ahead := time.Duration(l.receipts.size() + l.out.bytes())
	if err := l.out.put(outgoing{bytes: ping.marshal(), mark: m}); err != nil {
		l.requests.forget(ping.attr("id"))
		return // signing off has its own, and what fills the queue has yet to leave
	}
	l.asked = true
	l.overdue.Reset(l.patience.confirm + ahead*time.Second/slowest)
}

// arrived reports what is confirmed.
func (l *link) arrived(m *mark) {
	l.asked = false
	l.overdue.Stop()
	for _, id := range l.receipts.confirm(m) {
		if l.messages.sent(id) {
			l.emit(protocol.Sent{ID: id})
		}
	}
	l.askReceipt()
}

// checkLink is called when a receipt is overdue. A link on which something
// still comes in lives: the receipt may be behind that.
func (l *link) checkLink() error {
	silence := time.Since(l.heard)
	if silence >= l.patience.confirm {
		return errSilent
	}
	l.overdue.Reset(l.patience.confirm - silence)
	return nil
}
