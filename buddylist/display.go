package buddylist

import (
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"culver/im"
)

// Display is the rows of a list as one screen wants to see them. It keeps them in order
// while the list changes: a change costs what it takes to find a place among the others,
// however many there are. A row is made when it is asked for.
//
// What has changed is taken up by [Display.Update]; until then the rows stay as they were.
type Display struct {
	list   *List
	view   View
	filter string // of the view, in lower case
	stale  bool   // all is to be made anew
	dirty  map[im.ConvID]bool

	seats    map[im.ConvID]*seat
	accounts map[im.AccountID]int // seats of each
	titles   map[titleOf]int      // seats of an account that are called the same
	called   map[string]int       // accounts that have some
	knocking map[im.ConvID]bool
	asking   map[im.ConvID]*unit
	rooms    map[im.ConvID]*unit

	requests *block
	groups   []*block // in order
	byName   map[string]*block
	chats    *block

	starts []int // the first row of each block in sight, and the end of all
	briefs []int // how many rows before each of them are brief
	sight  []*block
}

// titleOf is a name in an account.
type titleOf struct {
	account im.AccountID
	title   string
}

// seat is what the place of one buddy depends on.
type seat struct {
	conv  im.ConvID
	entry *entry
	title string
	lower string // the title, in lower case
	unit  *unit
}

// unit is what has a place of its own: a buddy, a contact, a request or a room. It does
// not change: another takes its place.
type unit struct {
	kind    RowKind
	conv    im.ConvID // of a contact, its first member
	seats   []*seat   // of a buddy or contact
	groups  []string
	lower   string  // what it is called, in lower case
	rank    im.Show // the best presence; of a room whether the user is in it
	spoke   int64   // when there was a line last
	visible bool
	rows    int // that it takes: one, and those of its members if it is expanded
}

// Display returns what follows the list for a screen. A list has one.
func (l *List) Display() *Display {
	if l.display == nil {
		l.display = newDisplay(l)
	}
	return l.display
}

func newDisplay(l *List) *Display {
	return &Display{list: l, stale: true, byName: map[string]*block{}}
}

// touch notes that a peer changed. When that is many of them, it is quicker to make all
// anew.
func (d *Display) touch(c im.ConvID) {
	if d.stale {
		return
	}
	d.dirty[c] = true
	if len(d.dirty) > 64+len(d.seats)/8 {
		d.stale = true
	}
}

// Update takes up what has changed since the last time, of the list and of the view.
func (d *Display) Update(v View) {
	same := v.ShowOffline == d.view.ShowOffline && v.Sort == d.view.Sort && v.Filter == d.view.Filter && maps.Equal(v.Expanded, d.view.Expanded)
	if same && maps.Equal(v.Collapsed, d.view.Collapsed) && v.ShowEmpty == d.view.ShowEmpty && !d.stale && len(d.dirty) == 0 {
		return
	}
	v.Collapsed, v.Expanded = maps.Clone(v.Collapsed), maps.Clone(v.Expanded)
	d.view, d.filter = v, strings.ToLower(v.Filter)
	if d.stale || !same {
		d.rebuild()
	} else {
		for c := range d.dirty {
			d.settle(c)
		}
		clear(d.dirty)
	}
	d.arrange()
}

// reseat takes all buddies in anew.
func (d *Display) reseat() {
	n := len(d.list.entries)
	d.seats, d.accounts = make(map[im.ConvID]*seat, n), map[im.AccountID]int{}
	d.titles, d.called = make(map[titleOf]int, n), make(map[string]int, n)
	d.knocking = map[im.ConvID]bool{}
	for c, e := range d.list.entries {
		d.sit(c, e)
		d.note(c, e)
	}
}

// rebuild gives all their place anew.
func (d *Display) rebuild() {
	l := d.list
	if d.stale || len(d.dirty) > 0 {
		d.reseat()
	}
	d.stale, d.dirty = false, map[im.ConvID]bool{}
	d.asking, d.rooms, d.groups = map[im.ConvID]*unit{}, map[im.ConvID]*unit{}, nil
	d.requests, d.chats, d.byName = &block{}, &block{name: RoomGroup, titled: true}, map[string]*block{}
	for _, g := range l.arranged.Kept {
		d.block(g)
	}
	for c, e := range l.entries {
		if u := d.request(c, e); u != nil {
			d.asking[c] = u
			d.requests.lines = append(d.requests.lines, line{u, -1})
		}
	}
	for _, s := range d.seats {
		s.unit = nil
	}
	for c, s := range d.seats {
		if s.unit != nil { // a contact that another member of it has made
			continue
		}
		if u := d.unit(c); u != nil {
			d.enter(u, (*block).add)
		}
	}
	for c := range l.rooms {
		u := d.room(c)
		d.rooms[c] = u
		d.chats.count(u, 1)
		if u.visible {
			d.chats.add(d, u)
		}
	}
	for _, b := range append(slices.Clone(d.groups), d.requests, d.chats) {
		slices.SortFunc(b.lines, func(x, y line) int { return d.compare(b, x, y) })
	}
}

// settle gives one peer, with those who are one with them, the place that is theirs now.
func (d *Display) settle(c im.ConvID) {
	l := d.list
	if u := d.asking[c]; u != nil {
		d.requests.remove(d, u)
		delete(d.asking, c)
	}
	delete(d.knocking, c)
	if u := d.rooms[c]; u != nil {
		d.chats.count(u, -1)
		if u.visible {
			d.chats.remove(d, u)
		}
		delete(d.rooms, c)
	}
	if s := d.seats[c]; s != nil {
		d.leave(s.unit)
		d.rise(s)
	} else if mates := d.mates(c); mates != nil { // they come to a contact
		d.leave(mates[0].unit)
	}
	e := l.entries[c]
	if e != nil {
		d.sit(c, e)
		d.note(c, e)
		if u := d.request(c, e); u != nil {
			d.asking[c] = u
			d.requests.insert(d, u)
		}
	}
	if u := d.unit(c); u != nil {
		d.enter(u, (*block).insert)
	}
	if _, ok := l.rooms[c]; ok {
		u := d.room(c)
		d.rooms[c] = u
		d.chats.count(u, 1)
		if u.visible {
			d.chats.insert(d, u)
		}
	}
}

// sit takes in a buddy.
func (d *Display) sit(c im.ConvID, e *entry) {
	if !e.listed {
		return
	}
	s := &seat{conv: c, entry: e, title: d.list.title(c, e)}
	s.lower = strings.ToLower(s.title)
	d.seats[c] = s
	d.accounts[c.Account]++
	t := titleOf{c.Account, s.title}
	if d.titles[t]++; d.titles[t] == 1 {
		d.called[s.title]++
	}
}

// rise is its inverse.
func (d *Display) rise(s *seat) {
	delete(d.seats, s.conv)
	if d.accounts[s.conv.Account]--; d.accounts[s.conv.Account] == 0 {
		delete(d.accounts, s.conv.Account)
	}
	t := titleOf{s.conv.Account, s.title}
	if d.titles[t]--; d.titles[t] > 0 {
		return
	}
	delete(d.titles, t)
	if d.called[s.title]--; d.called[s.title] == 0 {
		delete(d.called, s.title)
	}
}

// note takes in whether somebody knocks.
func (d *Display) note(c im.ConvID, e *entry) {
	if e.knock != nil {
		d.knocking[c] = true
	}
}

// request is the unit of somebody's request, nil if they ask for nothing.
func (d *Display) request(c im.ConvID, e *entry) *unit {
	if !e.asked {
		return nil
	}
	return &unit{kind: RequestRow, conv: c, lower: strings.ToLower(d.list.title(c, e)), visible: true, rows: 1}
}

func (d *Display) room(c im.ConvID) *unit {
	r := d.list.rooms[c]
	u := &unit{kind: RoomRow, conv: c, lower: strings.ToLower(r.Title()), rows: 1}
	if r.Inside {
		u.rank = im.Available
	}
	u.visible = strings.Contains(u.lower, d.filter) || strings.Contains(strings.ToLower(c.Peer), d.filter)
	return u
}

// mates are the seats of a peer's contact, or their own, in order.
func (d *Display) mates(c im.ConvID) (out []*seat) {
	i, ok := d.list.contactOf[c]
	if !ok {
		if s := d.seats[c]; s != nil {
			out = append(out, s)
		}
		return out
	}
	for _, m := range d.list.arranged.Contacts[i].Members {
		if s := d.seats[m]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

// unit makes the one that a peer belongs to, nil if they are not on the list.
func (d *Display) unit(c im.ConvID) *unit {
	seats := d.mates(c)
	if len(seats) == 0 {
		return nil
	}
	u := &unit{kind: BuddyRow, conv: seats[0].conv, seats: seats, rows: 1, spoke: math.MinInt64}
	name := ""
	if i, ok := d.list.contactOf[c]; ok {
		name = d.list.arranged.Contacts[i].Name
	}
	shown, found := d.view.ShowOffline, false
	for _, s := range seats {
		s.unit = u
		e := s.entry
		best, _ := e.presence()
		u.rank, u.spoke = max(u.rank, best.Show), max(u.spoke, e.spoke.Unix())
		shown = shown || best.Show != im.Offline || e.unread > 0 || e.note.Always
		found = found || d.filter != "" && (strings.Contains(s.lower, d.filter) || strings.Contains(strings.ToLower(s.conv.Peer), d.filter))
	}
	if len(seats) > 1 {
		u.kind = ContactRow
		if d.view.Expanded[u.conv] {
			u.rows += len(seats)
		}
	}
	if u.lower = strings.ToLower(name); name == "" {
		u.lower = u.best().lower
	}
	u.visible = d.filter == "" && shown || d.filter != "" && (found || strings.Contains(u.lower, d.filter))
	if u.groups = seats[0].entry.groups(); len(u.groups) > 1 {
		u.groups = distinct(u.groups)
	}
	return u
}

// defaultGroups are those of a buddy who is in none.
var defaultGroups = []string{DefaultGroup}

func distinct(all []string) (out []string) {
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// best is the member who is best to reach. Of equal ones the first in the user's order is.
func (u *unit) best() *seat {
	best, show := u.seats[0], im.Offline
	for _, s := range u.seats {
		if p, _ := s.entry.presence(); p.Show > show {
			best, show = s, p.Show
		}
	}
	return best
}

// enter puts a unit into its groups.
func (d *Display) enter(u *unit, put func(*block, *Display, *unit)) {
	for _, g := range u.groups {
		b := d.block(g)
		b.count(u, 1)
		if u.visible {
			put(b, d, u)
		}
	}
}

// leave takes it out of them.
func (d *Display) leave(u *unit) {
	for _, s := range u.seats {
		s.unit = nil
	}
	for _, g := range u.groups {
		b := d.byName[g]
		b.count(u, -1)
		if u.visible {
			b.remove(d, u)
		}
		if b.units == 0 && !slices.Contains(d.list.arranged.Kept, g) {
			delete(d.byName, g)
			i, _ := slices.BinarySearchFunc(d.groups, b, compareGroups)
			d.groups = slices.Delete(d.groups, i, i+1)
		}
	}
}

// block is that of a group, made if there was none.
func (d *Display) block(group string) *block {
	if b := d.byName[group]; b != nil {
		return b
	}
	b := &block{name: group, titled: true, position: len(d.list.arranged.Groups)}
	if i := slices.Index(d.list.arranged.Groups, group); i >= 0 {
		b.position = i
	}
	if d.view.Sort == ByHand {
		order := d.list.arranged.Order[group]
		b.place = make(map[im.ConvID]int, len(order))
		for i, c := range order {
			b.place[c] = i - len(order) // the others have 0
		}
	}
	d.byName[group] = b
	i, _ := slices.BinarySearchFunc(d.groups, b, compareGroups)
	d.groups = slices.Insert(d.groups, i, b)
	return b
}

// arrange finds the first row of each block in sight.
func (d *Display) arrange() {
	d.starts, d.briefs, d.sight = d.starts[:0], d.briefs[:0], d.sight[:0]
	n := 0
	if len(d.knocking) > 0 {
		n = 1
	}
	brief := n
	put := func(b *block) {
		rows := d.rowsOf(b)
		if rows > 0 {
			d.starts, d.briefs, d.sight = append(d.starts, n), append(d.briefs, brief), append(d.sight, b)
		}
		n += rows
		brief += d.brief(b, rows)
	}
	put(d.requests)
	for _, b := range d.groups {
		put(b)
	}
	put(d.chats)
	d.starts = append(d.starts, n)
}

// brief is how many of the first rows of a block are brief.
func (d *Display) brief(b *block, rows int) int {
	if b == d.requests || b == d.chats {
		return rows
	}
	return min(rows, 1)
}

// Brief is how many of the first n rows are brief: there is one line to be said, where
// there can be two of a buddy or a contact.
func (d *Display) Brief(n int) int {
	if k := sort.SearchInts(d.starts, n) - 1; k >= 0 && len(d.sight) > 0 {
		k = min(k, len(d.sight)-1)
		return d.briefs[k] + d.brief(d.sight[k], n-d.starts[k])
	}
	return n // of what comes before all blocks
}

// rowsOf is how many rows of a block are in sight.
func (d *Display) rowsOf(b *block) int {
	switch {
	case !b.titled:
		return len(b.lines)
	case len(b.lines) == 0 && (b == d.chats || !d.view.ShowEmpty || d.filter != ""):
		return 0
	case d.collapsed(b):
		return 1
	}
	return 1 + len(b.lines)
}

func (d *Display) collapsed(b *block) bool { return d.view.Collapsed[b.name] && d.filter == "" }
