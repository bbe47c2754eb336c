package practice

import (
	"culver/im"
	"culver/protocol"
)

// Subscriptions follow RFC 6121, section 3: what one side sees of the other is
// what the other lets be seen.

func (h *Hub) setBuddy(s *session, b im.Buddy) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	old, ok := p.roster[b.Bare]
	if !ok {
		old.Subscription = im.SubscriptionNone
	}
	b.Subscription, b.Asking = old.Subscription, old.Asking
	h.put(p, b)
}

func (h *Hub) removeBuddy(s *session, bare string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	if _, ok := p.roster[bare]; !ok {
		return
	}
	h.allow(p, bare, false)
	if other, ok := h.people[bare]; ok {
		h.allow(other, p.bare, false)
		delete(other.asked, p.bare)
	}
	delete(p.roster, bare)
	p.emit(protocol.BuddyRemoved{Bare: bare})
}

func (h *Hub) subscribe(s *session, bare, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	b := p.buddy(bare)
	if b.Subscription.SeenByUs() {
		return
	}
	b.Asking = true
	h.put(p, b)
	other, ok := h.people[bare]
	if !ok {
		return // as on a real network, nobody says that nobody is there
	}
	other.asked[p.bare] = reason
	other.emit(protocol.SubscriptionAsked{Bare: p.bare, Reason: reason})
}

func (h *Hub) unsubscribe(s *session, bare string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	b, listed := p.roster[bare]
	if !listed {
		return
	}
	if other, ok := h.people[bare]; ok {
		delete(other.asked, p.bare)
		h.allow(other, p.bare, false)
		return
	}
	b.Asking, b.Subscription = false, subscription(false, b.Subscription.SeesUs())
	h.put(p, b)
}

// answer approves or denies that somebody sees the session's presence.
func (h *Hub) answer(s *session, bare string, approve bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(s.self.Bare)
	_, waits := p.asked[bare]
	delete(p.asked, bare)
	if !waits && approve {
		return
	}
	h.allow(p, bare, approve)
	if other, ok := h.people[bare]; ok {
		other.emit(protocol.SubscriptionAnswered{Bare: p.bare, Approved: approve})
	}
}

// allow lets a person be seen by another one, or no longer.
func (h *Hub) allow(p *person, bare string, yes bool) {
	mine := p.buddy(bare)
	if was := mine.Subscription; mine.Subscription.SeesUs() != yes {
		mine.Subscription = subscription(was.SeenByUs(), yes)
		h.put(p, mine)
	}
	other, ok := h.people[bare]
	if !ok {
		return
	}
	theirs, listed := other.roster[p.bare]
	if !listed {
		return
	}
	theirs.Asking = false
	theirs.Subscription = subscription(yes, theirs.Subscription.SeesUs())
	h.put(other, theirs)
	if other.session != nil && p.session != nil {
		presence := im.Presence{}
		if yes {
			presence = p.session.presence
		}
		other.session.emit(protocol.PresenceChanged{From: p.session.self, Presence: presence})
	}
}

func (h *Hub) put(p *person, b im.Buddy) {
	p.roster[b.Bare] = b
	if p.session != nil {
		b.Account = p.session.account
		p.session.emit(protocol.BuddyChanged{Buddy: b})
	}
}

func (p *person) buddy(bare string) im.Buddy {
	if b, ok := p.roster[bare]; ok {
		return b
	}
	return im.Buddy{Bare: bare, Subscription: im.SubscriptionNone}
}

func (p *person) emit(e protocol.Event) {
	if p.session != nil {
		p.session.emit(e)
	}
}

func subscription(seenByUs, seesUs bool) im.Subscription {
	switch {
	case seenByUs && seesUs:
		return im.SubscriptionBoth
	case seenByUs:
		return im.SubscriptionTo
	case seesUs:
		return im.SubscriptionFrom
	default:
		return im.SubscriptionNone
	}
}
