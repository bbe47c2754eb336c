package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/messenger"
)

func cook(nick string, role im.Role) im.Occupant {
	return im.Occupant{Nick: nick, Name: nick, Role: role, Presence: im.Presence{Show: im.Available}}
}

var kitchen = im.ConvID{Account: alice, Peer: "kitchen@rooms.example.org"}

// cooking is a front end with a room in front, which these others are in.
func cooking(t *testing.T, others ...im.Occupant) (*GUI, *fakeFront, *page) {
	t.Helper()
	g, f := start(t, friends())
	own := cook("ally", im.Moderator)
	own.Own, own.Standing = true, im.Owner
	g.apply([]messenger.Event{
		messenger.BuddyListChanged{Change: buddylist.Room{Room: buddylist.RoomEntry{Conv: kitchen, Name: "Kitchen", Kept: true, Inside: true, People: 1 + len(others)}}},
		messenger.ConversationOpened{State: messenger.ConversationState{Conv: kitchen, Kind: im.InRoom, Room: []conversation.RoomEvent{
			conversation.RoomEntered{Nick: "ally", Occupants: append(others, own)},
			conversation.TopicSet{Topic: "Soup"}, conversation.RoomKept{Kept: true}}}, Focus: true}})
	g.chats.last.window.Resize(fyne.NewSize(700, 500))
	f.said()
	return g, f, g.chats.front()
}

func changed(e ...conversation.RoomEvent) (out []messenger.Event) {
	for _, e := range e {
		out = append(out, messenger.RoomChanged{Conv: kitchen, Change: e})
	}
	return out
}

func saidIn(id, nick, text string) messenger.Event {
	return messenger.MessageAdded{Message: im.Message{ID: id, Conv: kitchen, Nick: nick, From: im.Addr{Bare: kitchen.Peer, Resource: nick}, Text: im.Plain(text), Time: time.Now()}}
}

func (g *GUI) people() (out []string) {
	for _, e := range g.Describe() {
		if e.Kind == kindOccupant {
			out = append(out, e.Name)
		}
	}
	return out
}

func TestRoom(t *testing.T) {
	g, f, p := cooking(t, cook("Bob", im.Participant), cook("Eve", im.Visitor))
	if e := element(t, g, kindHead, "Kitchen"); e.Value != "Soup" {
		t.Errorf("the topic is %q", e.Value)
	}
	if got := g.people(); !slices.Equal(got, []string{"ally", "Bob", "Eve"}) {
		t.Errorf("there are %q", got)
	}
	element(t, g, kindSeal, conversation.NotPrivate())
	g.apply([]messenger.Event{saidIn("1", "Bob", "hello"), saidIn("2", "Bob", "Ally: the salt?")})
	if got := shownLines(g); !slices.Equal(got, []string{"Bob: hello", "Bob: Ally: the salt?"}) {
		t.Errorf("%q", got)
	}
	if a, b := p.lines.at(0).line, p.lines.at(1).line; a.back != "" || b.back != colorNamed || a.spans[1].colour != nickColor("Bob") {
		t.Errorf("%+v, %+v", a, b)
	}
	test.Type(p.entry, "hi")
	p.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t, `send kitchen@rooms.example.org "hi"`)
	p.head.Tapped(nil)
	p.room.people.list.choose(1)
	p.room.people.list.TypedKey(key(fyne.KeyReturn))
	p.room.people.open(0) // the user
	f.has(t, "room kitchen@rooms.example.org topic", "occupant kitchen@rooms.example.org Bob talk")
	menu := func(items []*fyne.MenuItem) (labels []string) {
		for _, i := range items {
			if !i.IsSeparator {
				labels = append(labels, i.Label)
			}
		}
		return labels
	}
	if got := menu(g.occupantItems(kitchen, "Bob")); !slices.Contains(got, "Kick…") || slices.Contains(got, "IM Bob") {
		t.Errorf("%q", got)
	}
	if got := menu(g.roomItems(kitchen)); !slices.Contains(got, "Destroy Room…") || !slices.Contains(got, "Leave Room") {
		t.Errorf("%q", got)
	}
	g.apply(changed(conversation.RoomPlace{Why: "You were kicked by Bob."}))
	element(t, g, kindStrip, "You were kicked by Bob.")
	if got := g.people(); len(got) != 0 {
		t.Errorf("outside there are %q", got)
	}
	test.Tap(p.room.offers[0])
	f.has(t, "room kitchen@rooms.example.org join")
}

func TestWhoComesAndGoesIsOneQuietLine(t *testing.T) {
	g, _, p := cooking(t, cook("Bob", im.Participant))
	here := func(nick string) conversation.RoomEvent {
		return conversation.OccupantHere{Occupant: cook(nick, im.Participant)}
	}
	gone := func(nick string) conversation.RoomEvent { return conversation.OccupantGone{Nick: nick} }
	expect := func(want ...string) {
		t.Helper()
		if got := shownLines(g); !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
	}
	g.apply(changed(here("Eve")))
	expect("Eve came in.")
	g.apply(changed(here("Dan"), gone("Bob"), here("Eve")))
	expect("Eve and Dan came in. Bob left.")
	g.apply(changed(gone("Eve"), here("Bob"), gone("Dan")))
	expect()
	if n := len(p.room.stirs); n != 0 {
		t.Errorf("%d lines are remembered that nobody sees", n)
	}
	g.apply(append(changed(here("Eve")), saidIn("1", "Bob", "hi")))
	g.apply(changed(conversation.OccupantGone{Nick: "Eve", Renamed: "Eva", Told: true}, here("Eva"), conversation.OccupantGone{Nick: "Bob", Told: true}))
	expect("Bob: hi", "Eve came in.")
	g.apply([]messenger.Event{saidIn("2", "Eva", "hi")})
	for i := range 40 {
		g.apply(changed(here(fmt.Sprintf("g%02d", i))))
	}
	last := p.timeline.Len() - 1
	if got := shownLines(g)[last]; got != "g00, g01, g02, g03 and 36 others came in.  Show all" {
		t.Errorf("%q", got)
	}
	p.room.unfold(p.timeline.At(last).ID)
	if got := shownLines(g); !strings.Contains(got[len(got)-1], "g38 and g39 came in.") {
		t.Errorf("%q", got)
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingStirs, Value: ""}})
	g.apply(changed(gone("g00")))
	if n := p.timeline.Len(); n != last+1 || strings.Contains(p.timeline.At(last).Text.String(), "left") {
		t.Errorf("%d lines, %q", n, p.timeline.At(last).Text)
	}
}

func TestTabCompletesNames(t *testing.T) {
	g, _, p := cooking(t, cook("Bob", im.Participant), cook("Bert the Great", im.Participant))
	_ = g
	for _, c := range []struct {
		typed string
		tabs  int
		want  string
	}{
		{"b", 1, "Bert the Great: "}, {"b", 2, "Bob: "}, {"b", 3, "Bert the Great: "}, {"bert the g", 1, "Bert the Great: "},
		{"ask bo", 1, "ask Bob "}, {"x\nbo", 1, "x\nBob "}, {"zz", 1, "zz"}, {"", 1, ""}, {"ally", 1, "ally"},
	} {
		p.room.completed = completion{}
		p.entry.set(c.typed)
		for range c.tabs {
			if p.entry.AcceptsTab() != (c.want != c.typed) {
				t.Errorf("%q: Tab is taken: %v", p.entry.Text, p.entry.AcceptsTab())
			}
			p.entry.TypedKey(key(fyne.KeyTab))
		}
		if p.entry.Text != c.want {
			t.Errorf("%q and %d tabs: %q, not %q", c.typed, c.tabs, p.entry.Text, c.want)
		}
	}
}

func TestRoomsOfTheBuddyList(t *testing.T) {
	g, f, _ := cooking(t)
	g.active = nil // the user looks elsewhere
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Room{Room: buddylist.RoomEntry{Conv: im.ConvID{Account: alice, Peer: "pub@rooms.example.org"}, Kept: true}}},
		messenger.BuddyListChanged{Change: buddylist.Unread{Conv: kitchen, Count: 3, Named: 1}}})
	if e := element(t, g, kindRoom, "Kitchen"); e.Value != "inside (3, 1 to you)" {
		t.Errorf("%q", e.Value)
	}
	if e := element(t, g, kindTab, "Kitchen (3, 1 to you)"); e.Value != "on" {
		t.Errorf("%+v", e)
	}
	i := g.buddies.rowOf(t, g.list.Title(im.ConvID{Account: alice, Peer: "pub@rooms.example.org"}))
	g.buddies.open(i)
	f.has(t, "room pub@rooms.example.org join")
	if got := g.roomItems(g.buddies.row(i).Conv); got[0].Label != "Join Room" {
		t.Errorf("%q", got[0].Label)
	}
	g.apply([]messenger.Event{messenger.InvitationsChanged{Invitations: []messenger.Invitation{{ID: 7, Room: kitchen, By: "bob@example.org"}}}})
	element(t, g, kindStrip, "bob@example.org invites you into the room Kitchen.")
	test.Tap(g.buddies.inviting)
	f.has(t, "invitation 7")
	g.apply([]messenger.Event{messenger.InvitationsChanged{}})
	if described(g, kindButton, "Answer…") {
		t.Error("the invitation stays")
	}
}

func TestAnAsideSaysWhereItIs(t *testing.T) {
	g, f, _ := cooking(t, cook("Bob", im.Participant))
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: im.Aside(kitchen, "Bob"), Kind: im.InAside}, Focus: true}})
	p := g.chats.front()
	element(t, g, kindSeal, asideNotPrivate())
	if e := element(t, g, kindHead, "Bob in Kitchen"); e.Value != "For the two of you alone" {
		t.Errorf("%q", e.Value)
	}
	sent := outgoing("1", "hello", im.Done)
	sent.Conv = p.conv
	g.apply([]messenger.Event{messenger.MessageAdded{Message: sent}})
	f.said()
	test.Type(p.entry, "x") // nobody is told
	f.has(t)
	g.apply(changed(conversation.OccupantGone{Nick: "Bob"}))
	if e := element(t, g, kindHead, "Bob in Kitchen"); e.Value != "Not in the room now" {
		t.Errorf("%q", e.Value)
	}
	g.apply(changed(conversation.RoomPlace{Why: "You were kicked by Bob."}))
	if got := shownLines(g); !slices.Equal(got, []string{"ally: hello"}) {
		t.Errorf("%q: there nobody may know the user's address", got)
	}
}

func TestRoomSaysWhoReadsAlong(t *testing.T) {
	g, f, p := cooking(t, cook("Bob", im.Participant))
	g.apply(changed(conversation.TraitsSet{Traits: im.RoomTraits{Known: true, Logged: true, Anonymous: true}}))
	logged := conversation.RoomWarnings(im.RoomTraits{Known: true, Logged: true, Anonymous: true})[0]
	element(t, g, kindStrip, logged)
	test.Tap(p.room.offers[0])
	if described(g, kindStrip, logged) {
		t.Error("what was hidden stays")
	}
	g.apply(changed(conversation.TraitsSet{Traits: im.RoomTraits{Known: true, Logged: true}}))
	if len(p.room.drawn) != 1 || !strings.Contains(p.room.drawn[0].text, "your address") {
		t.Errorf("of what is new there is %+v", p.room.drawn)
	}
	own := cook("ally", im.Visitor)
	own.Own = true
	g.apply(changed(conversation.OccupantHere{Occupant: own}))
	element(t, g, kindStrip, "You may only read here. A moderator can let you speak.")
	p.head.Tapped(nil)
	f.has(t, "room kitchen@rooms.example.org about")
}

func TestWhoIsThereCanBePutAway(t *testing.T) {
	g, f, p := cooking(t, cook("Bob", im.Participant))
	test.Tap(p.room.count)
	f.has(t, `set room.people ""`)
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingPeople, Value: ""}})
	if got := g.people(); len(got) != 0 {
		t.Errorf("there are %q", got)
	}
	g.apply(changed(conversation.OccupantHere{Occupant: cook("Eve", im.Participant)}))
	element(t, g, kindButton, "3 people")
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingPeople, Value: im.On}})
	if got := g.people(); !slices.Equal(got, []string{"ally", "Bob", "Eve"}) {
		t.Errorf("there are %q", got)
	}
}

func TestThousandsInARoom(t *testing.T) {
	var others []im.Occupant
	for i := range 5000 {
		others = append(others, cook(fmt.Sprintf("guest%04d", i), im.Participant))
	}
	g, _, p := cooking(t, others...)
	began := time.Now()
	for i := range 200 {
		g.apply(changed(conversation.OccupantHere{Occupant: cook(fmt.Sprintf("new%04d", i), im.Participant)}))
	}
	t.Logf("200 batches took %v", time.Since(began))
	if n := p.timeline.Len(); n != 0 {
		t.Errorf("%d lines tell who came", n)
	}
	if !p.room.waiting {
		t.Error("a long list is drawn for each batch")
	}
	p.room.drawPeople() // what the timer does
	p.room.people.search.SetText("new0007")
	if got := g.people(); !slices.Equal(got, []string{"new0007"}) {
		t.Errorf("found %q", got)
	}
}
