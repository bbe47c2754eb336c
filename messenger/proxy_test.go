package messenger_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// TestProxyOfAnAccount: the settings are of the account, the password is in the vault
// and nowhere else, and is gone with what it was for.
func TestProxyOfAnAccount(t *testing.T) {
	vault := storage.NewMemoryVault()
	kept := func() string {
		synctest.Wait()
		b, err := vault.Get(context.Background(), "proxy/fake:second@x")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	alone(t, scenetest.Part{Plugins: noPlugins, Vault: vault}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		second := im.AccountID("fake:second@x")
		a.M.ShowAddAccount("fake")
		f := a.Form("Add Account", "").Form
		if n := slices.IndexFunc(f.Tabs, func(tab plugin.Tab) bool { return tab.Title == "Proxy" }); n < 0 || len(f.Tabs[n].Fields) < 5 {
			t.Errorf("tabs %+v", f.Tabs)
		}
		a.Types("Add Account", "address=second@x", "password=pw", "proxy=socks5", "proxy_host=")
		a.Reads("Add Account", "Enter the host of the proxy.")
		a.Answer("Add Account", "save", "address=second@x", "password=pw", "proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		s := net.online()
		if s.proxy != "canary" || s.account.Option("proxy") != "socks5" || s.account.Option("proxy_password") != "" {
			t.Errorf("connected with %q, %v", s.proxy, s.account.Options)
		}
		if kept() != "canary" {
			t.Errorf("the vault has %q", kept())
		}
		modify := func(answers ...string) *fakeSession {
			a.M.ShowEditAccount(second)
			a.Answer("Modify Account", "save", answers...)
			return net.online()
		}
		if s := modify("alias=Work", "proxy=http", "proxy_host=q", "proxy_user=me"); s.proxy != "canary" || s.account.Option("proxy_host") != "q" {
			t.Errorf("with the password as it was: %q, %v", s.proxy, s.account.Options)
		}
		if s := modify("proxy=http", "proxy_host=q", "proxy_user=me", "proxy_password=other"); s.proxy != "other" || kept() != "other" {
			t.Errorf("with another one: %q, the vault has %q", s.proxy, kept())
		}
		if s := modify("proxy=tor", "proxy_host=", "proxy_port="); s.proxy != "" || s.account.Option("proxy_user") != "" || kept() != "" {
			t.Errorf("with Tor: %q, %v, the vault has %q", s.proxy, s.account.Options, kept())
		}
		modify("proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		if s := modify("proxy="); s.proxy != "" || s.account.Option(protocol.FieldProxyHost) != "" || kept() != "" {
			t.Errorf("without: %q, %v, the vault has %q", s.proxy, s.account.Options, kept())
		}
		modify("proxy=socks5", "proxy_host=p", "proxy_user=me", "proxy_password=canary")
		a.M.ShowAccounts()
		a.M.Answer(a.Form("Accounts", "add").ID, plugin.Answers{Action: "delete", Rows: []string{string(second)}})
		a.Until("its removal", func() bool { _, there := a.Accounts[second]; return !there })
		if kept() != "" {
			t.Errorf("after its removal the vault has %q", kept())
		}
	})
}
