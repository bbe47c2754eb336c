package storage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"culver/im"
)

// salvaged is what was found on the pages of a damaged database that are sound. Which
// table a row is of, its columns tell: no two tables have the same.
type salvaged struct {
	pages, bad    int    // how many there are, and how many cannot be read
	broken        int    // rows of which only a part is there
	lost          string // see im.Rescued
	accounts      map[int64]im.Account
	named         map[int64]im.AccountID // accounts of which the index knows
	buddies       map[im.AccountID]map[int64]im.Buddy
	conversations map[int64]conversationRow
	lines         map[int64]lineRow // by place
	settings      map[string]string
	spaces        map[[2]string][]byte
	drafts        map[im.ConvID]im.Draft
	choices       map[[3]string]string // by account, peer and key
}

type conversationRow struct {
	id    im.ConvID
	lines int64
	keep  *bool
	// The index knows of it, and nothing else.
	nameOnly bool
}

type lineRow struct {
	conversation int64
	message      im.Message // without Conv
}

func newSalvaged() *salvaged {
	return &salvaged{accounts: map[int64]im.Account{}, named: map[int64]im.AccountID{}, buddies: map[im.AccountID]map[int64]im.Buddy{},
		conversations: map[int64]conversationRow{}, lines: map[int64]lineRow{}, settings: map[string]string{},
		spaces: map[[2]string][]byte{}, drafts: map[im.ConvID]im.Draft{}, choices: map[[3]string]string{}}
}

// salvage reads all pages.
func salvage(p *pages, stop func() error) (*salvaged, error) {
	s := newSalvaged()
	s.pages, s.bad = p.lost, p.lost
	for n := uint32(1); n <= p.count; n++ {
		if err := stop(); err != nil {
			return nil, err
		}
		s.pages++
		page := p.page(n)
		if page == nil {
			s.bad++
			continue
		}
		if empty(page) {
			continue
		}
		rows, broken := p.records(n, page)
		for _, r := range rows {
			s.take(r)
		}
		s.broken += broken
	}
	if s.bad+s.broken > 0 {
		s.lost = p.lostOf()
	}
	return s, nil
}

// columnsRead reads the columns of a row, from left to right; ok says that they were
// what was expected so far.
type columnsRead struct {
	left []any
	ok   bool
}

func next[T any](c *columnsRead) (v T) {
	if len(c.left) == 0 {
		c.ok = false
		return v
	}
	v, ok := c.left[0].(T)
	c.ok = c.ok && ok
	c.left = c.left[1:]
	return v
}

func (c *columnsRead) string() string { return next[string](c) }
func (c *columnsRead) int() int64     { return next[int64](c) }
func (c *columnsRead) bool() bool     { return next[int64](c) != 0 }
func (c *columnsRead) bytes() []byte  { return next[[]byte](c) }

// null passes over the column that stands for the number of the row.
func (c *columnsRead) null() {
	c.ok = c.ok && len(c.left) > 0 && c.left[0] == nil
	c.left = c.left[min(1, len(c.left)):]
}

// take takes a row for what it is.
func (s *salvaged) take(r record) {
	for _, as := range []func(record, *columnsRead) bool{
		s.line, s.conversation, s.account, s.accountName, s.conversationName, s.buddy, s.setting, s.space, s.draft, s.choice,
	} {
		if as(r, &columnsRead{left: r.columns, ok: true}) {
			return
		}
	}
}

func (s *salvaged) line(r record, c *columnsRead) bool {
	switch len(c.left) { // of the first version, of the second, and of the seventh
	case 16, 17, 21:
	default:
		return false
	}
	c.null()
	l := lineRow{conversation: c.int()}
	m := im.Message{ID: c.string(), Kind: im.Kind(c.int()), Out: c.bool(), From: im.Addr{Bare: c.string(), Resource: c.string()}}
	plain, format := c.string(), []byte(nil)
	if len(c.left) > 0 && c.left[0] != nil {
		format = c.bytes()
	} else {
		c.null()
	}
	m.Time = time.Unix(c.int(), c.int()).UTC()
	m.Seal = im.Seal{Level: im.Level(c.int()), By: c.string()}
	m.State, m.Reason, m.Late = im.State(c.int()), c.string(), c.bool()
	if len(c.left) > 0 {
		m.Private = c.bool()
	} else {
		m.Private = m.Out && m.State != im.Done && m.Seal.Level != im.Open
	}
	if len(c.left) > 0 {
		m.Origin, m.Archive, m.Edited, m.Nick = c.string(), c.string(), c.bool(), c.string()
	}
	text, err := decodeFormat(plain, format)
	if !c.ok || err != nil {
		return false
	}
	m.Text = text
	l.message = m
	s.lines[r.number] = l
	return true
}

func (s *salvaged) conversation(r record, c *columnsRead) bool {
	if n := len(c.left); n != 3 && n != 7 {
		return false
	}
	c.null()
	row := conversationRow{id: im.ConvID{Account: im.AccountID(c.string()), Peer: c.string()}}
	if len(c.left) > 0 {
		row.lines = c.int()
		c.int()
		c.int()
		if c.ok && c.left[0] != nil {
			keep := c.bool()
			row.keep = &keep
		}
	}
	if c.ok {
		s.conversations[r.number] = row
	}
	return c.ok
}

// conversationName is a row of the index of conversations.
func (s *salvaged) conversationName(_ record, c *columnsRead) bool {
	id, number := im.ConvID{Account: im.AccountID(c.string()), Peer: c.string()}, c.int()
	if _, there := s.conversations[number]; c.ok && len(c.left) == 0 && !there {
		s.conversations[number] = conversationRow{id: id, nameOnly: true}
	}
	return c.ok && len(c.left) == 0
}

func (s *salvaged) account(r record, c *columnsRead) bool {
	c.null()
	a := im.Account{ID: im.AccountID(c.string()), Alias: c.string(), Enabled: c.bool(), Options: map[string]string{}}
	options, err := decodeStrings(c.bytes())
	if !c.ok || err != nil || len(options)%2 != 0 || len(c.left) > 0 {
		return false
	}
	for pair := range slices.Chunk(options, 2) {
		a.Options[pair[0]] = pair[1]
	}
	s.accounts[r.number] = a
	return true
}

// accountName is a row of the index of accounts.
func (s *salvaged) accountName(_ record, c *columnsRead) bool {
	id, number := c.string(), c.int()
	if !c.ok || len(c.left) > 0 || !strings.Contains(id, ":") {
		return false
	}
	s.named[number] = im.AccountID(id)
	return true
}

func (s *salvaged) buddy(_ record, c *columnsRead) bool {
	account, position := im.AccountID(c.string()), c.int()
	b := im.Buddy{Account: account, Bare: c.string(), Name: c.string()}
	groups, err := decodeStrings(c.bytes())
	b.Groups, b.Subscription, b.Asking = groups, im.Subscription(c.string()), c.bool()
	if !c.ok || err != nil || len(c.left) > 0 {
		return false
	}
	if s.buddies[account] == nil {
		s.buddies[account] = map[int64]im.Buddy{}
	}
	s.buddies[account][position] = b
	return true
}

func (s *salvaged) setting(_ record, c *columnsRead) bool {
	key, value := c.string(), c.string()
	if c.ok && len(c.left) == 0 {
		s.settings[key] = value
		return true
	}
	return false
}

func (s *salvaged) space(_ record, c *columnsRead) bool {
	key := [2]string{c.string(), c.string()}
	value := c.bytes()
	if c.ok && len(c.left) == 0 {
		s.spaces[key] = value
		return true
	}
	return false
}

func (s *salvaged) draft(_ record, c *columnsRead) bool {
	id, d := im.ConvID{Account: im.AccountID(c.string()), Peer: c.string()}, im.Draft{}
	d.Text, d.Private = c.string(), c.bool()
	if c.ok && len(c.left) == 0 {
		s.drafts[id] = d
		return true
	}
	return false
}

func (s *salvaged) choice(_ record, c *columnsRead) bool {
	at := [3]string{c.string(), c.string(), c.string()}
	value := c.string()
	if c.ok && len(c.left) == 0 {
		s.choices[at] = value
		return true
	}
	return false
}

// sortedAccounts are the accounts in their order. One of which only the name was found
// is there with nothing but that, and is not connected by itself.
func (s *salvaged) sortedAccounts() []im.Account {
	for number, id := range s.named {
		if _, there := s.accounts[number]; !there {
			s.accounts[number] = im.Account{ID: id}
		}
	}
	return sortedByKey(s.accounts)
}

func sortedByKey[K cmp.Ordered, V any](m map[K]V) []V {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var all []V
	for _, k := range keys {
		all = append(all, m[k])
	}
	return all
}
