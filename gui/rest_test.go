package gui

import (
	"testing"
	"time"

	"culver/im"
	"culver/messenger"
)

func TestIdleIsTold(t *testing.T) {
	g, f := start(t, friends())
	system := &fakeSystem{}
	g.SetSystem(system)
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	g.now = func() time.Time { return now }
	g.began = now
	g.pass(time.Second)
	set := func(key, value string) { g.apply([]messenger.Event{messenger.SettingChanged{Key: key, Value: value}}) }
	set(messenger.SettingIdleMinutes, "5")
	f.said()
	g.pass(4 * time.Minute)
	f.has(t)
	g.pass(2 * time.Minute)
	f.has(t, "idle since 11:55:00")
	g.used()
	g.pass(time.Second)
	f.has(t, "back")

	system.tells, system.unused = true, 20*time.Second
	g.pass(20 * time.Minute)
	f.has(t) // they use another program
	system.unused = 6 * time.Minute
	g.pass(time.Second)
	f.has(t, "idle since 11:54:00")
	set(messenger.SettingIdle, messenger.IdleNever)
	g.pass(time.Second)
	f.has(t, "back")
	g.used()
	set(messenger.SettingIdle, messenger.IdleCulver)
	g.pass(time.Minute)
	f.has(t) // that the computer is not used does not count
	g.pass(5 * time.Minute)
	f.has(t, "idle since 11:55:00")
}

func TestStatusBox(t *testing.T) {
	s := friends()
	s.Statuses = messenger.Statuses{Recent: []messenger.SavedStatus{{Show: im.Away, Message: "lunch"}},
		Saved: []messenger.SavedStatus{{ID: "1", Title: "At work", Show: im.DoNotDisturb}}, Used: "1"}
	g, f := start(t, s)
	b := g.buddies.status
	labels := labels(b.menu().Items)
	if labels != "Available|Away|Do not disturb|Not available|Offline|lunch|*At work|New Status…|Saved Statuses…" {
		t.Errorf("%s", labels)
	}
	for _, label := range []string{"lunch", "At work", "New Status…", "Saved Statuses…", "Available"} {
		pickItem(t, b.menu().Items, label)
	}
	f.has(t, `presence Away "lunch"`, "use status 1", "new status", "statuses", `presence Available ""`)

	shows := func(want string) {
		t.Helper()
		if b.button.text != want {
			t.Errorf("it shows %q, not %q", b.button.text, want)
		}
	}
	shows("Available")
	g.apply([]messenger.Event{messenger.IdleChanged{Idle: true, Seen: im.Away}})
	shows("Away (idle)")
	g.apply([]messenger.Event{messenger.IdleChanged{Seen: im.Available}})
	off := online()
	off.Account.Enabled = false
	g.apply([]messenger.Event{messenger.AccountChanged{State: off}})
	shows("All accounts are off")
	connecting := online()
	connecting.Status = 1
	g.apply([]messenger.Event{messenger.AccountChanged{State: connecting}})
	shows("Connecting…")
	if tip := b.tip(); tip.title != "Connecting…" || len(tip.lines) != 1 || tip.lines[0] != "alice@example.net: Connecting" {
		t.Errorf("%+v", tip)
	}
	g.apply([]messenger.Event{messenger.AccountRemoved{Account: alice}})
	shows("No account")
}
