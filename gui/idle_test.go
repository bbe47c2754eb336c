package gui

import (
	"maps"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"culver/idle"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// night is a front end whose clocks the test moves.
type night struct {
	*GUI
	f    *fakeFront
	mono time.Duration
}

func idling(t *testing.T, settings map[string]string) *night {
	s := friends()
	s.CanLock, s.Settings = true, map[string]string{messenger.SettingIdle: messenger.IdleNever} // it is not about that
	maps.Copy(s.Settings, settings)
	g, f := start(t, s)
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	f.said()
	n := &night{GUI: g, f: f}
	g.now = func() time.Time { return time.Unix(1e9, 0).Add(n.mono) }
	n.passes(0)
	return n
}

// passes lets time pass, second by second.
func (n *night) passes(d time.Duration) {
	for end := n.mono + d; n.mono < end; {
		n.mono += time.Second
		n.idleAt(idle.Reading{Wall: n.now(), Mono: n.mono})
	}
	if d == 0 {
		n.idleAt(idle.Reading{Wall: n.now(), Mono: n.mono})
	}
}

// locking is what the messenger is told.
var locking = []string{"open bob@example.org", "lock"}

func TestLockedWithoutUse(t *testing.T) {
	n := idling(t, map[string]string{messenger.SettingLockIdle: "2"})
	n.passes(119 * time.Second)
	n.f.has(t)
	n.passes(time.Second)
	n.f.has(t, locking...)
}

func TestUseKeepsItOpen(t *testing.T) {
	p := func(n *night) *page { return n.chats.find(peer("bob")) }
	for name, use := range map[string]func(*night){
		"a letter":                func(n *night) { p(n).entry.TypedRune('x') },
		"a key in the entry":      func(n *night) { p(n).entry.TypedKey(key(fyne.KeyLeft)) },
		"a key in the lines":      func(n *night) { p(n).lines.TypedKey(key(fyne.KeyPageUp)) },
		"the wheel":               func(n *night) { p(n).lines.Scrolled(&fyne.ScrollEvent{}) },
		"the mouse in the window": func(n *night) { sensorOf(n.chats.last.window).Cursor() },
		"the mouse in the list":   func(n *night) { sensorOf(n.buddies.window).Cursor() },
		"a key in the list":       func(n *night) { n.buddies.list.TypedKey(key(fyne.KeyDown)) },
		"a search":                func(n *night) { n.buddies.list.TypedRune('b') },
		"a key in no control":     func(n *night) { n.buddies.keys.onTyped(key(fyne.KeyF1)) },
	} {
		t.Run(name, func(t *testing.T) {
			n := idling(t, map[string]string{messenger.SettingLockIdle: "1"})
			n.passes(50 * time.Second)
			use(n)
			n.f.said()
			n.passes(59 * time.Second)
			for _, call := range n.f.said() {
				if call == "lock" {
					t.Fatal("locked while it was used")
				}
			}
			n.passes(2 * time.Second)
			if calls := n.f.said(); !slices.Contains(calls, "lock") {
				t.Errorf("not locked: %q", calls)
			}
		})
	}
}

// A peer can make windows come up: that is no use, even if the mouse lies there.
func TestWindowsThatComeUpAreNoUse(t *testing.T) {
	n := idling(t, map[string]string{messenger.SettingLockIdle: "1"})
	n.passes(59 * time.Second)
	n.apply([]messenger.Event{messenger.DialogOpened{ID: 1, Form: quietForm()}})
	sensorOf(n.forms[1].window).Cursor()
	n.keysOf(1).onFocus()
	n.passes(time.Second)
	n.f.has(t, locking...)
}

func TestLockedAfterSleep(t *testing.T) {
	for setting, want := range map[string][]string{"": nil, im.On: locking} {
		n := idling(t, map[string]string{messenger.SettingLockSuspend: setting})
		n.idleAt(idle.Reading{Wall: n.now().Add(time.Hour), Mono: n.mono + time.Second})
		n.f.has(t, want...)
	}
}

// A backup, for instance, is not cut off. It is locked as soon as that is over.
func TestNotLockedInTheMiddleOfSomething(t *testing.T) {
	busy := func(n *night, on bool) { n.apply([]messenger.Event{messenger.BusyChanged{On: on}}) }
	n := idling(t, map[string]string{messenger.SettingLockIdle: "1"})
	busy(n, true)
	n.passes(time.Hour)
	n.f.has(t)
	busy(n, false)
	n.passes(time.Second)
	n.f.has(t, locking...)

	n = idling(t, map[string]string{messenger.SettingLockSuspend: im.On})
	busy(n, true)
	n.idleAt(idle.Reading{Wall: n.now().Add(time.Hour), Mono: n.mono + time.Second})
	n.f.has(t)
	n.lock() // by hand
	n.f.has(t, locking...)
}

func TestNothingLocksByItself(t *testing.T) {
	for _, minutes := range []string{"", "0", "-1", "soon", "9999999999999999999999"} {
		n := idling(t, map[string]string{messenger.SettingLockIdle: minutes})
		n.passes(time.Hour)
		n.f.has(t)
	}
}

// For a test of the whole program time passes at once.
func TestTimePassesForAnInspection(t *testing.T) {
	n := idling(t, map[string]string{messenger.SettingLockIdle: "2", messenger.SettingLockSuspend: im.On})
	n.began = n.now()
	ask := func(line string) any { return n.inspection(line)() }
	if got := ask("pass 119s"); got != 119.0 {
		t.Errorf("unused for %v s", got)
	}
	n.f.has(t)
	sensorOf(n.buddies.window).Cursor()
	if got := ask("pass 0s"); got != 0.0 {
		t.Errorf("unused for %v s after it was used", got)
	}
	ask("pass 119s")
	n.f.has(t)
	ask("pass 1s")
	n.f.has(t, locking...)
	for _, line := range []string{"", "pass", "pass on", "pass 25h", "dumps"} {
		if n.inspection(line) != nil {
			t.Errorf("%q is answered", line)
		}
	}
}

func sensorOf(w fyne.Window) *sensor { return w.Content().(*fyne.Container).Objects[0].(*sensor) }

func (n *night) keysOf(d messenger.DialogID) *keys { return n.forms[d].keys }

func quietForm() plugin.Form {
	f := plugin.Page("Authentication from bob", "", nil, okButton)
	f.Quiet = true
	return f
}

// Networks are told when nobody is there for a while, and when somebody is again.
func TestWhetherSomebodyIsThere(t *testing.T) {
	n := idling(t, nil)
	n.passes(inactive - time.Second)
	if len(n.f.active) != 0 {
		t.Errorf("told %v", n.f.active)
	}
	n.passes(time.Minute)
	n.used()
	n.passes(time.Second)
	if want := []bool{false, true}; !slices.Equal(n.f.active, want) {
		t.Errorf("told %v, want %v", n.f.active, want)
	}
}
