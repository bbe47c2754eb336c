package messenger_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/buddylist"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// onLockable is onDiary with a passphrase.
func onLockable(t *testing.T, f func(s *stage, d *diary)) {
	yes := true
	d := &diary{Memory: storage.NewMemory()}
	part := scenetest.Part{Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) }), Safe: maybe{&yes}}
	act(t, part, func(s *stage) { f(s, d) })
}

// shown is what stands in a conversation, line by line.
func shown(a *scenetest.Actor, c im.ConvID) (lines []string) {
	if chat := a.Chats[c]; chat != nil {
		for _, m := range chat.Lines.Lines(0) {
			lines = append(lines, fmt.Sprintf("%v %v %v %v %q", m.Kind, m.Out, m.Seal.Level, m.State, m.Text.String()))
		}
	}
	return lines
}

func unreadOf(a *scenetest.Actor, c im.ConvID) (n int) {
	for _, e := range a.List.Events() {
		if u, ok := e.(buddylist.Unread); ok && u.Conv == c {
			n = u.Count
		}
	}
	return n
}

func TestLinesThatWaitOutliveLocking(t *testing.T) {
	onLockable(t, func(s *stage, d *diary) {
		s.held("canary one", "canary two")
		carried := s.alice.Lock()
		if !s.alice.Unsent {
			t.Error("nobody knows that something would be lost")
		}
		if d.wrote("canary") {
			t.Error("a private line came to the disk")
		}
		if !bytes.Contains(carried, []byte("canary one")) {
			t.Fatal("it carries nothing")
		}
		if again := s.alice.M.Carry(); again != nil {
			t.Error("it remembers what it carried")
		}
		s.alice.M.Open(s.to()) // a front end that still knows it
		s.alice.Unlock(carried)
		if m := own(t, s.alice, s.to(), "canary two"); m.State != im.Waiting || !m.Private {
			t.Fatalf("%+v", m)
		}
		if len(bytes.Trim(carried, "\x00")) > 0 {
			t.Error("what was carried is not wiped")
		}
		s.Script(`
			bob returns:
			alice sees bob: Available
			bob from alice: canary one
			bob from alice: canary two
		`)
		if got := said(s.bob, s.from()); !slices.Equal(got, []string{"before (Not private)", "canary one (Unverified)", "canary two (Unverified)"}) {
			t.Errorf("bob reads %q", got)
		}
		if d.wrote("canary") || s.aliceNet.sent("canary") {
			t.Error("a private line is on the disk, or left in clear")
		}
	})
}

func TestNothingThatWasShownIsLostByLocking(t *testing.T) {
	onLockable(t, func(s *stage, d *diary) {
		s.Script(`
			alice to bob: open one
			bob from alice: open one
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: canary from alice
			bob from alice: canary from alice
			bob to alice: canary from bob
			alice from bob: canary from bob
			alice menu bob: End private conversation
			alice with bob: Not private
			bob menu alice: End private conversation
			bob with alice: Not private
			bob to alice: open two
			alice from bob: open two
		`)
		synctest.Wait()
		s.alice.Until("all", func() bool { return true })
		before := shown(s.alice, s.to())
		unread := unreadOf(s.alice, s.to())
		carried := s.alice.Lock()
		if s.alice.Unsent {
			t.Error("what was sent is called unsent")
		}
		s.alice.Unlock(carried)
		s.alice.UntilOnline()
		after := shown(s.alice, s.to())
		if len(before) < 5 || !slices.Equal(before, after) {
			t.Errorf("before:\n%s\nafter:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
		if got := unreadOf(s.alice, s.to()); got != unread || got == 0 {
			t.Errorf("%d unread, %d before", got, unread)
		}
		if d.wrote("canary") {
			t.Error("a private line came to the disk")
		}
		// Twice does not double, and what is not locked carries nothing.
		s.alice.Unlock(s.alice.Lock())
		s.alice.UntilOnline()
		if again := shown(s.alice, s.to()); !slices.Equal(before, again) {
			t.Errorf("the second time:\n%s", strings.Join(again, "\n"))
		}
		s.alice.Quit()
		if b := s.alice.M.Carry(); b != nil {
			t.Errorf("%d bytes are carried by one who quit", len(b))
		}
	})
}

// The peer learns that a private conversation is over.
func TestLockingEndsPrivateConversations(t *testing.T) {
	onLockable(t, func(s *stage, _ *diary) {
		s.Script(`
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice menu bob: Authenticate buddy
			alice form: Authenticate | authenticate | method=secret | secret=apple
			bob reads: Authentication from | secret
		`)
		carried := s.alice.Lock()
		s.Script(`
			bob with alice: Finished
			bob sees alice: Offline
		`)
		s.alice.Unlock(carried)
		s.alice.Until("the conversation", func() bool { return s.alice.Chats[s.to()] != nil })
		if l := s.alice.Chats[s.to()].Seal.Level; l != im.Open {
			t.Errorf("after unlocking it is %v", l)
		}
		if len(s.alice.Dialogs) > 0 {
			t.Errorf("forms are left: %v", s.alice.Dialogs)
		}
	})
}

func TestOpenConversationsOutliveLockingInTheirOrder(t *testing.T) {
	onLockable(t, func(s *stage, _ *diary) {
		other := im.ConvID{Account: s.alice.Self, Peer: "aaron@practice"}
		closed := im.ConvID{Account: s.alice.Self, Peer: "zoe@practice"}
		for _, c := range []im.ConvID{s.to(), closed, other} {
			s.alice.M.Open(c)
		}
		s.alice.M.Open(s.to())
		s.alice.M.Close(closed)
		s.alice.Unlock(s.alice.Lock())
		snapshot := scenetest.Watch(t, "somebody", s.alice.M)
		snapshot.Until("the conversations", func() bool { return len(snapshot.Chats) == 2 })
		if !slices.Equal(snapshot.Order, []im.ConvID{s.to(), other}) || snapshot.Front != s.to() {
			t.Errorf("%v, %v in front", snapshot.Order, snapshot.Front)
		}
	})
}

// The history that was on show comes back, though front ends close it when they are
// told of the lock; one that the user had closed does not.
func TestTheHistoryOnShowOutlivesLocking(t *testing.T) {
	onLockable(t, func(s *stage, _ *diary) {
		for _, c := range []im.ConvID{s.to(), {}} {
			s.alice.M.LookBack(s.to())
			s.alice.M.LookBack(c)
			s.alice.M.Lock()
			s.alice.M.LookBack(im.ConvID{})
			s.alice.Unlock(s.alice.Lock())
			again := scenetest.Watch(t, "somebody", s.alice.M)
			again.Until("the account", func() bool { return len(again.Accounts) > 0 })
			if again.Past != c {
				t.Errorf("%v is on show, want %v", again.Past, c)
			}
		}
	})
}

func TestWhatCannotBeTakenUp(t *testing.T) {
	onLockable(t, func(s *stage, _ *diary) {
		s.held("canary")
		carried := s.alice.Lock()
		for n := range carried { // cut anywhere: no panic
			s.alice.Unlock(slices.Clone(carried[:n]))
			s.alice.UntilOnline()
			if told := len(s.alice.Trouble) > 0; told != (n > 0) {
				t.Fatalf("cut at %d: %q", n, s.alice.Trouble)
			}
			s.alice.Quit()
		}
		s.alice.Unlock(carried)
		own(t, s.alice, s.to(), "canary")
	})
}

func TestDraftsOutliveLocking(t *testing.T) {
	onLockable(t, func(s *stage, d *diary) {
		s.Script(`
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
		`)
		open := im.ConvID{Account: s.alice.Self, Peer: "aaron@practice"}
		s.alice.M.Open(open)
		s.alice.M.SetDraft(open, "an open draft", im.Open)
		s.alice.M.SetDraft(s.to(), "canary half a li", im.Private)
		carried := s.alice.Lock()
		if !s.alice.Unsent {
			t.Error("nobody knows that a draft would be lost")
		}
		if drafts, _ := d.Drafts(); len(drafts) != 1 || drafts[open].Text != "an open draft" {
			t.Errorf("on the disk: %+v", drafts)
		}
		if bytes.Contains(carried, []byte("an open draft")) {
			t.Error("what is on the disk is carried as well")
		}
		s.alice.Unlock(carried)
		s.alice.Until("the conversations", func() bool { return len(s.alice.Chats) == 2 })
		if got := s.alice.Chats[s.to()].Draft; got != "canary half a li" {
			t.Errorf("the draft is %q", got)
		}
		if got := s.alice.Chats[open].Draft; got != "an open draft" {
			t.Errorf("the open draft is %q", got)
		}
		synctest.Wait()
		if drafts, _ := d.Drafts(); len(drafts) != 1 {
			t.Errorf("on the disk afterwards: %+v", drafts)
		}
		// It was begun in private: it does not leave open now.
		s.alice.M.Send(s.to(), "canary half a line", im.Open)
		own(t, s.alice, s.to(), "canary half a line")
		synctest.Wait()
		if s.aliceNet.sent("canary") || d.wrote("canary") {
			t.Error("it left in clear, or is on the disk")
		}
	})
}
