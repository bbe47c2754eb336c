package conversation

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Room is what is known of a room that a conversation is in. Make one with [NewRoom];
// it changes by [Room.Apply] alone, so that a front end's own one, made of the same
// events, is the same.
type Room struct {
	Place  Place
	Why    string // why we are not in it, in a sentence; empty: nobody asked to be, or it is being tried
	Nick   string // ours there, when in it
	Topic  string // safe to show
	By     string // who set it, if known; safe to show
	Traits im.RoomTraits
	Kept   bool // it is in the Buddy List
	Auto   bool // we go in whenever the account connects

	occupants map[string]im.Occupant // by nick
	ignored   map[string]bool        // by nick
	alike     *Namesakes             // of their nicks, from when somebody asked first
}

// Place is where we are, of a room.
type Place int

// The places.
const (
	Outside Place = iota
	GoingIn
	Inside
)

// NewRoom returns a room of which nothing is known.
func NewRoom() *Room { return &Room{occupants: map[string]im.Occupant{}, ignored: map[string]bool{}} }

// RoomEvent is a change of a room: one of the types below.
type RoomEvent interface{ isRoomEvent() }

type (
	// RoomPlace: we are going in, or are outside for this reason. Nobody is known to be
	// there then.
	RoomPlace struct {
		Place Place
		Why   string
	}
	// RoomEntered: we are inside, under this nick, with these.
	RoomEntered struct {
		Nick      string
		Occupants []im.Occupant
	}
	// OccupantHere: somebody came in, or is another way now.
	OccupantHere struct{ Occupant im.Occupant }
	// OccupantGone: somebody went out. Renamed is the nick that they have now, if they only
	// changed that; Told: a line says what became of them.
	OccupantGone struct {
		Nick, Renamed string
		Told          bool
	}
	// TopicSet: this is what it is about.
	TopicSet struct{ Topic, By string }
	// TraitsSet: it is like this.
	TraitsSet struct{ Traits im.RoomTraits }
	// RoomKept: it is in the Buddy List, or not.
	RoomKept struct{ Kept, Auto bool }
	// OccupantIgnored: the user does not want to read what this one says, or does again.
	OccupantIgnored struct {
		Nick string
		On   bool
	}
)

func (RoomPlace) isRoomEvent()       {}
func (RoomEntered) isRoomEvent()     {}
func (OccupantHere) isRoomEvent()    {}
func (OccupantGone) isRoomEvent()    {}
func (TopicSet) isRoomEvent()        {}
func (TraitsSet) isRoomEvent()       {}
func (RoomKept) isRoomEvent()        {}
func (OccupantIgnored) isRoomEvent() {}

// Apply changes the room by an event.
func (r *Room) Apply(e RoomEvent) {
	switch e := e.(type) {
	case RoomPlace:
		r.Place, r.Why, r.Nick = e.Place, e.Why, ""
		clear(r.occupants)
		r.alike = nil
	case RoomEntered:
		r.Place, r.Why, r.Nick = Inside, "", e.Nick
		clear(r.occupants)
		r.alike = nil
		for _, o := range e.Occupants {
			r.occupants[o.Nick] = o
		}
	case OccupantHere:
		if e.Occupant.Own {
			r.Nick = e.Occupant.Nick
		}
		r.put(e.Occupant)
	case OccupantGone:
		if o, there := r.occupants[e.Nick]; there && r.alike != nil {
			r.alike.Remove(o.Nick, o.Bare, o.Name)
		}
		delete(r.occupants, e.Nick)
		if e.Renamed != "" && r.ignored[e.Nick] {
			delete(r.ignored, e.Nick)
			r.ignored[e.Renamed] = true
		}
	case TopicSet:
		r.Topic, r.By = e.Topic, e.By
	case TraitsSet:
		r.Traits = e.Traits
	case RoomKept:
		r.Kept, r.Auto = e.Kept, e.Auto
	case OccupantIgnored:
		if e.On {
			r.ignored[e.Nick] = true
		} else {
			delete(r.ignored, e.Nick)
		}
	}
}

func (r *Room) put(o im.Occupant) {
	before, there := r.occupants[o.Nick]
	r.occupants[o.Nick] = o
	if r.alike == nil || there && before.Bare == o.Bare && before.Name == o.Name {
		return
	}
	if there {
		r.alike.Remove(before.Nick, before.Bare, before.Name)
	}
	r.alike.Add(o.Nick, o.Bare, o.Name)
}

// Alike is the name of another occupant that this one's looks like; empty: there is none.
func (r *Room) Alike(o im.Occupant) string {
	if r.alike == nil {
		r.alike = &Namesakes{}
		for _, other := range r.Occupants() {
			r.alike.Add(other.Nick, other.Bare, other.Name)
		}
	}
	nick, _ := r.alike.Of(o.Nick, o.Bare, o.Name)
	return r.occupants[nick].Name
}

// Events are what rebuilds the room elsewhere.
func (r *Room) Events() []RoomEvent {
	out := []RoomEvent{RoomPlace{r.Place, r.Why}, TopicSet{r.Topic, r.By}, TraitsSet{r.Traits}, RoomKept{r.Kept, r.Auto}}
	if r.Place == Inside {
		out = append(out, RoomEntered{r.Nick, r.Occupants()})
	}
	for _, nick := range slices.Sorted(maps.Keys(r.ignored)) {
		out = append(out, OccupantIgnored{nick, true})
	}
	return out
}

// Occupant is the one with this nick.
func (r *Room) Occupant(nick string) (im.Occupant, bool) {
	o, ok := r.occupants[nick]
	return o, ok
}

// Ignores reports that the user does not want to read what the one with this nick says,
// whoever that is by now: who is ignored could come back at any time.
func (r *Room) Ignores(nick string) bool { return r.ignored[nick] }

// Own is the user in the room: the zero value outside.
func (r *Room) Own() im.Occupant { return r.occupants[r.Nick] }

// Len is how many there are.
func (r *Room) Len() int { return len(r.occupants) }

// Occupants are all of them: those who may do more first, then by name.
func (r *Room) Occupants() []im.Occupant {
	all := make([]im.Occupant, 0, len(r.occupants))
	for _, o := range r.occupants {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b im.Occupant) int {
		if c := cmp.Or(cmp.Compare(b.Role, a.Role), cmp.Compare(b.Standing, a.Standing)); c != 0 {
			return c
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Nick, b.Nick))
	})
	return all
}

// The actions on a room and on its occupants: IDs of plugin.Action.
const (
	RoomJoin     = "join"
	RoomLeave    = "leave"
	RoomNick     = "nick"
	RoomTopic    = "topic"
	RoomInvite   = "invite"
	RoomKeep     = "keep" // name, nick, password, and whether to go in by itself
	RoomForget   = "forget"
	RoomAbout    = "about"
	RoomPeople   = "people"
	RoomSettings = "settings"
	RoomDestroy  = "destroy"

	OccupantTalk      = "talk"
	OccupantMessage   = "message" // outside the room, to whom it is
	OccupantAdd       = "add"
	OccupantVoice     = "voice"
	OccupantSilence   = "silence"
	OccupantModerator = "moderator"
	OccupantNoMod     = "no moderator"
	OccupantKick      = "kick"
	OccupantBan       = "ban"
	OccupantMember    = "member"
	OccupantNoMember  = "no member"
	OccupantAdmin     = "admin"
	OccupantOwner     = "owner"
	OccupantAbout     = "about"
	OccupantIgnore    = "ignore"
	OccupantHeed      = "heed"
)

// RoomActions is the menu of a room: what cannot be done there by the user is not in it,
// what cannot be done just now is off.
func RoomActions(r *Room) []plugin.Action {
	inside := r.Place == Inside
	own := r.Own()
	out := []plugin.Action{}
	if r.Place == Outside {
		out = append(out, plugin.Action{ID: RoomJoin, Label: lang.T("Join Room")})
	} else {
		out = append(out, plugin.Action{ID: RoomLeave, Label: lang.T("Leave Room")})
	}
	keep := plugin.Action{ID: RoomKeep, Label: lang.T("Keep in Buddy List…")}
	if r.Kept {
		keep.Label = lang.T("Edit in Buddy List…")
	}
	out = append(out,
		plugin.Action{ID: RoomNick, Label: lang.T("Change Nickname…"), Off: !inside},
		plugin.Action{ID: RoomTopic, Label: lang.T("Set Topic…"), Off: !inside || own.Role < im.Participant},
		plugin.Action{ID: RoomInvite, Label: lang.T("Invite…"), Off: !inside},
		plugin.Action{},
		keep)
	if r.Kept {
		out = append(out, plugin.Action{ID: RoomForget, Label: lang.T("Remove from Buddy List…")})
	}
	out = append(out, plugin.Action{ID: RoomAbout, Label: lang.T("About This Room…")})
	if inside && own.Standing >= im.Admin {
		out = append(out, plugin.Action{}, plugin.Action{ID: RoomPeople, Label: lang.T("Members and Bans…")})
	}
	if inside && own.Standing == im.Owner {
		out = append(out, plugin.Action{ID: RoomSettings, Label: lang.T("Room Settings…")},
			plugin.Action{ID: RoomDestroy, Label: lang.T("Destroy Room…")})
	}
	return out
}

// OccupantActions is the menu of an occupant: what the user may do, by what both are
// there. The service has the last word.
func OccupantActions(r *Room, nick string) []plugin.Action {
	o, ok := r.Occupant(nick)
	if !ok || r.Place != Inside {
		return nil
	}
	own := r.Own()
	out := []plugin.Action{{ID: OccupantAbout, Label: lang.T("Get Info")}}
	if o.Own {
		return append(out, plugin.Action{ID: RoomNick, Label: lang.T("Change Nickname…")})
	}
	ignore := plugin.Action{ID: OccupantIgnore, Label: lang.T("Ignore")}
	if r.Ignores(nick) {
		ignore = plugin.Action{ID: OccupantHeed, Label: lang.T("Do Not Ignore")}
	}
	out = append(out, plugin.Action{ID: OccupantTalk, Label: lang.T("Message Within the Room")}, ignore)
	if o.Bare != "" {
		out = append(out, plugin.Action{ID: OccupantMessage, Label: lang.F("IM %s", Name(o.Bare))},
			plugin.Action{ID: OccupantAdd, Label: lang.T("Add Buddy…")})
	}
	var more []plugin.Action
	add := func(id, label string) { more = append(more, plugin.Action{ID: id, Label: label}) }
	if own.Role == im.Moderator && o.Standing <= own.Standing {
		if o.Role == im.Visitor {
			add(OccupantVoice, lang.T("Let Speak"))
		} else if o.Role == im.Participant || own.Standing > o.Standing {
			if o.Standing < im.Admin {
				add(OccupantSilence, lang.T("Do Not Let Speak"))
			}
		}
		if o.Standing < im.Admin {
			add(OccupantKick, lang.T("Kick…"))
		}
	}
	if own.Standing >= im.Admin && o.Standing < own.Standing {
		if o.Role == im.Moderator && o.Standing < im.Admin {
			add(OccupantNoMod, lang.T("Make No Moderator"))
		} else if o.Role != im.Moderator {
			add(OccupantModerator, lang.T("Make Moderator"))
		}
		if o.Bare != "" {
			if o.Standing == im.NoStanding {
				add(OccupantMember, lang.T("Make Member"))
			} else {
				add(OccupantNoMember, lang.T("Make Guest"))
			}
			if own.Standing == im.Owner {
				if o.Standing != im.Admin {
					add(OccupantAdmin, lang.T("Make Administrator"))
				}
				add(OccupantOwner, lang.T("Make Owner…"))
			}
			add(OccupantBan, lang.T("Ban…"))
		}
	}
	if len(more) > 0 {
		out = append(append(out, plugin.Action{}), more...)
	}
	return out
}

// NotPrivate is what a conversation in a room says where others say how private they are.
func NotPrivate() string { return lang.T("Not private: everyone in the room and its server can read") }

// RoomWarnings say in clear words who else can read what is said in a room like this.
func RoomWarnings(t im.RoomTraits) []string {
	var out []string
	if !t.Known {
		return nil
	}
	if t.Logged {
		out = append(out, lang.T("What is said in this room is written down, and may be published."))
	}
	switch {
	case t.Public && t.Open:
		out = append(out, lang.T("Anybody can find this room and come in."))
	case t.Open:
		out = append(out, lang.T("Anybody who knows its address can come in."))
	}
	if !t.Anonymous {
		out = append(out, lang.T("Everybody in this room can see your address."))
	}
	if t.Archive {
		out = append(out, lang.T("Whoever comes in later can read what was said before."))
	}
	return out
}
