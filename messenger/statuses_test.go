package messenger_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// SetPresence notes what the session is told to be seen as.
func (s *fakeSession) SetPresence(p im.Presence) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = p
	return nil
}

// seenAs is what the session is seen as.
func (s *fakeSession) seenAs() string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	out := fmt.Sprintf("%v %q", s.seen.Show, s.seen.Status)
	if !s.seen.Idle.IsZero() {
		out += " since " + s.seen.Idle.UTC().Format("15:04")
	}
	if s.seen.Auto {
		out += " by itself"
	}
	return out
}

func TestIdleIsToldAsTheUserWishes(t *testing.T) {
	alone(t, part(), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		is := func(want string) {
			t.Helper()
			if got := s.seenAs(); got != want {
				t.Errorf("seen as %s, not %s", got, want)
			}
		}
		since := time.Date(2026, 3, 4, 11, 55, 0, 0, time.UTC)
		a.M.SetPresence(im.Presence{Show: im.Available, Status: "here"})
		is(`Available "here"`)
		a.M.SetIdle(since)
		is(`Away "here" by itself`)
		a.Until("it is known", func() bool { return a.Idle == messenger.IdleChanged{Idle: true, Seen: im.Away} })
		a.M.SetSetting(messenger.SettingIdleShow, fmt.Sprint(int(im.ExtendedAway)))
		is(`Not available "here" by itself`)
		a.M.SetSetting(messenger.SettingTellIdle, im.On)
		is(`Not available "here" since 11:55 by itself`)
		a.M.SetSetting(messenger.SettingIdleAway, "")
		is(`Available "here" since 11:55`)
		a.M.SetSetting(messenger.SettingIdleAway, im.On)
		a.M.SetPresence(im.Presence{Show: im.DoNotDisturb})
		is(`Do not disturb "" since 11:55`)
		a.M.SetPresence(im.Presence{Show: im.Available})
		a.M.SetIdle(time.Time{})
		is(`Available ""`)
		a.Until("it is known", func() bool { return !a.Idle.Idle })
	})
}

func TestSavedStatuses(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.ShowStatuses()
		a.Answer("Saved Statuses", "add")
		a.Answer("New Status", "save", "title=At work", "show="+fmt.Sprint(int(im.DoNotDisturb)), "message=in a meeting")
		a.Until("it is saved", func() bool { return len(a.Statuses.Saved) == 1 })
		id := a.Statuses.Saved[0].ID
		a.M.UseStatus(id)
		if got := s.seenAs(); got != `Do not disturb "in a meeting"` {
			t.Errorf("seen as %s", got)
		}
		a.M.ShowNewStatus()
		a.Answer("New Status", "save", "title=At work")
		a.Reads("New Status", "There is another status of that name.")
		a.Answer("New Status", "use", "title=", "show="+fmt.Sprint(int(im.Away)), "message=lunch")
		a.Until("it is remembered", func() bool { return len(a.Statuses.Recent) == 1 && a.Statuses.Used == "" })
		if got := s.seenAs(); got != `Away "lunch"` {
			t.Errorf("seen as %s", got)
		}
		a.M.SetSetting(messenger.SettingStartStatus, id)
		synctest.Wait()
		a.Quit()
		a.Start()
		s = net.online()
		a.UntilOnline()
		if got := s.seenAs(); got != `Do not disturb "in a meeting"` || a.Statuses.Used != id || len(a.Statuses.Recent) != 1 {
			t.Errorf("on the next day: %s, %+v", got, a.Statuses)
		}
		for i := range 7 {
			a.M.SetPresence(im.Presence{Show: im.Away, Status: fmt.Sprint("words ", i)})
		}
		a.M.SetPresence(im.Presence{Show: im.Away, Status: "words 5"})
		a.Until("they are remembered", func() bool { return len(a.Statuses.Recent) == 5 && a.Statuses.Recent[0].Message == "words 5" })
		a.M.ShowStatuses()
		a.M.Answer(a.Form("Saved Statuses", "close").ID, plugin.Answers{Action: "delete", Rows: []string{id}})
		a.Until("it is gone", func() bool { return len(a.Statuses.Saved) == 0 })
		synctest.Wait()
		if start, _, _ := store.Setting(messenger.SettingStartStatus); start != "" {
			t.Error("a status that is gone is to be begun with")
		}
	})
}

// A status may be different for some accounts; one that goes offline by it signs off.
func TestStatusesOfAccounts(t *testing.T) {
	alone(t, part(), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		first := net.online()
		a.UntilOnline()
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=alice@y", "password=pw")
		second := net.online()
		a.Until("both are there", func() bool { return len(a.Accounts) == 2 })
		a.M.ShowNewStatus()
		show := func(s im.Show) string { return fmt.Sprint(int(s)) }
		a.Answer("New Status", "use", "differs=on", "show1="+show(im.Away))
		a.Reads("New Status", "has to be saved")
		a.Answer("New Status", "both", "title=Work", "show="+show(im.Available), "message=at my desk", "differs=on", "show0=same",
			"show1="+show(im.DoNotDisturb), "message1=working")
		a.Until("it is in use", func() bool { return a.Statuses.Differs })
		if x, y := first.seenAs(), second.seenAs(); x != `Available "at my desk"` || y != `Do not disturb "working"` {
			t.Errorf("%s and %s", x, y)
		}
		a.M.ShowStatuses()
		a.M.Answer(a.Form("Saved Statuses", "close").ID, plugin.Answers{Action: "modify", Rows: []string{a.Statuses.Used}})
		a.Answer("Status “Work”", "save", "show1="+show(im.Offline))
		<-second.over
		a.M.SetPresence(im.Presence{Show: im.Away})
		if y := net.online().seenAs(); y != `Away ""` {
			t.Errorf("seen as %s", y)
		}
	})
}
