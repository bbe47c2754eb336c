package practice

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync/atomic"

	"culver/im"
	"culver/internal/queue"
	"culver/lang"
	"culver/protocol"
)

// End is the hub as one person sees it: a network with a single account.
type End struct {
	hub  *Hub
	bare string
}

var _ protocol.Protocol = (*End)(nil)

// End returns the end of one person.
func (h *Hub) End(bare string) *End {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.person(bare)
	return &End{hub: h, bare: bare}
}

// Scheme is the network's short name.
func (*End) Scheme() string { return Scheme }

// Name is what people call the network.
func (*End) Name() string { return lang.T("Practice") }

// Settings are none: there is nothing to set up.
func (*End) Settings() []im.Field { return nil }

// Account is the end's only account.
func (e *End) Account(map[string]string) (im.Account, error) {
	return im.Account{ID: im.NewAccountID(Scheme, e.bare), Enabled: true, Options: map[string]string{}}, nil
}

// NormalizePeer accepts the addresses of those who live on the hub, also without the part
// that all of them share.
func (e *End) NormalizePeer(typed string) (string, error) {
	bare := strings.ToLower(strings.TrimSpace(typed))
	if _, host, _ := strings.Cut(e.bare, "@"); bare != "" && !strings.Contains(bare, "@") {
		bare += "@" + host
	}
	if e.hub.lives(bare) {
		return bare, nil
	}
	return "", errors.New(lang.F("There is nobody with this address here. On the practice network you can reach %s.", e.hub.others(e.bare)))
}

// New makes a session.
func (e *End) New(a im.Account, _ im.Secret) protocol.Session {
	life, die := context.WithCancel(context.Background())
	return &session{hub: e.hub, account: a.ID, life: life, die: die, events: queue.New[protocol.Event](),
		self: im.Addr{Bare: e.bare, Resource: "practice-" + rand.Text()[:6]}, presence: im.Presence{Show: im.Available}}
}

// Tryable is an end that newcomers are offered to try Culver with.
type Tryable struct {
	*End
	tryout protocol.Tryout
}

var _ protocol.Trial = (*Tryable)(nil)

// Try returns the end of a newcomer, with the buddy whom they are to talk to.
func (h *Hub) Try(bare, peer, words string) *Tryable {
	e := h.End(bare)
	a, _ := e.Account(nil)
	return &Tryable{e, protocol.Tryout{Account: a, Peer: peer, Words: words}}
}

// Trial is the newcomer's account.
func (t *Tryable) Trial() protocol.Tryout { return t.tryout }

// session is one stay of a person on the hub.
type session struct {
	hub     *Hub
	account im.AccountID
	self    im.Addr
	events  *queue.Queue[protocol.Event]
	up      atomic.Bool
	life    context.Context // ends with Run
	die     context.CancelFunc

	// Guarded by the hub's mutex.
	presence im.Presence
	why      *protocol.Failure
}

var (
	_ protocol.Session        = (*session)(nil)
	_ protocol.RosterEditor   = (*session)(nil)
	_ protocol.PresenceSetter = (*session)(nil)
	_ protocol.TypingSender   = (*session)(nil)
	_ protocol.ReceiptSender  = (*session)(nil)
)

// Run stays on the hub until ctx ends or somebody takes the place.
func (s *session) Run(ctx context.Context, emit func(protocol.Event)) error {
	if ctx.Err() != nil {
		return nil
	}
	s.up.Store(true)
	defer s.die()
	s.hub.signOn(s)
	defer s.up.Store(false)
	stop := context.AfterFunc(ctx, func() { s.hub.signOff(s, nil) })
	defer stop()
	for {
		batch, ok := s.events.Take(context.Background())
		if !ok {
			break
		}
		for _, e := range batch {
			emit(e)
		}
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.why != nil {
		return s.why
	}
	return nil
}

func (s *session) emit(e protocol.Event) { s.events.Put(e) }

// act does something on the hub, while online.
func (s *session) act(f func()) error {
	if !s.up.Load() {
		return protocol.ErrOffline
	}
	f()
	return nil
}

// Send hands a message to the hub.
func (s *session) Send(o protocol.Outgoing) error {
	return s.act(func() { s.hub.deliver(s, o) })
}

// Limits are none.
func (s *session) Limits() protocol.Limits { return protocol.Limits{} }

// SetPresence tells those who may see it.
func (s *session) SetPresence(p im.Presence) error {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.presence = p
	if me := s.hub.person(s.self.Bare); me.session == s {
		s.hub.tellPresence(me)
	}
	return nil
}

// SendTyping tells a peer that we type.
func (s *session) SendTyping(to im.Addr, t im.Typing) error {
	return s.act(func() { s.hub.typing(s, to.Bare, t) })
}

// SendReceipt tells a peer that a message of theirs came.
func (s *session) SendReceipt(to im.Addr, id string) error {
	return s.act(func() { s.hub.receipt(s, to.Bare, id) })
}

// SetBuddy adds or changes a buddy.
func (s *session) SetBuddy(b im.Buddy) error {
	return s.act(func() { s.hub.setBuddy(s, b) })
}

// RemoveBuddy takes a buddy off the list.
func (s *session) RemoveBuddy(bare string) error {
	return s.act(func() { s.hub.removeBuddy(s, bare) })
}

// Subscribe asks to see somebody's presence.
func (s *session) Subscribe(bare, reason string) error {
	return s.act(func() { s.hub.subscribe(s, bare, reason) })
}

// Unsubscribe does not want to see it any more.
func (s *session) Unsubscribe(bare string) error {
	return s.act(func() { s.hub.unsubscribe(s, bare) })
}

// Approve lets somebody see ours.
func (s *session) Approve(bare string) error {
	return s.act(func() { s.hub.answer(s, bare, true) })
}

// Deny refuses it, or takes it back.
func (s *session) Deny(bare string) error {
	return s.act(func() { s.hub.answer(s, bare, false) })
}
