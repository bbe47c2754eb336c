package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
)

// automatic lets both take private conversations up by themselves.
const automatic = `
	alice switches on: automatic
	bob switches on: automatic
`

// The connection of one end breaks: the private conversation goes on as if nothing
// had been, and what was typed meanwhile follows in order.
func TestAPrivateConversationOutlivesABrokenConnection(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		for round := range 3 {
			s.tear(s.alice, s.aliceNet)
			for i := range 3 {
				s.alice.M.Send(s.to(), fmt.Sprintf("round %d line %d", round, i), im.Open)
			}
			s.alice.ExpectState(s.to(), im.Waiting)
			s.aliceNet.mend()
			s.Script(fmt.Sprintf("bob from alice: round %d line 2\n bob to alice: heard %d\n alice from bob: heard %d", round, round, round))
		}
		want := []string{"hello (Not private)", "between us (Unverified)"}
		for i := range 9 {
			want = append(want, fmt.Sprintf("round %d line %d (Unverified)", i/3, i%3))
		}
		if got := said(s.bob, s.from()); !slices.Equal(got, want) {
			t.Errorf("bob reads\n%q, want\n%q", got, want)
		}
		for _, m := range s.bob.Chats[s.from()].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "refreshed") || strings.Contains(m.Text.String(), "could not be read") {
				t.Errorf("bob is told: %q", m.Text)
			}
		}
	})
}

// Lines that vanished with the connection are shown as such. They go again when the
// user says so, once each, and never by themselves.
func TestLinesOfUnknownFateInAPrivateConversation(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.private()
		s.aliceNet.set(func() { s.aliceNet.deaf = true })
		s.Script("alice to bob: lost one\n alice to bob: lost two")
		s.alice.ExpectState(s.to(), im.Sending)
		s.aliceNet.tear()
		for _, text := range []string{"lost one", "lost two"} {
			s.alice.Until("its failure", func() bool { return own(t, s.alice, s.to(), text).State == im.Failed })
		}
		s.Script("alice to bob: typed offline")
		s.aliceNet.mend()
		s.Script("bob from alice: typed offline")
		s.alice.ExpectState(s.to(), im.Done)
		for _, text := range []string{"lost one", "lost two"} {
			m := own(t, s.alice, s.to(), text)
			if m.State != im.Failed || !strings.Contains(m.Reason, "certain") {
				t.Fatalf("%+v", m)
			}
			s.alice.M.Retry(s.to(), m.ID)
		}
		s.Script("bob from alice: lost two")
		want := []string{"hello (Not private)", "between us (Unverified)", "typed offline (Unverified)", "lost one (Unverified)", "lost two (Unverified)"}
		if got := said(s.bob, s.from()); !slices.Equal(got, want) {
			t.Errorf("bob reads %q", got)
		}
	})
}

// crash ends bob's program without a goodbye, and starts it again.
func (s *stage) crash() {
	s.tear(s.bob, s.bobNet)
	s.Script("alice sees bob: Offline")
	s.bob.Quit()
	s.bobNet.mend()
	s.bob.Start()
	s.bob.UntilOnline()
	s.bob.M.Open(s.from())
	s.Script("alice sees bob: Available\n bob sees alice: Available")
}

// Bob's program died and is back without the session: what he could not read waits
// for new keys, and comes once, in order, by itself.
func TestAPeerThatRestartedReadsEverythingOnce(t *testing.T) {
	for _, texts := range [][]string{{"one"}, {"one", "two & <three>", "three"}} {
		t.Run(fmt.Sprint(len(texts)), func(t *testing.T) {
			act(t, scenetest.Part{}, func(s *stage) {
				s.Script(automatic)
				s.private()
				s.crash()
				for _, text := range texts {
					s.alice.M.Send(s.to(), text, im.Open)
				}
				s.Script("bob from alice: " + texts[len(texts)-1] + "\n bob with alice: Unverified")
				s.Script("alice to bob: and on\n bob from alice: and on\n bob to alice: yes\n alice from bob: yes")
				var want []string
				for _, text := range texts {
					want = append(want, text+" (Unverified)")
				}
				want = append(want, "and on (Unverified)")
				got := said(s.bob, s.from())
				if got = slices.DeleteFunc(got, func(l string) bool { return strings.HasPrefix(l, "hello") }); !slices.Equal(got, want) {
					t.Errorf("bob reads %q, want %q", got, want)
				}
				for _, text := range texts {
					if m := own(t, s.alice, s.to(), text); !m.State.Taken() || s.aliceNet.sent(text) && len(text) > 5 {
						t.Errorf("%+v", m)
					}
				}
			})
		})
	}
}

// Both breaks at once: alice's connection was down while bob's program was started
// anew. What she typed meanwhile comes through.
func TestAPeerThatRestartedMeanwhile(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.Script(automatic)
		s.private()
		s.tear(s.alice, s.aliceNet)
		s.Script("alice to bob: first canary\n alice to bob: second canary")
		s.alice.ExpectState(s.to(), im.Waiting)
		s.tear(s.bob, s.bobNet)
		s.bob.Quit()
		s.bobNet.mend()
		s.bob.Start()
		s.bob.UntilOnline()
		s.aliceNet.mend()
		s.Script(`
			alice sees bob: Available
			bob from alice: first canary
			bob from alice: second canary
			bob with alice: Unverified
		`)
		if n := strings.Count(strings.Join(said(s.bob, s.from()), "\n"), "canary"); n != 2 {
			t.Errorf("bob reads %q", said(s.bob, s.from()))
		}
		if s.aliceNet.sent("canary") {
			t.Error("it left in clear")
		}
	})
}

// What the user took back, or was told is not sent, is not sent again by the
// protocol's own means, either: those remember texts for a minute.
func TestATakenBackLineDoesNotComeByAnotherWay(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.Script(automatic)
		s.private()
		s.aliceNet.set(func() { s.aliceNet.deaf = true })
		s.Script("alice to bob: discarded canary\n alice to bob: edited canary\n alice to bob: failed canary")
		s.alice.ExpectState(s.to(), im.Sending)
		s.aliceNet.tear()
		s.alice.Until("its failure", func() bool { return own(t, s.alice, s.to(), "failed canary").State == im.Failed })
		s.alice.M.Discard(s.to(), own(t, s.alice, s.to(), "discarded canary").ID)
		s.alice.M.Edit(s.to(), own(t, s.alice, s.to(), "edited canary").ID)
		s.tear(s.bob, s.bobNet)
		s.bob.Quit()
		s.bobNet.mend()
		s.bob.Start()
		s.bob.UntilOnline()
		s.aliceNet.mend()
		s.Script(`
			alice sees bob: Available
			bob sees alice: Available
			alice to bob: this one
			bob from alice: this one
		`)
		synctest.Wait()
		if got := strings.Join(said(s.bob, s.from()), "\n"); strings.Contains(got, "canary") || strings.Count(got, "this one") != 1 {
			t.Errorf("bob reads %q", got)
		}
		s.alice.M.Retry(s.to(), own(t, s.alice, s.to(), "failed canary").ID)
		s.Script("bob from alice: failed canary")
		if got := strings.Join(said(s.bob, s.from()), "\n"); strings.Count(got, "failed canary") != 1 {
			t.Errorf("bob reads %q", got)
		}
		if !slices.Equal(s.alice.TakenBack, []string{"edited canary"}) {
			t.Errorf("taken back: %q", s.alice.TakenBack)
		}
	})
}

// One of several lines is damaged on the way. Nobody knows which of them bob could read,
// so that all are sent again; he reads each of them once.
func TestWhatWasReadBeforeItWasSentAgainIsReadOnce(t *testing.T) {
	act(t, scenetest.Part{}, func(s *stage) {
		s.Script(automatic)
		s.private()
		sealed := 0
		s.aliceNet.set(func() {
			s.aliceNet.spoil = func(body string) string {
				if !strings.HasPrefix(body, "?OTR:AAMD") {
					return body
				}
				if sealed++; sealed != 2 {
					return body
				}
				return body[:len(body)-20] + "AAAA" + body[len(body)-16:]
			}
		})
		for _, text := range []string{"read <b>", "damaged & on", "read too"} {
			s.alice.M.Send(s.to(), text, im.Open)
		}
		s.Script("bob from alice: damaged & on")
		synctest.Wait()
		want := []string{"hello (Not private)", "between us (Unverified)", "read <b> (Unverified)", "read too (Unverified)",
			"[resent] damaged & on (Unverified)"}
		if got := said(s.bob, s.from()); !slices.Equal(got, want) {
			t.Errorf("bob reads %q, want %q", got, want)
		}
		s.Script("alice to bob: and on\n bob from alice: and on\n bob to alice: yes\n alice from bob: yes")
	})
}
