package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// SetBuddy and the others make the fake network's sessions keep a list: the server agrees
// at once.
func (s *fakeSession) SetBuddy(b im.Buddy) error {
	s.lists(func() { s.listed = append(s.listed, fmt.Sprintf("set %s %v", b.Bare, b.Groups)) }, protocol.BuddyChanged{Buddy: b})
	return nil
}

func (s *fakeSession) RemoveBuddy(bare string) error {
	s.lists(func() { s.listed = append(s.listed, "remove "+bare) }, protocol.BuddyRemoved{Bare: bare})
	return nil
}

func (s *fakeSession) Subscribe(bare, reason string) error {
	s.lists(func() { s.listed = append(s.listed, fmt.Sprintf("subscribe %s %q", bare, reason)) }, nil)
	return nil
}

func (s *fakeSession) Unsubscribe(bare string) error {
	s.lists(func() { s.listed = append(s.listed, "unsubscribe "+bare) }, nil)
	return nil
}

func (s *fakeSession) Approve(bare string) error {
	s.lists(func() { s.listed = append(s.listed, "approve "+bare) }, nil)
	return nil
}

func (s *fakeSession) Deny(bare string) error {
	s.lists(func() { s.listed = append(s.listed, "deny "+bare) }, nil)
	return nil
}

func (s *fakeSession) lists(note func(), e protocol.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note()
	if e != nil {
		go func() {
			select {
			case s.events <- e:
			case <-s.over:
			}
		}()
	}
}

// wasTold is what the list's server was told since the last time, in order of the words.
func (s *fakeSession) wasTold() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.listed)
	out := strings.Join(s.listed, "; ")
	s.listed = nil
	return out
}

// rowsOf are the rows of somebody's list, told briefly.
func rowsOf(a *scenetest.Actor, sort buddylist.Sort) string {
	var out []string
	for _, r := range a.List.Rows(buddylist.View{ShowOffline: true, ShowEmpty: true, Sort: sort}) {
		switch r.Kind {
		case buddylist.GroupRow:
			out = append(out, fmt.Sprintf("#%s %d/%d", r.Group, r.Online, r.Total))
		case buddylist.ContactRow:
			out = append(out, fmt.Sprintf("%s of %d", r.Title, r.Members))
		default:
			out = append(out, r.Title)
		}
	}
	return strings.Join(out, ", ")
}

// three is somebody with three buddies.
func three(t *testing.T, f func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID)) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.friends = []string{"bob@x", "carol@x", "dave@x"}
		s := net.online()
		a.UntilOnline()
		settled(a)
		s.wasTold()
		f(a, s, net, func(name string) im.ConvID { return im.ConvID{Account: a.Self, Peer: name + "@x"} })
	})
}

func expectRows(t *testing.T, a *scenetest.Actor, sort buddylist.Sort, want string) {
	t.Helper()
	settled(a)
	if got := rowsOf(a, sort); got != want {
		t.Errorf("the list is %s; not %s", got, want)
	}
}

func TestContactsAreKeptHere(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		a.M.MergeBuddy(who("carol"), who("bob"))
		a.M.MergeBuddy(who("carol"), who("carol"))
		a.M.MergeBuddy(who("nobody"), who("bob"))
		expectRows(t, a, buddylist.ByName, "#Buddies 0/2, bob@x of 2, dave@x")
		a.M.ShowRenameContact(who("bob"))
		a.Answer("Name of the Contact", "ok", "name=Robert")
		s.events <- protocol.PresenceChanged{From: im.Addr{Bare: "carol@x", Resource: "r"}, Presence: im.Presence{Show: im.Available}}
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "dave@x"}, {Bare: "carol@x"}, {Bare: "bob@x"}}}
		expectRows(t, a, buddylist.ByName, "#Buddies 1/2, dave@x, Robert of 2")
		if told := s.wasTold(); told != "" {
			t.Errorf("the server was told: %s", told)
		}

		a.Quit()
		a.Start()
		s = net.online()
		expectRows(t, a, buddylist.ByName, "#Buddies 0/2, dave@x, Robert of 2")
		a.M.MoveBuddy(who("bob"), buddylist.DefaultGroup, "Friends")
		expectRows(t, a, buddylist.ByName, "#Buddies 0/1, dave@x, #Friends 0/1, Robert of 2")
		if told := s.wasTold(); told != "set bob@x [Friends]; set carol@x [Friends]" {
			t.Errorf("the server was told: %s", told)
		}
		a.M.MergeBuddy(who("dave"), who("carol"))
		expectRows(t, a, buddylist.ByName, "#Friends 0/1, Robert of 3")
		a.M.SplitBuddy(who("bob"))
		expectRows(t, a, buddylist.ByName, "#Friends 0/2, bob@x, Robert of 2")
		a.M.SplitContact(who("dave"))
		expectRows(t, a, buddylist.ByName, "#Friends 0/3, bob@x, carol@x, dave@x")

		a.M.ShowMerge(who("dave"))
		d := a.Form("Merge", "cancel")
		if rows := d.Form.Tabs[0].Fields[0].Rows; len(rows) != 2 {
			t.Errorf("%d rows", len(rows))
		}
		a.M.Answer(d.ID, plugin.Answers{Action: "ok", Rows: []string{d.Form.Tabs[0].Fields[0].Rows[1].ID}})
		expectRows(t, a, buddylist.ByName, "#Friends 0/2, bob@x, carol@x of 2")
		a.M.ShowRemoveContact(who("carol"))
		a.Answer("Remove Contact", "ok")
		expectRows(t, a, buddylist.ByName, "#Friends 0/1, bob@x")
		if a.List.Arrangement().Has(func(im.ConvID) bool { return true }) {
			t.Errorf("something is left: %+v", a.List.Arrangement())
		}
	})
}

func TestGroups(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		a.M.ShowAddGroup()
		a.Answer("Add Group", "ok", "name= ")
		a.Reads("Add Group", "Enter the name")
		a.Answer("Add Group", "ok", "name=Work")
		expectRows(t, a, buddylist.ByName, "#Buddies 0/3, bob@x, carol@x, dave@x, #Work 0/0")
		a.M.ShowAddGroup()
		a.Answer("Add Group", "ok", "name=Work")
		a.Reads("Add Group", "already")
		a.Answer("Add Group", "cancel")
		a.M.PlaceGroup("Work", buddylist.DefaultGroup)
		a.M.MoveBuddy(who("bob"), buddylist.DefaultGroup, "Zoo")
		settled(a)
		a.M.PlaceBuddy(who("dave"), buddylist.DefaultGroup, who("carol"))
		expectRows(t, a, buddylist.ByHand, "#Work 0/0, #Buddies 0/2, dave@x, carol@x, #Zoo 0/1, bob@x")
		a.M.MoveBuddy(who("bob"), "Zoo", "Work")
		expectRows(t, a, buddylist.ByHand, "#Work 0/1, bob@x, #Buddies 0/2, dave@x, carol@x, #Zoo 0/0")
		a.M.SetSetting(messenger.SettingCollapsed, "Work\nZoo")

		s.wasTold()
		a.M.ShowRenameGroup("Work")
		a.Answer("Rename Group", "ok", "name=Office")
		expectRows(t, a, buddylist.ByHand, "#Office 0/1, bob@x, #Buddies 0/2, dave@x, carol@x, #Zoo 0/0")
		if told := s.wasTold(); told != "set bob@x [Office]" {
			t.Errorf("the server was told: %s", told)
		}
		a.M.ShowDeleteGroup("Zoo")
		a.Answer("Delete Group", "ok")
		settled(a)
		a.M.ShowDeleteGroup("Office")
		a.Answer("Delete Group", "ok", "buddies=move")
		expectRows(t, a, buddylist.ByHand, "#Buddies 0/3, dave@x, carol@x, bob@x")
		a.M.MoveBuddy(who("bob"), buddylist.DefaultGroup, "Work")
		settled(a)
		a.M.ShowDeleteGroup("Work")
		a.Answer("Delete Group", "ok", "buddies=remove")
		expectRows(t, a, buddylist.ByHand, "#Buddies 0/2, dave@x, carol@x")

		s.lose()
		settled(a)
		a.M.ShowRenameGroup(buddylist.DefaultGroup)
		a.Answer("Rename Group", "ok", "name=Office")
		a.Reads("Rename Group", "Connect alice@x first")
	})
}

func TestAddBuddyIntoAGroup(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		a.M.ShowAddTo("Zoo")
		a.Answer("Add Buddy", "ok", "address=eve@x", "words=It's me")
		settled(a)
		if told := s.wasTold(); told != `set eve@x [Zoo]; subscribe eve@x "It's me"` {
			t.Errorf("the server was told: %s", told)
		}
		a.M.ShowAddThis(who("mia"))
		a.Answer("Add Buddy", "ok", "group=\n", "newgroup=")
		a.Reads("Add Buddy", "Enter the name of the group")
		a.Answer("Add Buddy", "ok", "group=\n", "newgroup=Ice")
		settled(a)
		if told := s.wasTold(); told != `set mia@x [Ice]; subscribe mia@x ""` {
			t.Errorf("the server was told: %s", told)
		}
	})
}

func TestAuthorisations(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		a.M.AskPresence(who("bob"))
		a.M.DropPresence(who("carol"))
		a.M.StopPresence(who("dave"))
		settled(a)
		if told := s.wasTold(); told != `deny dave@x; subscribe bob@x ""; unsubscribe carol@x` {
			t.Errorf("the server was told: %s", told)
		}
		s.lose()
		settled(a)
		a.M.AskPresence(who("bob"))
		settled(a)
		if len(a.Trouble) != 1 || !strings.Contains(a.Trouble[0], "needs a connection") {
			t.Errorf("%q", a.Trouble)
		}
	})
}

// What is known of who was seen when, and is to be shown always, stays over the end, and
// goes with the buddy.
func TestNotesAreKept(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		came := func(name string, show im.Show) {
			s.events <- protocol.PresenceChanged{From: im.Addr{Bare: name + "@x", Resource: "r"}, Presence: im.Presence{Show: show}}
			settled(a)
		}
		came("bob", im.Available)
		came("carol", im.Available)
		came("stranger", im.Available)
		<-time.After(time.Hour)
		came("bob", im.Offline)
		came("stranger", im.Offline)
		left := time.Now()
		a.M.SetAlways(who("bob"), true)
		a.M.SetAlways(who("dave"), true)
		settled(a)
		if n := a.List.Note(who("bob")); !n.Always || !n.Seen.Equal(left) {
			t.Errorf("%+v", n)
		}
		<-time.After(time.Hour)
		off := time.Now()
		a.Quit()
		if n := a.List.Note(who("bob")); !n.Seen.Equal(left) {
			t.Errorf("after the end %+v", n)
		}
		a.Start()
		s = net.online()
		settled(a)
		for name, want := range map[string]buddylist.Note{"bob": {Always: true, Seen: left}, "carol": {Seen: off}, "dave": {Always: true}, "stranger": {}} {
			if n := a.List.Note(who(name)); n.Always != want.Always || n.Seen.IsZero() != want.Seen.IsZero() || n.Seen.Sub(want.Seen).Abs() >= time.Second {
				t.Errorf("%s: %+v, not %+v", name, n, want)
			}
		}
		a.M.ShowInfo(who("bob"))
		a.Reads("Info on bob@x", "Last seen: ")
		a.M.ShowRemoveBuddy(who("bob"))
		a.Answer("Remove bob@x", "ok")
		settled(a)
		if n := a.List.Note(who("bob")); n != (buddylist.Note{}) {
			t.Errorf("left: %+v", n)
		}
		a.Quit()
		a.Start()
		synctest.Wait()
		a.Until("who is left", func() bool { return !a.List.Note(who("carol")).Seen.IsZero() })
		if n := a.List.Note(who("bob")); n != (buddylist.Note{}) {
			t.Errorf("it came back: %+v", n)
		}
	})
}

func TestRecentActivity(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		<-time.After(time.Minute)
		s.events <- line("dave@x", "hello")
		<-time.After(time.Minute)
		a.M.Send(who("carol"), "hello", im.Open)
		expectRows(t, a, buddylist.ByActivity, "#Buddies 0/3, carol@x, dave@x, bob@x")
		a.Quit()
		a.Start()
		net.online()
		expectRows(t, a, buddylist.ByActivity, "#Buddies 0/3, carol@x, dave@x, bob@x")
	})
}
