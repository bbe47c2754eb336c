package messenger_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/storage"
)

const forAll = "Proxy for All Accounts"

// preferProxy chooses the proxy for all accounts.
func preferProxy(a *scenetest.Actor, answers ...string) {
	a.M.ShowPreferences(messenger.PageNetwork)
	a.Answer("Preferences", "show.proxy")
	a.Answer(forAll, "save", answers...)
	gone(a, forAll)
}

// TestProxyForAllAccounts: an account without a proxy of its own goes through the one for
// all, as soon as there is one, and until there is none. An account can have its own, or
// go directly.
func TestProxyForAllAccounts(t *testing.T) {
	vault := storage.NewMemoryVault()
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		if s := net.online(); s.account.Option(protocol.FieldProxy) != "" {
			t.Errorf("at first: %v", s.account.Options)
		}
		a.UntilOnline()
		a.M.ShowPreferences(messenger.PageNetwork)
		a.Reads("Preferences", "The proxy for all accounts: none")
		a.Answer("Preferences", "show.proxy")
		a.Types(forAll, "proxy=socks5", "proxy_host=")
		a.Reads(forAll, "Enter the host of the proxy.")
		a.Answer(forAll, "save", "proxy=socks5", "proxy_host=p.example", "proxy_user=me", "proxy_password=canary")
		s := net.online()
		if s.account.Option("proxy") != "socks5" || s.account.Option("proxy_host") != "p.example" || s.proxy != "canary" {
			t.Errorf("connected with %v, %q", s.account.Options, s.proxy)
		}
		gone(a, forAll)
		a.UntilOnline()
		if set := a.Accounts[a.Self].Account; set.Option("proxy") != protocol.ProxyForAll || set.Option("proxy_host") != "" {
			t.Errorf("kept: %v", set.Options)
		}
		a.Reads("Preferences", "SOCKS 5, p.example:1080")

		modify := func(answers ...string) *fakeSession {
			a.M.ShowEditAccount(a.Self)
			a.Answer("Modify Account", "save", answers...)
			s := net.online()
			a.UntilOnline()
			return s
		}
		a.M.ShowEditAccount(a.Self)
		for _, tab := range a.Form("Modify Account", "").Form.Tabs {
			for _, f := range tab.Fields {
				if f.ID == protocol.FieldProxy && (f.Value != protocol.NoProxy || f.Choices[0].Label != "As for all accounts: SOCKS 5, p.example:1080") {
					t.Errorf("the choice: %+v", f)
				}
			}
		}
		a.Answer("Modify Account", "cancel")
		gone(a, "Modify Account")
		if s := modify("alias=Work"); s.account.Option("proxy_host") != "p.example" || s.proxy != "canary" {
			t.Errorf("after another change: %v, %q", s.account.Options, s.proxy)
		}
		if s := modify("proxy=direct"); s.account.Option("proxy_host") != "" || s.proxy != "" {
			t.Errorf("directly: %v, %q", s.account.Options, s.proxy)
		}
		if s := modify("proxy=http", "proxy_host=own"); s.account.Option("proxy") != "http" || s.account.Option("proxy_host") != "own" || s.proxy != "" {
			t.Errorf("with its own: %v, %q", s.account.Options, s.proxy)
		}
		if s := modify("proxy="); s.account.Option("proxy_host") != "p.example" || s.proxy != "canary" {
			t.Errorf("as for all again: %v, %q", s.account.Options, s.proxy)
		}

		preferProxy(a, "proxy=")
		if s := net.online(); s.account.Option("proxy") != "" {
			t.Errorf("after there is none: %v", s.account.Options)
		}
		synctest.Wait()
		if b, _ := vault.Get(context.Background(), "proxy"); b != nil {
			t.Errorf("the vault still has %q", b)
		}
	})
}

// TestALostProxyForAllIsNotDoneWithout: where the setting is lost or damaged, an account
// that had that proxy never connects without one, until the user says so.
func TestALostProxyForAllIsNotDoneWithout(t *testing.T) {
	for name, setting := range map[string]string{"lost": "", "damaged": "gopher://x", "cut off": "socks5:"} {
		t.Run(name, func(t *testing.T) {
			store := scenetest.MemoryStore()
			alone(t, scenetest.Part{Plugins: noPlugins, Store: store}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
				net.online()
				a.UntilOnline()
				preferProxy(a, "proxy=tor")
				net.online()
				a.UntilOnline()
				a.Quit()
				if err := store.SetSetting(messenger.SettingProxy, setting); err != nil {
					t.Fatal(err)
				}
				a.Start()
				s := net.online()
				if _, err := protocol.ProxyOf(s.account); err == nil || !strings.Contains(err.Error(), "all accounts") {
					t.Errorf("connects with %v: %v", s.account.Options, err)
				}
				a.UntilOnline()
				preferProxy(a, "proxy=")
				if s := net.online(); s.account.Option("proxy") != "" {
					t.Errorf("after the user's word: %v", s.account.Options)
				}
				a.Until("its connection", func() bool { return a.Accounts[a.Self].Status == accounts.Online })
			})
		})
	}
}

// TestNewAccountsGoThroughTheProxyForAll: a trial does, and so does what makes an account.
func TestNewAccountsGoThroughTheProxyForAll(t *testing.T) {
	trying(t, func(n *testnet, _ *storage.MemoryVault, a *scenetest.Actor) {
		preferProxy(a, "proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "test", "address=me@x", "password=hunter2", "proxy_password=another")
		if try := <-n.tries; try.account.Option("proxy_host") != "p" || try.proxy != "canary" {
			t.Errorf("tried %v with %q", try.account.Options, try.proxy)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		n := &doornet{questions: someQuestions}
		_, a := withoutAccount(t, n)
		defer a.Quit()
		begins(a)
		preferProxy(a, "proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		a.Answer("Welcome", "register")
		a.Answer(registerTitle, "next", "host=one.example")
		a.Answer(registerTitle, "create", "server.name=alice", "server.password="+goodPassword, "repeat="+goodPassword)
		s := n.online()
		if asked := n.asked[0]["proxy"]; asked != "p canary" || s.account.Option("proxy_host") != "p" || s.proxy != "canary" {
			t.Errorf("made through %q, signed in through %v with %q", asked, s.account.Options, s.proxy)
		}
		a.Until("the account", func() bool { return a.Accounts[s.account.ID].Status == accounts.Online })
		if set := a.Accounts[s.account.ID].Account; set.Option("proxy") != protocol.ProxyForAll || set.Option("proxy_host") != "" {
			t.Errorf("kept: %v", set.Options)
		}
	})
}
