package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/messenger"
)

func TestMenuOfTheHead(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	p.head.TappedSecondary(&fyne.PointEvent{})
	got := labels(popped(t, g).levels[0].menu.Items)
	for _, want := range []string{"Get Info", "Get Attention", "Rename Buddy…", "Set Picture…", "Remove Buddy…", "View History", "Mute"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "Invite To") {
		t.Error("there is no room to invite to")
	}
	closePopUps(g.chats.last.window.Canvas())
	item(t, g.chats.last.window.MainMenu(), "Buddy", "Get Info").Action()
	f.has(t, "info bob@example.org")
	p.entry.TypedKey(key(fyne.KeyF2))
	f.has(t, "rename bob@example.org")
	p.types("/buzz")
	f.has(t, "attention bob@example.org")
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("stranger")}, Focus: true}})
	f.said()
	p = g.chats.front()
	p.lines.TypedKey(key(fyne.KeyF2))
	f.has(t, "add stranger@example.org")
	if got := labels(p.headItems()); strings.Contains(got, "Remove Buddy…") || !strings.Contains(got, "Add Buddy…") {
		t.Errorf("%q", got)
	}
}

func TestInviteFromAConversation(t *testing.T) {
	g, f, room := cooking(t, cook("Bob", im.Participant))
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	f.said()
	p := g.chats.front()
	invite := p.inviteItems()
	if len(invite) != 1 || invite[0].ChildMenu.Items[0].Label != "Kitchen" {
		t.Fatalf("%q", labels(invite))
	}
	invite[0].ChildMenu.Items[0].Action()
	f.has(t, "invite kitchen@rooms.example.org bob@example.org")
	room.entry.TypedKey(key(fyne.KeyF2))
	f.has(t, "room kitchen@rooms.example.org keep")
	g.apply(changed(conversation.RoomPlace{Place: conversation.Outside}))
	if len(p.inviteItems()) != 0 {
		t.Error("nobody can be invited to where the user is not")
	}
}

func TestLastSaid(t *testing.T) {
	g, f, p := cooking(t, cook("Bob", im.Participant), cook("Eve", im.Participant))
	g.apply([]messenger.Event{saidIn("1", "Bob", "the first"), saidIn("2", "Bob", "the last")})
	for range 100 {
		p.here("something else")
	}
	find := func(nick string) *fyne.MenuItem {
		for _, i := range g.occupantItems(kitchen, nick) {
			if i.Label == "Last Said" {
				return i
			}
		}
		t.Fatalf("the menu of %s does not lead to what they said", nick)
		return nil
	}
	if usable(find("Eve")) {
		t.Error("Eve said nothing")
	}
	find("Bob").Action()
	if v := p.lines.renderer.visible; v[0].index > 1 || !strings.HasSuffix(p.lines.selected(), "the last") {
		t.Errorf("line %d is in sight, %q is marked", v[0].index, p.lines.selected())
	}
	g.occupantItems(kitchen, "Eve")[2].Action()
	f.has(t, "occupant kitchen@rooms.example.org Eve ignore")
}
