package messenger_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/practice"
	"culver/storage"
)

// drafted is the draft of a conversation on the disk.
func drafted(d *diary, c im.ConvID) im.Draft {
	synctest.Wait()
	all, _ := d.Drafts()
	return all[c]
}

func TestADraftComesBack(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		net.online()
		a.UntilOnline()
		opens(a, bob)
		a.M.SetDraft(bob, "half a li", im.Open)
		a.M.SetDraft(bob, "half a line\nand another", im.Open)
		a.M.Close(bob)
		a.Until("the end of it", func() bool { return a.Chats[bob] == nil })
		if chat := opens(a, bob); chat.Draft != "half a line\nand another" {
			t.Errorf("again open: %q", chat.Draft)
		}
		a.M.Quit() // nothing is asked
		a.Until("the end", a.Stopped)
		a.Start()
		a.Until("the account", func() bool { return len(a.Accounts) == 1 })
		if len(a.Chats) > 0 {
			t.Error("a draft opens a conversation")
		}
		if chat := opens(a, bob); chat.Draft != "half a line\nand another" {
			t.Errorf("after a restart: %q", chat.Draft)
		}
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "half a line\nand another", im.Open)
		a.ExpectState(bob, im.Done)
		synctest.Wait()
		if len(s.bodies()) != 1 || drafted(d, bob) != (im.Draft{}) {
			t.Errorf("sent %q, the disk has %+v", s.bodies(), drafted(d, bob))
		}
		a.M.SetDraft(bob, "x", im.Open)
		a.M.SetDraft(bob, "", im.Open)
		synctest.Wait()
		if drafted(d, bob) != (im.Draft{}) {
			t.Error("an emptied entry leaves a draft")
		}
		a.M.SetDraft(im.ConvID{Account: "fake:nobody", Peer: "x"}, "x", im.Open) // nobody's
		a.M.SetDraft(im.ConvID{Account: bob.Account}, "x", im.Open)
		synctest.Wait()
		if all, _ := d.Drafts(); len(all) > 0 {
			t.Errorf("drafts of nobody: %v", all)
		}
	})
}

// A draft of a stranger's conversation that was closed is kept as others are.
func TestADraftInAClosedConversation(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		a.M.Close(bob)
		a.M.SetDraft(bob, "late", im.Open) // the front end says so a moment later
		synctest.Wait()
		if chat := opens(a, bob); chat.Draft != "late" {
			t.Errorf("it is %q", chat.Draft)
		}
	})
}

func TestDraftsInTheEntryGoByWhatIsKept(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		draft := func(text string, began im.Level) {
			s.alice.M.SetDraft(s.to(), text, began)
			synctest.Wait()
		}
		s.Script("alice to bob: hello\n bob from alice: hello")
		draft("typed in the open", im.Open)
		if drafted(d, s.to()).Text == "" {
			t.Fatal("it is not kept")
		}
		s.Script(`
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
		`)
		synctest.Wait()
		if drafted(d, s.to()).Text != "" {
			t.Error("it is still on the disk though it would leave sealed")
		}
		draft("typed in the open, and canary", im.Open)
		s.Script("alice menu bob: End private conversation\n alice with bob: Not private")
		draft("typed in the open, and canary, and more", im.Open)
		draft("", im.Open)
		draft("canary again", im.Private) // the end came before the front end said so
		s.Script("alice switches on: automatic\n alice switches on: require")
		draft("canary required", im.Open)
		if d.wrote("canary") {
			t.Fatalf("the disk has %q", d.written)
		}
		s.Script("alice sets keepprivate: always")
		synctest.Wait()
		if got := drafted(d, s.to()); got.Text != "canary required" || !got.Private {
			t.Errorf("where private lines are kept: %+v", got)
		}
		s.Script("alice sets keepprivate: never")
		synctest.Wait()
		if drafted(d, s.to()).Text != "" {
			t.Error("where nothing private is kept any more it stays")
		}
	})
}

func TestQuittingWithADraftInMemoryOnly(t *testing.T) {
	for _, answer := range []string{"keep", "quit"} {
		onDiary(t, func(s *stage, d *diary) {
			s.private()
			s.alice.M.SetDraft(s.to(), "canary", im.Private)
			s.alice.M.Quit()
			s.alice.Reads("Quit Culver?", "A line that you wrote to bob@practice has not been sent")
			if d.wrote("canary") {
				t.Fatal("it is on the disk")
			}
			s.alice.Answer("Quit Culver?", answer)
			s.alice.Until("the end", s.alice.Stopped)
			if got := drafted(d, s.to()).Text; (got == "canary") != (answer == "keep") {
				t.Fatalf("%s: the disk has %q", answer, got)
			}
			s.alice.Start()
			s.alice.UntilOnline()
			if answer == "quit" {
				if chat := opens(s.alice, s.to()); chat.Draft != "" {
					t.Errorf("it came back: %q", chat.Draft)
				}
				return
			}
			s.alice.Until("the conversation", func() bool { return s.alice.Chats[s.to()] != nil }) // by itself
			if got := s.alice.Chats[s.to()].Draft; got != "canary" {
				t.Errorf("it is %q", got)
			}
			s.alice.M.Quit() // it is asked about again
			s.alice.Reads("Quit Culver?", "A line that you wrote")
			s.alice.Answer("Quit Culver?", "cancel")
			s.Script("alice to bob: canary") // there is no private conversation: nothing leaves in clear
			if m := s.alice.ExpectState(s.to(), im.Failed); !m.Private {
				t.Errorf("%+v", m)
			}
			synctest.Wait()
			if s.aliceNet.sent("canary") || drafted(d, s.to()).Text != "" {
				t.Error("it left in clear, or is still a draft")
			}
		})
	}
}

// Without the plugin that made them private they are not written down, either.
func TestADraftOutlastsThePlugin(t *testing.T) {
	onDiary(t, func(s *stage, d *diary) {
		s.private()
		s.alice.M.SetDraft(s.to(), "canary", im.Private)
		s.alice.M.ShowPlugins()
		s.alice.M.Answer(s.alice.Form("Plugins", "close").ID, plugin.Answers{Action: "disable", Rows: []string{"otr"}})
		s.Script("alice form: Disable | off\n alice with bob: Not private")
		s.alice.M.SetDraft(s.to(), "canary, and more", im.Private)
		synctest.Wait()
		if d.wrote("canary") {
			t.Errorf("the disk has %q", d.written)
		}
	})
}

// fullDrafts is a disk that takes no drafts.
type fullDrafts struct {
	*storage.Memory
	full atomic.Bool
}

func (f *fullDrafts) SetDraft(c im.ConvID, d im.Draft) error {
	if f.full.Load() {
		return errDamagedHere
	}
	return f.Memory.SetDraft(c, d)
}

func TestADraftThatCannotBeKept(t *testing.T) {
	f := &fullDrafts{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(f, func(id string) plugin.Store { return f.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		opens(a, bob)
		f.full.Store(true)
		a.M.SetDraft(bob, "canary", im.Open)
		synctest.Wait()
		if len(a.Trouble) > 0 {
			t.Errorf("while it is typed: %q", a.Trouble)
		}
		a.M.Quit()
		a.Answer("Quit Culver?", "keep")
		a.Reads("Quit Culver?", "could not be kept")
		f.full.Store(false)
		a.Answer("Quit Culver?", "keep")
		a.Until("the end", a.Stopped)
		if all, _ := f.Drafts(); all[bob].Text != "canary" {
			t.Errorf("%v", all)
		}
		a.Start()
		opens(a, bob)
		f.full.Store(true)
		a.M.SetDraft(bob, "", im.Open)
		a.M.Read(bob)
		a.M.Read(bob)
		a.Until("one word about it", func() bool { return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "could not be removed") })
		f.full.Store(false)
		a.M.Read(bob)
		synctest.Wait()
		if all, _ := f.Drafts(); len(all) > 0 {
			t.Errorf("%v", all)
		}
	})
}

// A very long text is not written down at each key, and asked about at the end.
func TestAVeryLongDraft(t *testing.T) {
	remembering(t, 0, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		a.M.SetDraft(bob, strings.Repeat("canary ", 20000), im.Open)
		synctest.Wait()
		if d.wrote("canary") {
			t.Error("it is on the disk")
		}
		a.M.Quit()
		a.Answer("Quit Culver?", "keep")
		a.Until("the end", a.Stopped)
		a.Start()
		if got := len(opens(a, bob).Draft); got != 140000 {
			t.Errorf("%d bytes came back", got)
		}
	})
}

func TestDraftsGoWithTheAccount(t *testing.T) {
	remembering(t, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob)
		a.M.SetDraft(bob, "canary", im.Open)
		a.M.ShowAccounts()
		a.M.Answer(a.Form("Accounts", "").ID, plugin.Answers{Action: "delete", Rows: []string{string(bob.Account)}})
		a.Until("no account", func() bool { return len(a.Accounts) == 0 })
		synctest.Wait()
		if all, _ := d.Drafts(); len(all) > 0 {
			t.Errorf("%v", all)
		}
		if n, _ := d.Count(im.Range{}, 9); n > 0 {
			t.Errorf("%d lines are left", n)
		}
	})
}

func TestDraftsAreEncrypted(t *testing.T) {
	dir, store, vault := profile(t)
	s := scenetest.New(t)
	defer s.Close()
	alice := s.Enter("alice", scenetest.Part{Network: practice.NewHub().End("alice@practice"), Store: store, Vault: vault})
	bob := im.ConvID{Account: alice.Self, Peer: "bob@practice"}
	opens(alice, bob)
	alice.M.SetDraft(bob, "a typed canary", im.Open)
	alice.M.Quit()
	alice.Until("the end", alice.Stopped)
	testkit.NoTrace(t, dir, "a typed canary")
	alice.Start()
	if got := opens(alice, bob).Draft; got != "a typed canary" {
		t.Errorf("it is %q", got)
	}
}
