package xmpp

import (
	"errors"
	"net"
	"sync"

	"culver/lang"
	"culver/protocol"
)

// The limits of what waits to be written or to be confirmed: more than any user
// types, and little enough for memory.
const (
	maxQueued      = 4096
	maxQueuedBytes = 8 << 20
	maxBatch       = 64 // stanzas in one write

	// Answers have limits of their own. A server may ask on behalf of each buddy what we
	// can do, before it reads the first answer: after a log-in with thousands of them,
	// thousands wait, and neither may the connection end of that, nor may a line that the
	// user has typed find no place.
	maxAnswers     = 32768
	maxAnswerBytes = 32 << 20
)

const errQueueFull = lang.Error("too much waits to be sent already")

// outbox is the queue between whoever has something to say and the writer, and behind
// it what was written and is not confirmed: that it was written says little, a dead
// connection takes a lot into its buffers. It outlives a connection.
//
// Any goroutine may put; one writes, Run confirms.
type outbox struct {
	mu        sync.Mutex
	waiting   []outgoing
	holding   bool       // messages do not leave yet: they are in held
	held      []outgoing // in order
	gone      []outgoing // written and not confirmed, the oldest first
	size      int        // bytes of all three
	answers   int        // of them
	answered  int        // and their bytes, a part of size
	confirmed uint32     // how many were before gone[0], ever, as a server counts them
	managed   bool       // the server counts: gone are all stanzas, and not only the messages
	closed    bool

	wake chan struct{} // holds one token while there is something to take
	left chan struct{} // holds one token when something was written
}

// outgoing is one thing to write, in bytes.
type outgoing struct {
	bytes  []byte
	stanza bool   // of those that a server counts: a message, a presence or a request
	chat   bool   // a message with words
	talk   bool   // a message of any kind, to somebody
	answer bool   // what the protocol wants us to answer
	id     string // of a message, to report what becomes of it; empty: nobody waits for that
	room   bool   // it arrived once the room repeats it
	mark   *mark  // of a ping that asks what has arrived
	last   bool   // the end of the stream
	blame  int    // for connections that ended with this as the first one not confirmed
}

// mark is the place of a ping among the messages: how many were written before it.
type mark struct{ after uint32 }

func newOutbox() *outbox {
	return &outbox{wake: make(chan struct{}, 1), left: make(chan struct{}, 1)}
}

// put queues one thing, or several that stay together; it never waits.
func (o *outbox) put(items ...outgoing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return protocol.ErrOffline
	}
	size, answered, answers, last := o.size, o.answered, o.answers, false
	for _, item := range items {
		size += len(item.bytes)
		if item.answer {
			answers++
			answered += len(item.bytes)
		}
		last = last || item.last
	}
	all := len(o.waiting) + len(o.held) + len(o.gone) + len(items)
	if !last && (all-answers > maxQueued || size-answered > maxQueuedBytes || answers > maxAnswers || answered > maxAnswerBytes) {
		return errQueueFull
	}
	o.closed = last
	o.size, o.answered, o.answers = size, answered, answers
	if o.holding && items[0].talk {
		o.held = append(o.held, items...)
		return nil
	}
	o.waiting = append(o.waiting, items...)
	signal(o.wake)
	return nil
}

// hold keeps messages back until release: nobody is to get one, and to answer it to this
// address, before the server has seen our presence and sent us what it kept. It would come
// behind the answer.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holding = true
}

// release lets them go, behind what was put before.
func (o *outbox) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holding = false
	o.waiting = append(o.waiting, o.held...)
	o.held = nil
	signal(o.wake)
}

// signal leaves a token in a channel that holds one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// take returns what is to be written next, oldest first, and notes that it is gone:
// before it is written, because the answer may be here as soon as that is done.
func (o *outbox) take() []outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := min(len(o.waiting), maxBatch)
	batch := o.waiting[:n:n]
	o.waiting = o.waiting[n:]
	for _, item := range batch {
		if item.chat || o.managed && item.stanza {
			o.gone = append(o.gone, item)
		} else {
			o.forget(item)
		}
		if item.mark != nil {
			item.mark.after = o.confirmed + uint32(len(o.gone))
		}
	}
	if len(o.waiting) > 0 {
		signal(o.wake)
	}
	signal(o.left)
	return batch
}

// bytes is how much waits or is not confirmed.
func (o *outbox) bytes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.size
}

// open is how much is written and not confirmed, and whether a message is among it.
func (o *outbox) open() (stanzas int, chat bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, item := range o.gone {
		if item.chat {
			return len(o.gone), true
		}
	}
	return len(o.gone), false
}

var errCount = errors.New("the server confirms what was never sent")

// confirm takes what is confirmed: all up to the count, which runs around at 2^32
// (XEP-0198, section 4). A count that goes back, or beyond what was written, is wrong.
func (o *outbox) confirm(count uint32) ([]outgoing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := count - o.confirmed
	if n > uint32(len(o.gone)) {
		return nil, errCount
	}
	return o.drop(int(n)), nil
}

// reached takes what was written before a ping that is answered.
func (o *outbox) reached(m *mark) []outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.drop(int(max(0, int32(m.after-o.confirmed))))
}

// drop forgets the first n that are gone, and returns them.
func (o *outbox) drop(n int) []outgoing {
	first := o.gone[:n:n]
	o.gone = o.gone[n:]
	o.confirmed += uint32(n)
	for _, item := range first {
		o.forget(item)
	}
	return first
}

// forget counts no longer what is in neither list.
func (o *outbox) forget(item outgoing) {
	o.size -= len(item.bytes)
	if item.answer {
		o.answers--
		o.answered -= len(item.bytes)
	}
}

// manage begins the server's count: what is put from here on is counted. It has to
// come before anything is put.
func (o *outbox) manage() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.managed = true
}

// A server may end connections because of a stanza, which would be sent over and over.
// Blame goes to the first one that is not confirmed: more of it if the server said why it
// ends the connection: that is hardly chance twice. On a bad line, connections break by
// themselves several times before anything is confirmed.
const (
	blameLoss  = 1
	blameError = 4
	maxBlame   = 8
)

// rewind prepares for another connection of the same session: what was written and is
// not confirmed goes first. What is no stanza was meant for the connection before.
// Poison is the first of them, if too many connections have ended with it: it is left out.
func (o *outbox) rewind(blame int) (poison []outgoing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.gone) > 0 {
		if o.gone[0].blame += blame; o.gone[0].blame >= maxBlame {
			poison = o.gone[:1:1]
			o.forget(poison[0])
			o.gone = o.gone[1:]
		}
	}
	all := append([]outgoing(nil), o.gone...)
	for _, item := range o.waiting {
		if item.stanza {
			all = append(all, item)
		} else {
			o.forget(item)
		}
	}
	o.gone, o.waiting = nil, all
	if len(all) > 0 {
		signal(o.wake)
	}
	return poison
}

// close refuses everything from here on.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
}

// maxRecord is what one record of TLS takes, in bytes. What ends in the middle of one
// reaches the server not at all.
const maxRecord = 16 << 10

// write sends what is put, until the end of the stream was sent, writing fails or done
// is closed. Leave is told of each batch before. A connection may break between any two
// writes, and a server that was left with the half of a stanza may take the beginning of
// the next connection for the rest of it, and end the session (Prosody 0.12 does). So
// stanzas go together, but none is divided, as long as a record takes it.
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
			if len(buf) > 0 && len(buf)+len(item.bytes) > maxRecord {
				if _, err := conn.Write(buf); err != nil {
					return err
				}
				buf = buf[:0]
			}
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
