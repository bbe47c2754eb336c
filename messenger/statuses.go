package messenger

import (
	"encoding/json"
	"slices"
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// SavedStatus is what the user wants to be seen as, made once to be used again.
type SavedStatus struct {
	ID      string // empty for one that was only used
	Title   string
	Show    im.Show
	Message string
	// Accounts are those that are to be seen as something else.
	Accounts map[im.AccountID]AccountStatus `json:",omitempty"`
}

// AccountStatus is what one account is to be seen as.
type AccountStatus struct {
	Show    im.Show
	Message string
}

// Statuses are those to choose from.
type Statuses struct {
	Saved  []SavedStatus
	Recent []SavedStatus // with words that were used, the last one first
	Used   string        // the ID of the saved one in use, empty: none of them is
	// Differs: some accounts are seen as something else than the others.
	Differs bool
}

// How many recent ones are kept, and how many can be saved.
const (
	mostRecent = 5
	mostSaved  = 50
)

// The settings that they are kept in.
const (
	settingStatuses = "statuses.saved"
	settingRecent   = "statuses.recent"
	settingUsed     = "statuses.used"
	// SettingStartStatus is the ID of the saved status to begin with; empty: the last one.
	SettingStartStatus = "statuses.start"
)

// statuses is what the messenger keeps of them.
type statuses struct {
	saved  []SavedStatus
	recent []SavedStatus
	used   string
}

// loadStatuses takes up what is kept; what cannot be read is as if it was not there.
func (m *Messenger) loadStatuses() {
	read := func(key string, into *[]SavedStatus) {
		if v, ok, err := m.cfg.Store.Setting(key); err == nil && ok {
			_ = json.Unmarshal([]byte(v), into)
		}
	}
	read(settingStatuses, &m.statuses.saved)
	read(settingRecent, &m.statuses.recent)
	m.statuses.used, _, _ = m.cfg.Store.Setting(settingUsed)
	if _, ok := m.savedStatus(m.statuses.used); !ok {
		m.statuses.used = ""
	}
	start, _, _ := m.cfg.Store.Setting(SettingStartStatus)
	if s, ok := m.savedStatus(start); ok {
		m.statuses.used, m.presence.Show, m.presence.Status = s.ID, s.Show, s.Message
	}
}

func (m *Messenger) keepStatuses(key string, all []SavedStatus) {
	if b, err := json.Marshal(all); err == nil {
		m.keep(key, string(b))
	}
}

func (m *Messenger) savedStatus(id string) (SavedStatus, bool) {
	i := slices.IndexFunc(m.statuses.saved, func(s SavedStatus) bool { return s.ID == id })
	if id == "" || i < 0 {
		return SavedStatus{}, false
	}
	return m.statuses.saved[i], true
}

// statusList is what front ends know.
func (m *Messenger) statusList() Statuses {
	used, _ := m.savedStatus(m.statuses.used)
	return Statuses{Saved: slices.Clone(m.statuses.saved), Recent: slices.Clone(m.statuses.recent), Used: m.statuses.used, Differs: len(used.Accounts) > 0}
}

// wished is what an account is to be seen as.
func (m *Messenger) wished(id im.AccountID) im.Presence {
	p := m.presence
	if s, ok := m.savedStatus(m.statuses.used); ok {
		if own, ok := s.Accounts[id]; ok && p.Show != im.Offline {
			p.Show, p.Status = own.Show, own.Message
		}
	}
	return m.asIdle(p)
}

// tellPresence brings all accounts in line with what they are to be seen as.
func (m *Messenger) tellPresence() {
	for _, a := range m.sortedAccounts() {
		p := m.wished(a.id)
		if s, ok := a.session.(protocol.PresenceSetter); ok && p.Show != im.Offline {
			s.SetPresence(p)
		}
		m.wish(a)
	}
}

// SetPresence is the user's wish.
func (m *Messenger) SetPresence(p im.Presence) {
	m.inbox.Put(func() {
		m.statuses.used = ""
		m.noteRecent(p)
		m.setPresence(p)
	})
}

// UseStatus does what a saved status says.
func (m *Messenger) UseStatus(id string) {
	m.inbox.Put(func() {
		if s, ok := m.savedStatus(id); ok {
			m.useStatus(s)
		}
	})
}

func (m *Messenger) useStatus(s SavedStatus) {
	m.statuses.used = s.ID
	p := m.presence
	p.Show, p.Status = s.Show, s.Message
	m.setPresence(p)
}

func (m *Messenger) setPresence(p im.Presence) {
	m.presence = p
	m.keep(settingShow, strconv.Itoa(int(p.Show)))
	m.keep(settingStatus, p.Status)
	m.keep(settingUsed, m.statuses.used)
	m.publish(PresenceWished{p})
	if !m.idle.IsZero() {
		m.publish(m.idleState())
	}
	m.publish(StatusesChanged{m.statusList()})
	m.tellPresence()
}

// noteRecent remembers words that the user has used, in front of those before.
func (m *Messenger) noteRecent(p im.Presence) {
	if p.Status == "" || p.Show == im.Offline {
		return
	}
	s := SavedStatus{Show: p.Show, Message: p.Status}
	all := slices.DeleteFunc(slices.Clone(m.statuses.recent), func(o SavedStatus) bool { return o.Show == s.Show && o.Message == s.Message })
	all = slices.Insert(all, 0, s)
	m.statuses.recent = all[:min(len(all), mostRecent)]
	m.keepStatuses(settingRecent, m.statuses.recent)
}

// saveStatus keeps one, in the place of that before with its ID.
func (m *Messenger) saveStatus(s SavedStatus) error {
	s.Title, s.Message = cleanName(s.Title), cleanName(s.Message)
	if s.Title == "" {
		return formError(lang.T("Give it a name."))
	}
	i := slices.IndexFunc(m.statuses.saved, func(o SavedStatus) bool { return o.ID == s.ID })
	switch {
	case slices.ContainsFunc(m.statuses.saved, func(o SavedStatus) bool { return o.Title == s.Title && o.ID != s.ID }):
		return formError(lang.T("There is another status of that name."))
	case i >= 0:
		m.statuses.saved[i] = s
	case len(m.statuses.saved) >= mostSaved:
		return formError(lang.T("There are too many saved statuses. Delete some first."))
	default:
		m.statuses.saved = append(m.statuses.saved, s)
	}
	m.keepStatuses(settingStatuses, m.statuses.saved)
	if s.ID == m.statuses.used {
		m.useStatus(s)
	} else {
		m.publish(StatusesChanged{m.statusList()})
	}
	return nil
}

// deleteStatuses forgets saved ones. What the user is seen as stays as it is.
func (m *Messenger) deleteStatuses(ids []string) {
	m.statuses.saved = slices.DeleteFunc(m.statuses.saved, func(s SavedStatus) bool { return slices.Contains(ids, s.ID) })
	m.keepStatuses(settingStatuses, m.statuses.saved)
	if slices.Contains(ids, m.settings[SettingStartStatus]) {
		m.setSetting(SettingStartStatus, "")
	}
	if slices.Contains(ids, m.statuses.used) {
		m.statuses.used = ""
		m.setPresence(m.presence)
		return
	}
	m.publish(StatusesChanged{m.statusList()})
}

// forgetStatuses leaves nothing of an account in them.
func (m *Messenger) forgetStatuses(id im.AccountID) {
	changed := false
	for i, s := range m.statuses.saved {
		if _, ok := s.Accounts[id]; ok {
			delete(m.statuses.saved[i].Accounts, id)
			changed = true
		}
	}
	if changed {
		m.keepStatuses(settingStatuses, m.statuses.saved)
		m.publish(StatusesChanged{m.statusList()})
	}
}
