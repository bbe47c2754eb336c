package messenger_test

import (
	"context"
	"crypto/x509"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"culver/accounts"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
	"culver/storage"
)

// dialled is a network on which it is known where every connection went.
type dialled struct {
	mu sync.Mutex
	to []string
}

func (d *dialled) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	d.to = append(d.to, address)
	d.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, address)
}

// only reports whether there was nothing but these.
func (d *dialled) only(addresses ...string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !slices.ContainsFunc(d.to, func(a string) bool { return !slices.Contains(addresses, a) })
}

// Two accounts in one messenger, one at a Prosody and one at an ejabberd, each through a
// proxy of its own. On both lists there is a bob@localhost: two people, and nothing of
// the one gets to the other. What happens to one account, the other does not notice.
func TestServersTwoAccountsInOneMessenger(t *testing.T) {
	options := func(own string) testkit.ServerOptions {
		return testkit.ServerOptions{Users: map[string]string{own: own + "-pw", "bob": "pw"}, Friends: [][2]string{{own, "bob"}}}
	}
	one, two := testkit.StartProsody(t, options("ann")), testkit.StartEjabberd(t, options("eve"))
	roots := x509.NewCertPool()
	for _, s := range []*testkit.Server{one, two} {
		pem, err := os.ReadFile(s.CAFile)
		if err != nil || !roots.AppendCertsFromPEM(pem) {
			t.Fatalf("its certificate: %v", err)
		}
	}
	leads := func(name string, s *testkit.Server) *testkit.Proxy {
		return testkit.StartProxy(t, "", func(asked string, port int) string {
			if asked != name {
				return ""
			}
			return net.JoinHostPort(s.Address, strconv.Itoa(s.DirectTLS))
		})
	}
	first, second := leads("one.example.net", one), leads("two.example.net", two)
	answers := func(own, server string, p *testkit.Proxy) map[string]string {
		host, port, _ := net.SplitHostPort(p.Address)
		return map[string]string{"address": own + "@localhost", "server": server, "port": "5223", "security": "direct",
			"proxy": "socks5", "proxy_host": host, "proxy_port": port, "proxy_user": own}
	}

	s := scenetest.New(t)
	defer s.Close()
	var to dialled
	store, vault := scenetest.MemoryStore(), storage.NewMemoryVault()
	network := xmpp.Network{Roots: roots, Dial: to.dial}
	eve, err := network.Account(answers("eve", "two.example.net", second))
	if err != nil {
		t.Fatal(err)
	}
	eve.Enabled = true
	if err := store.SaveAccount(eve); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"password/" + string(eve.ID): "eve-pw", "proxy/" + string(eve.ID): "second", "proxy/xmpp:ann@localhost": "first"} {
		if err := vault.Put(t.Context(), name, []byte(secret)); err != nil {
			t.Fatal(err)
		}
	}
	us := s.Enter("ann", scenetest.Part{Network: network, Answers: answers("ann", "one.example.net", first), Password: "ann-pw", Store: store, Vault: vault})
	bob := func(name string, at *testkit.Server) *scenetest.Actor {
		return s.Enter(name, scenetest.Part{Network: xmpp.Network{Roots: at.Pool}, Password: "pw",
			Answers: map[string]string{"address": "bob@localhost", "server": at.Address, "port": strconv.Itoa(at.DirectTLS), "security": "direct"}})
	}
	bob1, bob2 := bob("bob1", one), bob("bob2", two)
	to1, to2 := im.ConvID{Account: us.Self, Peer: "bob@localhost"}, im.ConvID{Account: eve.ID, Peer: "bob@localhost"}
	from1, from2 := im.ConvID{Account: bob1.Self, Peer: "ann@localhost"}, im.ConvID{Account: bob2.Self, Peer: "eve@localhost"}
	status := func(id im.AccountID) accounts.Status { return us.Accounts[id].Status }
	shown := func(c im.ConvID, show im.Show) {
		t.Helper()
		us.Until("that presence", func() bool { p, _ := us.List.Presence(c); return p.Show == show })
	}

	for _, a := range []*scenetest.Actor{us, bob1, bob2} {
		a.Switch("automatic", false)
	}
	us.Until("both accounts online", func() bool { return status(us.Self) == accounts.Online && status(eve.ID) == accounts.Online })
	shown(to1, im.Available)
	shown(to2, im.Available)

	// Each line gets to the one that it is for.
	us.M.Send(to1, "for the first", im.Open)
	us.M.Send(to2, "for the second", im.Open)
	reads(t, bob1, from1, "for the first")
	reads(t, bob2, from2, "for the second")
	bob1.M.Send(from1, "by the first", im.Open)
	bob2.M.Send(from2, "by the second", im.Open)
	reads(t, us, to1, "for the first", "by the first")
	reads(t, us, to2, "for the second", "by the second")

	// A private conversation with one is none with the other.
	us.Choose(to1, "Start private conversation")
	us.ExpectLevel(to1, "Unverified")
	bob1.ExpectLevel(from1, "Unverified")
	us.M.Send(to1, "canary", im.Private)
	bob1.Expect(from1, "canary")
	us.ExpectLevel(to2, "Not private")
	bob1.M.SetPresence(im.Presence{Show: im.Away})
	shown(to1, im.Away)
	shown(to2, im.Available)

	// The first loses its server; the other goes on.
	one.Kill()
	us.Until("the loss of one account", func() bool { return status(us.Self) != accounts.Online })
	us.M.Send(to2, "in spite of that", im.Open)
	bob2.Expect(from2, "in spite of that")
	bob2.M.Send(from2, "indeed", im.Open)
	us.Expect(to2, "indeed")
	shown(to2, im.Available)
	if status(eve.ID) != accounts.Online {
		t.Errorf("the other account is %v", status(eve.ID))
	}
	one.Start(t)
	for _, a := range []*scenetest.Actor{us, bob1} {
		a.M.Reconnect(a.Self)
		a.UntilOnline()
	}
	shown(to1, im.Away)

	// Nor does the other notice that the first one's proxy is gone. Nobody goes past it.
	first.Kill()
	us.Until("the loss of one account", func() bool { return status(us.Self) != accounts.Online })
	us.M.Reconnect(us.Self)
	us.Until("that it failed", func() bool { return us.Accounts[us.Self].Problem != nil && status(us.Self) != accounts.Connecting })
	us.M.Send(to2, "still here", im.Open)
	bob2.Expect(from2, "still here")

	if !to.only(first.Address, second.Address) {
		t.Errorf("past the proxies, %v was dialled", to.to)
	}
	for _, p := range []struct {
		proxy                *testkit.Proxy
		name, user, password string
	}{{first, "one.example.net", "ann", "first"}, {second, "two.example.net", "eve", "second"}} {
		for _, asked := range p.proxy.Asked() {
			if asked.Name != p.name || asked.User != p.user || asked.Password != p.password {
				t.Errorf("the proxy of %s was asked %+v", p.user, asked)
			}
		}
	}
	for server, kept := range map[*testkit.Server]struct {
		open string
		from []string
	}{
		one: {"for the first", []string{"canary", "for the second", "by the second", "in spite of that", "indeed", "still here", "eve@"}},
		two: {"for the second", []string{"canary", "for the first", "by the first", "?OTR", "ann@"}},
	} {
		seen := server.Stanzas()
		if !strings.Contains(seen, kept.open) {
			t.Errorf("the record of %s does not even hold %q: it cannot be trusted", server.Name, kept.open)
		}
		for _, text := range kept.from {
			if strings.Contains(seen, text) {
				t.Errorf("%s saw %q", server.Name, text)
			}
		}
	}
}
