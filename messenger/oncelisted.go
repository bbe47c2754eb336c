package messenger

import (
	"slices"
	"strings"

	"culver/im"
)

// Whom the server takes off the Buddy List without the user's doing stays a person: it
// could take a buddy off to make a room of their address next, in which nothing is
// sealed. Whom the user takes off leaves nothing.

// settingOnceListed is who that is, the oldest first: an account and an address each.
const settingOnceListed = "people.once"

// maxOnceListed is how many are remembered of all accounts together: as many as a large
// list has.
const maxOnceListed = 5000

// loadOnceListed is who that is, a line each, loaded when it is needed first.
func (m *Messenger) loadOnceListed() string {
	if _, ok := m.settings[settingOnceListed]; !ok {
		m.settings[settingOnceListed], _, _ = m.cfg.Store.Setting(settingOnceListed) // unreadable: as if there were none
	}
	return m.settings[settingOnceListed]
}

func (m *Messenger) onceListed() []string {
	return strings.FieldsFunc(m.loadOnceListed(), func(r rune) bool { return r == '\n' })
}

func (m *Messenger) keepOnceListed(list []string) {
	if len(list) == 0 {
		m.drop(settingOnceListed)
		return
	}
	m.settings[settingOnceListed] = strings.Join(list[max(0, len(list)-maxOnceListed):], "\n")
	m.keep(settingOnceListed, m.settings[settingOnceListed])
}

// wasListed reports that the server took somebody off the list.
func (m *Messenger) wasListed(c im.ConvID) bool {
	return strings.Contains("\n"+m.loadOnceListed()+"\n", "\n"+convKey(c)+"\n")
}

// unlisted notes whom the server took off the list, if the user did not ask for that.
func (m *Messenger) unlisted(gone []im.ConvID) {
	var names []string
	for _, c := range gone {
		if m.unlisting[c] {
			delete(m.unlisting, c)
		} else if !m.wasListed(c) && !strings.Contains(c.Peer, "\n") {
			names = append(names, convKey(c))
		}
	}
	if len(names) > 0 {
		m.keepOnceListed(append(m.onceListed(), names...))
	}
}

// unlist notes that the user takes somebody off the list.
func (m *Messenger) unlist(c im.ConvID) {
	if m.unlisting == nil {
		m.unlisting = map[im.ConvID]bool{}
	}
	m.unlisting[c] = true
	m.mayBeRoom(c)
}

// mayBeRoom forgets that somebody was on the list: the user says that it is no person, or
// has nothing to do with them any more.
func (m *Messenger) mayBeRoom(c im.ConvID) {
	list := m.onceListed()
	if i := slices.Index(list, convKey(c)); i >= 0 {
		m.keepOnceListed(slices.Delete(list, i, i+1))
	}
}

// forgetOnceListed forgets those of an account that is removed.
func (m *Messenger) forgetOnceListed(a im.AccountID) {
	list := m.onceListed()
	if rest := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.HasPrefix(s, string(a)+" ") }); len(rest) < len(list) {
		m.keepOnceListed(rest)
	}
}

// missing are the buddies of an account that are not in a list any more.
func (m *Messenger) missing(a im.AccountID, now []im.Buddy) (gone []im.ConvID) {
	there := map[string]bool{}
	for _, b := range now {
		there[b.Bare] = true
	}
	for _, b := range m.list.Buddies(a) {
		if !there[b.Bare] {
			gone = append(gone, b.Conv())
		}
	}
	return gone
}
