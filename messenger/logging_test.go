package messenger_test

import (
	"slices"
	"strings"
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

const startPrivate = `
	alice to bob: in clear
	bob from alice: in clear
	alice menu bob: Start private conversation
	alice with bob: Unverified
	bob with alice: Unverified
`

// What was said since the conversation became private is written when the answer is
// to keep it, in its order, and nothing before that.
func TestKeepingAPrivateConversationByAnswer(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.Script("alice sets keepprivate: ask" + startPrivate + `
			alice from bob: It is not kept in the history unless you say so
			alice to bob: canary one
			bob from alice: canary one
			bob to alice: canary two
			alice from bob: canary two
			alice to bob: canary three
			bob from alice: canary three
		`)
		s.alice.ExpectState(s.to(), im.Done)
		synctest.Wait()
		if d.wrote("canary") {
			t.Fatalf("before the answer, the disk has %q", d.written)
		}
		s.Script(`
			alice form: Keep this private conversation? | keep
			alice from bob: This private conversation is kept in the history
			alice to bob: canary four
			bob from alice: canary four
			bob to alice: canary five
			alice from bob: canary five
		`)
		s.alice.ExpectState(s.to(), im.Done)
		synctest.Wait()
		want := []string{"in clear", "canary one", "canary two", "canary three", "canary four", "canary five"}
		if got := history(s.alice, s.to()); !slices.Equal(got, want) {
			t.Errorf("the history is %q", got)
		}
		kept, _ := d.Older(s.to(), "", 9)
		for _, m := range kept[1:] {
			if m.Seal.Level != im.Private || !m.State.Taken() {
				t.Errorf("kept: %+v", m)
			}
		}
	})
}

func TestNotKeepingAPrivateConversation(t *testing.T) {
	for name, then := range map[string]string{
		"by answer":             "alice form: Keep this private conversation? | dontkeep",
		"by closing":            "alice form: Keep this private conversation? | closed",
		"by disabling":          "alice plugin otr: disable\nalice form: Disable | off",
		"by ending, unanswered": "alice menu bob: End private conversation\nalice with bob: Not private",
	} {
		t.Run(name, func(t *testing.T) {
			onDiary(t, func(s *stage, d *diary) {
				s.Script("alice sets keepprivate: ask" + startPrivate + `
					alice to bob: canary one
					bob from alice: canary one
				`)
				for line := range strings.Lines(then) {
					if line = strings.TrimSpace(line); line == "alice form: Keep this private conversation? | closed" {
						s.alice.M.Answer(s.alice.Form("Keep this private", "").ID, plugin.Answers{Action: plugin.Closed})
					} else if line == "alice plugin otr: disable" {
						s.alice.M.ShowPlugins()
						s.alice.M.Answer(s.alice.Form("Plugins", "close").ID, plugin.Answers{Action: "disable", Rows: []string{"otr"}})
					} else {
						s.Script(line)
					}
				}
				if !strings.Contains(name, "ing,") && name != "by disabling" {
					s.Script(`
						alice to bob: canary two
						bob from alice: canary two
					`)
				}
				synctest.Wait()
				s.alice.Quit()
				if d.wrote("canary") {
					t.Errorf("the disk has %q", d.written)
				}
			})
		})
	}
}

// The user answers after the private conversation has ended: it is that one.
func TestKeepingAPrivateConversationAfterItsEnd(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.Script("alice sets keepprivate: ask" + startPrivate + `
			alice to bob: canary one
			bob from alice: canary one
			bob menu alice: End private conversation
			alice with bob: Finished
		`)
		<-time.After(time.Second)
		s.Script("alice to bob: canary too late")
		s.alice.ExpectState(s.to(), im.Failed)
		s.Script(`
			alice form: Keep this private conversation? | keep
			alice from bob: This private conversation is kept in the history
		`)
		synctest.Wait()
		if got := history(s.alice, s.to()); !slices.Equal(got, []string{"in clear", "canary one", "canary too late"}) {
			t.Errorf("the history is %q", got)
		}
		s.alice.M.Discard(s.to(), own(t, s.alice, s.to(), "canary too late").ID)
		d.written = nil
		s.Script(`
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: canary of another
			bob from alice: canary of another
		`)
		synctest.Wait()
		if d.wrote("canary") {
			t.Errorf("the answer counts for another private conversation: %q", d.written)
		}
	})
}

// A long private conversation is written down in steps, all of it.
func TestKeepingManyLines(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.Script("alice sets keepprivate: ask" + startPrivate)
		for range 450 {
			s.alice.M.Send(s.to(), "canary", im.Open)
		}
		s.Script("alice to bob: the last\n bob from alice: the last\n alice form: Keep this private conversation? | keep")
		synctest.Wait()
		if n, _ := d.Count(im.Range{Conv: s.to()}, 1000); n != 452 {
			t.Errorf("%d lines are kept", n)
		}
	})
}

// The answer comes, and the disk is full: that is said, and nothing is half there.
func TestKeepingOnAFullDisk(t *testing.T) {
	disk := &fullImport{Memory: storage.NewMemory()}
	part := scenetest.Part{Store: scenetest.StoreOf(disk, func(id string) plugin.Store { return disk.Space(id) })}
	act(t, part, func(s *stage) {
		s.Script("alice sets keepprivate: ask" + startPrivate + `
			alice to bob: canary one
			bob from alice: canary one
			alice form: Keep this private conversation? | keep
		`)
		s.alice.Until("a word about it", func() bool {
			return len(s.alice.Trouble) == 1 && strings.Contains(s.alice.Trouble[0], "could not be written down")
		})
		if got := said(s.bob, s.from()); len(got) != 2 {
			t.Errorf("bob reads %q", got)
		}
	})
}

type fullImport struct{ *storage.Memory }

func (*fullImport) Import([]im.Message) (int, error) { return 0, errDamagedHere }

func TestAConversationThatIsNotKept(t *testing.T) {
	remembering(t, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		s := net.online()
		a.UntilOnline()
		chat := opens(a, bob)
		hear := func(text string) {
			s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: text}
			a.Expect(bob, text)
		}
		a.M.SetLogging(bob, false)
		a.Expect(bob, "From now on, this conversation is not kept in the history. What came before stays there.")
		a.Until("the change", func() bool { return !chat.Logging })
		a.M.SetLogging(bob, false) // nothing changes
		hear("canary heard")
		a.M.Send(bob, "canary said", im.Open)
		a.ExpectState(bob, im.Done)
		a.M.Send(bob, "canary "+strings.Repeat("x", 6000), im.Open) // too long
		a.ExpectState(bob, im.Failed)
		a.M.SetDraft(bob, "canary typed", im.Open)
		synctest.Wait()
		if d.wrote("canary") {
			t.Fatalf("the disk has %q", d.written)
		}
		if hits := scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "canary"})); len(hits.Hits) > 0 {
			t.Errorf("found: %+v", hits.Hits)
		}
		a.M.Quit()
		a.Reads("Quit Culver?", "2 lines to bob@x have not been sent")
		a.Answer("Quit Culver?", "cancel")
		a.M.SetLogging(bob, true)
		a.Expect(bob, "From now on, this conversation is kept in the history.")
		hear("kept")
		synctest.Wait()
		if !d.wrote("canary typed") || !d.wrote("canary xxx") || d.wrote("canary heard") || d.wrote("canary said") {
			t.Errorf("the disk has %q", d.written)
		}
		a.M.SetLogging(bob, false)
		synctest.Wait()
		if d.has(bob, "canary xxx") {
			t.Error("what failed is still there")
		}
		if drafts, _ := d.Drafts(); len(drafts) > 0 {
			t.Errorf("drafts: %v", drafts)
		}
		if !d.has(bob, "said 0") || !d.has(bob, "kept") {
			t.Error("what came before is gone")
		}
	})
}

// What waits leaves the disk with the choice, and is asked about at the end. What
// was kept then by the user's choice is sent in the next run, and leaves no trace.
func TestALineWaitsWhereNothingIsKept(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		<-net.sessions // which never comes up
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Waiting)
		synctest.Wait()
		if !d.has(bob, "canary") {
			t.Fatal("a line that waits is not on the disk")
		}
		a.M.SetLogging(bob, false)
		synctest.Wait()
		if d.has(bob, "canary") {
			t.Fatal("it is there still")
		}
		a.M.Quit()
		a.Answer("Quit Culver?", "keep")
		a.Until("the end", a.Stopped)
		if !d.has(bob, "canary") {
			t.Fatal("it was not kept")
		}
		a.Start()
		s := net.online()
		a.UntilOnline()
		a.M.Open(bob)
		a.ExpectState(bob, im.Done)
		synctest.Wait()
		if got := s.bodies(); !slices.Equal(got, []string{"canary"}) {
			t.Errorf("sent %q", got)
		}
		if d.has(bob, "canary") {
			t.Error("a line that was sent is there where nothing is kept")
		}
	})
}

// The settings of the history lead to those of the plugin that has a say in it.
func TestTheHistorySettingsOfPlugins(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		alice.M.ShowHistorySettings()
		alice.Answer("History Settings", "otr")
		alice.Form("Off-the-Record Messaging", "close")
		alice.Answer("Off-the-Record Messaging", "close")
		alice.Answer("History Settings", "close")
		alice.Until("no form", func() bool { return len(alice.Dialogs) == 0 })
		alice.Plugin("otr", "disable")
		alice.M.ShowHistorySettings()
		d := alice.Form("History Settings", "close")
		for _, f := range d.Form.Tabs[0].Fields {
			if f.ID == "otr" {
				t.Error("it leads to a plugin that is off")
			}
		}
		alice.Answer("History Settings", "close")
	})
}

func TestTheHistorySettings(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		s := net.online()
		a.UntilOnline()
		eve := im.ConvID{Account: bob.Account, Peer: "eve@x"}
		a.M.SetLogging(eve, true)
		opens(a, bob)
		opens(a, eve)
		a.M.ShowHistorySettings()
		a.M.ShowHistorySettings() // raises it
		a.Answer("History Settings", messenger.SettingHistory, messenger.SettingHistory+"=")
		a.Until("the change", func() bool { return !a.Chats[bob].Logging })
		a.Answer("History Settings", "close")
		a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
		if !a.Chats[eve].Logging {
			t.Error("the choice for a conversation does not count")
		}
		for _, c := range []im.ConvID{bob, eve} {
			s.events <- protocol.Received{From: im.Addr{Bare: c.Peer}, Body: "hello of " + c.Peer}
			a.Expect(c, "hello")
		}
		if d.wrote("hello of bob") || !d.wrote("hello of eve") {
			t.Errorf("written: %q", d.written)
		}
		a.Quit()
		a.Start() // it holds
		opens(a, bob)
		opens(a, eve)
		if a.Chats[bob].Logging || !a.Chats[eve].Logging {
			t.Error("the choices do not last")
		}
	})
}
