package messenger

import (
	"slices"
	"strings"

	"culver/accounts"
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// A link to a person, a room or a server comes from a conversation, or from another
// program: from anybody. Following one shows something, and no more: a conversation with
// what the link wants to be said in its entry, or a form that is filled in. A conversation
// with somebody the user has nothing to do with is begun by a form as well, for to have
// one lets them in.

// mostLinks is how many links may wait.
const mostLinks = 16

// handedLink is a link as it came.
type handedLink struct {
	via  im.AccountID // the account in whose conversation it was; empty: in none
	link string
}

// waitingLink is a link that is to be followed.
type waitingLink struct {
	handedLink
	network protocol.Protocol
	to      protocol.Link
	early   bool // no account was connected when it came
	told    bool // the user knows that it waits
}

// FollowLink shows where a link leads, as soon as that can be. None is lost: those that
// were not followed when the messenger was locked are carried on.
func (m *Messenger) FollowLink(via im.AccountID, link string) {
	m.mu.Lock()
	if len(m.handed) < mostLinks {
		m.handed = append(m.handed, handedLink{via, link})
	}
	m.mu.Unlock()
	m.inbox.Put(func() {})
}

// refreshLinks follows the links that wait, once there is somebody to show them to.
func (m *Messenger) refreshLinks() {
	if len(m.fronts) == 0 || m.quitting {
		return
	}
	m.mu.Lock()
	handed := m.handed
	m.handed = nil
	m.mu.Unlock()
	for _, h := range handed {
		if l, ok := m.readLink(h); ok && len(m.links) < mostLinks {
			m.links = append(m.links, l)
		}
	}
	waiting := m.links
	m.links = nil
	for _, l := range waiting {
		if !m.followed(&l) {
			m.links = append(m.links, l)
		}
	}
}

// unfollowed are the links that wait still, for the next messenger.
func (m *Messenger) unfollowed() []handedLink {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []handedLink
	for _, l := range m.links {
		all = append(all, l.handedLink)
	}
	all = append(all, m.handed...)
	m.handed = nil
	return all
}

// readLink asks the network what a link says.
func (m *Messenger) readLink(h handedLink) (l waitingLink, ok bool) {
	l.handedLink = h
	scheme, _, _ := strings.Cut(h.link, ":")
	linker, ok := m.network(strings.ToLower(scheme)).(protocol.Linker)
	if !ok {
		return l, false
	}
	to, err := linker.Link(h.link)
	if err != nil {
		m.say(lang.T("Open Link"), sentenceOf(err))
		return l, false
	}
	l.network, l.to, l.early = linker.(protocol.Protocol), to, len(m.linkAccounts(linker.(protocol.Protocol), accounts.Online)) == 0
	return l, true
}

// linkAccounts are the accounts of a network in a state.
func (m *Messenger) linkAccounts(n protocol.Protocol, s accounts.Status) []*account {
	return slices.DeleteFunc(m.sortedAccounts(), func(a *account) bool {
		return a.id.Scheme() != n.Scheme() || a.link.State().Status != s
	})
}

// followed follows a link, and reports whether it could be. When the program starts it
// waits for all accounts, so that each of them can be chosen.
func (m *Messenger) followed(l *waitingLink) bool {
	to := l.to
	if to.Purpose == protocol.LinkRegister {
		name, server, ok := strings.Cut(to.Peer, "@")
		if !ok {
			name, server = "", to.Peer
		}
		m.showRegisterAt(server, name)
		return true
	}
	if c, ok := m.linkTarget(l); ok {
		m.open(c, true)
		m.suggest(c, to.Body)
		return true
	}
	online := m.linkAccounts(l.network, accounts.Online)
	if coming := m.linkAccounts(l.network, accounts.Connecting); len(online) == 0 && len(coming) == 0 {
		m.linkWaits(l)
		return false
	} else if len(online) == 0 || l.early && len(coming) > 0 {
		return false
	}
	who := im.ConvID{Account: m.linkAccount(l, online), Peer: to.Peer}
	switch {
	case to.Purpose == protocol.LinkJoin || m.rooms[who] != nil:
		m.showJoinRoom(who, to.Password)
	case to.Purpose == protocol.LinkAdd:
		group := cleanName(to.Group)
		if group == "" {
			group = buddylist.DefaultGroup
		}
		m.showAddNamed(who, cleanName(to.Name), group)
	default:
		m.showTalk(who, to.Body)
	}
	return true
}

// linkWaits says once that a link is followed later.
func (m *Messenger) linkWaits(l *waitingLink) {
	if l.told {
		return
	}
	l.told = true
	text := lang.F("The link leads to %s. It opens as soon as one of your accounts of that kind (%s) is connected.", cleanName(l.to.Peer), l.network.Name())
	if !slices.ContainsFunc(m.sortedAccounts(), func(a *account) bool { return a.id.Scheme() == l.network.Scheme() }) {
		text = lang.F("The link leads to %s. It opens as soon as you have an account of that kind (%s): choose Manage Accounts in the Accounts menu.", cleanName(l.to.Peer), l.network.Name())
	}
	m.say(lang.T("Open Link"), text)
}

// linkTarget is the conversation to which a link leads without a question: with a buddy,
// with somebody whom the user wrote to before, or a room that they are in.
func (m *Messenger) linkTarget(l *waitingLink) (im.ConvID, bool) {
	var all []im.ConvID
	for _, a := range m.sortedAccounts() {
		c := im.ConvID{Account: a.id, Peer: l.to.Peer}
		r := m.rooms[c]
		inside := r != nil && r.known.Place == conversation.Inside
		if a.id.Scheme() == l.network.Scheme() && (inside || r == nil && l.to.Purpose != protocol.LinkJoin && m.known(c) && m.knocking(c) == nil) {
			all = append(all, c)
		}
	}
	better := []func(im.ConvID) bool{
		func(c im.ConvID) bool { return l.to.Account != "" && c.Account.Bare() == l.to.Account },
		func(c im.ConvID) bool { return c.Account == l.via },
		func(c im.ConvID) bool { return m.online(c.Account) != nil },
		func(im.ConvID) bool { return true },
	}
	for _, is := range better {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i], true
		}
	}
	return im.ConvID{}, false
}

// linkAccount is the account that a form proposes: the one that the link names, that in
// whose conversation it was, or the first. The user can choose another one.
func (m *Messenger) linkAccount(l *waitingLink, online []*account) im.AccountID {
	for _, want := range []im.AccountID{im.NewAccountID(l.network.Scheme(), l.to.Account), l.via} {
		if slices.ContainsFunc(online, func(a *account) bool { return a.id == want }) {
			return want
		}
	}
	return online[0].id
}

// showTalk asks whether to begin a conversation with a stranger, to whom a link leads.
func (m *Messenger) showTalk(who im.ConvID, body string) {
	var more []im.Field
	if text := conversation.Clean(body); text != "" {
		more = append(more, im.Field{Kind: im.FieldNote, Label: lang.F("The link proposes to write “%s”. You can change that before you send it.", cleanName(text))})
	}
	m.askPeer(who, lang.T("New Instant Message"), lang.T("A link leads to somebody who is not on your Buddy List. They hear nothing of it before you write."),
		labelBuddy(), lang.T("Open"), more, func(c im.ConvID, _ map[string]string) error {
			m.open(c, true)
			m.suggest(c, body)
			return nil
		})
}

// suggest puts words of somebody else into the entry of a conversation. They are words:
// what looks like a command is none.
func (m *Messenger) suggest(c im.ConvID, text string) {
	text = strings.TrimSpace(conversation.Clean(text))
	if text == "" {
		return
	}
	if strings.HasPrefix(text, "/") {
		text = "/" + text
	}
	m.publish(Suggested{Conv: c, Text: text})
}
