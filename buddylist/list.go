package buddylist

import (
	"image"
	"maps"
	"slices"
	"strings"
	"time"

	"culver/im"
)

// List is the state of the Buddy List. Make one with [New].
type List struct {
	entries   map[im.ConvID]*entry
	rooms     map[im.ConvID]RoomEntry
	blocked   map[im.AccountID]map[string]bool // of accounts that can block now
	arranged  Arrangement
	contactOf map[im.ConvID]int // an index into its contacts
	display   *Display          // that follows the list; nil: none
}

// entry is all that is known of one peer. It outlives the peer's place on the
// roster while something else is known: a device, an unread line, a request.
type entry struct {
	buddy   im.Buddy
	listed  bool
	devices map[string]im.Presence // by resource; none of them is offline
	since   time.Time              // when there was the first of these
	asked   bool
	reason  string
	knock   *Knocked
	picture image.Image
	given   image.Image // by the user, see Portrayed
	unread  int
	named   int // see Unread
	typing  im.Typing
	note    Note
	spoke   time.Time
}

// maxDevices is how many devices of one peer are kept apart.
const maxDevices = 32

// New returns an empty list.
func New() *List {
	return &List{entries: map[im.ConvID]*entry{}, blocked: map[im.AccountID]map[string]bool{}, rooms: map[im.ConvID]RoomEntry{}}
}

// Apply changes the list by an event.
func (l *List) Apply(e Event) {
	switch e := e.(type) {
	case Roster:
		for _, c := range l.of(e.Account) {
			l.entries[c].unlist()
		}
		for _, b := range e.Buddies {
			l.put(b)
		}
		for _, c := range l.of(e.Account) {
			l.drop(c)
		}
	case Buddy:
		l.put(e.Buddy)
		l.touch(e.Buddy.Conv())
	case Removed:
		if n, ok := l.entries[e.Conv]; ok {
			n.unlist()
			l.drop(e.Conv)
		}
	case Presence:
		c := im.ConvID{Account: e.Account, Peer: e.From.Bare}
		n := l.at(c)
		if e.Presence.Show == im.Offline {
			was := len(n.devices)
			delete(n.devices, e.From.Resource)
			if e.From.Resource == "" {
				clear(n.devices)
			}
			if len(n.devices) == 0 {
				n.typing = im.TypingGone
				n.gone(was, e.At)
			}
		} else if _, ok := n.devices[e.From.Resource]; ok || len(n.devices) < maxDevices {
			if len(n.devices) == 0 {
				n.since = e.At
			}
			n.devices[e.From.Resource] = e.Presence
		}
		l.drop(c)
	case Offline:
		delete(l.blocked, e.Account)
		for _, c := range l.of(e.Account) {
			if n := l.entries[c]; len(n.devices) > 0 || n.typing != im.TypingGone {
				n.gone(len(n.devices), e.At)
				clear(n.devices)
				n.typing = im.TypingGone
				l.drop(c)
			}
		}
	case Asked:
		n := l.at(e.Conv)
		n.asked, n.reason = true, e.Reason
		l.touch(e.Conv)
	case Knocked:
		l.at(e.Conv).knock = &e
		l.touch(e.Conv)
	case Picture:
		if n, ok := l.entries[e.Conv]; ok && n.listed {
			n.picture = e.Image
		}
	case Portrayed:
		if n, ok := l.entries[e.Conv]; ok && n.listed {
			n.given = e.Image
		}
	case Blocked:
		set := make(map[string]bool, len(e.Addresses))
		for _, address := range e.Addresses {
			set[address] = true
		}
		l.blocked[e.Account] = set
	case Answered:
		if n, ok := l.entries[e.Conv]; ok {
			n.asked, n.reason, n.knock = false, "", nil
			l.drop(e.Conv)
		}
	case Unread:
		n := l.at(e.Conv)
		n.unread, n.named = e.Count, e.Named
		l.drop(e.Conv)
	case Typing:
		l.at(e.Conv).typing = e.State
		l.drop(e.Conv)
	case Noted:
		l.at(e.Conv).note = e.Note
		l.drop(e.Conv)
	case Spoke:
		if n := l.at(e.Conv); e.Time.After(n.spoke) {
			n.spoke = e.Time
		}
		l.drop(e.Conv)
	case Room:
		l.rooms[e.Room.Conv] = e.Room
		l.touch(e.Room.Conv)
	case RoomGone:
		delete(l.rooms, e.Conv)
		l.touch(e.Conv)
	case Arranged:
		l.arranged, l.contactOf = e.Arrangement.Clone(), map[im.ConvID]int{}
		for i := range l.arranged.Contacts {
			k := &l.arranged.Contacts[i]
			k.Members = slices.DeleteFunc(k.Members, func(c im.ConvID) bool {
				_, taken := l.contactOf[c]
				if !taken {
					l.contactOf[c] = i
				}
				return taken
			})
		}
		l.touchAll()
	case Forgotten:
		maps.DeleteFunc(l.rooms, func(c im.ConvID, _ RoomEntry) bool { return c.Account == e.Account })
		delete(l.blocked, e.Account)
		for _, c := range l.of(e.Account) {
			delete(l.entries, c)
		}
		l.touchAll()
	}
}

// touch tells whoever displays the list that something about a peer, or a room, may have
// another place now.
func (l *List) touch(c im.ConvID) {
	if l.display != nil {
		l.display.touch(c)
	}
}

func (l *List) touchAll() {
	if l.display != nil {
		l.display.stale = true
	}
}

// Buddy returns the roster entry of a peer.
func (l *List) Buddy(c im.ConvID) (im.Buddy, bool) {
	if n, ok := l.entries[c]; ok && n.listed {
		return n.buddy, true
	}
	return im.Buddy{Account: c.Account, Bare: c.Peer}, false
}

// Buddies returns the roster of an account, in no order.
func (l *List) Buddies(a im.AccountID) []im.Buddy {
	var out []im.Buddy
	for c, n := range l.entries {
		if c.Account == a && n.listed {
			out = append(out, n.buddy)
		}
	}
	return out
}

// Title is what people call the peer, or the room.
func (l *List) Title(c im.ConvID) string {
	if r, ok := l.rooms[c]; ok {
		return r.Title()
	}
	b, _ := l.Buddy(c)
	return b.Title()
}

// Room returns the entry of a room.
func (l *List) Room(c im.ConvID) (RoomEntry, bool) {
	r, ok := l.rooms[c]
	return r, ok
}

// Unread is how many lines of a conversation were not seen yet, and how many of them name
// the user: see the event.
func (l *List) Unread(c im.ConvID) (count, named int) {
	if n, ok := l.entries[c]; ok {
		return n.unread, n.named
	}
	return 0, 0
}

// Presence returns the presence of the peer's most available device, and which
// device that is. Equal ones are told apart by priority, then by name, so that
// the answer does not depend on the order of events.
func (l *List) Presence(c im.ConvID) (best im.Presence, resource string) {
	if n, ok := l.entries[c]; ok {
		return n.presence()
	}
	return im.Presence{}, ""
}

func (n *entry) presence() (best im.Presence, resource string) {
	for r, p := range n.devices {
		if p.Show > best.Show ||
			p.Show == best.Show && (p.Priority > best.Priority ||
				p.Priority == best.Priority && r < resource) {
			best, resource = p, r
		}
	}
	return best, resource
}

// Picture is that of somebody on the list, or nil: the one that the user gave them, else
// their own.
func (l *List) Picture(c im.ConvID) image.Image {
	if n, ok := l.entries[c]; ok {
		return n.face()
	}
	return nil
}

func (n *entry) face() image.Image {
	if n.given != nil {
		return n.given
	}
	return n.picture
}

// Given is the picture that the user gave somebody, or nil.
func (l *List) Given(c im.ConvID) image.Image {
	if n, ok := l.entries[c]; ok {
		return n.given
	}
	return nil
}

// Note is what is kept of somebody on this device.
func (l *List) Note(c im.ConvID) Note {
	if n, ok := l.entries[c]; ok {
		return n.note
	}
	return Note{}
}

// Arrangement is how the user put the list together. It is not to be changed.
func (l *List) Arrangement() *Arrangement { return &l.arranged }

// Devices are those that the peer is online with, by name.
func (l *List) Devices(c im.ConvID) map[string]im.Presence {
	if n, ok := l.entries[c]; ok {
		return maps.Clone(n.devices)
	}
	return nil
}

// HasDevice reports whether the peer is online with this device.
func (l *List) HasDevice(c im.ConvID, resource string) bool {
	n, ok := l.entries[c]
	if !ok {
		return false
	}
	_, ok = n.devices[resource]
	return ok
}

// Asking reports whether the peer waits for our answer to a subscription request.
func (l *List) Asking(c im.ConvID) bool {
	n, ok := l.entries[c]
	return ok && (n.asked || n.knock != nil && n.knock.Request)
}

// Knocking reports whether the peer is somebody whom the user has nothing to do with,
// and who waits to be let in.
func (l *List) Knocking(c im.ConvID) bool {
	n, ok := l.entries[c]
	return ok && n.knock != nil
}

// CanBlock reports whether the account can keep people from reaching it.
func (l *List) CanBlock(a im.AccountID) bool { return l.blocked[a] != nil }

// BlockedAs returns what keeps the peer from reaching us: their address, or that of all
// on their server, which is what follows the "@"; empty: nothing does.
func (l *List) BlockedAs(c im.ConvID) string {
	set := l.blocked[c.Account]
	if set[c.Peer] {
		return c.Peer
	}
	if _, server, ok := strings.Cut(c.Peer, "@"); ok && set[server] {
		return server
	}
	return ""
}

// Blocked returns who is kept from reaching the account, by address.
func (l *List) Blocked(a im.AccountID) []string {
	return slices.Sorted(maps.Keys(l.blocked[a]))
}

// Events returns what rebuilds the list elsewhere, for the snapshot that a new
// front end starts with.
func (l *List) Events() []Event {
	var out []Event
	for c, n := range l.entries {
		if n.listed {
			out = append(out, Buddy{n.buddy})
		}
		for r, p := range n.devices {
			out = append(out, Presence{Account: c.Account, From: im.Addr{Bare: c.Peer, Resource: r}, Presence: p, At: n.since})
		}
		if n.asked {
			out = append(out, Asked{c, n.reason})
		}
		if n.picture != nil {
			out = append(out, Picture{c, n.picture})
		}
		if n.given != nil {
			out = append(out, Portrayed{c, n.given})
		}
		if n.note != (Note{}) {
			out = append(out, Noted{c, n.note})
		}
		if !n.spoke.IsZero() {
			out = append(out, Spoke{c, n.spoke})
		}
		if n.knock != nil {
			out = append(out, *n.knock)
		}
		if n.unread > 0 {
			out = append(out, Unread{c, n.unread, n.named})
		}
		if n.typing != im.TypingGone {
			out = append(out, Typing{c, n.typing})
		}
	}
	for _, r := range l.rooms {
		out = append(out, Room{r})
	}
	if l.contactOf != nil {
		out = append(out, Arranged{l.arranged})
	}
	for a := range l.blocked {
		out = append(out, Blocked{a, l.Blocked(a)})
	}
	return out
}

func (l *List) put(b im.Buddy) {
	n := l.at(b.Conv())
	n.buddy, n.listed = b, true
}

// gone notes when a buddy signed off who was online with so many devices.
func (n *entry) gone(devices int, at time.Time) {
	if devices > 0 && n.listed && !at.IsZero() {
		n.note.Seen = at
	}
}

func (n *entry) unlist() { n.buddy, n.listed = im.Buddy{}, false }

func (l *List) at(c im.ConvID) *entry {
	n, ok := l.entries[c]
	if !ok {
		n = &entry{devices: map[string]im.Presence{}}
		l.entries[c] = n
	}
	return n
}

func (l *List) of(a im.AccountID) []im.ConvID {
	var out []im.ConvID
	for c := range maps.Keys(l.entries) {
		if c.Account == a {
			out = append(out, c)
		}
	}
	return out
}

// drop is called after a peer changed. It forgets one of whom nothing is left to know.
func (l *List) drop(c im.ConvID) {
	n := l.entries[c]
	if !n.listed {
		n.picture, n.given = nil, nil
	}
	if !n.listed && len(n.devices) == 0 && !n.asked && n.knock == nil && n.unread == 0 && n.typing == im.TypingGone &&
		n.note == (Note{}) && n.spoke.IsZero() {
		delete(l.entries, c)
	}
	l.touch(c)
}
