package outside

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// TestTheRecorderSees is the control: what must not happen is seen if it happens.
func TestTheRecorderSees(t *testing.T) {
	r := testkit.Confine(t)
	if r == nil {
		return
	}
	if strays := r.Strays(t, nothing); len(strays) > 0 {
		t.Fatalf("before anything happened: %q", strays)
	}
	if _, err := net.DefaultResolver.LookupHost(context.Background(), "leak.example.net"); err == nil {
		t.Error("somebody knows the address of leak.example.net")
	}
	if conn, err := net.DialTimeout("tcp", "198.51.100.7:443", time.Second); err == nil {
		conn.Close()
		t.Error("somebody answers at 198.51.100.7")
	}
	if conn, err := net.DialTimeout("tcp", "127.0.0.1:1", time.Second); err == nil {
		conn.Close()
	}
	if conn, err := net.Dial("udp", "[2001:db8::7]:5353"); err == nil {
		_, _ = conn.Write([]byte("x"))
		conn.Close()
	} else {
		t.Logf("without IPv6: %v", err)
	}
	all := strings.Join(r.Strays(t, nothing), "\n")
	for _, want := range []string{"> " + testkit.Resolver + ":53", "> 198.51.100.7:443", "> 127.0.0.1:1"} {
		if !strings.Contains(all, want+"\n") && !strings.HasSuffix(all, want) {
			t.Errorf("nothing was seen of %q in\n%s", want, all)
		}
	}
}

func nothing(testkit.Flow) bool { return false }

// at is where a flow goes, by one of its ends.
func at(kind string, all ...string) func(testkit.Flow) bool {
	return func(f testkit.Flow) bool { return f.Kind == kind && slices.Contains(all, f.To.String()) }
}

func either(a, b func(testkit.Flow) bool) func(testkit.Flow) bool {
	return func(f testkit.Flow) bool { return a(f) || b(f) }
}

// pair are alice and bob, friends, of one server.
type pair struct {
	scene      *scenetest.Scene
	alice, bob *scenetest.Actor
}

func meet(t *testing.T, server *testkit.Server, answers map[string]string) *pair {
	t.Helper()
	s := scenetest.New(t)
	enter := func(name string) *scenetest.Actor {
		all := map[string]string{"address": name + "@" + server.Host}
		for id, v := range answers {
			all[id] = v
		}
		return s.Enter(name, scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Answers: all, Password: name + "-password"})
	}
	return &pair{s, enter("alice"), enter("bob")}
}

func (p *pair) with(a, b *scenetest.Actor) im.ConvID {
	return im.ConvID{Account: a.Self, Peer: b.Self.Bare()}
}

// start starts a server. What the test kit itself sent to see whether it is there is
// returned by its flows.
func start(t *testing.T, r *testkit.Recording, o testkit.ServerOptions) (server *testkit.Server, before func(testkit.Flow) bool) {
	o.Users = map[string]string{"alice": "alice-password", "bob": "bob-password"}
	o.Friends = [][2]string{{"alice", "bob"}}
	server = testkit.StartProsody(t, o)
	flows := r.Flows(t)
	return server, func(f testkit.Flow) bool { return slices.Contains(flows, f) }
}

// services are where a server listens, and what it has for files: by its address and by
// its name, localhost, which may mean IPv6.
func services(server *testkit.Server) (all []string) {
	for _, host := range []string{server.Address, "::1"} {
		for _, port := range []int{server.C2S, server.HTTPS, server.Proxy65} {
			all = append(all, net.JoinHostPort(host, strconv.Itoa(port)))
		}
	}
	return all
}

// TestOnlyTheServer: two people sign in, talk, become private, send a file and leave.
// No packet goes anywhere but to the server, and no name is looked up.
func TestOnlyTheServer(t *testing.T) {
	onlyTheServer(t, testkit.ServerOptions{}, func(s *testkit.Server) int { return s.HTTPS })
}

// The same holds for files that the server's proxy passes on, and for those that go
// inside the stream.
func TestOnlyTheServersProxy(t *testing.T) {
	onlyTheServer(t, testkit.ServerOptions{NoUpload: true}, func(s *testkit.Server) int { return s.Proxy65 })
}

func TestOnlyTheStream(t *testing.T) {
	onlyTheServer(t, testkit.ServerOptions{NoUpload: true, NoProxy: true}, func(*testkit.Server) int { return 0 })
}

// onlyTheServer lives on such a server, whose port is the way of files; 0: they have none
// but the stream.
func onlyTheServer(t *testing.T, o testkit.ServerOptions, way func(*testkit.Server) int) {
	t.Helper()
	r := testkit.Confine(t)
	if r == nil {
		return
	}
	server, before := start(t, r, o)
	p := meet(t, server, map[string]string{"server": server.Address, "port": strconv.Itoa(server.C2S)})
	defer p.scene.Close()
	p.live(t)
	if strays := r.Strays(t, either(before, at("tcp", services(server)...))); len(strays) > 0 {
		t.Errorf("packets went past the server:\n%s", strings.Join(strays, "\n"))
	}
	for _, port := range []int{server.HTTPS, server.Proxy65} {
		used := slices.ContainsFunc(r.Flows(t), func(f testkit.Flow) bool {
			return !before(f) && int(f.To.Port()) == port
		})
		if used != (port == way(server)) {
			t.Errorf("the port %d is used: %t, but files go by %d", port, used, way(server))
		}
	}
}

// live is a day in the life of two people.
func (p *pair) live(t *testing.T) {
	t.Helper()
	p.alice.UntilOnline()
	p.bob.UntilOnline()
	p.scene.Script(`
		alice sees bob: Available
		bob sees alice: Available
		alice to bob: an open line
		bob from alice: an open line
		alice menu bob: Start private conversation
		alice with bob: Unverified
		bob with alice: Unverified
		alice to bob: a private line
		bob from alice: a private line
		bob to alice: another one
		alice from bob: another one
	`)
	p.sendFile(t)
	p.scene.Script("alice leaves:\n bob sees alice: Offline\n bob leaves:")
	for _, a := range []*scenetest.Actor{p.alice, p.bob} {
		a.Until("being offline", func() bool { return a.Accounts[a.Self].Status == accounts.Offline })
	}
}

func (p *pair) sendFile(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.png")
	if err := os.WriteFile(path, []byte(strings.Repeat("not really a picture", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	p.alice.M.SendFiles(p.with(p.alice, p.bob), []string{path})
	offered := p.bob.Transfer(p.with(p.bob, p.alice), messenger.TransferOffered)
	p.bob.M.AcceptTransfer(offered.ID, filepath.Join(t.TempDir(), "picture.png"))
	p.bob.Transfer(p.with(p.bob, p.alice), messenger.TransferFinished)
	p.alice.Transfer(p.with(p.alice, p.bob), messenger.TransferFinished)
}

// TestTor: with Tor nothing is looked up and nothing goes past it; and when it dies,
// nothing goes anywhere.
func TestTor(t *testing.T) {
	r := testkit.Confine(t)
	if r == nil {
		return
	}
	server, before := start(t, r, testkit.ServerOptions{})
	behind := net.JoinHostPort(server.Address, strconv.Itoa(server.C2S))
	const exit = "127.0.0.2" // from where the proxy goes on: nobody else comes from there
	services := services(server)
	tor := testkit.StartProxy(t, "", func(name string, port int) string {
		to := net.JoinHostPort(server.Address, strconv.Itoa(port))
		switch {
		case name == server.Host && port == 5222:
			return behind
		case strings.HasSuffix(name, server.Host) && slices.Contains(services, to): // for files
			return to
		}
		return ""
	})
	tor.ComeFrom(exit)
	host, port, _ := net.SplitHostPort(tor.Address)
	p := meet(t, server, map[string]string{"proxy": "tor", "proxy_host": host, "proxy_port": port})
	defer p.scene.Close()
	past := func() []string {
		return r.Strays(t, either(before, either(at("tcp", tor.Address), func(f testkit.Flow) bool {
			return at("tcp", services...)(f) && f.From.Addr() == netip.MustParseAddr(exit)
		})))
	}
	p.alice.UntilOnline()
	p.bob.UntilOnline()
	p.scene.Script(`
		alice sees bob: Available
		alice to bob: an open line
		bob from alice: an open line
		alice menu bob: Start private conversation
		alice with bob: Unverified
		bob with alice: Unverified
		alice to bob: a private line
		bob from alice: a private line
	`)
	p.sendFile(t)
	if strays := past(); len(strays) > 0 {
		t.Errorf("packets went past Tor:\n%s", strings.Join(strays, "\n"))
	}
	users := map[string]bool{}
	for _, a := range tor.Asked() {
		users[a.User+" "+a.Password] = true
	}
	if len(users) < 2 {
		t.Errorf("the accounts share a circuit: %+v", tor.Asked())
	}

	tor.Kill()
	for _, a := range []*scenetest.Actor{p.alice, p.bob} {
		for range 3 {
			a.Until("waiting for Tor", func() bool {
				s := a.Accounts[a.Self]
				return s.Status == accounts.Waiting && s.Problem != nil && strings.Contains(s.Problem.Text, "Tor does not answer")
			})
			a.M.Reconnect(a.Self)
			a.Until("trying again", func() bool { return a.Accounts[a.Self].Status != accounts.Waiting })
		}
	}
	p.alice.M.Send(p.with(p.alice, p.bob), "into the void", im.Open)
	if strays := past(); len(strays) > 0 {
		t.Errorf("without Tor, packets went out:\n%s", strings.Join(strays, "\n"))
	}
}
