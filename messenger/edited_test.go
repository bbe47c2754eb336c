package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/storage"
)

// corrects takes back a line that waits, by Edit or Discard, and writes another one.
func (s *stage) corrects(t *testing.T, how, line, to string) {
	t.Helper()
	m := own(t, s.alice, s.to(), line)
	if m.State != im.Waiting || !m.Private {
		t.Fatalf("the line is %+v", m)
	}
	if how == "edit" {
		s.alice.M.Edit(s.to(), m.ID)
		s.alice.Until("the text", func() bool { return slices.Contains(s.alice.TakenBack, line) })
	} else {
		s.alice.M.Discard(s.to(), m.ID)
	}
	s.alice.M.Send(s.to(), to, im.Open)
	synctest.Wait()
}

// A private line that is corrected, or replaced by another one, is private, whatever has
// become of the private conversation that it waited for.
func TestACorrectedLineStaysPrivate(t *testing.T) {
	for _, how := range []string{"edit", "discard"} {
		for name, happens := range map[string]func(s *stage){
			"nobody answers":       func(*stage) { <-time.After(25 * time.Second) },
			"the connection broke": func(s *stage) { s.tear(s.alice, s.aliceNet) },
			"Culver was restarted": func(s *stage) {
				s.alice.M.Quit()
				s.alice.Answer("Quit Culver?", "keep")
				s.alice.Until("the end", s.alice.Stopped)
				s.alice.Start()
				s.alice.UntilOnline()
				<-time.After(25 * time.Second)
			},
		} {
			t.Run(how+", "+name, func(t *testing.T) {
				onDiary(t, func(s *stage, d *diary) {
					s.held("canary one")
					happens(s)
					synctest.Wait()
					s.corrects(t, how, "canary one", "canary corrected")
					s.aliceNet.mend()
					<-time.After(2 * time.Minute)
					synctest.Wait()
					if m := own(t, s.alice, s.to(), "canary corrected"); m.State != im.Waiting || !m.Private {
						t.Errorf("the line is %+v", m)
					}
					if d.wrote("canary corrected") {
						t.Error("it is on the disk")
					}
					s.Script("bob returns:\n alice sees bob: Available\n bob from alice: canary corrected")
					if got := strings.Join(said(s.bob, s.from()), "\n"); !strings.Contains(got, "canary corrected (Unverified)") {
						t.Errorf("bob reads %q", got)
					}
					if s.aliceNet.sent("canary") {
						t.Error("it left in clear")
					}
				})
			})
		}
	}
}

// The core alone sees to it that a private line which is taken back by Edit is private
// when it is typed again, though no plugin says so any more; once only. Of Discard
// nothing follows.
func TestAPrivateLineWrittenAnewIsPrivate(t *testing.T) {
	for _, how := range []string{"edit", "discard"} {
		t.Run(how, func(t *testing.T) {
			locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
				synctest.Wait()
				l.required = true
				a.M.Send(bob, "canary", im.Open)
				m := a.ExpectState(bob, im.Waiting)
				l.required = false
				if how == "edit" {
					a.M.Edit(bob, m.ID)
				} else {
					a.M.Discard(bob, m.ID)
				}
				s := net.online()
				a.UntilOnline()
				a.M.Send(bob, "first", im.Open)
				synctest.Wait()
				m = own(t, a, bob, "first")
				if kept := how == "edit"; m.Private != kept || (m.State == im.Failed) != kept {
					t.Errorf("the line is %+v", m)
				}
				a.M.Send(bob, "second", im.Open)
				synctest.Wait()
				want := []string{"first", "second"}
				if how == "edit" {
					want = want[1:]
				}
				if got := s.bodies(); !slices.Equal(got, want) {
					t.Errorf("sent %q", got)
				}
			})
		})
	}
}

// A correction that was to leave in private, and is taken back, is private when it is
// written anew, and nothing else is by that.
func TestAPrivateCorrectionWrittenAnewIsPrivate(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "open", im.Open)
		m := a.ExpectState(bob, im.Done)
		synctest.Wait()
		l.required = true
		a.M.Correct(bob, m.ID, "canary", im.Open)
		a.ExpectState(bob, im.Failed)
		synctest.Wait()
		l.required = false
		a.M.Edit(bob, m.ID)
		a.Until("the text", func() bool { return slices.Contains(a.TakenBack, "canary") })
		a.M.Correct(bob, m.ID, "canary, anew", im.Open)
		if m := a.ExpectState(bob, im.Failed); !m.Private {
			t.Errorf("the line is %+v", m)
		}
		a.M.Send(bob, "second", im.Open)
		a.ExpectState(bob, im.Done)
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"open", "second"}) {
			t.Errorf("sent %q", got)
		}
	})
}

// A line that failed because bob had ended the private conversation, and that is
// corrected after alice ended it, too: it waits, and may leave in clear after a question.
func TestALineOfAnEndedConversationWrittenAnew(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		s.Script(`
			bob menu alice: End private conversation
			alice with bob: Finished
			alice to bob: canary
		`)
		m := s.alice.ExpectState(s.to(), im.Failed)
		s.Script(`
			alice menu bob: End private conversation
			alice with bob: Not private
			bob switches off: enabled
		`)
		s.alice.M.Edit(s.to(), m.ID)
		s.alice.Until("the text", func() bool { return slices.Contains(s.alice.TakenBack, "canary") })
		s.Script("alice to bob: corrected")
		if m := s.alice.ExpectState(s.to(), im.Waiting); !m.Private {
			t.Errorf("the line is %+v", m)
		}
		<-time.After(25 * time.Second)
		synctest.Wait()
		if s.aliceNet.sent("corrected") {
			t.Error("it left before anybody was asked")
		}
		s.Script(`
			alice form: No answer from | send
			bob from alice: corrected
			alice to bob: another
			bob from alice: another
		`)
	})
}

// A buddy whom alice does not let see her presence learns nothing of it by a query.
func TestABuddyWhoMayNotSeeUsGetsNoAnswer(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: bob.Peer, Subscription: im.SubscriptionTo}}}
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer, Resource: "r"}, Body: "?OTRv23?", Time: time.Now()}
		a.Expect(bob, "they may not see whether you are online")
		<-time.After(time.Minute)
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("answered: %q", got)
		}
	})
}
