package gui

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
)

func TestOwnFace(t *testing.T) {
	g, f := start(t, messenger.Snapshot{Presence: im.Presence{Show: im.Available}})
	b := g.buddies.status.face
	if b.Visible() {
		t.Error("there is a picture without an account")
	}
	g.apply([]messenger.Event{messenger.AccountChanged{State: online()}})
	b.TypedKey(key(fyne.KeyReturn))
	f.has(t, "own picture "+string(alice))
	face := image.NewGray(image.Rect(0, 0, 8, 8))
	g.apply([]messenger.Event{messenger.OwnPictureChanged{Account: alice, Image: face}})
	if b.face != face || b.tip().face != face {
		t.Error("it is not shown")
	}
	other := accounts.State{Account: im.Account{ID: "xmpp:alice@example.com", Enabled: true}, Status: accounts.Online}
	g.apply([]messenger.Event{messenger.AccountChanged{State: other}})
	b.Tapped(nil)
	menu, ok := g.buddies.window.Canvas().Overlays().Top().(*popMenu)
	if !ok || len(menu.levels[0].menu.Items) != 2 {
		t.Fatal("it is not asked for which account")
	}
	menu.levels[0].menu.Items[1].Action()
	f.has(t, "own picture xmpp:alice@example.com")
	g.apply([]messenger.Event{messenger.OwnPictureChanged{Account: alice}})
	if b.face != nil {
		t.Error("it stays")
	}
}
