package buddylist

import (
	"cmp"
	"maps"
	"math"
	"slices"
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

// block is a part of the list: a group with its row, or what has none.
type block struct {
	name     string
	titled   bool // it has a row of its own
	lines    []line
	units    int // all of them, also those that are not in sight
	online   int
	place    map[im.ConvID]int // by hand
	position int               // of the group, by hand
}

// line is one row: of a unit itself, or of one of its members.
type line struct {
	unit   *unit
	member int // -1: none
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

func compareGroups(a, b *block) int {
	return cmp.Or(cmp.Compare(a.position, b.position), strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
}

// at is where the user put a unit in the block.
func (b *block) at(u *unit) (place int) {
	for _, s := range u.seats {
		place = min(place, b.place[s.conv])
	}
	return place
}

// compare says which of two lines of a block comes first.
func (d *Display) compare(b *block, x, y line) int {
	u, v := x.unit, y.unit
	if u == v {
		return cmp.Compare(x.member, y.member)
	}
	c := 0
	switch {
	case u.kind == RoomRow || u.kind == RequestRow, d.view.Sort == ByStatus:
		c = cmp.Compare(v.rank, u.rank)
	case d.view.Sort == ByHand:
		c = cmp.Compare(b.at(u), b.at(v))
	case d.view.Sort == ByActivity:
		c = cmp.Compare(v.spoke, u.spoke)
	}
	if c != 0 {
		return c
	}
	if c = strings.Compare(u.lower, v.lower); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(u.conv.Peer, v.conv.Peer), strings.Compare(string(u.conv.Account), string(v.conv.Account)))
}

func (b *block) count(u *unit, n int) {
	b.units += n
	if u.rank != im.Offline {
		b.online += n
	}
}

// add appends the lines of a unit, to be sorted later.
func (b *block) add(_ *Display, u *unit) {
	for i := range u.rows {
		b.lines = append(b.lines, line{u, i - 1})
	}
}

// find is where the lines of a unit begin, or would.
func (b *block) find(d *Display, u *unit) int {
	i, _ := slices.BinarySearchFunc(b.lines, line{u, -1}, func(x, y line) int { return d.compare(b, x, y) })
	return i
}

func (b *block) insert(d *Display, u *unit) {
	i := b.find(d, u)
	if u.rows == 1 {
		b.lines = slices.Insert(b.lines, i, line{u, -1})
		return
	}
	more := block{}
	more.add(d, u)
	b.lines = slices.Insert(b.lines, i, more.lines...)
}

func (b *block) remove(d *Display, u *unit) {
	i := b.find(d, u)
	b.lines = slices.Delete(b.lines, i, i+u.rows)
}

// arrange finds the first row of each block in sight.
func (d *Display) arrange() {
	d.starts, d.sight = d.starts[:0], d.sight[:0]
	n := 0
	if len(d.knocking) > 0 {
		n = 1
	}
	put := func(b *block) {
		rows := d.rowsOf(b)
		if rows > 0 {
			d.starts, d.sight = append(d.starts, n), append(d.sight, b)
		}
		n += rows
	}
	put(d.requests)
	for _, b := range d.groups {
		put(b)
	}
	put(d.chats)
	d.starts = append(d.starts, n)
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

// Len is how many rows there are.
func (d *Display) Len() int {
	if len(d.starts) == 0 {
		return 0
	}
	return d.starts[len(d.starts)-1]
}

// Row is the one at an index.
func (d *Display) Row(i int) Row {
	if i == 0 && len(d.knocking) > 0 {
		return d.knockRow()
	}
	k := sort.SearchInts(d.starts, i+1) - 1
	b := d.sight[k]
	i -= d.starts[k]
	if b.titled {
		if i == 0 {
			return Row{Kind: GroupRow, Group: b.name, Online: b.online, Total: b.units, Collapsed: d.collapsed(b), Rooms: b == d.chats}
		}
		i--
	}
	x := b.lines[i]
	u := x.unit
	switch u.kind {
	case RequestRow:
		e := d.list.entries[u.conv]
		r := d.buddyRow(&seat{conv: u.conv, entry: e, title: d.list.title(u.conv, e)})
		r.Kind, r.Reason = RequestRow, e.reason
		return r
	case RoomRow:
		return d.roomRow(u)
	case BuddyRow:
		r := d.buddyRow(u.seats[0])
		if i, ok := d.list.contactOf[u.conv]; ok { // the others of it are not on the list
			r.Title = cmp.Or(d.list.arranged.Contacts[i].Name, r.Title)
		}
		r.Group = b.name
		return r
	}
	r := d.contactRow(u)
	if x.member >= 0 {
		r = d.buddyRow(u.seats[x.member])
		r.Inside = true
	}
	r.Group, r.Head, r.Members = b.name, u.conv, len(u.seats)
	return r
}

func (d *Display) knockRow() Row {
	r := Row{Kind: KnockRow, Total: len(d.knocking)}
	if r.Total == 1 {
		for c := range d.knocking {
			e := d.list.entries[c]
			r.Conv, r.Title, r.Reason = c, d.list.title(c, e), e.knock.Words
		}
	}
	return r
}

func (d *Display) buddyRow(s *seat) Row {
	n := s.entry
	r := Row{Kind: BuddyRow, Conv: s.conv, Buddy: n.buddy, Title: s.title, Unread: n.unread, Typing: n.typing, Note: n.note,
		Blocked: d.list.BlockedAs(s.conv) != "", Picture: n.face(), Twin: n.listed && len(d.accounts) > 1 && d.called[s.title] > 1}
	r.Presence, _ = n.presence()
	return r
}

// contactRow is that of the best member, with what there is of the others.
func (d *Display) contactRow(u *unit) Row {
	r := d.buddyRow(u.best())
	r.Kind, r.Unread, r.Collapsed, r.Twin = ContactRow, 0, u.rows == 1, false
	if i := d.list.contactOf[u.conv]; d.list.arranged.Contacts[i].Name != "" {
		r.Title = d.list.arranged.Contacts[i].Name
	}
	for _, s := range u.seats {
		if n := s.entry; n.unread > 0 {
			if r.Unread == 0 || s.conv == r.Conv {
				r.Waiting = s.conv
			}
			r.Unread += n.unread
		}
		if s.entry.typing == im.TypingComposing {
			r.Typing = im.TypingComposing
		}
		if r.Picture == nil {
			r.Picture = s.entry.face()
		}
	}
	return r
}

func (d *Display) roomRow(u *unit) Row {
	room := d.list.rooms[u.conv]
	r := Row{Kind: RoomRow, Group: RoomGroup, Conv: u.conv, Title: room.Title(), Room: room}
	if n, ok := d.list.entries[u.conv]; ok {
		r.Unread, r.Named, r.Note = n.unread, n.named, n.note
	}
	return r
}

// Find is the index of the row that stands for the same as one of before, or -1.
func (d *Display) Find(r Row) int {
	switch r.Kind {
	case KnockRow:
		if len(d.knocking) > 0 {
			return 0
		}
		return -1
	case GroupRow:
		if r.Rooms {
			return d.rowAt(d.chats, -1)
		}
		return d.rowAt(d.byName[r.Group], -1)
	case RequestRow:
		return d.findUnit(d.requests, d.asking[r.Conv], -1)
	case RoomRow:
		return d.findUnit(d.chats, d.rooms[r.Conv], -1)
	}
	s := d.seats[r.Conv]
	if s == nil {
		return -1
	}
	member := -1
	if r.Inside && s.unit.rows > 1 {
		member = slices.Index(s.unit.seats, s)
	}
	if !slices.Contains(s.unit.groups, r.Group) {
		return -1
	}
	return d.findUnit(d.byName[r.Group], s.unit, member)
}

func (d *Display) findUnit(b *block, u *unit, member int) int {
	if u == nil || !u.visible || b.titled && d.collapsed(b) {
		return -1
	}
	return d.rowAt(b, b.find(d, u)+member+1)
}

// rowAt is the row of a line of a block, -1 if it is not in sight; line -1 is the block's
// own row.
func (d *Display) rowAt(b *block, line int) int {
	k := slices.Index(d.sight, b)
	if k < 0 {
		return -1
	}
	if b.titled {
		line++
	}
	return d.starts[k] + line
}

// title is what people call the peer of an entry.
func (l *List) title(c im.ConvID, n *entry) string {
	if len(l.rooms) == 0 && n.listed {
		return n.buddy.Title()
	}
	return l.Title(c)
}
