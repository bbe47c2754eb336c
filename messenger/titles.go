package messenger

import (
	"culver/buddylist"
	"culver/conversation"
	"culver/im"
)

// titles finds buddies by what their names look like, for the accounts where somebody
// asked for it.
type titles map[im.AccountID]*conversation.Namesakes

// follow takes in a change that the Buddy List is about to see.
func (t titles) follow(list *buddylist.List, e buddylist.Event) {
	switch e := e.(type) {
	case buddylist.Roster:
		delete(t, e.Account)
	case buddylist.Forgotten:
		delete(t, e.Account)
	case buddylist.Removed:
		t.remove(list, e.Conv)
	case buddylist.Buddy:
		t.remove(list, e.Buddy.Conv())
		if all := t[e.Buddy.Account]; all != nil {
			all.Add(e.Buddy.Bare, e.Buddy.Bare, e.Buddy.Title())
		}
	}
}

func (t titles) remove(list *buddylist.List, c im.ConvID) {
	b, listed := list.Buddy(c)
	if all := t[c.Account]; all != nil && listed {
		all.Remove(b.Bare, b.Bare, b.Title())
	}
}

// alike is what a buddy is called whose name somebody's in a room looks like, and who is
// not known to be the same; empty: there is none.
func (t titles) alike(list *buddylist.List, a im.AccountID, o im.Occupant) string {
	all := t[a]
	if all == nil {
		all = &conversation.Namesakes{}
		for _, b := range list.Buddies(a) {
			all.Add(b.Bare, b.Bare, b.Title())
		}
		t[a] = all
	}
	bare, found := all.Of("", o.Bare, o.Name)
	if !found {
		return ""
	}
	b, _ := list.Buddy(im.ConvID{Account: a, Peer: bare})
	return b.Title()
}
