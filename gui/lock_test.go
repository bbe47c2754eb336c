package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
)

func TestLockingTakesEverythingAway(t *testing.T) {
	d := make(drained, 100)
	g := New(test.NewTempApp(t), d.do)
	f := &fakeFront{events: queue.New[messenger.Event]()}
	s := friends()
	s.CanLock = true
	f.events.Put(s)
	locked := 0
	g.Attach(f, func() { locked++ })
	d.until(t, func() bool { return g.buddies.shown })
	f.events.Put(messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true})
	f.events.Put(messenger.MessageAdded{Message: incoming("1", "bob", "canary")})
	f.events.Put(messenger.DialogOpened{ID: 1, Form: plugin.Page("A form", "", []im.Field{{ID: "a", Kind: im.FieldText, Label: "A field"}}, okButton)})
	f.events.Put(messenger.Trouble{Text: "the disk is full"})
	d.until(t, func() bool { return g.trouble != nil })
	g.lock()
	f.has(t, "open bob@example.org", "lock")
	f.events.Put(messenger.Locking{})
	f.events.Put(messenger.MessageAdded{Message: incoming("2", "bob", "canary")}) // on its way while things end
	f.events.Put(messenger.Trouble{Text: "the disk is still full"})
	f.events.Put(messenger.Stopped{Locked: true})
	d.until(t, func() bool { return locked == 1 })
	for _, e := range g.Describe() {
		t.Errorf("it still shows %+v", e)
	}
	if len(g.forms)+len(g.asked)+len(g.accounts)+len(g.chats.last.pages) > 0 || g.list.Title(peer("bob")) != "bob@example.org" {
		t.Error("it remembers")
	}
	g.lock() // nothing to lock
	f.has(t)

	again := &fakeFront{events: queue.New[messenger.Event]()}
	again.events.Put(friends())
	g.Attach(again, func() { locked++ })
	d.until(t, func() bool { return g.buddies.shown })
	again.events.Put(messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true})
	d.until(t, func() bool { return g.chats.find(peer("bob")) != nil })
	again.events.Put(messenger.Stopped{})
	d.until(t, func() bool { return g.stopped })
	if locked != 1 {
		t.Error("an ordinary end counts as locking")
	}
}

func TestTheMenuLocksWhereThereIsAPassphrase(t *testing.T) {
	g, f := start(t, friends())
	if strings.Contains(bar(g), "Lock Culver") {
		t.Error("it offers to lock what nobody could unlock")
	}
	g.anywhere(lockShortcut())
	f.has(t)
	g.apply([]messenger.Event{messenger.CanLockChanged{On: true}})
	if !strings.Contains(bar(g), "Lock Culver") {
		t.Error("the menu does not lock")
	}
	g.anywhere(lockShortcut())
	f.has(t, "lock")
}

// bar is what stands in the menus of the Buddy List.
func bar(g *GUI) string {
	var all []string
	for _, m := range g.buddies.window.MainMenu().Items {
		for _, i := range m.Items {
			all = append(all, i.Label)
		}
	}
	return strings.Join(all, "\n")
}

// The history that was on show comes back, where the user was in it in front of the rest.
func TestTheHistoryComesBack(t *testing.T) {
	s := friends()
	s.CanLock, s.Past = true, peer("bob")
	g, f := start(t, s)
	if g.past == nil || g.past.conv != peer("bob") || f.past != peer("bob") {
		t.Fatalf("%+v, %v", g.past, f.past)
	}
	f.has(t, "pasts", "days bob@example.org", "lines bob@example.org ")
	g.past.open(peer("carol"))
	g.active = g.past.window
	g.apply([]messenger.Event{messenger.Locking{}})
	if g.past != nil || f.past != peer("carol") || !g.inPast {
		t.Errorf("locked: %+v, %v, %v", g.past, f.past, g.inPast)
	}
	g.detached = false
	g.apply([]messenger.Event{friends()})
	g.showHistory(peer("bob"))
	g.past.close()
	if f.past != (im.ConvID{}) {
		t.Errorf("%v is on show after it was closed", f.past)
	}
}

func TestConversationsComeBackAsTheyWere(t *testing.T) {
	s := friends()
	s.Conversations = []messenger.ConversationState{{Conv: peer("carol")}, {Conv: peer("bob")}}
	s.Front = peer("bob")
	g, f := start(t, s)
	if p := g.chats.front(); p == nil || p.conv != peer("bob") || g.chats.last.pages[0].conv != peer("carol") {
		t.Errorf("%+v in front", p)
	}
	f.has(t)
}

func TestLockedItForgetsWhoInvites(t *testing.T) {
	g, _ := start(t, messenger.Snapshot{Invitations: []messenger.Invitation{{ID: 1, By: "bob@example.org", Room: im.ConvID{Account: alice, Peer: "kitchen@rooms.example.org"}}}})
	if g.buddies.inviting == nil {
		t.Fatal("the invitation is not shown")
	}
	g.apply([]messenger.Event{messenger.Locking{}})
	if g.invitations != nil || g.buddies.inviting != nil {
		t.Error("it remembers who invites")
	}
}
