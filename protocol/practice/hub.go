// Package practice is a chat network inside the program: a hub with an end for
// each person on it. It opens no socket and needs no account, so a newcomer can
// talk to a practice buddy, and tests can play scenes with two messengers.
//
// It behaves like a server that keeps rosters, asks for subscriptions, routes
// presence and stores messages for those who are away. All its types may be used
// from any goroutine; events reach a session's Run in order.
package practice

import (
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Scheme is the network's short name.
const Scheme = "practice"

// maxStored is how many messages wait for somebody who is away.
const maxStored = 100

// Hub is the network.
type Hub struct {
	mu     sync.Mutex
	people map[string]*person
	pipes  map[pipeKey]chan io.ReadCloser // that are expected
}

// person is one user of the hub, online or not.
type person struct {
	bare    string
	roster  map[string]im.Buddy
	session *session // nil while offline
	stored  []protocol.Received
	asked   map[string]string // who waits for an answer to a subscription request, and their words
}

// NewHub returns a hub with nobody on it.
func NewHub() *Hub {
	return &Hub{people: map[string]*person{}, pipes: map[pipeKey]chan io.ReadCloser{}}
}

// Befriend puts two people on each other's rosters, with both seeing the other.
func (h *Hub) Befriend(a, b string, nameOfB string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.person(a).roster[b] = im.Buddy{Bare: b, Name: nameOfB, Subscription: im.SubscriptionBoth}
	h.person(b).roster[a] = im.Buddy{Bare: a, Subscription: im.SubscriptionBoth}
}

// lives reports whether somebody has that address.
func (h *Hub) lives(bare string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.people[bare] != nil
}

// others are the addresses of all but one, with commas between.
func (h *Hub) others(bare string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := slices.DeleteFunc(slices.Collect(maps.Keys(h.people)), func(b string) bool { return b == bare })
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (h *Hub) person(bare string) *person {
	p, ok := h.people[bare]
	if !ok {
		p = &person{bare: bare, roster: map[string]im.Buddy{}, asked: map[string]string{}}
		h.people[bare] = p
	}
	return p
}

// signOn takes a session up: its roster first, then who is there, then what waited.
func (h *Hub) signOn(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	if p.session != nil {
		h.leave(p, &protocol.Failure{Cause: protocol.Replaced, Text: lang.T("You signed in from somewhere else.")})
	}
	p.session = s
	s.emit(protocol.Online{Self: s.self})
	roster := slices.Collect(maps.Values(p.roster))
	slices.SortFunc(roster, func(a, b im.Buddy) int { return strings.Compare(a.Bare, b.Bare) })
	for i := range roster {
		roster[i].Account = s.account
	}
	s.emit(protocol.Roster{Buddies: roster})
	for _, b := range roster {
		if other := h.people[b.Bare]; b.Subscription.SeenByUs() && other != nil && other.session != nil {
			s.emit(protocol.PresenceChanged{From: other.session.self, Presence: other.session.presence})
		}
	}
	h.tellPresence(p)
	for who, words := range p.asked {
		s.emit(protocol.SubscriptionAsked{Bare: who, Reason: words})
	}
	for _, m := range p.stored {
		s.emit(m)
	}
	p.stored = nil
}

// signOff ends a session's stay, if it is still the one that stays.
func (h *Hub) signOff(s *session, why *protocol.Failure) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[s.self.Bare]; p != nil && p.session == s {
		h.leave(p, why)
	}
}

func (h *Hub) leave(p *person, why *protocol.Failure) {
	s := p.session
	s.presence = im.Presence{}
	h.tellPresence(p)
	p.session = nil
	s.why = why
	s.events.Close()
}

// tellPresence tells everybody who may know what somebody's presence is.
func (h *Hub) tellPresence(p *person) {
	for bare, b := range p.roster {
		if other := h.people[bare]; b.Subscription.SeesUs() && other != nil && other.session != nil {
			other.session.emit(protocol.PresenceChanged{From: p.session.self, Presence: p.session.presence})
		}
	}
}

// deliver hands a message over, or keeps it.
func (h *Hub) deliver(from *session, o protocol.Outgoing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.people[from.self.Bare].session != from {
		return
	}
	msg := protocol.Received{From: from.self, ID: o.ID, Body: o.Body, Time: time.Now(),
		Replaces: o.Replaces, WantReceipt: o.WantReceipt}
	to, ok := h.people[o.To.Bare]
	switch {
	case !ok:
		from.emit(protocol.Sent{ID: o.ID})
		from.emit(protocol.Rejected{ID: o.ID, From: im.Addr{Bare: o.To.Bare}, Reason: lang.T("There is nobody with this address here.")})
		return
	case to.session != nil:
		to.session.emit(msg)
	case len(to.stored) < maxStored && !o.Hints.Sealed:
		msg.Late = true
		to.stored = append(to.stored, msg)
	default:
		from.emit(protocol.Sent{ID: o.ID})
		from.emit(protocol.Rejected{ID: o.ID, From: im.Addr{Bare: o.To.Bare}, Reason: lang.F("%s is not online.", o.To.Bare)})
		return
	}
	from.emit(protocol.Sent{ID: o.ID})
}

func (h *Hub) receipt(from *session, to, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[to]; p != nil && p.session != nil {
		p.session.emit(protocol.Delivered{From: from.self, ID: id})
	}
}

func (h *Hub) typing(from *session, to string, t im.Typing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.people[to]; p != nil && p.session != nil {
		p.session.emit(protocol.TypingChanged{From: from.self, State: t})
	}
}
