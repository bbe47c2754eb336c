package messenger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// fakeSafe notes what it is asked, and does it if err is nil.
type fakeSafe struct {
	mu         sync.Mutex
	passphrase bool
	noKeyring  bool
	err        error
	over       bool          // it is done in spite of err
	hold       chan struct{} // it waits for this, unless it is nil
	calls      []string
	handed     [][]byte // the passphrases, as they are now
}

var (
	_ messenger.Safe = (*fakeSafe)(nil)
	_ messenger.Safe = (*storage.Vault)(nil)
)

func (s *fakeSafe) UsesPassphrase() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passphrase
}

func (s *fakeSafe) MayUseKeyring() bool { return !s.noKeyring }

func (s *fakeSafe) do(ctx context.Context, passphrase bool, what string, handed ...[]byte) error {
	s.mu.Lock()
	for _, h := range handed {
		what += fmt.Sprintf(" %q", h)
	}
	s.calls, s.handed = append(s.calls, what), append(s.handed, handed...)
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil || s.over {
		s.passphrase = passphrase
	}
	return s.err
}

func (s *fakeSafe) ChangePassphrase(ctx context.Context, old, fresh []byte) error {
	return s.do(ctx, true, "change", old, fresh)
}
func (s *fakeSafe) UsePassphrase(ctx context.Context, fresh []byte) error {
	return s.do(ctx, true, "passphrase", fresh)
}
func (s *fakeSafe) UseKeyring(ctx context.Context, old []byte) error {
	return s.do(ctx, false, "keyring", old)
}

// has fails unless these were the calls, and their passphrases are wiped.
func (s *fakeSafe) has(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.calls, want) {
		t.Errorf("the safe was asked %q, not %q", s.calls, want)
	}
	for _, b := range s.handed {
		if slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) {
			t.Errorf("%q was not wiped", b)
		}
	}
}

func withSafe(t *testing.T, safe *fakeSafe, f func(a *scenetest.Actor)) {
	alone(t, scenetest.Part{Plugins: noPlugins, Safe: safe}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowSecurity()
		f(a)
	})
}

// gone waits until no form with the title is open.
func gone(a *scenetest.Actor, title string) {
	a.Until("the end of "+title, func() bool {
		for _, d := range a.Dialogs {
			if strings.Contains(d.Form.Title, title) {
				return false
			}
		}
		return true
	})
}

func TestSecurityChangesThePassphrase(t *testing.T) {
	safe := &fakeSafe{passphrase: true}
	withSafe(t, safe, func(a *scenetest.Actor) {
		a.Answer("Security", "change")
		a.Answer("Change the Passphrase", "save", "new=correct horse", "again=correct horse")
		a.Reads("Change the Passphrase", "Type your passphrase.")
		a.Answer("Change the Passphrase", "save", "old=x", "new=short", "again=short")
		a.Reads("Change the Passphrase", "longer")
		a.Answer("Change the Passphrase", "save", "old=x", "new=correct horse", "again=correct hose")
		a.Reads("Change the Passphrase", "not the same")
		safe.has(t)

		safe.err, safe.hold = errors.New("This is not the passphrase of this profile."), make(chan struct{})
		a.Answer("Change the Passphrase", "save", "old=x", "new=correct horse", "again=correct horse")
		a.Reads("Change the Passphrase", "Please wait")
		d := a.Form("Change the Passphrase", "")
		for _, f := range d.Form.Tabs[0].Fields {
			if !f.Off || strings.Contains(f.Value, "horse") {
				t.Errorf("at work the form shows %+v", f)
			}
		}
		for _, b := range d.Form.Buttons {
			if !b.Off {
				t.Errorf("at work one can press %q", b.Label)
			}
		}
		// Whatever is pressed all the same is not heard.
		a.M.Answer(d.ID, plugin.Answers{Action: "save", Values: map[string]string{"old": "y", "new": "correct horse", "again": "correct horse"}})
		a.M.Answer(d.ID, plugin.Answers{Action: "cancel"})
		synctest.Wait()
		close(safe.hold)
		a.Reads("Change the Passphrase", "not the passphrase of this profile")
		safe.has(t, `change "x" "correct horse"`)

		safe.err, safe.hold, safe.calls = nil, nil, nil
		a.Answer("Change the Passphrase", "save", "old=old pass", "new=correct horse", "again=correct horse")
		gone(a, "Change the Passphrase")
		a.Reads("Security", "The passphrase was changed.")
		safe.has(t, `change "old pass" "correct horse"`)
		a.Answer("Security", "change")
		a.Answer("Change the Passphrase", "cancel")
		gone(a, "Change the Passphrase")
		a.Answer("Security", "close")
		gone(a, "Security")
	})
}

func TestSecurityMoves(t *testing.T) {
	safe := &fakeSafe{}
	withSafe(t, safe, func(a *scenetest.Actor) {
		a.Reads("Security", "locking needs a passphrase")
		a.Answer("Security", "passphrase")
		a.Answer("Protect With a Passphrase", "save", "new=aaaaaaaaa", "again=aaaaaaaaa")
		a.Reads("Protect With a Passphrase", "longer")
		a.Answer("Protect With a Passphrase", "save", "new=correct horse", "again=correct horse")
		gone(a, "Protect With a Passphrase")
		safe.has(t, `passphrase "correct horse"`)
		a.Reads("Security", "locked by your passphrase")

		// Moved, and something was left over: the user is told.
		safe.err, safe.over, safe.calls = errors.New("The file could not be removed."), true, nil
		a.Answer("Security", "keyring")
		a.Answer("Use the system's keyring", "save")
		a.Reads("Use the system's keyring", "Type your passphrase.")
		a.Answer("Use the system's keyring", "save", "old=correct horse")
		gone(a, "Use the system's keyring")
		a.Answer("Security", "ok")
		safe.has(t, `keyring "correct horse"`)
		a.Reads("Security", "keyring of this system")
	})
}

// What a front end was slow to take away does nothing any more.
func TestSecurityOffersWhatIsPossible(t *testing.T) {
	safe := &fakeSafe{passphrase: true, noKeyring: true}
	withSafe(t, safe, func(a *scenetest.Actor) {
		d := a.Form("Security", "change")
		for _, f := range d.Form.Tabs[0].Fields {
			if f.ID == "keyring" || f.ID == "passphrase" {
				t.Errorf("it offers %q", f.Label)
			}
		}
		for _, action := range []string{"keyring", "passphrase", "nonsense"} {
			a.M.Answer(d.ID, plugin.Answers{Action: action})
		}
		synctest.Wait()
		if len(a.Dialogs) != 1 {
			t.Error(a.Describe())
		}
		a.M.ShowSecurity() // which brings it to the front
		a.Answer("Security", "close")
		gone(a, "Security")
		a.M.ShowSecurity()
		a.Form("Security", "close")
	})
}

func TestSecuritySetsWhenToLock(t *testing.T) {
	withSafe(t, &fakeSafe{passphrase: true}, func(a *scenetest.Actor) {
		value := func(id string) (v string) {
			for _, f := range a.Form("Security", "close").Form.Tabs[0].Fields {
				if f.ID == id {
					v = f.Value
				}
			}
			return v
		}
		if value("lock.idle") != "" || value("lock.suspend") != im.On {
			t.Error("unless somebody said so, it locks itself after a sleep, and only then")
		}
		a.Answer("Security", "lock.idle", "lock.idle=15")
		a.Until("15 minutes", func() bool { return value("lock.idle") == "15" })
		a.Answer("Security", "lock.idle", "lock.idle=nonsense")
		a.Answer("Security", "lock.suspend", "lock.suspend=")
		a.Until("the switch", func() bool { return value("lock.suspend") == "" })
		if value("lock.idle") != "15" {
			t.Errorf("after %q minutes", value("lock.idle"))
		}
		a.Quit()
		a.Start()
		a.M.ShowSecurity()
		if value("lock.idle") != "15" || value("lock.suspend") != "" {
			t.Error("forgotten")
		}
		a.Answer("Security", "lock")
		a.Until("the lock", a.Stopped)
	})
}

func TestNoSafeNoSecurity(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowSecurity()
		a.Reads("Security", "nothing to lock")
		a.Answer("Security", "ok")
	})
}

// Quitting does not wait for a keyring that does not answer.
func TestQuittingWhileTheSafeIsAtWork(t *testing.T) {
	safe := &fakeSafe{hold: make(chan struct{})}
	withSafe(t, safe, func(a *scenetest.Actor) {
		a.Answer("Security", "passphrase")
		a.Answer("Protect With a Passphrase", "save", "new=correct horse", "again=correct horse")
		a.Reads("Protect With a Passphrase", "Please wait")
		a.Quit()
		safe.has(t, `passphrase "correct horse"`)
	})
}

// While the vault is being changed, locking waits: it is not known yet whether a
// passphrase will open it again.
func TestLockingWaitsForTheVault(t *testing.T) {
	for _, test := range []struct {
		name, button, form string
		locks              bool
	}{
		{"the passphrase is another", "change", "Change the Passphrase", true},
		{"there is none any more", "keyring", "Use the system's keyring", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			safe := &fakeSafe{passphrase: true}
			withSafe(t, safe, func(a *scenetest.Actor) {
				safe.hold = make(chan struct{})
				a.Answer("Security", test.button)
				a.Answer(test.form, "save", "old=x", "new=correct horse", "again=correct horse")
				a.Reads(test.form, "Please wait")
				a.Answer("Security", "close")
				gone(a, "Security")
				a.M.ShowSecurity()
				a.Answer("Security", "change")
				step := a.Form("Change the Passphrase", "save") // a second one
				a.M.Answer(step.ID, plugin.Answers{Action: "save", Values: map[string]string{"old": "x", "new": "correct horse", "again": "correct horse"}})
				a.Reads("Change the Passphrase", "Try again when that is done")
				a.M.Lock()
				synctest.Wait()
				a.Until("nothing", func() bool { return true })
				if a.Stopped() {
					t.Fatal("locked in the middle of it")
				}
				close(safe.hold)
				if test.locks {
					a.Until("the lock", a.Stopped)
				} else {
					a.M.ShowSecurity()
					a.Form("Security", "passphrase")
					if a.Stopped() {
						t.Error("locked without a passphrase")
					}
				}
				if n := len(safe.calls); n != 1 {
					t.Errorf("%d changes at a time", n)
				}
			})
		})
	}
}
