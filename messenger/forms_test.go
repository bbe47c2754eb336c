package messenger_test

import (
	"context"
	"testing"
	"testing/synctest"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
)

func TestSettingUpAnAccount(t *testing.T) {
	vault := storage.NewMemoryVault()
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.ShowAccounts()
		a.Answer("Accounts", "add")
		a.Reads("Add Account", "Still missing: Address")
		a.Types("Add Account", "address=bob")
		a.Reads("Add Account", "looks like")
		a.Types("Add Account", "address=alice@x")
		a.Reads("Add Account", "set up already")
		a.Types("Add Account", "address=second@x")
		a.Reads("Add Account", "Still missing: Password") // not come to yet: no alarm
		a.Types("Add Account", "address=second@x", "password=x", "password=")
		a.Reads("Add Account", "Enter the account's password")
		a.Answer("Add Account", "save", "address=second@x", "password=hunter2", "alias=Work")
		s := net.online()
		if s.password != "hunter2" {
			t.Errorf("signed in with %q", s.password)
		}
		if kept, err := vault.Get(context.Background(), "password/fake:second@x"); err != nil || string(kept) != "hunter2" {
			t.Errorf("the vault has %q, %v", kept, err)
		}
		second := im.AccountID("fake:second@x")
		a.Until("the account", func() bool { return a.Accounts[second].Account.Title() == "Work" })
		d := a.Form("Accounts", "add")
		a.M.Answer(d.ID, plugin.Answers{Action: "delete", Rows: []string{string(second)}})
		a.Until("its removal", func() bool { _, there := a.Accounts[second]; return !there })
		synctest.Wait()
		if kept, _ := vault.Get(context.Background(), "password/fake:second@x"); kept != nil {
			t.Error("the password of a deleted account is still in the vault")
		}
	})
}

func TestAPasswordThatIsNotToBeKept(t *testing.T) {
	vault := storage.NewMemoryVault()
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=second@x", "password=hunter2", "remember=")
		if s := net.online(); s.password != "hunter2" {
			t.Errorf("signed in with %q", s.password)
		}
		if kept, _ := vault.Get(context.Background(), "password/fake:second@x"); kept != nil {
			t.Errorf("the vault has %q", kept)
		}
	})
}

// begins reads the guide for newcomers up to the ways to begin.
func begins(a *scenetest.Actor) {
	a.Reads("Welcome", "Culver is a messenger")
	a.Answer("Welcome", "next")
	a.Reads("Welcome", "your keys")
	a.Answer("Welcome", "next")
	a.Reads("Welcome", "How to begin")
}

func TestFirstRunLeadsToThePracticeBuddy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		hub.Befriend("you@practice", "pat@practice", "Pat")
		store := scenetest.MemoryStore()
		m := messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), Spaces: store.Spaces,
			Networks: []protocol.Protocol{hub.Try("you@practice", "pat@practice", "Practise."), newFakenet()}})
		a := scenetest.Join(t, "newcomer", m)
		defer a.Quit()
		a.Self = "practice:you@practice"
		begins(a)
		a.Answer("Welcome", "practice")
		a.UntilOnline()
		a.Until("the conversation", func() bool { return len(a.Chats) == 1 })
		a.Until("the buddy", func() bool { return a.List.Title(im.ConvID{Account: a.Self, Peer: "pat@practice"}) == "Pat" })
		if len(a.Dialogs) != 0 {
			t.Error("a form is still open")
		}
	})
}

func TestFirstRunLeadsToABackup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := scenetest.MemoryStore()
		a := scenetest.Join(t, "newcomer", messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), Spaces: store.Spaces,
			Networks: []protocol.Protocol{newFakenet()}}))
		defer a.Quit()
		begins(a)
		a.Answer("Welcome", "restore")
		a.Form("Restore a Backup", "open")
		gone(a, "Welcome")
	})
}

func TestALateFrontEndSeesEverything(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
			bob menu alice: Start private conversation
			bob with alice: Unverified
			bob menu alice: Authenticate buddy
		`)
		bob.Form("Authenticate", "cancel")
		late := scenetest.Watch(t, "late", bob.M)
		c := with(bob, alice)
		late.Until("the same", func() bool {
			l, ok := late.Chats[c]
			return ok && l.Seal.Level == im.Private && len(l.Menus) == 1 && l.Lines.Len() == bob.Chats[c].Lines.Len() &&
				len(late.Dialogs) == 1 && late.List.Title(c) == bob.List.Title(c)
		})
	})
}

func TestBuddiesComeAndGo(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends)
		c := with(alice, bob)
		alice.M.ShowRenameBuddy(c)
		alice.Answer("Name of", "ok", "name=Bobby", "group=Work, Friends")
		alice.Until("the name", func() bool {
			b, _ := alice.List.Buddy(c)
			return b.Name == "Bobby" && len(b.Groups) == 2
		})
		alice.M.ShowAddBuddy()
		alice.Answer("Add Buddy", "ok", "address=alice@practice")
		alice.Reads("Add Buddy", "your own address")
		alice.Answer("Add Buddy", "cancel")
		alice.M.ShowRemoveBuddy(c)
		alice.Answer("Remove", "ok")
		alice.Until("the removal", func() bool { _, there := alice.List.Buddy(c); return !there })
		s.Script("bob sees alice: Offline")
	})
}

// An account of a network without rooms, or with nobody else on it, says so, and leads to
// where there are others.
func TestWhatANetworkDoesNotHaveIsSaid(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends)
		alice.M.ShowJoinRoom(im.ConvID{})
		alice.Reads("Join a Chat", "There are no rooms on the network of alice@practice.")
		alice.Answer("Join a Chat", "accounts")
		alice.Answer("Accounts", "close")
		alice.M.ShowAddRoom()
		alice.Reads("Add Chat", "There are no rooms")
		alice.Answer("Add Chat", "ok")
		alice.M.ShowAddBuddy()
		alice.Answer("Add Buddy", "ok", "address=zoe@practice")
		alice.Reads("Add Buddy", "nobody with this address here. On the practice network you can reach bob@practice.")
		alice.Answer("Add Buddy", "ok", "address=Bob") // as the Buddy List has it
		alice.M.SetAccountEnabled(alice.Self, false)
		alice.Until("the end", func() bool { return alice.Accounts[alice.Self].Status == accounts.Offline })
		alice.M.ShowNewMessage()
		alice.Reads("New Instant Message", "Connect an account first")
		alice.Answer("New Instant Message", "accounts")
		alice.Form("Accounts", "close")
	})
}
