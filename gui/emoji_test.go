package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/emoji"
	"culver/messenger"
)

// picking is the picker that is open.
func picking(t *testing.T, g *GUI) *emojiPicker {
	t.Helper()
	p, ok := g.chats.last.window.Canvas().Overlays().Top().(*emojiPicker)
	if !ok {
		t.Fatal("there is nothing to pick from")
	}
	return p
}

func TestEmojiPicker(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{})
	test.Type(p.entry, "ab")
	p.entry.TypedKey(key(fyne.KeyLeft))
	pick := item(t, g.chats.last.window.MainMenu(), "Insert", "Emoji…").Action
	pick()
	e := picking(t, g)
	if e.names[0] != emoji.Smileys {
		t.Errorf("it begins with %q", e.names[0])
	}
	for _, r := range "thumbs up" {
		e.TypedRune(r)
	}
	e.TypedKey(key(fyne.KeyReturn))
	if p.entry.Text != "a👍b" || g.chats.last.window.Canvas().Focused() != fyne.Focusable(p.entry) {
		t.Errorf("the entry says %q", p.entry.Text)
	}
	if g.chats.last.window.Canvas().Overlays().Top() != nil {
		t.Error("the picker stays")
	}

	// The one used last is offered first.
	pick()
	e = picking(t, g)
	if c, ok := e.chosen(); !ok || c.Char != "👍" || e.names[0] != "" {
		t.Errorf("%+v is chosen", c)
	}
	e.TypedKey(key(fyne.KeyRight)) // on into the first group
	if c, _ := e.chosen(); c.Char != emoji.Groups()[0].All[0].Char {
		t.Errorf("%+v is chosen", c)
	}
	e.TypedKey(key(fyne.KeyDown))
	if c, _ := e.chosen(); c.Char != emoji.Groups()[0].All[emojiColumns].Char {
		t.Errorf("%+v is chosen", c)
	}
	e.TypedKey(key(fyne.KeyUp))
	e.TypedKey(key(fyne.KeyLeft))
	e.TypedKey(key(fyne.KeyLeft)) // leads nowhere
	if c, _ := e.chosen(); c.Char != "👍" {
		t.Errorf("%+v is chosen", c)
	}
	e.TypedKey(key(fyne.KeyTab))
	e.TypedKey(key(fyne.KeyTab))
	if c, _ := e.chosen(); c.Char != emoji.Groups()[1].All[0].Char {
		t.Errorf("%+v is chosen", c)
	}
	for range 40 {
		e.TypedKey(key(fyne.KeyPageDown))
	}
	flags := emoji.Groups()[8].All
	if c, _ := e.chosen(); e.in(e.row) != 9 || e.row != len(e.rows)-1 || c.Char != flags[(len(flags)-1)/emojiColumns*emojiColumns].Char {
		t.Errorf("%+v is chosen", c)
	}
	if e.row < e.first || e.row >= e.first+emojiRows {
		t.Error("it is not in sight")
	}
	for e.first > 0 {
		e.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 10)})
	}

	// The mouse.
	at := func(row, column int) fyne.Position {
		return e.corner.AddXY(emojiPad+float32(column)*emojiCell+5, emojiPad+emojiHead+emojiTabs+float32(row-e.first)*emojiCell+5)
	}
	click := &fyne.PointEvent{Position: at(3, 2)}
	want := e.rows[3].all[2].Char
	e.Tapped(click)
	if p.entry.Text != "a👍"+want+"b" {
		t.Errorf("the entry says %q", p.entry.Text)
	}
	pick()
	picking(t, g).Tapped(&fyne.PointEvent{Position: fyne.NewPos(-1, -1)})
	if g.chats.last.window.Canvas().Overlays().Top() != nil {
		t.Error("a click beside it does not close it")
	}
	pick()
	e = picking(t, g)
	e.TypedRune('q')
	e.TypedRune('q')
	if _, ok := e.chosen(); ok || !described(g, kindEntry, "Emoji") {
		t.Error("something is called qq")
	}
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyLeft, fyne.KeyDown, fyne.KeyTab, fyne.KeyPageUp} {
		e.TypedKey(key(k))
	}
	e.TypedKey(key(fyne.KeyBackspace))
	e.TypedKey(key(fyne.KeyEscape))
	if e.words != "" || g.chats.last.window.Canvas().Overlays().Top() == nil {
		t.Error("Escape first clears what is looked for")
	}
	e.TypedKey(key(fyne.KeyEscape))
	if g.chats.last.window.Canvas().Overlays().Top() != nil {
		t.Error("the picker stays")
	}
	g.apply([]messenger.Event{messenger.Locking{}})
	if len(g.emojis) != 0 {
		t.Error("a locked program remembers what was used")
	}
}

func TestEmojiCodes(t *testing.T) {
	_, _, p := talking(t, messenger.ConversationState{})
	p.entry.set("well done :thumbs")
	if !p.entry.AcceptsTab() {
		t.Fatal("Tab does nothing")
	}
	p.entry.TypedKey(key(fyne.KeyTab))
	if p.entry.Text != "well done 👍 " {
		t.Errorf("%q", p.entry.Text)
	}
	p.entry.TypedKey(key(fyne.KeyTab))
	if p.entry.Text != "well done 👎 " {
		t.Errorf("%q", p.entry.Text)
	}
	p.entry.set("at 12:30")
	if p.entry.AcceptsTab() {
		t.Error("12:30 is taken for a code")
	}
}
