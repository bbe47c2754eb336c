package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// ambush has alice wait for bob.
type ambush struct {
	t   *testing.T
	a   *scenetest.Actor
	s   *fakeSession
	bob im.ConvID
}

// waits makes a pounce, with the fields that differ from the form's: bob comes online, and
// alice is told.
func (w *ambush) waits(fields ...string) {
	w.a.M.ShowPounce(w.bob)
	w.a.Answer("New Pounce on bob@x", "save", fields...)
	synctest.Wait()
}

func (w *ambush) is(p im.Presence) {
	w.s.events <- protocol.PresenceChanged{From: bobsPhone, Presence: p}
	synctest.Wait()
	w.a.Until("what is shown", func() bool { return true })
}

func (w *ambush) types(s im.Typing) {
	w.s.events <- protocol.TypingChanged{From: bobsPhone, State: s}
	synctest.Wait()
	w.a.Until("what is shown", func() bool { return true })
}

// told reports whether alice was told this, and closes the window.
func (w *ambush) told(what string) {
	w.t.Helper()
	w.a.Reads("Buddy pounce on bob@x", what)
	w.a.Answer("Buddy pounce on bob@x", "close")
	synctest.Wait()
}

// quiet fails if alice was told anything.
func (w *ambush) quiet(why string) {
	w.t.Helper()
	w.a.Until("what is shown", func() bool { return true })
	for _, d := range w.a.Dialogs {
		if d.Form.Title == "Buddy pounce on bob@x" {
			w.t.Errorf("%s: alice was told", why)
		}
	}
}

// ambushed has alice online, with bob on her list, long enough for all to have come.
func ambushed(t *testing.T, f func(w *ambush, net *fakenet)) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		w := &ambush{t: t, a: a, s: net.online(), bob: bob}
		a.UntilOnline()
		w.s.bobIs(im.SubscriptionBoth)
		<-time.After(time.Minute)
		f(w, net)
	})
}

func TestPounceOnSomebodyWhoComes(t *testing.T) {
	ambushed(t, func(w *ambush, net *fakenet) {
		w.waits()
		w.is(im.Presence{Show: im.Available})
		w.told("bob@x has come online.")
		w.is(im.Presence{})
		<-time.After(time.Hour)
		w.is(im.Presence{Show: im.Available})
		w.quiet("it has happened already")

		w.waits("when.on=", "when.away="+im.On, "when.back="+im.On, "when.idle="+im.On, "when.active="+im.On, "again="+im.On)
		for _, step := range []struct {
			is   im.Presence
			told string
		}{
			{im.Presence{Show: im.Away}, "bob@x has gone away."},
			{im.Presence{Show: im.FreeForChat}, "bob@x is back."},
			{im.Presence{Show: im.Available, Idle: time.Now()}, "bob@x has become idle."},
			{im.Presence{Show: im.Available}, "bob@x is no longer idle."},
			{im.Presence{Show: im.DoNotDisturb}, "bob@x has gone away."},
		} {
			<-time.After(time.Hour)
			w.is(step.is)
			w.told(step.told)
		}
		w.is(im.Presence{Show: im.Available})
		w.quiet("less than a minute later")
	})
}

// What was asked for once is told of somebody who was there first; each time, only of who
// comes later: all come at once after the account.
func TestPouncesWhileAnAccountComesOnline(t *testing.T) {
	ambushed(t, func(w *ambush, net *fakenet) {
		w.waits("again=" + im.On)
		w.s.lose()
		w.s = net.online()
		w.a.UntilOnline()
		w.is(im.Presence{Show: im.Available})
		w.quiet("each time")
		w.waits()
		w.s.lose()
		w.s = net.online()
		w.a.UntilOnline()
		w.is(im.Presence{Show: im.Available})
		w.told("bob@x has come online.")
	})
}

func TestPouncesOnTheKeyboard(t *testing.T) {
	ambushed(t, func(w *ambush, net *fakenet) {
		w.waits("when.on=", "when.types="+im.On, "when.pauses="+im.On, "when.stops="+im.On, "again="+im.On)
		for _, step := range []struct {
			is   im.Typing
			told string
		}{
			{im.TypingComposing, "bob@x has started typing to you."}, {im.TypingPaused, "bob@x has paused while typing to you."},
			{im.TypingActive, "bob@x has stopped typing to you."}, {im.TypingGone, ""}, {im.TypingPaused, ""}, {im.TypingComposing, "bob@x has started typing to you."},
		} {
			<-time.After(time.Hour)
			w.types(step.is)
			if step.told == "" {
				w.quiet("he typed nothing")
			} else {
				w.told(step.told)
			}
		}
	})
}

// What a pounce says goes the way of all lines, and two programs do not talk to each other.
func TestAPounceSaysSomething(t *testing.T) {
	ambushed(t, func(w *ambush, net *fakenet) {
		w.is(im.Presence{Show: im.Available})
		w.waits("when.on=", "when.says="+im.On, "tell=", "open="+im.On, "send="+im.On, "say=I am at lunch", "again="+im.On)
		for range 5 {
			w.s.events <- protocol.Received{From: bobsPhone, Body: "and I at supper"}
			synctest.Wait()
		}
		w.s.events <- protocol.Received{From: bobsPhone, Body: "of last year", Late: true, Time: time.Now().AddDate(-1, 0, 0)}
		synctest.Wait()
		if got := w.s.bodies(); !slices.Equal(got, []string{"I am at lunch"}) {
			t.Errorf("said %q, want one line", got)
		}
		w.quiet("she did not want to be told")
		<-time.After(time.Hour)
		w.s.events <- protocol.Received{From: bobsPhone, Body: "still"}
		synctest.Wait()
		if got := w.s.bodies(); len(got) != 2 {
			t.Errorf("said %q, want two lines", got)
		}
	})
}

func TestAPounceOnlyWhileAway(t *testing.T) {
	ambushed(t, func(w *ambush, net *fakenet) {
		w.waits("only.away="+im.On, "sound="+im.On)
		w.is(im.Presence{Show: im.Available})
		w.quiet("alice is available")
		w.is(im.Presence{})
		w.a.M.SetSetting(messenger.SettingSounds, im.On)
		w.a.M.SetPresence(im.Presence{Show: im.Away})
		synctest.Wait()
		w.a.Sounds = nil
		w.is(im.Presence{Show: im.Available})
		w.told("bob@x has come online.")
		if len(w.a.Sounds) != 1 {
			t.Errorf("%d sounds", len(w.a.Sounds))
		}
	})
}

// They are kept, changed, and deleted in their window; what makes no sense is refused.
func TestPouncesAreKept(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowPounce(bob)
		a.Answer("New Pounce on bob@x", "save", "when.on=")
		a.Reads("New Pounce on bob@x", "Choose what to wait for.")
		a.Answer("New Pounce on bob@x", "save", "when.on="+im.On, "tell=")
		a.Reads("New Pounce on bob@x", "Choose what is to happen then.")
		a.Answer("New Pounce on bob@x", "save", "when.on="+im.On, "tell=", "send="+im.On, "say= ")
		a.Reads("New Pounce on bob@x", "Type the message that is to be sent.")
		a.Answer("New Pounce on bob@x", "save", "when.on="+im.On, "when.off="+im.On, "tell="+im.On, "send=")
		rows := func() (cells []string) {
			synctest.Wait()
			a.Until("what is shown", func() bool { return true })
			for _, d := range a.Dialogs {
				if d.Form.Title == "Buddy Pounces" {
					for _, r := range d.Form.Tabs[0].Fields[0].Rows {
						cells = append(cells, r.ID+"|"+r.Cells[1]+"|"+r.Cells[2])
					}
				}
			}
			return cells
		}
		a.Quit()
		a.Start()
		a.M.ShowPounces()
		got := rows()
		if len(got) != 1 || got[0][26:] != "|Comes online, Goes offline|Tell me" {
			t.Fatalf("kept %q", got)
		}
		id := got[0][:26]
		choose := func(action string) {
			a.M.Answer(a.Form("Buddy Pounces", "close").ID, plugin.Answers{Action: action, Rows: []string{id}})
		}
		choose("modify")
		a.Answer("Pounce on bob@x", "save", "again="+im.On)
		if got := rows(); len(got) != 1 || got[0] != id+"|Comes online, Goes offline|Tell me, Each time" {
			t.Errorf("changed to %q", got)
		}
		choose("delete")
		if got := rows(); len(got) != 0 {
			t.Errorf("%q is left", got)
		}
	})
}

// Whom a new pounce waits for is chosen from all buddies, in order.
func TestAPounceIsMadeForOneOfTheBuddies(t *testing.T) {
	alone(t, part(), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Account: a.Self, Bare: "abe@x", Name: "Zoe"}}
		a.Until("Zoe", func() bool { _, ok := a.List.Buddy(im.ConvID{Account: a.Self, Peer: "abe@x"}); return ok })
		a.M.ShowPounces()
		a.Answer("Buddy Pounces", "add")
		var rows []im.Row
		a.Until("the buddies", func() bool {
			for _, d := range a.Dialogs {
				if d.Form.Title == "Buddy Pounce" {
					rows = d.Form.Tabs[0].Fields[0].Rows
				}
			}
			return rows != nil
		})
		if len(rows) != 2 || rows[0].Cells[1] != bob.Peer || !slices.Equal(rows[1].Cells, []string{"Zoe", "abe@x", "alice@x"}) {
			t.Fatalf("rows %+v", rows)
		}
		for _, d := range a.Dialogs {
			if d.Form.Title == "Buddy Pounce" {
				a.M.Answer(d.ID, plugin.Answers{Action: "choose", Rows: []string{rows[1].ID}})
			}
		}
		a.Form("New Pounce on Zoe", "save")
	})
}
