package messenger_test

import (
	"testing"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// modest is a plugin whose button can be taken away.
type modest struct {
	booklet
	hidden bool
}

func (*modest) Actions(im.ConvID) []plugin.Action {
	return []plugin.Action{{ID: "hide", Label: "Hide"}}
}
func (m *modest) Invoke(im.ConvID, string) { m.hidden = !m.hidden }
func (m *modest) NoButton() bool           { return m.hidden }

func TestAButtonIsTakenAwayAndTheMenuStays(t *testing.T) {
	alone(t, part(&modest{}), func(_ *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.M.Open(bob)
		menu := func(hidden bool) func() bool {
			return func() bool {
				c := a.Chats[bob]
				return c != nil && len(c.Menus) == 1 && len(c.Menus[0].Actions) == 1 && c.Menus[0].NoButton == hidden
			}
		}
		a.Until("the button", menu(false))
		a.M.Invoke("book", bob, "hide")
		a.Until("its end", menu(true))
		a.M.Invoke("book", bob, "hide")
		a.Until("its return", menu(false))
	})
}
