package messenger

import (
	"time"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

func cleanName(s string) string { return conversation.Name(s) }

// cleanBuddy makes what a server says of a buddy safe to show.
func cleanBuddy(a im.AccountID, b im.Buddy) im.Buddy {
	b.Account, b.Name = a, cleanName(b.Name)
	groups := make([]string, 0, len(b.Groups))
	for _, g := range b.Groups {
		if g = cleanName(g); g != "" {
			groups = append(groups, g)
		}
	}
	b.Groups = groups
	return b
}

// known reports whether the peer is somebody whom the user has to do with: on
// the list, or written to. Of others, nothing is kept but messages and requests.
func (m *Messenger) known(c im.ConvID) bool {
	if _, ok := m.list.Buddy(c); ok {
		return true
	}
	ch, ok := m.chats[c]
	return ok && ch.ours
}

func (m *Messenger) presenceChanged(a *account, e protocol.PresenceChanged) {
	c := im.ConvID{Account: a.id, Peer: e.From.Bare}
	if !m.known(c) {
		return
	}
	before, _ := m.list.Presence(c)
	hadDevice := m.list.HasDevice(c, e.From.Resource)
	e.Presence.Status = cleanName(e.Presence.Status)
	m.applyList(buddylist.Presence{Account: a.id, From: e.From, Presence: e.Presence, At: time.Now()})
	after, _ := m.list.Presence(c)
	if before.Show != im.Offline && after.Show == im.Offline {
		m.keepSeenSoon()
	}
	if ch, ok := m.chats[c]; ok {
		ch.resource = "" // the peer may be at another device now (RFC 6121, section 5.1)
	}
	gone := ""
	if hadDevice && after.Show != im.Offline && !m.list.HasDevice(c, e.From.Resource) {
		gone = e.From.Resource
	}
	if before.Show != after.Show || gone != "" {
		each(m, func(w plugin.Watcher) { w.Shows(c, before.Show, after.Show, gone) })
		m.shown(a, c, before.Show, after.Show)
	}
	m.pounceOnPresence(a, c, before, after)
}

func (m *Messenger) subscriptionAnswered(a *account, e protocol.SubscriptionAnswered) {
	c := im.ConvID{Account: a.id, Peer: e.Bare}
	if !m.known(c) {
		return
	}
	text := lang.F("%s lets you see when they are online.", m.list.Title(c))
	if !e.Approved {
		text = lang.F("%s does not let you see when they are online.", m.list.Title(c))
	}
	m.noticeIfOpen(c, text)
}

// roster is the roster of an account that is online, if its network keeps one.
func (m *Messenger) roster(id im.AccountID) (protocol.RosterEditor, error) {
	s := m.online(id)
	if s == nil {
		return nil, protocol.ErrOffline
	}
	r, ok := s.(protocol.RosterEditor)
	if !ok {
		return nil, protocol.ErrOffline
	}
	return r, nil
}

// addBuddy puts somebody on the list and asks, with words or without, to see their
// presence.
func (m *Messenger) addBuddy(b im.Buddy, words string) error {
	r, err := m.roster(b.Account)
	if err != nil {
		return err
	}
	if err := r.SetBuddy(b); err != nil {
		return err
	}
	m.pardon(b.Conv())
	return r.Subscribe(b.Bare, words)
}

// answerRequest answers somebody who wants to see our presence.
func (m *Messenger) answerRequest(c im.ConvID, approve bool) error {
	r, err := m.roster(c.Account)
	if err != nil {
		return err
	}
	if approve {
		err = r.Approve(c.Peer)
	} else {
		err = r.Deny(c.Peer)
	}
	if err != nil {
		return err
	}
	if m.knocking(c) == nil {
		m.applyList(buddylist.Answered{Conv: c})
	}
	return nil
}

// onlineAccounts are those that are connected, in order.
func (m *Messenger) onlineAccounts() []*account {
	var out []*account
	for _, a := range m.sortedAccounts() {
		if a.link.State().Status == accounts.Online {
			out = append(out, a)
		}
	}
	return out
}
