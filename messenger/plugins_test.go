package messenger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/practice"
	"culver/storage"
)

func TestSwitchingOffWhatKeepsAConversationPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, vault := practice.NewHub(), storage.NewMemoryVault()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice"), Vault: vault})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between us
			bob from alice: between us

			alice plugin otr: disable
			alice reads: Disable | Your private conversation with bob@practice ends if you disable it.
			alice form: Disable | cancel
			alice to bob: still between us
			bob from alice: still between us
			alice with bob: Unverified

			alice plugin otr: disable
			alice form: Disable | off
			alice with bob: Not private
			alice from bob: was disabled
			bob with alice: Finished
			bob from alice: ended the private conversation
			alice to bob: in the open
			bob from alice: in the open
		`)
		c := with(alice, bob)
		if m := alice.ExpectState(c, im.Done); m.Text.String() != "in the open" || m.Seal.Level != im.Open {
			t.Errorf("the line in the open: %+v", m)
		}
		for id, there := range map[im.ConvID]bool{c: len(alice.Chats[c].Menus) > 0} {
			if there {
				t.Errorf("%v still has menus", id)
			}
		}
		if len(alice.Guides) != 0 {
			t.Errorf("there are still guides: %v", alice.Guides)
		}
		before, _ := vault.Get(t.Context(), "plugin/otr/key/"+string(alice.Self))
		s.Script(`
			alice plugin otr: enable
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between us again
			bob from alice: between us again
		`)
		after, _ := vault.Get(t.Context(), "plugin/otr/key/"+string(alice.Self))
		if len(before) == 0 || !slices.Equal(before, after) {
			t.Error("the key is another one")
		}
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "has not been authenticated") && m.Kind == im.Alarm || strings.Contains(m.Text.String(), "another key") {
				t.Errorf("bob reads of a key that changed: %q", m.Text)
			}
			if strings.HasPrefix(m.Text.String(), "between us") && m.Seal.Level != im.Private {
				t.Errorf("%q came %v", m.Text, m.Seal.Level)
			}
		}
		if len(alice.Guides) != 1 || len(alice.Trouble)+len(bob.Trouble) > 0 {
			t.Errorf("guides %v, trouble %q %q", alice.Guides, alice.Trouble, bob.Trouble)
		}
	})
}

func TestAFinishedConversationDoesNotOpenInSilence(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			alice menu bob: Start private conversation
			bob with alice: Unverified
			bob menu alice: End private conversation
			alice with bob: Finished
			alice plugin otr: disable
			alice with bob: Not private
			alice from bob: was disabled
		`)
	})
}

func TestLinesThatWaitToBePrivateStayWhenThePluginGoes(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			bob plugin otr: disable
			alice to bob: first
			bob from alice: first
			alice menu bob: Start private conversation
			alice to bob: canary one
			alice to bob: canary two
		`)
		c := with(alice, bob)
		alice.ExpectState(c, im.Waiting)
		s.Script(`
			alice plugin otr: disable
			alice reads: Disable | Lines that wait to be sent privately are not sent.
			alice form: Disable | off
		`)
		m := alice.ExpectState(c, im.Failed)
		alice.M.Retry(c, m.ID)
		synctest.Wait()
		alice.ExpectState(c, im.Failed)
		alice.Quit()
		alice.Start()
		alice.UntilOnline()
		s.Script(`
			alice to bob: hello
			bob from alice: hello
			bob to alice: hi
			alice from bob: hi
		`)
		for _, m := range bob.Chats[with(bob, alice)].Lines.Lines(0) {
			if strings.Contains(m.Text.String(), "canary") {
				t.Errorf("bob reads %q", m.Text)
			}
		}
	})
}

func rows(a *scenetest.Actor) (rows []string) {
	a.M.ShowPlugins()
	d := a.Form("Plugins", "close")
	for _, r := range d.Form.Tabs[0].Fields[0].Rows {
		rows = append(rows, r.Cells[0]+": "+r.Cells[1])
	}
	a.Answer("Plugins", "close")
	a.Until("its end", func() bool { return len(a.Dialogs) == 0 })
	return rows
}

// optional is a plugin that is off until it is wanted.
type optional struct{ booklet }

func (*optional) Info() plugin.Info {
	return plugin.Info{ID: "opt", Name: "Opt", Title: "Optional", OffByDefault: true}
}

// deaf cannot read settings once it is told so.
type deaf struct {
	*storage.Memory
	broken bool
}

func (d *deaf) Setting(key string) (string, bool, error) {
	if d.broken && strings.HasPrefix(key, "plugin.") {
		return "", false, errors.New("a file is damaged")
	}
	return d.Memory.Setting(key)
}

func TestWhichPluginsAreOnIsRemembered(t *testing.T) {
	store := &deaf{Memory: storage.NewMemory()}
	p := part(&booklet{pages: []string{"first"}}, &optional{})
	p.Store = scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })
	alone(t, p, func(_ *fakenet, a *scenetest.Actor, _ im.ConvID) {
		want := func(all ...string) {
			t.Helper()
			if got := rows(a); !slices.Equal(got, all) {
				t.Errorf("got %q, want %q", got, all)
			}
		}
		want("The Book: Yes", "Optional: No")
		a.M.ShowGuide("book", "first")
		a.Form("Help", "close")
		a.Plugin("book", "disable")
		a.Plugin("opt", "enable")
		a.Until("the end of the guide", func() bool { return len(a.Dialogs) == 0 })
		a.Until("its menus and guides to go", func() bool {
			return len(a.BuddyMenus) == 1 && a.BuddyMenus[0].Plugin == "opt" && len(a.Guides) == 1 && a.Guides[0].Plugin == "opt"
		})
		want("The Book: No", "Optional: Yes")
		a.Quit()
		a.Start()
		want("The Book: No", "Optional: Yes")
		a.Quit()
		store.broken = true // what is not known to be off is on
		a.Start()
		want("The Book: Yes", "Optional: Yes")
	})
}

func TestThePluginsWindowIsOneAndLive(t *testing.T) {
	alone(t, part(&booklet{}), func(_ *fakenet, a *scenetest.Actor, _ im.ConvID) {
		a.M.ShowPlugins()
		a.M.ShowPlugins()
		d := a.Form("Plugins", "close")
		a.M.Answer(d.ID, plugin.Answers{Action: "disable", Rows: []string{"book", "nonsense"}})
		a.Until("the change", func() bool { return a.Dialogs[d.ID].Form.Tabs[0].Fields[0].Rows[0].Cells[1] == "No" })
		a.M.Answer(d.ID, plugin.Answers{Action: "disable", Rows: []string{"book"}})
		a.M.Answer(d.ID, plugin.Answers{Action: "configure", Rows: []string{"book"}})
		synctest.Wait()
		if a.Until("nothing", func() bool { return true }); len(a.Dialogs) != 1 {
			t.Errorf("%d windows", len(a.Dialogs))
		}
	})
}

// moody is a lock that fails where it is told to.
type moody struct {
	lock
	panicsInClose, failsInInit, panicsInKeeps bool
	keeps                                     string
	closed                                    int
}

func (m *moody) Init(h plugin.Host) error {
	if m.failsInInit {
		h.Ask(im.ConvID{}, plugin.Page("Half started", "", nil, plugin.Button{ID: "ok"}), nil)
		return errors.New("its data cannot be read")
	}
	return m.lock.Init(h)
}

func (m *moody) Close() error {
	m.closed++
	if m.panicsInClose {
		panic("bug")
	}
	return nil
}

func (m *moody) SigningOff(im.AccountID) {
	if m.panicsInClose {
		panic("bug")
	}
}

func (m *moody) Loses() string {
	if m.panicsInKeeps {
		panic("bug")
	}
	return m.keeps
}

var _ plugin.Reluctant = (*moody)(nil)

func TestAPluginThatFailsAsItIsSwitched(t *testing.T) {
	p := &moody{}
	alone(t, part(p), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		p.conv = bob
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		synctest.Wait()
		p.panicsInKeeps, p.panicsInClose = true, true
		a.Plugin("lock", "disable")
		a.Reads("Disable", "could not say")
		a.Answer("Disable", "off")
		a.ExpectLevel(bob, "Not private")
		a.Expect(bob, "was disabled")
		if len(a.Trouble) == 0 || p.closed != 1 {
			t.Errorf("trouble %q, closed %d times", a.Trouble, p.closed)
		}
		p.level = im.Open
		a.M.Send(bob, "open now", im.Open)
		synctest.Wait()
		a.ExpectState(bob, im.Done)

		// It does not start again: nothing leaves.
		p.panicsInKeeps, p.panicsInClose, p.failsInInit = false, false, true
		a.Plugin("lock", "enable")
		a.M.Send(bob, "canary", im.Open)
		synctest.Wait()
		m := a.ExpectState(bob, im.Failed)
		if !strings.Contains(m.Reason, "could not be started") {
			t.Errorf("the reason is %q", m.Reason)
		}
		a.Until("no window of it", func() bool { return len(a.Dialogs) == 0 })
		if got := rows(a); !slices.Equal(got, []string{"Lock: Could not be started"}) {
			t.Errorf("got %q", got)
		}
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		a.ExpectState(bob, im.Failed)

		// It starts after all.
		p.failsInInit = false
		a.Plugin("lock", "enable")
		if got := rows(a); !slices.Equal(got, []string{"Lock: Yes"}) {
			t.Errorf("got %q", got)
		}
		a.M.Send(bob, "well again", im.Open)
		synctest.Wait()
		a.ExpectState(bob, im.Done)

		// Or it is given up, which is a decision.
		p.failsInInit = true
		a.Plugin("lock", "disable")
		a.Plugin("lock", "enable")
		a.Plugin("lock", "disable")
		a.Reads("Disable", "without its protection")
		a.Answer("Disable", "off")
		a.M.Send(bob, "without it", im.Open)
		synctest.Wait()
		a.ExpectState(bob, im.Done)
		if got := s.bodies(); !slices.Equal(got, []string{"open now", "well again", "without it"}) {
			t.Errorf("sent %q", got)
		}
	})
}

func TestALineTypedUnderTheLockNeverLeavesWithoutThePlugin(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		lostConnection(s)
		a.Until("the loss", func() bool { return a.Accounts[a.Self].Status.String() != "Online" })
		a.M.Send(bob, "canary", im.Open)
		synctest.Wait()
		a.ExpectState(bob, im.Waiting)
		a.Plugin("lock", "disable")
		a.Answer("Disable", "off")
		a.ExpectLevel(bob, "Not private")
		s = net.online()
		m := a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		a.ExpectState(bob, im.Failed)
		if len(s.bodies()) != 0 {
			t.Errorf("sent %q", s.bodies())
		}
		wantNothingKept(t, store, bob)
	})
}

// wantNothingKept fails if a line that was written to be private is on the disk.
func wantNothingKept(t *testing.T, store *storage.Memory, with im.ConvID) {
	t.Helper()
	kept, err := store.Older(with, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range kept {
		if strings.Contains(m.Text.String(), "canary") {
			t.Errorf("on the disk: %+v", m)
		}
	}
}

func TestWhatWasUnderWayIsNotWrittenDownWithoutThePlugin(t *testing.T) {
	locked(t, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, l *lock, store *storage.Memory) {
		net.silent = true
		s := net.online()
		a.UntilOnline()
		shut(s, a, bob)
		a.M.Send(bob, "canary", im.Open)
		a.ExpectState(bob, im.Sending)
		a.Plugin("lock", "disable")
		a.ExpectLevel(bob, "Not private")
		lostConnection(s)
		m := a.ExpectState(bob, im.Failed)
		s = net.online()
		a.UntilOnline()
		a.M.Retry(bob, m.ID)
		synctest.Wait()
		a.ExpectState(bob, im.Failed)
		if len(s.bodies()) != 0 {
			t.Errorf("sent %q", s.bodies())
		}
		wantNothingKept(t, store, bob)
	})
}
