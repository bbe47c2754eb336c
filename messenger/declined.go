package messenger

import (
	"slices"
	"strings"

	"culver/im"
)

// settingDeclined is whom the user declined, the oldest first: an account and an address
// each. Servers repeat a request at each sign-in until it is answered, and an answer
// would tell the stranger that somebody is here.
const settingDeclined = "people.declined"

const maxDeclined = 500

// convKey names a peer of an account in lists that are kept.
func convKey(c im.ConvID) string { return string(c.Account) + " " + c.Peer }

// convOfKey is its inverse.
func convOfKey(key string) im.ConvID {
	account, peer, _ := strings.Cut(key, " ")
	return im.ConvID{Account: im.AccountID(account), Peer: peer}
}

// declined are those whose requests are not shown again.
func (m *Messenger) declined() []string {
	return strings.FieldsFunc(m.settings[settingDeclined], func(r rune) bool { return r == '\n' })
}

func (m *Messenger) wasDeclined(c im.ConvID) bool { return slices.Contains(m.declined(), convKey(c)) }

func (m *Messenger) keepDeclined(list []string) {
	if len(list) == 0 {
		m.drop(settingDeclined)
		return
	}
	m.settings[settingDeclined] = strings.Join(list, "\n")
	m.keep(settingDeclined, m.settings[settingDeclined])
}

// noteDeclined notes that a request was declined, lastingly.
func (m *Messenger) noteDeclined(c im.ConvID) {
	list := slices.DeleteFunc(m.declined(), func(s string) bool { return s == convKey(c) })
	list = append(list, convKey(c))
	m.keepDeclined(list[max(0, len(list)-maxDeclined):])
}

// forgetDeclined forgets whom the user of an account declined.
func (m *Messenger) forgetDeclined(a im.AccountID) {
	list := m.declined()
	if rest := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.HasPrefix(s, string(a)+" ") }); len(rest) < len(list) {
		m.keepDeclined(rest)
	}
}

// pardon forgets that a request was declined: the user has to do with them now.
func (m *Messenger) pardon(c im.ConvID) {
	list := m.declined()
	if i := slices.Index(list, convKey(c)); i >= 0 {
		m.keepDeclined(slices.Delete(list, i, i+1))
	}
}
