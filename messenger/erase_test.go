package messenger_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

const eraseTitle = "Delete from the history?"

// day is that many days after long ago.
func day(c im.ConvID, n int) im.Range {
	from := time.Date(1999, 3, 5+n, 0, 0, 0, 0, time.UTC)
	return im.Range{Conv: c, From: from, Until: from.AddDate(0, 0, 1)}
}

// filled has so many lines with bob on each of some days.
func filled(t *testing.T, days, each int, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary)) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		var all []im.Message
		for n := range days * each {
			m := pastLine(bob, n)
			m.Time = longAgo.AddDate(0, 0, n/each).Add(time.Duration(n%each) * time.Second)
			all = append(all, m)
		}
		if _, err := d.Memory.Import(all); err != nil {
			t.Fatal(err)
		}
		f(net, a, bob, d)
	})
}

func TestDeletingADay(t *testing.T) {
	filled(t, 3, 4, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		a.M.ShowErase(day(bob, 1))
		a.Reads(eraseTitle, "Delete the 4 lines of 6 March 1999 with bob@x?")
		a.Answer(eraseTitle, "cancel")
		a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
		if n := a.Chats[bob].Lines.Len(); n != 12 {
			t.Fatalf("%d lines", n)
		}
		a.M.ShowErase(day(bob, 1))
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return slices.Equal(a.Erased, []im.Range{day(bob, 1)}) })
		want := []string{"said 0", "said 1", "said 2", "said 3", "said 8", "said 9", "said 10", "said 11"}
		if got := texts(a, bob); !slices.Equal(got, want) {
			t.Errorf("shown: %q", got)
		}
		kept, _ := d.Older(bob, "", 100)
		if len(kept) != 8 || len(a.Dialogs) > 0 {
			t.Errorf("%d lines on the disk, %v", len(kept), a.Dialogs)
		}
		a.M.ShowErase(day(bob, 1))
		a.Reads("Nothing to delete", "The history has nothing of 6 March 1999 with bob@x.")
		other := scenetest.Watch(t, "a second window", a.M)
		other.Until("the same", func() bool { return slices.Equal(texts(other, bob), want) })
	})
}

// What is above the lines on show, below them, or not in the history at all.
func TestDeletingWhatIsPartlyShown(t *testing.T) {
	filled(t, 5, 100, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob) // the last two days
		a.M.ShowErase(im.Range{Conv: bob, From: day(bob, 1).From, Until: day(bob, 3).Until})
		a.Reads(eraseTitle, "Delete the 300 lines of 6 March 1999 to 8 March 1999 with bob@x?")
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		if got := texts(a, bob); len(got) != 100 || got[0] != "said 400" || !a.Chats[bob].Older {
			t.Fatalf("%d lines from %q, older: %v", len(got), got[0], a.Chats[bob].Older)
		}
		page(a, bob)
		if got := texts(a, bob); len(got) != 200 || got[0] != "said 0" || got[100] != "said 400" || a.Chats[bob].Older {
			t.Errorf("%d lines from %q", len(got), got[0])
		}
		a.M.ShowErase(im.Range{Conv: bob, Until: day(bob, 0).Until})
		a.Reads(eraseTitle, "Delete the 100 lines of the time until 5 March 1999 with bob@x?")
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 2 })
		if got := texts(a, bob); len(got) != 100 || got[0] != "said 400" {
			t.Errorf("%d lines from %q", len(got), got[0])
		}
	})
}

// Deleted is also what is on show and was never written down; lines that wait stay,
// here and on the disk, and so does what comes later.
func TestDeletingAConversation(t *testing.T) {
	filled(t, 1, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		s := net.online()
		a.UntilOnline()
		opens(a, bob)
		eve := im.ConvID{Account: bob.Account, Peer: "eve@x"}
		d.Memory.Import([]im.Message{pastLine(eve, 0)})
		a.M.SetLogging(bob, false)
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "canary, not kept"}
		a.Expect(bob, "canary")
		a.M.SetLogging(bob, true)
		lostConnection(s)
		a.Until("the loss", func() bool { return a.Accounts[a.Self].Status != accounts.Online })
		a.M.Send(bob, "it waits", im.Open)
		a.ExpectState(bob, im.Waiting)
		a.M.ShowErase(im.Range{Conv: bob})
		a.Reads(eraseTitle, "Delete the 4 lines of your conversation with bob@x?")
		a.Reads(eraseTitle, "Lines that are not sent yet stay.")
		<-time.After(time.Second)
		a.M.Send(bob, "written since", im.Open)
		a.Until("both", func() bool { return slices.Contains(texts(a, bob), "written since") })
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		if got := texts(a, bob); !slices.Equal(got, []string{"it waits", "written since"}) {
			t.Errorf("shown: %q", got)
		}
		if !d.has(eve, "said") || !d.has(bob, "it waits") || d.has(bob, "said") {
			t.Error("the wrong lines are gone")
		}
		s = net.online()
		a.ExpectState(bob, im.Done)
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"it waits", "written since"}) {
			t.Errorf("sent %q", got)
		}
	})
}

func TestDeletingEverything(t *testing.T) {
	filled(t, 2, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		eve := im.ConvID{Account: bob.Account, Peer: "eve@x"}
		gone := im.ConvID{Account: "fake:gone@x", Peer: "dave@x"}
		d.Memory.Import([]im.Message{pastLine(eve, 0), pastLine(gone, 0)})
		opens(a, bob)
		a.M.SetDraft(eve, "canary", im.Open) // eve's is closed
		a.M.SetDraft(bob, "typed just now", im.Open)
		a.M.ShowErase(im.Range{})
		a.Reads(eraseTitle, "Delete the 8 lines of all conversations?")
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		synctest.Wait()
		if n, _ := d.Count(im.Range{}, 99); n != 0 || a.Chats[bob].Lines.Len() != 0 {
			t.Errorf("%d lines are left", n)
		}
		if all, _ := d.Drafts(); len(all) != 1 || all[bob].Text == "" {
			t.Errorf("drafts: %v", all)
		}
		if got := scenetest.Answered[messenger.PastsListed](a, a.M.Pasts()); len(got.Pasts) > 0 {
			t.Errorf("%+v", got)
		}
	})
}

// rescuedDisk has damaged databases from a rescue.
type rescuedDisk struct {
	*storage.Memory
	damaged int
}

func (d *rescuedDisk) Damaged() (int, error) { return d.damaged, nil }
func (d *rescuedDisk) DropDamaged() error    { d.damaged = 0; return nil }

// Damaged databases may have what is deleted: each question says so. They go with all
// of the history, also if there is nothing else.
func TestDeletingWithDamagedDatabases(t *testing.T) {
	d := &rescuedDisk{Memory: storage.NewMemory(), damaged: 1}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		d.Memory.Import([]im.Message{pastLine(bob, 0), pastLine(bob, 1)})
		opens(a, bob)
		a.M.EraseLine(bob, pastLine(bob, 0).ID)
		a.Reads("Delete this line?", "Culver keeps a damaged database")
		a.Answer("Delete this line?", "delete")
		a.M.ShowErase(im.Range{Conv: bob})
		a.Reads(eraseTitle, "Culver keeps a damaged database")
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		a.M.ShowErase(im.Range{Conv: bob})
		a.Reads("Nothing to delete", "nothing of your conversation")
		a.Answer("Nothing to delete", "ok")
		a.M.ShowAccounts()
		for _, action := range a.Form("Accounts", "close").Form.Tabs[0].Fields[0].Actions {
			if action.ID == "delete" && !strings.Contains(action.Confirm, "The damaged database") {
				t.Errorf("%q", action.Confirm)
			}
		}
		a.Answer("Accounts", "close")
		if d.damaged != 1 {
			t.Error("it went with something else")
		}
		a.M.ShowErase(im.Range{})
		a.Reads(eraseTitle, "Delete what a damaged database may have")
		a.Reads(eraseTitle, "is deleted, too")
		a.Answer(eraseTitle, "delete")
		a.Until("the word of it", func() bool { return len(a.Erased) == 2 })
		if d.damaged != 0 {
			t.Error("it is kept")
		}
		a.M.ShowErase(im.Range{})
		a.Reads("Nothing to delete", "all conversations")
	})
}

// slowErase is a disk that deletes a line at a time, or none.
type slowErase struct {
	*storage.Memory
	steps atomic.Int64
	err   error
}

func (s *slowErase) Erase(r im.Range) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	s.steps.Add(1)
	<-time.After(30 * time.Millisecond)
	lines, _ := s.Memory.Since(r.Conv, r.From, 1)
	if len(lines) == 0 || !r.Until.IsZero() && lines[0].Time.After(r.Until) {
		return 0, nil
	}
	return 1, s.Memory.Remove(r.Conv, lines[0].ID)
}

func slowly(t *testing.T, lines int, f func(a *scenetest.Actor, bob im.ConvID, s *slowErase)) {
	s := &slowErase{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(s, func(id string) plugin.Store { return s.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		var all []im.Message
		for n := range lines {
			all = append(all, pastLine(bob, n))
		}
		s.Memory.Import(all)
		f(a, bob, s)
	})
}

// Everything else goes on meanwhile, the form says how far it is, and closing it
// stops nothing.
func TestDeletingTakesLong(t *testing.T) {
	slowly(t, 20, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
		opens(a, bob)
		a.M.ShowErase(im.Range{Conv: bob})
		a.Answer(eraseTitle, "delete")
		a.Reads("Deleting from the history", "your conversation with bob@x")
		before := s.steps.Load()
		scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(messenger.LinesQuery{Conv: bob}))
		if n := s.steps.Load() - before; n > 8 {
			t.Errorf("an answer took %d steps", n)
		}
		a.Answer("Deleting from the history", "close")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		if n := a.Chats[bob].Lines.Len(); n != 0 || len(a.Dialogs) > 0 {
			t.Errorf("%d lines are shown, %v", n, a.Dialogs)
		}
	})
}

// The program ends in between: the next run goes on with it.
func TestDeletingGoesOnInTheNextRun(t *testing.T) {
	slowly(t, 20, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
		a.M.ShowErase(im.Range{Conv: bob})
		a.Answer(eraseTitle, "delete")
		a.Form("Deleting from the history", "")
		a.Quit()
		left, _ := s.Memory.Older(bob, "", 99)
		if len(left) == 0 || len(left) == 20 {
			t.Fatalf("%d lines are left", len(left))
		}
		a.Start()
		synctest.Wait()
		a.Until("the account", func() bool { return len(a.Accounts) == 1 })
		<-time.After(time.Minute)
		synctest.Wait()
		if left, _ := s.Memory.Older(bob, "", 99); len(left) > 0 {
			t.Errorf("%d lines are left", len(left))
		}
		if v, _, _ := s.Memory.Setting("history.erasing"); v != "" {
			t.Errorf("still to be done: %s", v)
		}
	})
}

// today is the day on which it is, for all of it.
func today(c im.ConvID) im.Range {
	y, m, d := time.Now().Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, time.Local)
	return im.Range{Conv: c, From: from, Until: from.AddDate(0, 0, 1)}
}

// sayNow puts a line of this moment into the history.
func sayNow(t *testing.T, s *storage.Memory, bob im.ConvID, n int) {
	t.Helper()
	m := pastLine(bob, n)
	m.Time = time.Now()
	if err := s.Append(m); err != nil {
		t.Fatal(err)
	}
}

// The day is not over, and all of it is deleted: what is said afterwards is not meant,
// not even when the deletion goes on in another run.
func TestDeletingTodayLeavesWhatIsSaidSince(t *testing.T) {
	slowly(t, 0, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
		for n := range 10 {
			sayNow(t, s.Memory, bob, n)
		}
		s.err = errors.New("the disk is full")
		a.M.ShowErase(today(bob))
		a.Answer(eraseTitle, "delete")
		a.Until("a word about it", func() bool { return len(a.Trouble) == 1 })
		<-time.After(time.Second)
		sayNow(t, s.Memory, bob, 10)
		<-time.After(time.Hour)
		sayNow(t, s.Memory, bob, 11)
		s.err = nil
		a.Quit()
		a.Start()
		a.Until("the word of it", func() bool { return len(a.Erased) == 2 })
		if left, _ := s.Memory.Older(bob, "", 99); len(left) != 2 || left[0].ID != "line0010" {
			t.Errorf("%d lines are left", len(left))
		}
	})
}

func TestWhatIsSaidWhileTodayIsDeleted(t *testing.T) {
	s := &slowErase{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(s, func(id string) plugin.Store { return s.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		for n := range 10 {
			sayNow(t, s.Memory, bob, n)
		}
		session := net.online()
		a.UntilOnline()
		opens(a, bob)
		a.M.ShowErase(today(bob))
		a.Answer(eraseTitle, "delete")
		a.Form("Deleting from the history", "")
		session.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "said meanwhile"}
		session.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "said before", Late: true, Time: time.Now().Add(-time.Second)}
		a.Expect(bob, "said before")
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		want := []string{"said meanwhile", "said before"}
		if got := texts(a, bob); !slices.Equal(got, want) {
			t.Errorf("shown: %q", got)
		}
		if left, _ := s.Memory.Older(bob, "", 99); len(left) != 2 {
			t.Errorf("%d lines are left", len(left))
		}
	})
}

// Nobody can say what there is, so nobody can say what is meant.
func TestDeletingWhatCannotBeRead(t *testing.T) {
	u := &illegible{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(u, func(id string) plugin.Store { return u.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		sayNow(t, u.Memory, bob, 0)
		a.M.ShowErase(today(bob))
		a.Form(eraseTitle, "delete")
		u.bad = true
		a.Answer(eraseTitle, "delete")
		a.Until("a word about it", func() bool {
			return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "nothing was deleted") && len(a.Dialogs) == 0
		})
		if left, _ := u.Memory.Older(bob, "", 9); len(left) != 1 {
			t.Error("it is deleted")
		}
	})
}

// In the next run, too, what was deleted goes from the screen: also of conversations
// that were opened meanwhile.
func TestDeletingGoesOnBeforeTheEyesOfTheUser(t *testing.T) {
	slowly(t, 20, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
		a.M.ShowErase(im.Range{Conv: bob})
		a.Answer(eraseTitle, "delete")
		a.Form("Deleting from the history", "")
		a.Quit()
		a.Start()
		if opens(a, bob).Lines.Len() == 0 {
			t.Fatal("nothing is left to be deleted")
		}
		a.Until("the word of it", func() bool { return len(a.Erased) == 1 })
		if got := texts(a, bob); len(got) > 0 {
			t.Errorf("shown: %q", got)
		}
	})
}

func TestDeletingFails(t *testing.T) {
	slowly(t, 5, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
		opens(a, bob)
		s.err = errors.New("the disk is broken")
		a.M.ShowErase(im.Range{Conv: bob})
		a.Answer(eraseTitle, "delete")
		a.Until("a word about it", func() bool {
			return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "could not be deleted to its end") && len(a.Dialogs) == 0
		})
		if n := a.Chats[bob].Lines.Len(); n != 5 {
			t.Errorf("%d lines are shown, and 5 are there", n)
		}
		s.err = nil
		a.Quit()
		a.Start()
		<-time.After(time.Minute)
		synctest.Wait()
		if left, _ := s.Memory.Older(bob, "", 99); len(left) > 0 {
			t.Errorf("it was not tried again: %d lines", len(left))
		}
	})
}

// Nobody knows any more what was to be deleted.
func TestDeletingThatCannotBeTakenUp(t *testing.T) {
	for _, value := range []string{"nonsense", "[null]", `{"a":1}`, `[{"Range":1}]`} {
		slowly(t, 5, func(a *scenetest.Actor, bob im.ConvID, s *slowErase) {
			a.Quit()
			s.Memory.SetSetting("history.erasing", value)
			a.Start()
			a.Until("a word about it", func() bool {
				return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "Please delete it again")
			})
			if left, _ := s.Memory.Older(bob, "", 99); len(left) != 5 {
				t.Errorf("%s: %d lines are left", value, len(left))
			}
		})
	}
}

func TestDeletingOneLine(t *testing.T) {
	filled(t, 1, 5, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		a.M.EraseLine(bob, "line0002") // of a conversation that is not open
		a.Reads("Delete this line?", "by bob@x")
		a.Answer("Delete this line?", "cancel")
		a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
		a.M.EraseLine(bob, "line0002")
		a.Answer("Delete this line?", "delete")
		a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
		opens(a, bob)
		a.M.EraseLine(bob, "line0003")
		a.Answer("Delete this line?", "delete")
		a.Until("it to go", func() bool { return len(texts(a, bob)) == 3 })
		if got := texts(a, bob); !slices.Equal(got, []string{"said 0", "said 1", "said 4"}) {
			t.Errorf("shown: %q", got)
		}
		if kept, _ := d.Older(bob, "", 9); len(kept) != 3 {
			t.Errorf("%d lines are kept", len(kept))
		}
		a.M.EraseLine(bob, "nothing like it")
		a.M.Send(bob, "it waits", im.Open)
		m := a.ExpectState(bob, im.Waiting)
		a.M.EraseLine(bob, m.ID)
		a.Reads("This line is not sent yet", "choose Discard")
		if len(a.Dialogs) != 1 || len(texts(a, bob)) != 4 {
			t.Errorf("%v", a.Dialogs)
		}
	})
}

// A private line of this run, which is on no disk, goes by itself.
func TestDeletingALineThatIsNotKept(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		m := own(t, s.alice, s.to(), "between us")
		s.alice.M.EraseLine(s.to(), m.ID)
		s.alice.Reads("Delete this line?", "by you to bob@practice")
		s.alice.Answer("Delete this line?", "delete")
		s.alice.Until("it to go", func() bool { return !slices.Contains(texts(s.alice, s.to()), "between us") })
		s.alice.M.ShowErase(im.Range{Conv: s.to()})
		s.alice.Reads(eraseTitle, "Delete the 2 lines of your conversation")
		s.alice.Answer(eraseTitle, "delete")
		s.alice.Until("an empty conversation", func() bool { return len(texts(s.alice, s.to())) == 0 })
		s.Script("bob to alice: go on\n alice from bob: go on")
	})
}

// vast is a history of more lines than anybody counts.
type vast struct{ *storage.Memory }

func (vast) Count(r im.Range, most int) (int, error) { return most, nil }

func TestNamesOfParts(t *testing.T) {
	asked := func(a *scenetest.Actor, want string, r im.Range) {
		a.M.ShowErase(r)
		a.Reads(eraseTitle, "Delete "+want)
		a.Answer(eraseTitle, "cancel")
		a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
	}
	filled(t, 6, 205, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		asked(a, "the 205 lines of 5 March 1999 in all conversations?", day(im.ConvID{}, 0))
		asked(a, "the 1,025 lines of the time until 9 March 1999 with bob@x?", im.Range{Conv: bob, Until: day(bob, 4).Until})
		asked(a, "one line of 5 March 1999 with bob@x?", im.Range{Conv: bob, From: day(bob, 0).From, Until: longAgo.Add(time.Second)})
		asked(a, "the 1,025 lines of the time since 6 March 1999 with bob@x?", im.Range{Conv: bob, From: day(bob, 1).From})
	})
	v := vast{storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(v, func(id string) plugin.Store { return v.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		asked(a, "more than 50,000 lines of all conversations?", im.Range{})
		asked(a, "more than 50,000 lines of your conversation with bob@x?", im.Range{Conv: bob})
	})
}
