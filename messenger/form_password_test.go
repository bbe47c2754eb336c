package messenger_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// keepernet is a network on which accounts can be changed.
type keepernet struct{ *fakenet }

func (n keepernet) New(a im.Account, password im.Secret) protocol.Session {
	return &keeperSession{fakeSession: n.fakenet.New(a, password).(*fakeSession)}
}

type keeperSession struct {
	*fakeSession
}

func (s *keeperSession) ChangePassword(p im.Secret) error {
	s.set("password " + string(p.Bytes()))
	return nil
}

func (s *keeperSession) RemoveAccount() error {
	s.set("remove")
	return nil
}

// set notes what was asked of the server, among what was sent.
func (s *keeperSession) set(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wire = append(s.wire, protocol.Outgoing{Body: what})
}

// withAccount is somebody whose only account is online, and the Accounts window.
func withAccount(t *testing.T) (*home, *fakeSession, *scenetest.Actor, func(action string)) {
	h := newHome()
	h.net = newFakenet()
	if err := errors.Join(h.store.SaveAccount(im.Account{ID: "fake:alice@x", Enabled: true, Options: map[string]string{}}),
		h.vault.Put(context.Background(), "password/fake:alice@x", []byte("old password"))); err != nil {
		t.Fatal(err)
	}
	m := messenger.New(messenger.Config{Store: h.store, Vault: h.vault, Networks: []protocol.Protocol{keepernet{h.net}}})
	a := scenetest.Join(t, "somebody", m)
	s := h.net.online()
	synctest.Wait()
	a.M.ShowAccounts()
	return h, s, a, func(action string) {
		t.Helper()
		a.M.Answer(a.Form("Accounts", "add").ID, plugin.Answers{Action: action, Rows: []string{"fake:alice@x"}})
		synctest.Wait()
	}
}

func TestThePasswordIsChangedOnTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s, a, do := withAccount(t)
		defer a.Quit()
		const title = "Change Password"
		do("password")
		a.Answer(title, "change", "new=alice1234", "again=alice1234")
		a.Reads(title, "easy to guess")
		a.Answer(title, "change", "new="+goodPassword, "again=other")
		a.Reads(title, "not the same")
		a.Answer(title, "change", "new="+goodPassword, "again="+goodPassword)
		a.Reads(title, "Please wait")
		s.events <- protocol.PasswordChanged{Problem: "It is too simple."}
		a.Reads(title, "It is too simple.")
		a.Answer(title, "change", "new="+goodPassword, "again="+goodPassword)
		synctest.Wait()
		if got := s.bodies(); len(got) != 2 || got[1] != "password "+goodPassword {
			t.Fatalf("the server was asked %q", got)
		}
		kept := func() string {
			b, err := h.vault.Get(context.Background(), "password/fake:alice@x")
			if err != nil {
				t.Error(err)
			}
			return string(b)
		}
		if kept() != "old password" {
			t.Error("the new one is kept before it is in force")
		}
		s.events <- protocol.PasswordChanged{}
		a.Reads(title, "The password was changed.")
		if kept() != goodPassword {
			t.Errorf("kept is %q", kept())
		}
		a.Answer(title, "ok")

		do("password")
		a.Answer(title, "change", "new="+goodPassword+"2", "again="+goodPassword+"2")
		synctest.Wait()
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "Lost."}
		a.Reads(title, "If signing in fails now, the new password is in force")
	})
}

func TestTheAccountIsDeletedFromTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s, a, do := withAccount(t)
		defer a.Quit()
		do("unregister")
		s.events <- protocol.AccountKept{Problem: "The server did not want to."}
		a.Until("the reason", func() bool { return len(a.Trouble) == 1 && a.Trouble[0] == "The server did not want to." })
		do("unregister")
		if got := s.bodies(); len(got) != 2 || got[1] != "remove" {
			t.Fatalf("the server was asked %q", got)
		}
		s.ended <- &protocol.Failure{Cause: protocol.AccountGone, Text: "It was deleted."}
		a.Reads("Account deleted", "It was deleted.")
		synctest.Wait()
		if list, err := h.store.Accounts(); len(list) != 0 || err != nil {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
