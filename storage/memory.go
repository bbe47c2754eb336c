package storage

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"culver/im"
)

// Memory is a [DB] without a disk: for the practice buddy, whose talk nobody
// wants to keep, and for tests. It is forgotten with the program.
type Memory struct {
	accounts []im.Account
	rosters  map[im.AccountID][]im.Buddy
	lines    []placed // of all conversations, in the order of their places
	top      int64    // see DB
	drafts   map[im.ConvID]im.Draft
	logging  map[im.ConvID]bool
	choices  map[im.ConvID]map[string]string
	settings map[string]string
	spaces   map[string]map[string][]byte
	closed   bool
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		rosters:  map[im.AccountID][]im.Buddy{},
		settings: map[string]string{},
		drafts:   map[im.ConvID]im.Draft{},
		logging:  map[im.ConvID]bool{},
		choices:  map[im.ConvID]map[string]string{},
		spaces:   map[string]map[string][]byte{},
	}
}

// Accounts is like [DB.Accounts].
func (m *Memory) Accounts() ([]im.Account, error) {
	if m.closed {
		return nil, ErrClosed
	}
	var all []im.Account
	for _, a := range m.accounts {
		all = append(all, a.Clone())
	}
	return all, nil
}

// SaveAccount is like [DB.SaveAccount].
func (m *Memory) SaveAccount(a im.Account) error {
	if m.closed {
		return ErrClosed
	}
	i := slices.IndexFunc(m.accounts, func(b im.Account) bool { return a.ID == b.ID })
	if i < 0 {
		m.accounts = append(m.accounts, a.Clone())
		return nil
	}
	m.accounts[i] = a.Clone()
	return nil
}

// DeleteAccount is like [DB.DeleteAccount].
func (m *Memory) DeleteAccount(id im.AccountID) error {
	if m.closed {
		return ErrClosed
	}
	m.accounts = slices.DeleteFunc(m.accounts, func(a im.Account) bool { return a.ID == id })
	m.lines = slices.DeleteFunc(m.lines, func(l placed) bool { return l.Conv.Account == id })
	maps.DeleteFunc(m.drafts, func(c im.ConvID, _ im.Draft) bool { return c.Account == id })
	maps.DeleteFunc(m.choices, func(c im.ConvID, _ map[string]string) bool { return c.Account == id })
	maps.DeleteFunc(m.logging, func(c im.ConvID, _ bool) bool { return c.Account == id })
	delete(m.rosters, id)
	return nil
}

// Roster is like [DB.Roster].
func (m *Memory) Roster(id im.AccountID) ([]im.Buddy, error) {
	if m.closed {
		return nil, ErrClosed
	}
	return cloneRoster(id, m.rosters[id]), nil
}

// SaveRoster is like [DB.SaveRoster].
func (m *Memory) SaveRoster(id im.AccountID, buddies []im.Buddy) error {
	if m.closed {
		return ErrClosed
	}
	m.rosters[id] = cloneRoster(id, buddies)
	return nil
}

// cloneRoster copies a roster, all of it to the account.
func cloneRoster(id im.AccountID, buddies []im.Buddy) []im.Buddy {
	buddies = slices.Clone(buddies)
	for i, b := range buddies {
		buddies[i].Account = id
		buddies[i].Groups = append([]string(nil), b.Groups...)
	}
	return buddies
}

// Setting is like [DB.Setting].
func (m *Memory) Setting(key string) (string, bool, error) {
	if m.closed {
		return "", false, ErrClosed
	}
	value, ok := m.settings[key]
	return value, ok, nil
}

// Settings is like [DB.Settings].
func (m *Memory) Settings() (map[string]string, error) {
	if m.closed {
		return nil, ErrClosed
	}
	return maps.Clone(m.settings), nil
}

// SetSetting is like [DB.SetSetting].
func (m *Memory) SetSetting(key, value string) error {
	if m.closed {
		return ErrClosed
	}
	m.settings[key] = value
	return nil
}

// DropSetting is like [DB.DropSetting].
func (m *Memory) DropSetting(key string) error {
	if m.closed {
		return ErrClosed
	}
	delete(m.settings, key)
	return nil
}

// Space is like [DB.Space].
func (m *Memory) Space(name string) *Space { return &Space{name: name, rows: m} }

func (m *Memory) spaceGet(space, key string) ([]byte, bool, error) {
	if m.closed {
		return nil, false, ErrClosed
	}
	value, ok := m.spaces[space][key]
	return bytes.Clone(value), ok, nil
}

func (m *Memory) spacePut(space, key string, value []byte) error {
	if m.closed {
		return ErrClosed
	}
	if m.spaces[space] == nil {
		m.spaces[space] = map[string][]byte{}
	}
	m.spaces[space][key] = append([]byte{}, value...)
	return nil
}

func (m *Memory) spaceDelete(space, key string) error {
	if m.closed {
		return ErrClosed
	}
	delete(m.spaces[space], key)
	return nil
}

func (m *Memory) spaceList(space, prefix string) (map[string][]byte, error) {
	if m.closed {
		return nil, ErrClosed
	}
	found := map[string][]byte{}
	for key, value := range m.spaces[space] {
		if strings.HasPrefix(key, prefix) {
			found[key] = bytes.Clone(value)
		}
	}
	return found, nil
}

// Close forgets everything. It is no error to close twice.
func (m *Memory) Close() error {
	*m = Memory{closed: true}
	return nil
}
