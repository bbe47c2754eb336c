package buddylist

import (
	"cmp"
	"fmt"
	"image"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
)

// simply is what a display shows, found in the simplest way.
func simply(l *List, v View) []Row {
	filter := strings.ToLower(v.Filter)
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), filter) }
	byName := func(a, b Row) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), strings.Compare(a.Conv.Peer, b.Conv.Peer), strings.Compare(string(a.Conv.Account), string(b.Conv.Account)))
	}
	row := func(c im.ConvID) Row {
		n := l.entries[c]
		p, _ := n.presence()
		r := Row{Kind: BuddyRow, Conv: c, Buddy: n.buddy, Title: l.Title(c), Presence: p, Unread: n.unread, Typing: n.typing, Blocked: l.BlockedAs(c) != "", Picture: l.Picture(c), Note: n.note}
		for other, o := range l.entries {
			r.Twin = r.Twin || n.listed && o.listed && other.Account != c.Account && l.Title(other) == r.Title
		}
		return r
	}

	var knocks, requests, rooms, out []Row
	for c, n := range l.entries {
		if n.knock != nil {
			knocks = append(knocks, Row{Kind: KnockRow, Conv: c, Title: l.Title(c), Reason: n.knock.Words, Total: 1})
		}
		if n.asked {
			r := row(c)
			r.Kind, r.Reason = RequestRow, n.reason
			requests = append(requests, r)
		}
	}
	if len(knocks) > 1 {
		knocks = []Row{{Kind: KnockRow, Total: len(knocks)}}
	}
	slices.SortFunc(requests, byName)
	out = append(knocks, requests...)

	// Everybody, as they stand in the groups.
	type person struct {
		top   Row
		below []Row
		spoke time.Time
		shown bool
	}
	groups := map[string][]person{}
	done := map[im.ConvID]bool{}
	for c, n := range l.entries {
		if !n.listed || done[c] {
			continue
		}
		members, name := l.Contact(c)
		if members == nil {
			members = []im.ConvID{c}
			if i, ok := l.contactOf[c]; ok {
				name = l.arranged.Contacts[i].Name
			}
		}
		var p person
		found := name != "" && has(name)
		for _, m := range members {
			done[m] = true
			r := row(m)
			if len(members) > 1 {
				r.Inside = true
			}
			p.below = append(p.below, r)
			found = found || has(r.Title) || has(m.Peer)
			p.shown = p.shown || v.ShowOffline || r.Presence.Show != im.Offline || r.Unread > 0 || r.Note.Always
			if s := l.entries[m].spoke; s.After(p.spoke) {
				p.spoke = s
			}
			if m == members[0] || r.Presence.Show > p.top.Presence.Show {
				p.top = r
			}
		}
		p.top.Inside = false
		if filter != "" {
			p.shown = found
		}
		if len(members) == 1 {
			p.below = nil
		} else {
			p.top.Kind, p.top.Twin, p.top.Head, p.top.Members = ContactRow, false, members[0], len(members)
			p.top.Collapsed = !v.Expanded[members[0]]
			p.top.Unread = 0
			for i, r := range p.below {
				p.below[i].Head, p.below[i].Members = members[0], len(members)
				p.top.Unread += r.Unread
				if r.Unread > 0 && (p.top.Waiting.IsZero() || r.Conv == p.top.Conv) {
					p.top.Waiting = r.Conv
				}
				if r.Typing == im.TypingComposing {
					p.top.Typing = r.Typing
				}
				if p.top.Picture == nil {
					p.top.Picture = r.Picture
				}
			}
			if p.top.Collapsed {
				p.below = nil
			}
		}
		p.top.Title = cmp.Or(name, p.top.Title)
		in := distinct(l.entries[members[0]].buddy.Groups)
		if len(in) == 0 {
			in = defaultGroups
		}
		for _, g := range in {
			groups[g] = append(groups[g], p)
		}
	}
	for _, g := range l.arranged.Kept {
		if groups[g] == nil {
			groups[g] = []person{}
		}
	}
	var names []string
	for g := range groups {
		names = append(names, g)
	}
	index := func(all []string, s string) int {
		if i := slices.Index(all, s); i >= 0 {
			return i
		}
		return len(all)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(index(l.arranged.Groups, a), index(l.arranged.Groups, b)), strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	for _, g := range names {
		head := Row{Kind: GroupRow, Group: g, Total: len(groups[g]), Collapsed: v.Collapsed[g] && filter == ""}
		for _, p := range groups[g] {
			if p.top.Presence.Show != im.Offline {
				head.Online++
			}
		}
		shown := slices.DeleteFunc(groups[g], func(p person) bool { return !p.shown })
		if len(shown) == 0 && (!v.ShowEmpty || filter != "") {
			continue
		}
		out = append(out, head)
		if head.Collapsed {
			continue
		}
		place := func(p person) int {
			at := len(l.arranged.Order[g])
			members, _ := l.Contact(p.top.Conv)
			if members == nil {
				members = []im.ConvID{p.top.Conv}
			}
			for i, c := range l.arranged.Order[g] {
				if slices.Contains(members, c) {
					at = min(at, i)
				}
			}
			return at
		}
		slices.SortFunc(shown, func(a, b person) int {
			by := 0
			switch v.Sort {
			case ByStatus:
				by = cmp.Compare(b.top.Presence.Show, a.top.Presence.Show)
			case ByHand:
				by = cmp.Compare(place(a), place(b))
			case ByActivity:
				by = b.spoke.Compare(a.spoke)
			}
			x, y := a.top, b.top
			if x.Members > 0 {
				x.Conv = x.Head
			}
			if y.Members > 0 {
				y.Conv = y.Head
			}
			return cmp.Or(by, byName(x, y))
		})
		for _, p := range shown {
			for _, r := range append([]Row{p.top}, p.below...) {
				r.Group = g
				out = append(out, r)
			}
		}
	}

	head := Row{Kind: GroupRow, Group: RoomGroup, Rooms: true, Total: len(l.rooms), Collapsed: v.Collapsed[RoomGroup] && filter == ""}
	for c, room := range l.rooms {
		if room.Inside {
			head.Online++
		}
		r := Row{Kind: RoomRow, Group: RoomGroup, Conv: c, Title: room.Title(), Room: room, Note: l.Note(c)}
		r.Unread, r.Named = l.Unread(c)
		if has(r.Title) || has(c.Peer) {
			rooms = append(rooms, r)
		}
	}
	slices.SortFunc(rooms, func(a, b Row) int {
		inside := 0
		if a.Room.Inside != b.Room.Inside {
			if inside = 1; a.Room.Inside {
				inside = -1
			}
		}
		return cmp.Or(inside, byName(a, b))
	})
	if len(rooms) > 0 {
		out = append(out, head)
		if !head.Collapsed {
			out = append(out, rooms...)
		}
	}
	return out
}

// happens is some event.
func happens(rng *rand.Rand) Event {
	pick := func(all ...string) string { return all[rng.IntN(len(all))] }
	c := im.ConvID{Account: im.AccountID(pick("x:a", "x:b")), Peer: pick("a@x", "b@x", "c@x", "Delta@x", "e@y", "f@y")}
	other := im.ConvID{Account: im.AccountID(pick("x:a", "x:b")), Peer: pick("a@x", "b@x", "c@x")}
	buddy := im.Buddy{Account: c.Account, Bare: c.Peer, Name: pick("", "Bob", "bob", "Carol", "élan")}
	for range rng.IntN(3) {
		buddy.Groups = append(buddy.Groups, pick("G", "g", "Work", RoomGroup))
	}
	var face image.Image
	if rng.IntN(2) == 0 {
		face = image.NewGray(image.Rect(0, 0, 1, 1))
	}
	switch rng.IntN(24) {
	case 0:
		return Roster{c.Account, []im.Buddy{buddy, {Account: c.Account, Bare: "c@x"}}}
	case 1, 2, 3, 4, 5:
		return Buddy{buddy}
	case 6:
		return Removed{c}
	case 7, 8, 9, 10, 11:
		return Presence{c.Account, im.Addr{Bare: c.Peer, Resource: pick("", "r", "s")}, im.Presence{Show: im.Show(rng.IntN(6)), Priority: rng.IntN(2)}, time.Unix(7, 0)}
	case 12:
		return Offline{c.Account, time.Unix(8, 0)}
	case 13:
		return Asked{c, "x"}
	case 14:
		return Knocked{c, true, "y"}
	case 15:
		return Answered{c}
	case 16:
		return Unread{c, rng.IntN(3), 0}
	case 17:
		return Typing{c, im.Typing(rng.IntN(4))}
	case 18:
		return Room{RoomEntry{Conv: c, Name: pick("", "Zed"), Inside: rng.IntN(2) == 0}}
	case 19:
		return RoomGone{c}
	case 20:
		if rng.IntN(2) == 0 {
			return Portrayed{c, face}
		}
		return Picture{c, face}
	case 21:
		return Noted{c, Note{Always: rng.IntN(2) == 0}}
	case 22:
		if rng.IntN(8) == 0 {
			return Forgotten{c.Account}
		}
		return Spoke{c, time.Unix(int64(rng.IntN(9)), 0)}
	}
	a := Arrangement{Order: map[string][]im.ConvID{"G": {other, c}, DefaultGroup: {c}}}
	if rng.IntN(3) > 0 {
		a.Contacts = []Contact{{Name: pick("", "Both"), Members: []im.ConvID{c, other, {Account: "x:a", Peer: "f@y"}}}}
	}
	for range rng.IntN(3) {
		a.Groups, a.Kept = append(a.Groups, pick("G", "Work", "Zoo")), append(a.Kept, pick("G", "Zoo"))
	}
	return Arranged{a}
}

func someView(rng *rand.Rand) View {
	yes := func() bool { return rng.IntN(2) == 0 }
	v := View{ShowOffline: yes(), ShowEmpty: yes(), Sort: Sort(rng.IntN(4)),
		Collapsed: map[string]bool{"G": rng.IntN(4) == 0, RoomGroup: rng.IntN(4) == 0}, Expanded: map[im.ConvID]bool{}}
	for _, peer := range []string{"a@x", "b@x", "c@x"} {
		v.Expanded[im.ConvID{Account: "x:a", Peer: peer}] = yes()
	}
	if rng.IntN(4) == 0 {
		v.Filter = []string{"b", "BOT", "@y", "zzz"}[rng.IntN(4)]
	}
	return v
}

// Whatever happens, a display that followed shows the same as one that was made of all
// that there is, and finds each of its rows.
func TestDisplayFollows(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 7))
		l := New()
		d := l.Display()
		v := someView(rng)
		var log []string
		for range 80 {
			for range 1 + rng.IntN(3) {
				e := happens(rng)
				log = append(log, fmt.Sprintf("%T%+v", e, e))
				l.Apply(e)
			}
			if rng.IntN(6) == 0 {
				v = someView(rng)
			}
			d.Update(v)
			want := simply(l, v)
			var got []Row
			brief := 0
			for i := range d.Len() {
				r := d.Row(i)
				if n := d.Brief(i); n != brief {
					t.Fatalf("seed %d: %d brief rows before %d, not %d", seed, n, i, brief)
				}
				if r.Kind != BuddyRow && r.Kind != ContactRow {
					brief++
				}
				got = append(got, r)
				if at := d.Find(r); at != i {
					t.Fatalf("seed %d: row %d is found at %d: %+v", seed, i, at, r)
				}
			}
			if !slices.EqualFunc(got, want, func(a, b Row) bool { return reflect.DeepEqual(a, b) }) {
				t.Fatalf("seed %d, view %+v, after\n%s\n got %s\nwant %s", seed, v, strings.Join(log, "\n"), told(got), told(want))
			}
			if replica := apply(l.Events()...); !reflect.DeepEqual(replica.Rows(v), l.Rows(v)) {
				t.Fatalf("seed %d: a replica shows something else", seed)
			}
		}
	}
}

// told is what tells rows apart, briefly.
func told(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "\n\t%d %q %v %q %v/%v, unread %d, head %v of %d: %+v", r.Kind, r.Group, r.Conv, r.Title, r.Online, r.Total, r.Unread, r.Head, r.Members, r)
	}
	return b.String()
}
