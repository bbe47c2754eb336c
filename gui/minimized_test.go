package gui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"culver/messenger"
)

// minimized is a front end that was started so, whose messenger is about to begin.
func minimized(t *testing.T) (*GUI, *fakeSystem) {
	t.Helper()
	g := New(test.NewTempApp(t), func(func()) {})
	g.front = &fakeFront{}
	g.StartMinimized()
	return g, outside(g)
}

// begins begins with the messenger's first event.
func begins(g *GUI, tray string) {
	g.apply([]messenger.Event{messenger.Snapshot{Settings: map[string]string{messenger.SettingTray: tray}}})
}

func TestStartMinimized(t *testing.T) {
	for _, late := range []bool{false, true} {
		g, s := minimized(t)
		setting := messenger.TrayAlways
		if late {
			setting = messenger.TrayUnread // it stays within reach all the same
		}
		if !late {
			g.TrayThere(true)
		}
		begins(g, setting)
		if late {
			if g.buddies.shown {
				t.Error("it did not wait for the icon")
			}
			g.TrayThere(true)
		}
		if !g.buddies.hidden || g.buddies.came || s.tray == nil {
			t.Errorf("late %v: hidden %v, came %v", late, g.buddies.hidden, g.buddies.came)
		}
		g.revealList() // as after a while
		if g.buddies.came {
			t.Error("it comes although it waits behind the icon")
		}
		g.TrayPressed()
		if g.buddies.hidden || !g.buddies.came {
			t.Error("the icon does not bring it")
		}
		if has, wants := g.buddies.window.Canvas().Size().Width, menuRoom(g.buddies.bar).Width; has < wants {
			t.Errorf("it is %v wide, and its menus are %v", has, wants)
		}
	}
}

// Without a place for the icon the Buddy List is shown, and when somebody asks for it.
func TestStartMinimizedWithoutIcon(t *testing.T) {
	g, _ := minimized(t)
	begins(g, messenger.TrayAlways)
	g.revealList()
	if !g.buddies.came || g.buddies.hidden {
		t.Error("there is nothing to be seen")
	}
	g, _ = minimized(t)
	begins(g, messenger.TrayAlways)
	g.Raise()
	if !g.buddies.came || g.minimized {
		t.Error("the program does not come to the front")
	}
	g.TrayThere(true)
	if g.buddies.hidden {
		t.Error("it goes away again")
	}
}

// A lock leaves nothing in the window that was never on the screen.
func TestLockedWhileMinimized(t *testing.T) {
	g, _ := minimized(t)
	g.TrayThere(true)
	begins(g, messenger.TrayAlways)
	before := g.buddies
	g.apply([]messenger.Event{messenger.Locking{}})
	if g.buddies == before || g.buddies.window != before.window || g.buddies.shown || len(g.buddies.window.MainMenu().Items) > 0 {
		t.Errorf("the Buddy List is %+v", g.buddies)
	}
	g.apply([]messenger.Event{messenger.Stopped{Locked: true}})
	g.detached = false // as when it is attached again
	begins(g, messenger.TrayAlways)
	if !g.buddies.came || g.buddies.hidden {
		t.Error("it does not come after unlocking")
	}
}
