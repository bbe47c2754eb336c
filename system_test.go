package main

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"

	"culver/gui"
	"culver/im"
	"culver/internal/queue"
	"culver/internal/sound"
)

func TestKeysOfConversations(t *testing.T) {
	for _, c := range []im.ConvID{{Account: "xmpp:alice@x", Peer: "bob@x"}, {Account: "xmpp:alice@x", Peer: "room@x/a\nb"}, {}} {
		if got := convOf(keyOf(c)); got != c {
			t.Errorf("%+v becomes %+v", c, got)
		}
	}
}

// What a menu does it does on the toolkit's goroutine.
func TestMenusOfTheTray(t *testing.T) {
	var todo []func()
	s := &system{do: func(f func()) { todo = append(todo, f) }}
	done := 0
	list := fyne.NewMenuItem("List", func() { done++ })
	list.Checked = true
	more := fyne.NewMenuItem("More", nil)
	more.Disabled, more.ChildMenu = true, fyne.NewMenu("", list)
	items := s.items(fyne.NewMenu("", list, fyne.NewMenuItemSeparator(), more))
	if len(items) != 3 || !items[0].Checked || !items[1].Separator || !items[2].Off || items[2].Do != nil || items[2].Sub[0].Label != "List" {
		t.Fatalf("%+v", items)
	}
	items[0].Do()
	if done != 0 || len(todo) != 1 {
		t.Error("it does not wait")
	}
	if todo[0](); done != 1 {
		t.Error("it does nothing")
	}
}

// The end of the program does not wait for what only looks whether somebody is there.
func TestTheEndWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		s := &system{player: sound.NewPlayer(nil, os.DevNull), plain: queue.New[gui.Notification](), leave: leave}
		s.running.Go(func() { s.player.Run(ctx) })
		s.watch(ctx, func(ctx context.Context) { <-ctx.Done() })
		synctest.Wait()
		began := time.Now()
		s.close()
		if took := time.Since(began); took != 0 {
			t.Errorf("it takes %v", took)
		}
	})
}
