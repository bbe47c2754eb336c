package xmpp

import (
	"context"
	"errors"
	"sync"
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Session is one connection of one account.
type Session struct {
	connector

	mu       sync.Mutex
	used     bool
	link     *link // nil unless online, or to be resumed
	presence im.Presence
	tapped   bool
	inactive bool // nobody looks
	states   bool // the server wants to know that
	known    knownList
}

var (
	_ protocol.Session        = (*Session)(nil)
	_ protocol.RosterEditor   = (*Session)(nil)
	_ protocol.PresenceSetter = (*Session)(nil)
	_ protocol.TypingSender   = (*Session)(nil)
	_ protocol.ReceiptSender  = (*Session)(nil)
	_ protocol.Blocker        = (*Session)(nil)
	_ protocol.Portrayer      = (*Session)(nil)
	_ protocol.Profiler       = (*Session)(nil)
	_ protocol.Continuer      = (*Session)(nil)
	_ protocol.Prober         = (*Session)(nil)
	_ protocol.ActivitySetter = (*Session)(nil)
)

// patience is how long to wait for what.
type patience struct {
	connect time.Duration // for all ways to the server together
	way     time.Duration // for one of them
	ahead   time.Duration // until the next one is tried as well
	roster  time.Duration // for the buddy list
	relist  time.Duration // before it is asked for again
	signOff time.Duration // for the server's goodbye
	idle    time.Duration
	grace   time.Duration
	confirm time.Duration // for the server's word that a message arrived
	answer  time.Duration // for an answer that may never come
	repeat  time.Duration // for a room to repeat what it was told
	archive time.Duration // for a page of our own archive, which some servers take long to find
}

var defaultPatience = patience{
	connect: 45 * time.Second, way: 15 * time.Second, ahead: 3 * time.Second, roster: 30 * time.Second, relist: 5 * time.Second,
	signOff: 2 * time.Second, idle: idleProbe, grace: idleGrace, confirm: 15 * time.Second, answer: 20 * time.Second, archive: 2 * time.Minute, repeat: time.Minute,
}

func newSession(n Network, a im.Account, password im.Secret, p patience) *Session {
	return &Session{
		connector: newConnector(n, a, password, p),
		presence:  im.Presence{Show: im.Available},
	}
}

var errUsed = errors.New("a session is used once")

// Run connects, serves and signs off.
func (s *Session) Run(ctx context.Context, emit func(protocol.Event)) error {
	s.mu.Lock()
	used := s.used
	s.used = true
	s.mu.Unlock()
	if used {
		return errUsed
	}
	address, err := parseJID(s.account.ID.Bare())
	if err != nil || address.Localpart() == "" {
		return &protocol.Failure{
			Cause: protocol.WrongAddress, Err: err,
			Text: lang.F("%s is not an address. Set the account up again.", shorten(s.account.ID.Bare())),
		}
	}
	s.address = address.Bare()

	conn, err := s.dialAll(ctx)
	if err == nil {
		err = s.serve(ctx, conn, s.tellLearned(emit))
	}
	if ctx.Err() != nil || err == nil {
		s.part(nil, nil)
		return nil
	}
	if s.deleted(ctx, err) {
		err = errAccountGone
	}
	f := s.explain(err)
	s.part(f, err)
	return f
}

func (s *Session) dialAll(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.patience.connect, errConnectTime)
	defer cancel()
	return s.connect(ctx)
}

// serve owns the connection from here to its end.
func (s *Session) serve(ctx context.Context, conn *connection, emit func(protocol.Event)) error {
	defer conn.end(nil)
	if conn.resumed != nil {
		l := s.before
		l.goesOut(s.dial)
		if err := l.resume(conn, emit); err != nil {
			return err
		}
		s.mu.Lock()
		s.states = conn.states
		if s.inactive { // it takes us for active again
			s.tellActive()
		}
		s.mu.Unlock()
		return l.serve(ctx)
	}
	if old := s.before; old != nil {
		if conn.failed != nil {
			old.emit = emit
			if items, err := old.out.confirm(*conn.failed); err == nil {
				old.tellSent(items)
			}
		}
		if conn.unknown {
			old.emit = emit
			old.doubt(time.Now())
		}
		old.finish()
	}
	l := newLink(conn, s.patience, emit)
	l.known, l.versions = s.known, conn.versions
	l.goesOut(s.dial)
	s.mu.Lock()
	s.link, s.states = l, conn.states
	l.tapped.Store(s.tapped)
	s.mu.Unlock()
	err := l.start(func() error {
		l.begin()
		return s.announce(l)
	})
	if err != nil {
		return err
	}
	return l.serve(ctx)
}

// part ends the link, unless the server holds it for another connection.
func (s *Session) part(f *protocol.Failure, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.link
	if l == nil {
		return
	}
	if f == nil || !l.lost(f, err) {
		l.finish()
		s.link = nil
	}
}

// Continue takes over the link of the session before.
func (s *Session) Continue(before protocol.Session) {
	b, ok := before.(*Session)
	if !ok {
		return
	}
	b.mu.Lock()
	l := b.link
	b.mu.Unlock()
	if l == nil || l.bare != s.account.ID.Bare() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link, s.before = l, l
}

// Abandon ends the link that nobody takes over.
func (s *Session) Abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link != nil {
		s.link.finish()
		s.link = nil
	}
}

// Held reports until when the server keeps the session, after Run.
func (s *Session) Held() (until time.Time, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil {
		return time.Time{}, false
	}
	return s.link.until, true
}

// Probe asks the server for a sign of life.
func (s *Session) Probe() {
	if l, err := s.online(); err == nil {
		_ = l.do(l.suspect) // so much to do is no sign of a dead connection
	}
}

// SetActive tells the server whether somebody looks at the program (XEP-0352).
func (s *Session) SetActive(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inactive == !on {
		return
	}
	s.inactive = !on
	s.tellActive()
}

// tellActive tells it a server that wants to know, once others see us.
func (s *Session) tellActive() {
	if s.link == nil || s.link.told == nil || !s.states {
		return
	}
	state := "active"
	if s.inactive {
		state = "inactive"
	}
	_ = s.link.out.put(outgoing{bytes: newElement(nsActivity, state).marshal()}) // it may cost some traffic, no more
}

const nsActivity = "urn:xmpp:csi:0" // XEP-0352

// announce sends the first presence: from here on others see us, and the server
// delivers what waited.
func (s *Session) announce(l *link) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := l.announce(s.presence)
	if s.inactive {
		s.tellActive()
	}
	return err
}

// online returns the link, or ErrOffline. While it is to be resumed, what is sent waits
// for that.
func (s *Session) online() (*link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == nil {
		return nil, protocol.ErrOffline
	}
	return s.link, nil
}

// maxBody keeps a message, even one of nothing but "&" and with all that is around
// it, below what servers take: Prosody ends a session for a stanza of more than
// 256 KiB.
const maxBody = 48 << 10

// Limits are facts about XMPP.
func (s *Session) Limits() protocol.Limits {
	return protocol.Limits{MaxMessage: maxBody}
}

// Send queues a message.
func (s *Session) Send(o protocol.Outgoing) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	to, err := peer(o.To)
	if err != nil {
		return err
	}
	if len(o.Body) > maxBody {
		return sentencef("The message is too long: at most %d letters can be sent at once.", maxBody)
	}
	o.Body = sanitize(o.Body)
	if o.Body == "" {
		return sentencef("The message is empty.")
	}
	if o.Room {
		return l.sendToRoom(o, to)
	}
	return l.sendMessage(o, to)
}

// SendTyping tells a peer that we type, or stopped (XEP-0085).
func (s *Session) SendTyping(to im.Addr, t im.Typing) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	address, err := peer(to)
	if err != nil {
		return err
	}
	return l.send(typing(address, t))
}

// SetPresence tells everybody who may know how available we are. Before the
// session is online, it says what to start with.
func (s *Session) SetPresence(p im.Presence) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.presence = p
	if s.link == nil || s.link.told == nil {
		return nil
	}
	l := s.link
	if inRooms(*l.told) != inRooms(p) {
		_ = l.do(func() { l.presentInRooms(p) }) // fails only when all is over
	}
	return l.announce(p)
}

// SetBuddy adds a buddy to the roster, or changes their name and groups. The
// server's answer is a BuddyChanged event.
func (s *Session) SetBuddy(b im.Buddy) error {
	return s.toBuddy(b.Bare, func(l *link, bare string) error { return l.setBuddy(bare, b.Name, b.Groups) })
}

// RemoveBuddy takes a buddy off the roster, and ends both subscriptions.
func (s *Session) RemoveBuddy(bare string) error {
	return s.toBuddy(bare, (*link).removeBuddy)
}

// Subscribe asks to see somebody's presence.
func (s *Session) Subscribe(bare, reason string) error {
	return s.toBuddy(bare, func(l *link, bare string) error { return l.send(subscription("subscribe", bare, reason)) })
}

// Unsubscribe does not want to see it any more.
func (s *Session) Unsubscribe(bare string) error {
	return s.toBuddy(bare, func(l *link, bare string) error { return l.send(subscription("unsubscribe", bare, "")) })
}

// Approve lets somebody see our presence.
func (s *Session) Approve(bare string) error {
	return s.toBuddy(bare, func(l *link, bare string) error { return l.send(subscription("subscribed", bare, "")) })
}

// Deny refuses it, or takes it back.
func (s *Session) Deny(bare string) error {
	return s.toBuddy(bare, func(l *link, bare string) error { return l.send(subscription("unsubscribed", bare, "")) })
}

func (s *Session) toBuddy(bare string, do func(l *link, bare string) error) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	address, err := peer(im.Addr{Bare: bare})
	if err != nil {
		return err
	}
	return do(l, address.Bare().String())
}
