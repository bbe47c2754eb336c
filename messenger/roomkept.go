package messenger

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"culver/conversation"
	"culver/im"
	"culver/lang"
)

// keptRoom is what is remembered of a room over the end of the program. Its password is
// not: that of a room that the user keeps comes back from the server.
type keptRoom struct {
	Room, Name, Nick string
	Kept, Auto       bool
	Used             int64
}

// maxRooms is how many rooms of an account are remembered.
const maxRooms = 500

func settingRooms(a im.AccountID) string { return "rooms." + string(a) }

// saveRooms remembers the rooms of an account: those that are kept, and those used last.
func (m *Messenger) saveRooms(a im.AccountID) {
	all := []keptRoom{}
	for _, r := range m.sortedRooms(a) {
		all = append(all, keptRoom{r.id.Peer, r.mark.Name, r.mark.Nick, r.known.Kept, r.known.Auto, r.used})
	}
	slices.SortStableFunc(all, func(x, y keptRoom) int {
		if x.Kept != y.Kept {
			if x.Kept {
				return -1
			}
			return 1
		}
		return cmp.Compare(y.Used, x.Used)
	})
	all = all[:min(len(all), maxRooms)]
	b, err := json.Marshal(all)
	if err == nil {
		err = m.cfg.Store.SetSetting(settingRooms(a), string(b))
	}
	if err != nil {
		m.trouble(lang.T("The list of rooms could not be saved."), err)
	}
}

// loadRooms takes up what was remembered. What cannot be read is as if there were none:
// what the user keeps comes back from the server.
func (m *Messenger) loadRooms(a im.AccountID) error {
	v, ok, err := m.cfg.Store.Setting(settingRooms(a))
	if err != nil || !ok || v == "" {
		return err
	}
	var all []keptRoom
	if json.Unmarshal([]byte(v), &all) != nil {
		return nil
	}
	for _, k := range all {
		if k.Room == "" || strings.Contains(k.Room, "/") {
			continue
		}
		id := im.ConvID{Account: a, Peer: k.Room}
		if m.person(id) {
			continue
		}
		r := m.room(id)
		r.mark.Name, r.mark.Nick, r.used = conversation.Name(k.Name), k.Nick, k.Used
		r.known.Apply(conversation.RoomKept{Kept: k.Kept, Auto: k.Auto})
		m.listRoom(r)
	}
	return nil
}

// forgetRooms forgets those of an account that is removed.
func (m *Messenger) forgetRooms(a im.AccountID) {
	for _, r := range m.sortedRooms(a) {
		delete(m.rooms, r.id)
	}
	m.drop(settingRooms(a))
	m.invitations = slices.DeleteFunc(m.invitations, func(i *invitation) bool { return i.Room.Account == a })
	m.publish(InvitationsChanged{m.invited()})
}
