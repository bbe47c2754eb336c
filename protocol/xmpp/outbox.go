package xmpp

import (
	"errors"
	"net"
	"sync"

	"culver/protocol"
)

// The limits of what waits to be written: more than any user types, and little
// enough for memory.
const (
	maxQueued      = 4096
	maxQueuedBytes = 8 << 20
	maxBatch       = 64 // stanzas in one write
)

var errQueueFull = errors.New("too much waits to be sent already")

// outbox is the queue between whoever has something to say and the writer.
// Any goroutine may put; one takes.
type outbox struct {
	mu      sync.Mutex
	waiting []outgoing
	size    int
	closed  bool
	wake    chan struct{} // holds one token while there is something to take
}

// outgoing is one stanza in bytes.
type outgoing struct {
	bytes []byte
	chat  bool   // a message
	id    string // of a message, to report that it arrived; empty: nobody waits for that
	mark  *mark  // of a ping that asks what has arrived
	last  bool   // the end of the stream
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put queues a stanza; it never waits.
func (o *outbox) put(item outgoing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return protocol.ErrOffline
	case !item.last && (len(o.waiting) >= maxQueued || o.size+len(item.bytes) > maxQueuedBytes):
		return errQueueFull
	}
	o.closed = item.last
	o.waiting = append(o.waiting, item)
	o.size += len(item.bytes)
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return nil
}

// bytes is how much waits.
func (o *outbox) bytes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.size
}

// take returns up to maxBatch stanzas, oldest first.
func (o *outbox) take() []outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := min(len(o.waiting), maxBatch)
	batch := o.waiting[:n:n]
	o.waiting = o.waiting[n:]
	for _, item := range batch {
		o.size -= len(item.bytes)
	}
	if len(o.waiting) > 0 {
		select {
		case o.wake <- struct{}{}:
		default:
		}
	}
	return batch
}

// write sends what is put, until the end of the stream was sent, writing fails
// or done is closed. Each batch is one write, and leave is told of it before.
func (o *outbox) write(conn net.Conn, done <-chan struct{}, leave func([]outgoing)) error {
	var buf []byte
	for {
		select {
		case <-done:
			return nil
		case <-o.wake:
		}
		batch := o.take()
		leave(batch)
		buf = buf[:0]
		for _, item := range batch {
			buf = append(buf, item.bytes...)
		}
		if _, err := conn.Write(buf); err != nil {
			return err
		}
		if n := len(batch); n > 0 && batch[n-1].last {
			return nil
		}
	}
}
