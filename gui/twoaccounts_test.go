package gui

import (
	"slices"
	"testing"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/messenger"
)

// With two accounts that both have a Bob, it is to be seen which is which; of others it is
// not said.
func TestTheSameBuddyOnTwoAccounts(t *testing.T) {
	const work = im.AccountID("xmpp:alice@work.example")
	other := im.ConvID{Account: work, Peer: "bob@example.org"}
	s := friends()
	s.Accounts = append(s.Accounts, accounts.State{Account: im.Account{ID: work, Alias: "Work", Enabled: true}, Status: accounts.Online})
	s.Buddies = append(s.Buddies, buddylist.Buddy{Buddy: im.Buddy{Account: work, Bare: other.Peer, Name: "Bob", Groups: []string{"Friends"}}},
		buddylist.Presence{Account: work, From: im.Addr{Bare: other.Peer, Resource: "x"}, Presence: im.Presence{Show: im.Away}})
	g, _ := start(t, s)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}},
		messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("dave")}},
		messenger.ConversationOpened{State: messenger.ConversationState{Conv: other}, Focus: true}})
	var bobs, tabs []string
	for _, e := range g.Describe() {
		switch e.Kind {
		case kindBuddy:
			bobs = append(bobs, e.Name+": "+e.Value)
		case kindTab:
			tabs = append(tabs, e.Name)
		}
	}
	if want := []string{"Bob: Available via alice@example.net", "Bob: Away via Work", "Dave: Available"}; !slices.Equal(bobs, want) {
		t.Errorf("the rows are %q", bobs)
	}
	if want := []string{"Bob via alice@example.net", "Dave", "Bob via Work"}; !slices.Equal(tabs, want) {
		t.Errorf("the tabs are %q", tabs)
	}
	if got := g.chats.last.window.Title(); got != "Bob via Work" {
		t.Errorf("the window is called %q", got)
	}
}
