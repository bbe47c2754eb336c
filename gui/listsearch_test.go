package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
)

// The searches of lists have the same keys.
func TestKeysOfASearch(t *testing.T) {
	for name, begin := range map[string]func(t *testing.T) (c fyne.Canvas, f *fakeFront, l *rowList, s *textEntry, opened string){
		"the Buddy List": func(t *testing.T) (fyne.Canvas, *fakeFront, *rowList, *textEntry, string) {
			g, f := start(t, friends())
			b := g.buddies
			return b.window.Canvas(), f, b.list, b.search, "open carol@example.org"
		},
		"the people in a room": func(t *testing.T) (fyne.Canvas, *fakeFront, *rowList, *textEntry, string) {
			g, f, p := cooking(t, cook("Bob", im.Participant), cook("Carol", im.Participant))
			return g.chats.last.window.Canvas(), f, p.room.people.list, p.room.people.search, "occupant kitchen@rooms.example.org Carol talk"
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, f, l, s, opened := begin(t)
			f.said()
			focused := func(want fyne.Focusable) {
				t.Helper()
				if got := c.Focused(); got != want {
					t.Errorf("the keyboard is at %T", got)
				}
			}
			test.Type(l, "car")
			if s.Text != "car" || !s.Visible() {
				t.Errorf("the search reads %q", s.Text)
			}
			focused(s)
			s.TypedKey(key(fyne.KeyDown))
			focused(l)
			l.TypedKey(key(fyne.KeyEscape))
			if s.Text != "" || s.Visible() {
				t.Errorf("after Escape the search reads %q", s.Text)
			}
			test.Type(l, "car")
			s.TypedKey(key(fyne.KeyReturn))
			f.has(t, opened)
		})
	}
}
