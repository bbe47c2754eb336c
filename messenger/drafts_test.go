package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/practice"
	"culver/storage"
)

// diary is a store that remembers what was ever written into it.
type diary struct {
	*storage.Memory
	written []string
}

func (d *diary) Append(m im.Message) error {
	d.written = append(d.written, m.Text.String())
	return d.Memory.Append(m)
}

func (d *diary) Import(lines []im.Message) (int, error) {
	for _, m := range lines {
		d.written = append(d.written, m.Text.String())
	}
	return d.Memory.Import(lines)
}

func (d *diary) SetDraft(c im.ConvID, draft im.Draft) error {
	d.written = append(d.written, draft.Text)
	return d.Memory.SetDraft(c, draft)
}

// wrote reports whether the text was ever written, once all that is to come at this
// moment has.
func (d *diary) wrote(text string) bool {
	synctest.Wait()
	return strings.Contains(strings.Join(d.written, "\n"), text)
}

// has reports whether a line with the text is there, once the same is true.
func (d *diary) has(c im.ConvID, text string) bool {
	synctest.Wait()
	lines, _ := d.Older(c, "", 1000)
	return slices.ContainsFunc(lines, func(m im.Message) bool { return strings.Contains(m.Text.String(), text) })
}

func onDiary(t *testing.T, f func(s *stage, d *diary)) {
	d := &diary{Memory: storage.NewMemory()}
	part := scenetest.Part{Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	act(t, part, func(s *stage) { f(s, d) })
}

// held has alice type lines that wait for bob, who is away.
func (s *stage) held(lines ...string) {
	s.Script(`
		bob leaves:
		alice sees bob: Offline
		alice to bob: before
	`)
	s.alice.ExpectState(s.to(), im.Done)
	s.Script("alice menu bob: Start private conversation")
	for _, text := range lines {
		s.alice.M.Send(s.to(), text, im.Open)
	}
	s.alice.Until("waiting lines that say why", func() bool {
		m := s.alice.ExpectState(s.to(), im.Waiting)
		return m.Private && m.Reason != "" && m.Text.String() == lines[len(lines)-1]
	})
	synctest.Wait()
}

func TestHeldLinesArePrivateDrafts(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.Script("alice sets keepprivate: always")
		s.held("canary one", "canary two")
		kept, _ := d.Unsent(s.alice.Self)
		if len(kept) != 2 || !kept[0].Private || !kept[1].Private || kept[0].State != im.Waiting {
			t.Fatalf("on the disk: %+v", kept)
		}
		s.alice.M.Quit() // no question: nothing would be lost
		s.alice.Until("the end", s.alice.Stopped)
		s.alice.Start()
		s.Script(`
			bob returns:
			alice sees bob: Available
			bob from alice: before
			bob from alice: canary one
			bob from alice: canary two
		`)
		if got := said(s.bob, s.from()); !slices.Equal(got, []string{"before (Not private)", "canary one (Unverified)", "canary two (Unverified)"}) {
			t.Errorf("bob reads %q", got)
		}
		if s.aliceNet.sent("canary") {
			t.Error("a private line left in clear")
		}
	})
}

func TestPrivateDraftsUnderDontLog(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.held("canary one", "canary two", "canary three")
		s.alice.M.Quit()
		s.alice.Reads("Quit Culver?", "3 lines to bob@practice have not been sent")
		if d.wrote("canary") {
			t.Fatal("a private line is on the disk before the user said so")
		}
		s.alice.Answer("Quit Culver?", "cancel")
		s.alice.Until("the form's end", func() bool { return len(s.alice.Dialogs) == 0 })
		s.alice.M.Discard(s.to(), own(t, s.alice, s.to(), "canary two").ID)
		s.alice.M.Quit()
		s.alice.Reads("Quit Culver?", "2 lines to bob@practice")
		s.alice.Answer("Quit Culver?", "keep")
		s.alice.Until("the end", s.alice.Stopped)
		if !d.has(s.to(), "canary one") || !d.has(s.to(), "canary three") || d.wrote("canary two") {
			t.Fatalf("written: %q", d.written)
		}
		s.alice.Start()
		if m := own(t, s.alice, s.to(), "canary one"); m.State != im.Waiting || !m.Private { // it is on show
			t.Fatalf("after the restart: %+v", m)
		}
		s.alice.M.Edit(s.to(), own(t, s.alice, s.to(), "canary three").ID)
		s.alice.Until("the text", func() bool { return slices.Contains(s.alice.TakenBack, "canary three") })
		synctest.Wait()
		if d.has(s.to(), "canary three") {
			t.Error("an edited line is still on the disk")
		}
		s.Script(`
			bob returns:
			alice sees bob: Available
			bob from alice: canary one
		`)
		s.alice.Until("its leaving", func() bool { return own(t, s.alice, s.to(), "canary one").State.Taken() })
		synctest.Wait()
		if d.has(s.to(), "canary") {
			t.Error("a sent line is still on the disk")
		}
		if got := said(s.bob, s.from()); len(got) != 2 || got[1] != "canary one (Unverified)" {
			t.Errorf("bob reads %q", got)
		}
		if s.aliceNet.sent("canary") {
			t.Error("a private line left in clear")
		}
	})
}

func TestThrowingPrivateDraftsAway(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.held("canary")
		s.alice.M.Quit()
		s.alice.Reads("Quit Culver?", "A line that you wrote to bob@practice")
		s.alice.Answer("Quit Culver?", "keep")
		s.alice.Until("the end", s.alice.Stopped)
		s.alice.Start() // kept until here; now he changes his mind
		s.alice.UntilOnline()
		s.alice.M.Quit()
		s.alice.Answer("Quit Culver?", "quit")
		s.alice.Until("the end", s.alice.Stopped)
		if d.has(s.to(), "canary") {
			t.Error("a line that was thrown away is on the disk")
		}
		s.alice.Start()
		s.Script(`
			bob returns:
			alice sees bob: Available
			alice to bob: after
			bob from alice: after
		`)
		if got := strings.Join(said(s.bob, s.from()), "\n"); strings.Contains(got, "canary") {
			t.Errorf("bob reads %q", got)
		}
	})
}

// Crashes have no end: what is on the disk at any moment is what they leave.
func TestNothingOfAPrivateLineIsWrittenUnderDontLog(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.held("canary held")
		s.Script(`
			bob returns:
			alice with bob: Unverified
			bob from alice: canary held
			alice to bob: canary sealed
			bob from alice: canary sealed
		`)
		s.tear(s.alice, s.aliceNet)
		s.Script("alice to bob: canary offline")
		s.alice.ExpectState(s.to(), im.Waiting)
		s.aliceNet.mend()
		s.Script(`
			bob from alice: canary offline
			bob menu alice: End private conversation
			alice with bob: Finished
			alice to bob: canary too late
		`)
		m := s.alice.ExpectState(s.to(), im.Failed)
		if !m.Private {
			t.Errorf("not private: %+v", m)
		}
		synctest.Wait()
		if d.wrote("canary") {
			t.Errorf("written: %q", d.written)
		}
		s.alice.M.Quit()
		s.alice.Reads("Quit Culver?", "A line that you wrote to bob@practice")
		s.alice.Answer("Quit Culver?", "keep")
		s.alice.Until("the end", s.alice.Stopped)
		s.alice.Start()
		s.alice.UntilOnline() // the conversation is open by itself
		if m := own(t, s.alice, s.to(), "canary too late"); m.State != im.Failed || !m.Private {
			t.Errorf("after the restart: %+v", m)
		}
		s.alice.M.Quit() // it is asked about again
		s.alice.Answer("Quit Culver?", "quit")
		s.alice.Until("the end", s.alice.Stopped)
		if d.has(s.to(), "canary") {
			t.Error("a line that was thrown away is on the disk")
		}
		s.alice.Start()
		s.alice.UntilOnline()
		if _, open := s.alice.Chats[s.to()]; open {
			t.Error("nothing is unsent, and the conversation opens by itself")
		}
	})
}

// Where private lines are kept as others are, one that failed is history.
func TestAPrivateLineThatFailedIsHistoryWhereItIsLogged(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.Script("alice sets keepprivate: always")
		s.private()
		s.Script("bob menu alice: End private conversation\n alice with bob: Finished\n alice to bob: canary")
		s.alice.ExpectState(s.to(), im.Failed)
		s.alice.M.Quit()
		s.alice.Until("the end", s.alice.Stopped)
		if !d.has(s.to(), "canary") {
			t.Error("it is lost")
		}
		s.alice.Start()
		s.alice.UntilOnline()
		if _, open := s.alice.Chats[s.to()]; open {
			t.Error("the conversation opens by itself")
		}
	})
}

// What waits leaves the disk as soon as nothing like it is to be kept, and the user
// is asked before it is lost.
func TestDontLogIsSwitchedOnWhileLinesWait(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		onDiary(t, func(s *stage, d *diary) {
			s.Script("alice sets keepprivate: always")
			s.held("canary one")
			if !d.has(s.to(), "canary one") {
				t.Fatal("it is not on the disk before")
			}
			if restarted {
				s.alice.M.Quit()
				s.alice.Until("the end", s.alice.Stopped)
				s.alice.Start()
				s.alice.UntilOnline()
			}
			s.Script("alice sets keepprivate: never")
			synctest.Wait()
			if d.has(s.to(), "canary one") {
				t.Error("it is on the disk")
			}
			s.alice.M.Quit()
			s.alice.Reads("Quit Culver?", "A line that you wrote to bob@practice")
			s.alice.Answer("Quit Culver?", "keep")
			s.alice.Until("the end", s.alice.Stopped)
			s.alice.Start()
			s.alice.UntilOnline()
			if m := own(t, s.alice, s.to(), "canary one"); m.State != im.Waiting || !m.Private {
				t.Errorf("after the restart: %+v", m)
			}
			synctest.Wait()
			if !d.has(s.to(), "canary one") {
				t.Error("what was kept by choice does not stay")
			}
		})
	}
}

// A line that failed for a reason of its own is not lost at the end, either.
func TestAnOpenLineThatFailedIsThereAfterARestart(t *testing.T) {
	d := &diary{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.Send(bob, strings.Repeat("x", 6000), im.Open)
		a.ExpectState(bob, im.Failed)
		a.M.Quit()
		a.Until("the end", a.Stopped)
		a.Start()
		a.M.Open(bob)
		if m := a.ExpectState(bob, im.Failed); !strings.Contains(m.Reason, "too long") {
			t.Errorf("got %+v", m)
		}
	})
}

// A disk that is full when the user wants lines kept: nothing is thrown away.
func TestDraftsThatCannotBeKept(t *testing.T) {
	disk := &fullDisk{Memory: storage.NewMemory()}
	part := scenetest.Part{Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
	act(t, part, func(s *stage) {
		s.held("canary")
		disk.full = true
		s.alice.M.Quit()
		s.alice.Answer("Quit Culver?", "keep")
		s.alice.Reads("Quit Culver?", "could not be kept")
		s.alice.Answer("Quit Culver?", "cancel")
		s.alice.Until("the form's end", func() bool { return len(s.alice.Dialogs) == 0 })
		if m := own(t, s.alice, s.to(), "canary"); m.State != im.Waiting {
			t.Errorf("got %+v", m)
		}
	})
}

// The user takes all waiting lines back: nothing is asked about them any more.
func TestTakingBackAllThatIsHeld(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.held("canary one", "canary two")
		s.alice.Until("the menu", func() bool { return offers(s.alice, s.to(), "Send waiting lines") })
		s.alice.M.Edit(s.to(), own(t, s.alice, s.to(), "canary one").ID)
		s.alice.M.Discard(s.to(), own(t, s.alice, s.to(), "canary two").ID)
		s.alice.Until("the menu's change", func() bool { return !offers(s.alice, s.to(), "Send waiting lines") })
		s.Script(`
			bob returns:
			alice sees bob: Available
			alice menu bob: Start private conversation
			alice with bob: Unverified
			alice to bob: something else
			bob from alice: something else
		`)
		if got := strings.Join(said(s.bob, s.from()), "\n"); strings.Contains(got, "canary") {
			t.Errorf("bob reads %q", got)
		}
		if !slices.Equal(s.alice.TakenBack, []string{"canary one"}) {
			t.Errorf("taken back: %q", s.alice.TakenBack)
		}
	})
}

// A line that left meanwhile is not taken back.
func TestALineThatLeftIsNotTakenBack(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.held("canary")
		line := own(t, s.alice, s.to(), "canary").ID
		s.Script("bob returns:\n bob from alice: canary")
		s.alice.M.Edit(s.to(), line)
		s.alice.M.Discard(s.to(), line)
		s.Script("alice to bob: next\n bob from alice: next")
		s.alice.ExpectState(s.to(), im.Done)
		if m := own(t, s.alice, s.to(), "canary"); !m.State.Taken() || len(s.alice.TakenBack) != 0 {
			t.Errorf("got %+v, taken back %q", m, s.alice.TakenBack)
		}
	})
}

// offers reports whether a menu has an entry that begins like that.
func offers(a *scenetest.Actor, c im.ConvID, label string) bool {
	chat, ok := a.Chats[c]
	if !ok {
		return false
	}
	for _, menu := range chat.Menus {
		for _, e := range menu.Actions {
			if strings.HasPrefix(e.Label, label) && !e.Off {
				return true
			}
		}
	}
	return false
}

// The session knows before the messenger that the connection is gone: that is not a
// line that failed, but one that waits; and what was sealed for it is forgotten.
func TestALineThatFindsTheConnectionGoneWaits(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		synctest.Wait()
		net.broken = true
		a.M.Send(bob, "canary", im.Open)
		a.M.Send(bob, "after it", im.Open)
		synctest.Wait()
		m := a.ExpectState(bob, im.Waiting)
		if first := own(t, a, bob, "canary"); first.State != im.Waiting || first.Seal.Level != im.Open || !first.Private || m.Reason == "" {
			t.Errorf("got %+v, %+v", first, m)
		}
		if l.unsent == 0 {
			t.Error("the plugin was not told")
		}
		net.broken = false
		lostConnection(s)
		s = net.online()
		a.ExpectState(bob, im.Done)
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"sealed", "sealed"}) {
			t.Errorf("sent %q", got)
		}
	})
}

// A line that is under way for long may well be lost: it is asked about. One that
// was typed just now is not.
func TestQuittingWithLinesUnderWay(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		net.silent = true
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Sending)
		<-time.After(10 * time.Second) // in the bubble: no time at all
		a.M.Quit()
		a.Answer("Quit Culver?", "keep")
		a.Until("the end", a.Stopped)
		if kept, _ := store.Older(bob, "", 9); len(kept) != 1 || kept[0].State != im.Failed || !kept[0].Private {
			t.Errorf("kept: %+v", kept)
		}
		a.Start()
		s = net.online()
		a.UntilOnline()
		shut(s, a, bob)
		a.M.Send(bob, "just now", im.Open)
		synctest.Wait()
		a.M.Discard(bob, own(t, a, bob, "canary").ID)
		a.M.Quit()
		a.Until("the end", a.Stopped)
	})
}

// What is kept over the end is encrypted on the disk.
func TestKeptDraftsAreEncrypted(t *testing.T) {
	dir, store, vault := profile(t)
	s := scenetest.New(t)
	defer s.Close()
	hub := practice.NewHub()
	alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice"), Store: store, Vault: vault})
	bob := im.ConvID{Account: alice.Self, Peer: "bob@practice"}
	alice.UntilOnline()
	alice.Switch("require", true)
	alice.M.Send(bob, "a draft canary", im.Open)
	alice.ExpectState(bob, im.Waiting)
	testkit.NoTrace(t, dir, "a draft canary")
	alice.M.Quit()
	alice.Answer("Quit Culver?", "keep")
	alice.Until("the end", alice.Stopped)
	testkit.NoTrace(t, dir, "a draft canary")
	alice.Start()
	if m := own(t, alice, bob, "a draft canary"); !m.Private || m.State != im.Waiting {
		t.Errorf("after the restart: %+v", m)
	}
}
