package gui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/messenger"
)

// newAbove is the line under the heading about new lines; empty: there is none in sight.
func newAbove(g *GUI) string {
	for _, v := range g.chats.front().lines.renderer.visible {
		for _, h := range v.line.above {
			if h.text == "New since you looked" {
				return string(g.chats.front().lines.runes(v.index))
			}
		}
	}
	return ""
}

func TestNewSinceYouLooked(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Messages: manyLines(3)})
	come := func(n int, out bool) {
		m := incoming(fmt.Sprint("new ", n), "bob", fmt.Sprint("new ", n))
		m.Out = out
		g.apply([]messenger.Event{messenger.MessageAdded{Message: m}})
	}
	g.active = g.chats.last.window
	come(1, false)
	if got := newAbove(g); got != "" {
		t.Errorf("%q is new to a user who looks", got)
	}
	g.active = nil
	come(2, true)
	if got := newAbove(g); got != "" {
		t.Errorf("%q is new, though the user said it elsewhere", got)
	}
	come(3, false)
	come(4, false)
	expect := func(want string) {
		t.Helper()
		if got := newAbove(g); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("%q is the first new line, not %q", got, want)
		}
	}
	expect("new 3")
	g.chats.last.focused()
	expect("new 3") // it stays while the user reads
	come(5, false)
	expect("new 3")
	g.active = nil
	come(6, false)
	expect("new 6")
	p.types("so I see")
	expect("")
	come(7, false)
	expect("new 7")
	p.lines.selectAll()
	if strings.Contains(p.lines.selected(), "since you looked") {
		t.Error("the heading is copied")
	}
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "new 7"}})
	expect("")
	p.toNew() // there is nowhere to go
}

func TestJumpToNewLines(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Messages: manyLines(200), Unread: 150})
	g.active = g.chats.last.window
	p.seen()
	expect := func(up, down string) {
		t.Helper()
		if p.lines.up.text != up || p.lines.down.text != down || p.lines.up.Hidden != (up == "") || p.lines.down.Hidden != (down == "") {
			t.Errorf("%q and %q are offered, not %q and %q", p.lines.up.text, p.lines.down.text, up, down)
		}
	}
	expect("150 new lines", "")
	if e := element(t, g, kindButton, "150 new lines"); e.Width < 50 || e.Height < 10 {
		t.Errorf("the button is %v by %v", e.Width, e.Height)
	}
	item(t, g.chats.last.window.MainMenu(), "Conversation", "Go To", "New Lines").Action()
	expect("", "To the end")
	if got := newAbove(g); !strings.HasSuffix(got, "line 50") {
		t.Errorf("%q is under the heading", got)
	}
	item(t, g.chats.last.window.MainMenu(), "Conversation", "Go To", "The End").Action()
	expect("", "")
	p.lines.scrollTo(0)
	expect("", "To the end")
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("one more", "bob", "one more")}})
	expect("", "1 new line")
	p.lines.down.Tapped(&fyne.PointEvent{})
	expect("", "")
	if !strings.HasSuffix(newAbove(g), "one more") {
		t.Error("the click does not lead to the new line")
	}

	// What comes while the user is elsewhere, and scrolls out of sight.
	g.active = nil
	var many []messenger.Event
	for i := range 60 {
		many = append(many, messenger.MessageAdded{Message: incoming(fmt.Sprint("more ", i), "bob", "more")})
	}
	g.apply(many)
	g.chats.last.focused()
	expect("60 new lines", "")
	p.lines.up.Tapped(&fyne.PointEvent{})
	if newAbove(g) == "" {
		t.Error("the click does not lead to the new lines")
	}
}

func TestNewLinesAtAnEmptyPage(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{})
	g.active = nil
	g.apply([]messenger.Event{messenger.MessageAdded{Message: incoming("1", "bob", "first")}})
	if newAbove(g) != "" {
		t.Error("all there is is new: that needs no heading")
	}
	g.apply([]messenger.Event{messenger.OlderLines{Conv: peer("bob"), Messages: []im.Message{incoming("0", "bob", "before")}}})
	if got := newAbove(g); !strings.HasSuffix(got, "first") {
		t.Errorf("%q is the first new line", got)
	}
	p.clear()
	if newAbove(g) != "" || p.lines.up.text != "" {
		t.Error("what is not there any more is new")
	}
}
