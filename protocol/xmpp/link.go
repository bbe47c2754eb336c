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
	receipts *receipts
	patience patience
	todo     *todo

	ending sync.Once
	reason error         // why it ended, once done is closed
	done   chan struct{} // closed at the end

	// Run only.
	emit       func(protocol.Event)
	self       jid.JID
	bare       string
	domain     string
	roster     map[string]im.Buddy
	extensions []extension
	others     *capabilities
	offered    *services         // what the server offers, once that is known
	awaiting   []func(*services) // who waits for that
	blocks     blocks
	archive    archive

	capsOnce sync.Once // any goroutine
	ownCaps  capability

	answered bool        // the first request for the roster was
	relist   *time.Timer // runs until the second one

	asked   bool        // a receipt was asked for and did not come yet
	overdue *time.Timer // runs while asked
	heard   time.Time   // when the last stanza came
}

func newLink(conn *connection, p patience, emit func(protocol.Event)) *link {
	l := &link{
		conn: conn, out: newOutbox(), receipts: newReceipts(), todo: newTodo(), patience: p, emit: emit,
		done: make(chan struct{}), overdue: stopped(), relist: stopped(),
		self: conn.self, bare: conn.self.Bare().String(), domain: conn.self.Domain().String(),
		roster: map[string]im.Buddy{}, others: newCapabilities(),
	}
	l.extend(l.rosterPushes())
	l.extend(l.pings())
	l.extend(l.discovery())
	l.extend(l.watchCaps())
	l.extend(l.learnServices())
	l.extend(l.delivery())
	l.extend(l.blocking())
	l.extend(l.carbons())
	l.extend(l.archives())
	return l
}

// stopped returns a timer that does not run yet.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
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
func (l *link) serve(ctx context.Context, announce func() error) error {
	p := l.patience
	l.conn.allowRoster()
	l.conn.raw.watch.Store(&watch{idle: p.idle, grace: p.grace, probe: l.probe})
	incoming := make(chan *element)
	var workers sync.WaitGroup
	workers.Go(func() { l.end(l.read(incoming)) })
	workers.Go(func() {
		if err := l.out.write(l.conn.stream.conn, l.done, l.receipts.leave); err != nil {
			l.end(err)
		}
	})
	defer workers.Wait()
	defer l.end(nil)
	defer l.overdue.Stop()
	defer l.relist.Stop()
	l.emit(protocol.Online{Self: addr(l.self)})
	if err := l.firstRoster(announce); err != nil {
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
			if !l.answered {
				return errNoRoster
			}
			l.conn.allowStanza() // the second answer did not come, either
		case <-l.relist.C:
			l.secondRoster()
			listTimer.Reset(p.roster)
		case <-l.todo.ready:
			for _, f := range l.todo.take() {
				f()
			}
		case <-l.receipts.left:
			l.askReceipt()
		case <-l.overdue.C:
			select {
			case e := <-incoming: // waited for us, not for the server
				l.take(e)
			default:
			}
			if err := l.checkLink(); err != nil {
				return err
			}
		case e := <-incoming:
			l.take(e)
		case <-l.done:
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

// take handles a stanza that came in.
func (l *link) take(e *element) {
	l.heard = time.Now()
	l.handle(e)
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
		_ = l.do(func() { done(nil) })
		return
	}
	stop = time.AfterFunc(l.patience.answer, func() {
		_ = l.do(func() { // fails only when all is over
			if !over {
				l.requests.forget(e.attr("id"))
				done(nil)
			}
		})
	}).Stop
}

// probe asks the server for a sign of life (XEP-0199): any answer is one.
func (l *link) probe() {
	if err := l.ask("", "get", newElement(nsPing, "ping"), func(*element) {}); err != nil {
		l.end(errSilent) // nothing has left for a long time, either
	}
}

// signOff says goodbye; what was queued before still goes first, and the server
// is asked for a receipt of all of it.
func (l *link) signOff() {
	var b []byte
	m := new(mark)
	if ping := l.request("", "get", newElement(nsPing, "ping"), func(*element) { l.arrived(m) }); ping != nil {
		b = ping.marshal()
	}
	b = append(b, newElement(nsClient, "presence").with("type", "unavailable").marshal()...)
	_ = l.out.put(outgoing{bytes: append(b, "</stream:stream>"...), mark: m, last: true}) // fails only when said already
}
