package messenger

import (
	"encoding/json"
	"slices"
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// What the user made of the Buddy List is kept on this device alone, in a space of the
// store. The times at which buddies were seen last are written now and then: they change
// all the time, and are no loss.

// keepSeenEvery is how often.
const keepSeenEvery = 5 * time.Minute

// The keys of the space.
const (
	arrangementKey = "arrangement"
	alwaysKey      = "always"
	seenKey        = "seen"
)

// arranging is what the messenger keeps for that.
type arranging struct {
	space plugin.Store // nil: nowhere
	later func()       // stops the timer until the times are written; nil: they are
}

// loadArrangement takes up what is kept.
func (m *Messenger) loadArrangement() {
	if m.cfg.Spaces == nil {
		return
	}
	m.arranging.space = sweptStore{m.cfg.Spaces("buddies"), m}
	kept, err := m.arranging.space.List("")
	if err != nil {
		m.trouble(lang.T("The order of your Buddy List could not be read."), err)
		return
	}
	// What cannot be read is as if it was not there: nothing else can be made of it.
	var a buddylist.Arrangement
	if json.Unmarshal(kept[arrangementKey], &a) == nil {
		m.list.Apply(buddylist.Arranged{Arrangement: a})
	}
	notes := map[im.ConvID]buddylist.Note{}
	var always []im.ConvID
	_ = json.Unmarshal(kept[alwaysKey], &always)
	for _, c := range always {
		notes[c] = buddylist.Note{Always: true}
	}
	var seen []seenThen
	_ = json.Unmarshal(kept[seenKey], &seen)
	for _, s := range seen {
		n := notes[s.Conv]
		n.Seen = time.Unix(s.Time, 0)
		notes[s.Conv] = n
	}
	for c, n := range notes {
		if _, listed := m.list.Buddy(c); listed {
			m.list.Apply(buddylist.Noted{Conv: c, Note: n})
		}
	}
}

// seenThen is when somebody was seen last, on the disk.
type seenThen struct {
	Conv im.ConvID
	Time int64 // seconds since 1970
}

// loadSpoke takes up when there were lines last. A history that cannot be read says so
// when somebody wants to see it.
func (m *Messenger) loadSpoke() {
	pasts, _ := m.cfg.Store.Pasts()
	for _, p := range pasts {
		if m.accounts[p.Conv.Account] != nil {
			m.list.Apply(buddylist.Spoke{Conv: p.Conv, Time: p.Last})
		}
	}
}

// spoke notes that a line came or left.
func (m *Messenger) spoke(msg im.Message) {
	if msg.Kind == im.Chat {
		m.applyList(buddylist.Spoke{Conv: msg.Conv, Time: msg.Time})
	}
}

// arrange changes the arrangement, here, in all front ends and on the disk.
func (m *Messenger) arrange(change func(*buddylist.Arrangement)) {
	a := m.list.Arrangement().Clone()
	change(&a)
	m.applyList(buddylist.Arranged{Arrangement: a})
	m.keepArranged(arrangementKey, a)
}

func (m *Messenger) keepArranged(key string, value any) {
	if m.arranging.space == nil {
		return
	}
	b, err := json.Marshal(value)
	if err == nil {
		err = m.arranging.space.Put(key, b)
	}
	if err != nil {
		m.trouble(lang.T("The order of your Buddy List could not be saved."), err)
	}
}

// keepSeenSoon writes the times down, after a while.
func (m *Messenger) keepSeenSoon() {
	if m.arranging.later == nil && m.arranging.space != nil {
		m.arranging.later = m.after(keepSeenEvery, m.keepSeen)
	}
}

func (m *Messenger) keepSeen() {
	if m.arranging.later == nil {
		return // nothing happened
	}
	m.arranging.later()
	m.arranging.later = nil
	seen := []seenThen{}
	for c, n := range m.list.Notes() {
		if !n.Seen.IsZero() {
			seen = append(seen, seenThen{c, n.Seen.Unix()})
		}
	}
	m.keepArranged(seenKey, seen)
}

// SetAlways shows a buddy also while they are offline.
func (m *Messenger) SetAlways(c im.ConvID, on bool) {
	m.inbox.Put(func() {
		if _, listed := m.list.Buddy(c); listed && m.list.Note(c).Always != on {
			n := m.list.Note(c)
			n.Always = on
			m.applyList(buddylist.Noted{Conv: c, Note: n})
			m.keepAlways()
		}
	})
}

func (m *Messenger) keepAlways() {
	always := []im.ConvID{}
	for c, n := range m.list.Notes() {
		if n.Always {
			always = append(always, c)
		}
	}
	m.keepArranged(alwaysKey, always)
}

// forgetArranged leaves nothing of what the user made of the places of an account's
// buddies, or of one of them.
func (m *Messenger) forgetArranged(who func(im.ConvID) bool) {
	m.forgetPortraits(who)
	always, seen := false, false
	for c, n := range m.list.Notes() {
		if who(c) {
			always, seen = always || n.Always, seen || !n.Seen.IsZero()
			m.applyList(buddylist.Noted{Conv: c})
		}
	}
	if always {
		m.keepAlways()
	}
	if seen {
		m.keepSeenSoon()
	}
	if m.list.Arrangement().Has(who) {
		m.arrange(func(a *buddylist.Arrangement) { a.Forget(who) })
	}
}

// PlaceBuddy puts a buddy before another one of a group.
func (m *Messenger) PlaceBuddy(c im.ConvID, group string, before im.ConvID) {
	m.inbox.Put(func() {
		c, before := m.head(c), m.head(before)
		if c == before {
			return
		}
		order := slices.DeleteFunc(m.list.ByHand(group), func(o im.ConvID) bool { return o == c })
		i := slices.Index(order, before)
		if i < 0 {
			i = len(order)
		}
		m.arrange(func(a *buddylist.Arrangement) {
			if a.Order == nil {
				a.Order = map[string][]im.ConvID{}
			}
			a.Order[group] = slices.Insert(order, i, c)
		})
	})
}

// head is the first member of somebody's contact, or they themselves.
func (m *Messenger) head(c im.ConvID) im.ConvID {
	if all, _ := m.list.Contact(c); len(all) > 0 {
		return all[0]
	}
	return c
}

// PlaceGroup puts a group before another.
func (m *Messenger) PlaceGroup(group, before string) {
	m.inbox.Put(func() {
		order := m.list.Groups()
		if group == before || !slices.Contains(order, group) {
			return
		}
		order = slices.DeleteFunc(order, func(g string) bool { return g == group })
		i := slices.Index(order, before)
		if i < 0 {
			i = len(order)
		}
		m.arrange(func(a *buddylist.Arrangement) { a.Groups = slices.Insert(order, i, group) })
	})
}

// MergeBuddy makes two buddies one contact. It stands where the second stood.
func (m *Messenger) MergeBuddy(c, into im.ConvID) { m.inbox.Put(func() { m.mergeBuddy(c, into) }) }

func (m *Messenger) mergeBuddy(c, into im.ConvID) {
	_, ok := m.list.Buddy(c)
	b, both := m.list.Buddy(m.head(into))
	if !ok || !both || m.head(c) == m.head(into) {
		return
	}
	moving := m.together(c)
	m.arrange(func(a *buddylist.Arrangement) { a.Merge(c, into) })
	for _, mate := range moving {
		if m.online(mate.Account) != nil { // else it follows when it is moved the next time
			m.tellTrouble(m.setGroups(mate, b.Groups))
		}
	}
}

// together are all who are one with somebody, themselves included.
func (m *Messenger) together(c im.ConvID) []im.ConvID {
	if all, _ := m.list.Contact(c); len(all) > 0 {
		return all
	}
	return []im.ConvID{c}
}

// SplitBuddy takes somebody out of their contact.
func (m *Messenger) SplitBuddy(c im.ConvID) {
	m.inbox.Put(func() { m.arrange(func(a *buddylist.Arrangement) { a.Split(c) }) })
}

// SplitContact makes all members of somebody's contact single.
func (m *Messenger) SplitContact(c im.ConvID) {
	m.inbox.Put(func() { m.arrange(func(a *buddylist.Arrangement) { a.Dissolve(c) }) })
}
