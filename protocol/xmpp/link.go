package xmpp

import (
	"context"
	"errors"
	"sync"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// link is the life of a session while it is online. The fields below "Run only"
// belong to the goroutine of Run; the others may be used from anywhere.
type link struct {
	conn     *connection
	out      *outbox
	requests requests
	messages tracked

	left      sync.Mutex
	leftIDs   []string      // messages that left, not yet reported
	leftReady chan struct{} // holds one token while there are some

	ending sync.Once
	reason error         // why it ended, once done is closed
	done   chan struct{} // closed at the end

	// Run only.
	emit   func(protocol.Event)
	self   jid.JID
	bare   string
	domain string
	roster map[string]im.Buddy
	listed bool // the roster came
}

func newLink(conn *connection, emit func(protocol.Event)) *link {
	return &link{
		conn: conn, out: newOutbox(), emit: emit,
		leftReady: make(chan struct{}, 1), done: make(chan struct{}),
		self: conn.self, bare: conn.self.Bare().String(), domain: conn.self.Domain().String(),
		roster: map[string]im.Buddy{},
	}
}

// end closes the connection for the first reason that comes up.
func (l *link) end(reason error) {
	l.ending.Do(func() {
		l.reason = reason
		_ = l.conn.raw.Close() // below TLS, so that it cannot wait for the peer
		close(l.done)
	})
}

var errNoRoster = errors.New("the server did not send the buddy list")

// serve runs until the connection ends or ctx does. Announce sends the first
// presence, once the roster is known.
func (l *link) serve(ctx context.Context, p patience, announce func() error) error {
	l.conn.allowRoster()
	l.conn.raw.watch.Store(&watch{idle: p.idle, grace: p.grace, probe: l.probe})
	incoming := make(chan *element)
	var workers sync.WaitGroup
	workers.Go(func() { l.end(l.read(incoming)) })
	workers.Go(func() {
		if err := l.out.write(l.conn.stream.conn, l.done, l.flushed); err != nil {
			l.end(err)
		}
	})
	defer workers.Wait()
	defer l.end(nil)
	l.emit(protocol.Online{Self: addr(l.self)})
	if err := l.askRoster(announce); err != nil {
		return err
	}
	listTimer := time.NewTimer(p.roster)
	defer listTimer.Stop()
	cancelled := ctx.Done()
	var goodbye <-chan time.Time
	for {
		select {
		case <-cancelled:
			cancelled = nil
			l.signOff()
			timer := time.NewTimer(p.signOff)
			defer timer.Stop()
			goodbye = timer.C
		case <-goodbye:
			return nil
		case <-listTimer.C:
			if !l.listed {
				return errNoRoster
			}
		case <-l.leftReady:
			l.reportSent()
		case e := <-incoming:
			l.handle(e)
		case <-l.done:
			l.reportSent()
			return l.reason
		}
	}
}

// read is the reader's goroutine.
func (l *link) read(incoming chan<- *element) error {
	for {
		e, err := l.conn.nextStanza()
		if err != nil {
			return err
		}
		select {
		case incoming <- e:
		case <-l.done:
			return nil
		}
	}
}

// flushed is told by the writer what left.
func (l *link) flushed(batch []outgoing) {
	l.left.Lock()
	defer l.left.Unlock()
	for _, item := range batch {
		if item.id != "" {
			l.leftIDs = append(l.leftIDs, item.id)
		}
	}
	select {
	case l.leftReady <- struct{}{}:
	default:
	}
}

func (l *link) reportSent() {
	l.left.Lock()
	ids := l.leftIDs
	l.leftIDs = nil
	l.left.Unlock()
	for _, id := range ids {
		if l.messages.sent(id) {
			l.emit(protocol.Sent{ID: id})
		}
	}
}

// send queues a stanza.
func (l *link) send(e *element) error { return l.out.put(outgoing{bytes: e.marshal()}) }

// answer queues what the protocol wants us to answer. If even that finds no
// place in the queue, the server asks without listening.
func (l *link) answer(e *element) {
	if err := l.send(e); errors.Is(err, errQueueFull) {
		l.end(err)
	}
}

// ask queues a request. Done is called on Run's goroutine with the answer, a
// result or an error, if one comes.
func (l *link) ask(to, kind string, payload *element, done func(answer *element)) error {
	id := l.requests.add(to, done)
	if id == "" {
		return errQueueFull
	}
	return l.send(newElement(nsClient, "iq", payload).with("type", kind).with("id", id).with("to", to))
}

// probe asks the server for a sign of life (XEP-0199): any answer is one.
func (l *link) probe() {
	if err := l.ask("", "get", newElement(nsPing, "ping"), func(*element) {}); err != nil {
		l.end(errSilent) // nothing has left for a long time, either
	}
}

// signOff says goodbye; what was queued before still goes first.
func (l *link) signOff() {
	goodbye := newElement(nsClient, "presence").with("type", "unavailable").marshal()
	_ = l.out.put(outgoing{bytes: append(goodbye, "</stream:stream>"...), last: true}) // fails only when said already
}
