package messenger_test

import (
	"context"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/storage"
)

// testnet is a network whose accounts can be tried out: the test says how that ends.
type testnet struct {
	*fakenet
	tries chan *try
}

// try is one test of an account.
type try struct {
	account         im.Account
	password, proxy string
	step            func(string)
	end             chan error
	ctx             context.Context
}

func (n *testnet) Test(ctx context.Context, a im.Account, password, proxy im.Secret, step func(string)) error {
	t := &try{account: a, password: string(password.Bytes()), proxy: string(proxy.Bytes()), step: step, end: make(chan error, 1), ctx: ctx}
	n.tries <- t
	select {
	case err := <-t.end:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// trying is a user on such a network, without an account.
func trying(t *testing.T, f func(n *testnet, vault *storage.MemoryVault, a *scenetest.Actor)) {
	synctest.Test(t, func(t *testing.T) {
		n := &testnet{newFakenet(), make(chan *try, 4)}
		store, vault := scenetest.MemoryStore(), storage.NewMemoryVault()
		a := scenetest.Join(t, "tester", messenger.New(messenger.Config{Store: store, Vault: vault, Spaces: store.Spaces, NoFirstRun: true,
			Networks: []protocol.Protocol{n}}))
		defer a.Quit()
		f(n, vault, a)
	})
}

func TestAnAccountIsTriedOutAndNothingKept(t *testing.T) {
	trying(t, func(n *testnet, vault *storage.MemoryVault, a *scenetest.Actor) {
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "test", "address=me@x", "password=hunter2", "proxy=socks5", "proxy_host=p", "proxy_user=u", "proxy_password=pp")
		try := <-n.tries
		if try.account.ID != "fake:me@x" || try.password != "hunter2" || try.proxy != "pp" || try.account.Option("proxy_host") != "p" {
			t.Errorf("tried %+v with %q and %q", try.account, try.password, try.proxy)
		}
		try.step("Connecting to x")
		a.Reads("Test Account", "Connecting to x…")
		try.step("Signing in")
		a.Reads("Test Account", "Connecting to x.")
		try.end <- nil
		a.Reads("Test Account", "It works")
		a.Answer("Test Account", "close")
		gone(a, "Test Account")
		for _, name := range []string{"password/fake:me@x", "proxy/fake:me@x"} {
			if kept, _ := vault.Get(context.Background(), name); kept != nil {
				t.Errorf("the vault has %s", name)
			}
		}
		if len(a.Accounts) != 0 || len(n.sessions) != 0 {
			t.Errorf("there is an account: %v", a.Accounts)
		}
		a.Form("Add Account", "save") // still open
	})
}

func TestATrialThatFails(t *testing.T) {
	trying(t, func(n *testnet, _ *storage.MemoryVault, a *scenetest.Actor) {
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "test", "address=me@x", "password=guess")
		(<-n.tries).end <- &protocol.Failure{Cause: protocol.WrongPassword, Text: "The password is wrong."}
		a.Reads("Test Account", "The password is wrong.")
		a.Answer("Test Account", "close")
		gone(a, "Test Account")

		a.Answer("Add Account", "test", "address=me@x", "password=guess")
		(<-n.tries).end <- &protocol.Failure{Cause: protocol.Untrusted, Text: "It cannot be trusted.",
			Certificate: &protocol.Certificate{SHA256: "c0ffee", Advice: "Ask first."}}
		a.Reads("Test Account", "c0ffee")
		a.Reads("Test Account", "Ask first.")
	})
}

func TestATrialEndsWhenItIsNotWanted(t *testing.T) {
	for _, way := range []string{"cancel", "the account's window is closed", "again"} {
		trying(t, func(n *testnet, _ *storage.MemoryVault, a *scenetest.Actor) {
			a.M.ShowAddAccount("fake")
			a.Answer("Add Account", "test", "address=me@x", "password=p")
			first := <-n.tries
			a.Form("Test Account", "cancel")
			switch way {
			case "cancel":
				a.Answer("Test Account", "cancel")
			case "again":
				a.Answer("Add Account", "test", "address=me@x", "password=q")
				<-n.tries
			default:
				a.Answer("Add Account", "cancel")
			}
			<-first.ctx.Done()
			if way != "again" {
				gone(a, "Test Account")
			}
		})
	}
}

func TestTryingOutAnAccountWithThePasswordThatIsKept(t *testing.T) {
	trying(t, func(n *testnet, _ *storage.MemoryVault, a *scenetest.Actor) {
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=me@x", "password=hunter2")
		n.online()
		a.Self = "fake:me@x"
		a.UntilOnline()
		a.M.ShowEditAccount("fake:me@x")
		a.Answer("Modify Account", "test", "server=elsewhere")
		try := <-n.tries
		if try.password != "hunter2" || try.account.Option("server") != "elsewhere" {
			t.Errorf("tried %+v with %q", try.account, try.password)
		}
		try.end <- nil
		a.Reads("Test Account", "It works")
		if len(n.sessions) != 0 || a.Accounts["fake:me@x"].Account.Option("server") != "" {
			t.Error("the account has changed")
		}
	})
}
