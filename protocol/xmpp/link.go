package xmpp

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// link is the life of a session from the moment it is online: over one connection, and
// over others after it if the server resumes it. The fields below "Run only" belong to the goroutine
// of Run, and to the next Run after its end; the others may be used from anywhere.
type link struct {
	out      *outbox
	requests requests
	messages tracked
	patience patience
	todo     *todo
	tapped   atomic.Bool // what goes over the wire is told
	untold   untold

	over      chan struct{} // closed when there will be no further connection
	finishing sync.Once

	told *im.Presence // what was announced, if anything; the session's mutex is for it

	// Run only.
	conn       *connection
	emit       func(protocol.Event)
	self       jid.JID
	bare       string
	domain     string
	roster     map[string]im.Buddy
	extensions []extension
	others     *capabilities
	offered    *services         // what the server offers, once all of that is known
	awaiting   []func(*services) // who waits for that
	home       *services         // the same, as soon as the server itself and our account are known
	awaitHome  []func(server, account *info)
	blocks     blocks
	portraits  map[string]portrait // by bare address, of those on the roster
	uploads    uploads             // any goroutine may use it, and the two below
	pipes      pipes
	way        atomic.Pointer[dialing] // elsewhere
	archive    archive
	removing   bool      // the server was asked to delete the account
	strange    allowance // for what strangers send
	rooms      rooms

	capsOnce sync.Once // any goroutine
	ownCaps  capability

	managed     managed   // zero: the server does not count
	handled     uint32    // how many stanzas of the server's were handled, as it counts them
	until       time.Time // while there is no connection: how long the server keeps the session
	began       time.Time // when the session did
	interrupted bool      // it has had another connection before
	confirms    confirms  // the last of the server's
	blame       int       // of the last connection's end on what was sent first

	versions bool        // the server has versions of the roster
	known    knownList   // the one that it need not send
	answered bool        // the first request for the roster was
	haveList bool        // it came: who is a buddy is known
	listing  bool        // a request for the roster is under way
	relist   *time.Timer // runs until the second one

	asked   bool        // a receipt was asked for and did not come yet
	overdue *time.Timer // runs while asked
	heard   time.Time   // when the last stanza came
}

func newLink(conn *connection, p patience, emit func(protocol.Event)) *link {
	l := &link{
		conn: conn, out: newOutbox(), todo: newTodo(), patience: p, emit: emit,
		over: make(chan struct{}), overdue: stopped(), relist: stopped(),
		self: conn.self, bare: conn.self.Bare().String(), domain: conn.self.Domain().String(),
		strange: newAllowance(strangeBurst, strangeRate),
		roster:  map[string]im.Buddy{}, others: newCapabilities(), portraits: map[string]portrait{},
	}
	if conn.managed != nil {
		l.managed = *conn.managed
		l.out.manage()
	}
	l.out.hold()
	l.extend(l.rosterPushes())
	l.extend(l.pings())
	l.extend(l.roomsExtension())
	l.extend(l.discovery())
	l.extend(l.watchCaps())
	l.extend(l.learnServices())
	l.extend(l.delivery())
	l.extend(l.attention())
	l.extend(l.blocking())
	l.extend(l.avatars())
	l.extend(l.inbandStreams())
	l.extend(l.bytestreams())
	l.extend(l.carbons())
	l.extend(l.archives())
	l.extend(l.findUploads())
	l.extend(l.bookmarking())
	return l
}

// stopped returns a timer that does not run yet.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// end ends the connection for the first reason that comes up.
func (l *link) end(reason error) { l.conn.end(reason) }

// finish ends the link: there will be no further connection. Any goroutine may call it, more
// than once.
func (l *link) finish() {
	l.out.close()
	l.finishing.Do(func() { close(l.over) })
}

var errNoRoster = errors.New("the server did not send the buddy list")

// start begins a session. Announce sends the first presence, once the roster is known.
func (l *link) start(announce func() error) error {
	l.began = time.Now()
	l.emit(protocol.Online{Self: addr(l.self)})
	for _, e := range l.conn.early {
		l.handle(e)
	}
	return l.firstRoster(announce)
}

// resume goes on with a session over another connection.
func (l *link) resume(conn *connection, emit func(protocol.Event)) error {
	l.conn, l.emit, l.until, l.asked, l.interrupted = conn, emit, time.Time{}, false, true
	items, err := l.out.confirm(*conn.resumed)
	if err != nil {
		return err
	}
	poison := l.out.rewind(l.blame)
	l.emit(protocol.Resumed{Self: addr(l.self)})
	l.tellSent(items)
	l.resumeRooms()
	for _, item := range poison {
		if to, ok := l.messages.returned(item.id, "", true); ok {
			bare, resource, _ := strings.Cut(to, "/")
			l.emit(protocol.Rejected{ID: item.id, From: im.Addr{Bare: bare, Resource: resource}, Reason: rejection("not-acceptable", bare)})
		}
	}
	return nil
}

// lost reports whether the server holds the session although its connection broke, and
// notes until when.
func (l *link) lost(f *protocol.Failure, err error) bool {
	if l.managed.id == "" || !f.Cause.Retry() || errors.Is(err, errCount) || errors.Is(err, errManage) {
		return false
	}
	now := time.Now()
	if l.until.IsZero() { // this was its connection, and no failed attempt at another one
		l.until, l.blame = now.Add(l.managed.hold), blameLoss
		if _, said := errors.AsType[*streamError](err); said {
			l.blame = blameError
		}
	}
	return now.Before(l.until)
}

// announce tells of our presence, unless it was told.
func (l *link) announce(p im.Presence) error {
	if l.told != nil && *l.told == p {
		return nil
	}
	err := l.send(announcement(p, l.caps()))
	if err == nil {
		l.told = &p
		l.out.release()
	}
	return err
}

// serve runs until the connection ends or ctx does.
func (l *link) serve(ctx context.Context) error {
	p := l.patience
	l.allow()
	l.conn.raw.watch.Store(&watch{idle: p.idle, grace: p.grace, probe: l.probe})
	incoming := make(chan *element)
	var workers sync.WaitGroup
	workers.Go(func() { l.end(l.read(incoming)) })
	workers.Go(func() {
		if err := l.out.write(l.conn.stream.conn, l.conn.done, l.tapOut); err != nil {
			l.end(err)
		}
	})
	defer workers.Wait()
	defer l.end(nil)
	defer l.overdue.Stop()
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
			l.listing = false
			l.allow() // the second answer did not come, either
		case <-l.relist.C:
			l.secondRoster()
			listTimer.Reset(p.roster)
		case <-l.todo.ready:
			for _, f := range l.todo.take() {
				f()
			}
		case <-l.out.left:
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
		case <-l.conn.done:
			return l.conn.reason
		}
	}
}

// read is the reader's goroutine.
func (l *link) read(incoming chan<- *element) error {
	pace := newAllowance(readBurst, readRate)
	for {
		e, err := l.conn.nextStanza()
		if err != nil {
			return err
		}
		l.paced(&pace, l.conn.src.used)
		select {
		case incoming <- e:
		case <-l.conn.done:
			return nil
		}
	}
}

// take handles what came in. A stanza counts once it was handled.
func (l *link) take(e *element) {
	l.heard = time.Now()
	l.tapIn(e)
	if e.space == nsManage {
		l.manageCounts(e)
		return
	}
	l.handle(e)
	if e.isStanza() {
		l.handled++
	}
}

// send queues a stanza.
func (l *link) send(e *element) error {
	return l.out.put(outgoing{bytes: e.marshal(), stanza: e.isStanza(), talk: e.is(nsClient, "message")})
}

// answer queues what the protocol wants us to answer. If even that finds no
// place in the queue, the server asks without listening.
func (l *link) answer(e *element) {
	if err := l.out.put(outgoing{bytes: e.marshal(), stanza: e.isStanza(), answer: true}); errors.Is(err, errQueueFull) {
		l.end(err)
	}
}

// probe asks the server for a sign of life (XEP-0199): any answer is one.
func (l *link) probe() {
	var err error
	if l.counted() {
		err = l.out.put(outgoing{bytes: newElement(nsManage, "r").marshal()})
	} else {
		err = l.ask("", "get", newElement(nsPing, "ping"), func(*element) {})
	}
	if err != nil {
		l.end(errSilent) // nothing has left for a long time, either
	}
}

// signOff says goodbye; what was queued before still goes first, and the server
// is asked for a receipt of all of it.
func (l *link) signOff() {
	var items []outgoing
	if l.counted() {
		items = []outgoing{{bytes: acknowledgement(l.handled)}}
	} else {
		m := new(mark)
		if ping := l.request("", "get", newElement(nsPing, "ping"), func(*element) { l.arrived(m) }); ping != nil {
			items = []outgoing{{bytes: ping.marshal(), stanza: true, mark: m}}
		}
	}
	items = append(items, outgoing{bytes: newElement(nsClient, "presence").with("type", "unavailable").marshal(), stanza: true})
	if l.counted() {
		items = append(items, outgoing{bytes: newElement(nsManage, "r").marshal()})
	}
	_ = l.out.put(append(items, outgoing{bytes: []byte("</stream:stream>"), last: true})...) // fails only when said already
}
