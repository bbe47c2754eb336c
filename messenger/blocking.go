package messenger

import (
	"slices"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// blockedChanged takes the list of who is kept from reaching an account.
func (m *Messenger) blockedChanged(a *account, e protocol.Blocked) {
	before := m.list.Blocked(a.id)
	knew := m.list.CanBlock(a.id)
	a.reports = e.Reports
	m.applyList(buddylist.Blocked{Account: a.id, Addresses: e.Addresses})
	for _, k := range slices.Clone(m.knocks) {
		if m.list.BlockedAs(k.conv) != "" {
			m.forgetKnock(k)
		}
	}
	if !knew {
		return
	}
	for _, c := range m.sortedChats(a.id) {
		is := m.list.BlockedAs(c.id)
		_, server, _ := strings.Cut(c.id.Peer, "@")
		was := slices.Contains(before, c.id.Peer) || slices.Contains(before, server)
		switch {
		case is != "" && !was:
			m.noticeIfOpen(c.id, lang.F("You have blocked %s. Nothing that they send reaches you.", is))
		case is == "" && was:
			m.noticeIfOpen(c.id, lang.F("%s is no longer blocked.", m.nameOf(c.id)))
		}
	}
}

// blocker is the session of an account that can block, now.
func (m *Messenger) blocker(id im.AccountID) (protocol.Blocker, error) {
	b, ok := m.online(id).(protocol.Blocker)
	if !ok || !m.list.CanBlock(id) {
		return nil, formError(lang.T("Nobody can be blocked now: this account is not connected, or its server cannot do it."))
	}
	return b, nil
}

// listed are addresses in a sentence.
func listed(addresses []string) string {
	clean := make([]string, 0, len(addresses))
	for _, a := range addresses {
		clean = append(clean, cleanName(a))
	}
	if len(clean) < 2 {
		return strings.Join(clean, "")
	}
	return lang.F("%s and %s", strings.Join(clean[:len(clean)-1], ", "), clean[len(clean)-1])
}

// someOf are the first of many names, in a sentence.
func someOf(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return lang.F("%s and others", strings.Join(names[:most], ", "))
}
