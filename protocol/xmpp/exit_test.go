package xmpp

import (
	"context"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// tapped is a network whose every dial and every look-up is seen.
type tapped struct {
	mu       sync.Mutex
	dialled  []string
	lookedUp []string
}

func (n *tapped) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dialled = append(n.dialled, address)
	n.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (n *tapped) LookupSRV(_ context.Context, service, _, name string) (string, []*net.SRV, error) {
	n.mu.Lock()
	n.lookedUp = append(n.lookedUp, service+" "+name)
	n.mu.Unlock()
	return "", nil, &net.DNSError{IsNotFound: true}
}

// only checks that nothing was dialled but that address, and nothing looked up.
func (n *tapped) only(t *testing.T, address string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, d := range n.dialled {
		if d != address {
			t.Errorf("%s was dialled past the proxy", d)
		}
	}
	if len(n.lookedUp) > 0 {
		t.Errorf("looked up: %q", n.lookedUp)
	}
}

// behind makes a session of alice behind a proxy.
func behind(t *testing.T, n *tapped, server *xmpptest.Server, answers map[string]string) *Session {
	t.Helper()
	all := map[string]string{"address": "alice@" + xmpptest.Domain, "security": "starttls"}
	maps.Copy(all, answers)
	network := Network{Dial: n.dial, Resolver: n}
	if server != nil {
		network.Roots = server.Pool
	}
	return newSession(network, account(t, all), secret(xmpptest.Password), endless)
}

func through(p *testkit.Proxy, kind string) map[string]string {
	host, port, _ := net.SplitHostPort(p.Address)
	return map[string]string{"proxy": kind, "proxy_host": host, "proxy_port": port}
}

// leads is where a proxy leads: the one name to the server, all others nowhere.
func leads(server *xmpptest.Server) func(string, int) string {
	return func(name string, port int) string {
		if name != xmpptest.Domain || port != portStartTLS {
			return ""
		}
		return "127.0.0.1:" + strconv.Itoa(server.Port)
	}
}

func TestProxies(t *testing.T) {
	for name, c := range map[string]struct {
		kind, user, password string
	}{
		"SOCKS":                {kind: "socks5"},
		"SOCKS, with password": {kind: "socks5", user: "me", password: "pw"},
		"HTTP":                 {kind: "http"},
		"HTTP, with password":  {kind: "http", user: "me", password: "pw"},
		"Tor":                  {kind: "tor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := xmpptest.Start(t, xmpptest.Options{})
			proxy := testkit.StartProxy(t, c.password, leads(server))
			answers := through(proxy, c.kind)
			answers["proxy_user"] = c.user
			var n tapped
			s := behind(t, &n, server, answers)
			s.SetProxyPassword(secret(c.password))
			conn := run(t, s)
			wait[protocol.Online](conn, nil)
			asked := proxy.Asked()
			if len(asked) != 1 || asked[0].Name != xmpptest.Domain || c.kind != "tor" && (asked[0].User != c.user || asked[0].Password != c.password) {
				t.Errorf("the proxy was asked %+v", asked)
			}
			n.only(t, proxy.Address)

			proxy.Kill()
			conn.failure(protocol.Lost)
			again := behind(t, &n, server, answers)
			run(t, again).failure(protocol.Unreachable)
			n.only(t, proxy.Address)
		})
	}
}

// TestTorKeepsAccountsApart: what two accounts do goes through circuits of their own.
func TestTorKeepsAccountsApart(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	proxy := testkit.StartProxy(t, "", leads(server))
	seen := map[testkit.Asked]bool{}
	for range 3 {
		var n tapped
		wait[protocol.Online](run(t, behind(t, &n, server, through(proxy, "tor"))), nil)
	}
	for _, a := range proxy.Asked() {
		if len(a.User) < 20 || len(a.Password) < 20 || seen[a] || strings.Contains(a.User+a.Password, "alice") {
			t.Errorf("asked as %+v", a)
		}
		seen[a] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d circuits", len(seen))
	}
}

// TestProxyFailures: nothing is tried past a proxy that does not do its work.
func TestProxyFailures(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	nowhere := testkit.StartProxy(t, "", func(string, int) string { return "" })
	locked := testkit.StartProxy(t, "pw", leads(server))
	other := xmpptest.Start(t, xmpptest.Options{Greeting: "SSH-2.0-OpenSSH_9.2\r\n"})
	noProxy := net.JoinHostPort("127.0.0.1", strconv.Itoa(other.Port))
	for name, c := range map[string]struct {
		proxy string
		kind  string
		want  protocol.Cause
		says  string
	}{
		"no way":             {nowhere.Address, "socks5", protocol.Unreachable, "Connect to server"},
		"no way, Tor":        {nowhere.Address, "tor", protocol.Unreachable, "Tor got no connection"},
		"no way, HTTP":       {nowhere.Address, "http", protocol.Unreachable, "Connect to server"},
		"no password":        {locked.Address, "socks5", protocol.WrongPassword, "under Proxy"},
		"no password, HTTP":  {locked.Address, "http", protocol.WrongPassword, "under Proxy"},
		"not a proxy":        {noProxy, "socks5", protocol.Unreachable, "not a proxy"},
		"not a proxy, HTTP":  {noProxy, "http", protocol.Unreachable, "not a proxy"},
		"nobody there":       {"127.0.0.1:1", "socks5", protocol.Unreachable, "does not answer"},
		"nobody there, Tor":  {"127.0.0.1:1", "tor", protocol.Unreachable, "Start Tor"},
		"nobody there, HTTP": {"127.0.0.1:1", "http", protocol.Unreachable, "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var n tapped
			host, port, _ := net.SplitHostPort(c.proxy)
			s := behind(t, &n, server, map[string]string{"proxy": c.kind, "proxy_host": host, "proxy_port": port})
			f := run(t, s).failure(c.want)
			if !strings.Contains(f.Text, c.says) {
				t.Errorf("%q does not say %q", f.Text, c.says)
			}
			n.only(t, c.proxy)
		})
	}
}

// TestProxySettingsThatMakeNoSense: an account that should have a proxy is never
// connected without one, whatever became of its settings.
func TestProxySettingsThatMakeNoSense(t *testing.T) {
	for _, options := range []map[string]string{
		{"proxy": "socks4", "proxy_host": "127.0.0.1"},
		{"proxy": "Tor"},
		{"proxy": "socks5"},
		{"proxy": "http", "proxy_host": "127.0.0.1", "proxy_port": "-1"},
	} {
		var n tapped
		a := account(t, map[string]string{"address": "alice@" + xmpptest.Domain})
		maps.Copy(a.Options, options)
		f := run(t, newSession(Network{Dial: n.dial, Resolver: &n}, a, secret("x"), endless)).failure(protocol.WrongAddress)
		if len(n.dialled)+len(n.lookedUp) > 0 {
			t.Errorf("%v: dialled %q, looked up %q", options, n.dialled, n.lookedUp)
		}
		if !strings.Contains(f.Text, "Proxy") {
			t.Errorf("%v: %s", options, f.Text)
		}
	}
}

// TestOnion: an address inside Tor is not asked for in the DNS.
func TestOnion(t *testing.T) {
	onion := strings.Repeat("a", 56) + ".onion"
	for _, answers := range []map[string]string{
		{"address": "alice@" + onion}, {"address": "alice@example.net", "server": onion}, {"address": "alice@example.net", "server": "x.ONION."},
	} {
		if _, err := (Network{}).Account(answers); err == nil || !strings.Contains(err.Error(), "Tor") {
			t.Errorf("%v: %v", answers, err)
		}
		answers["proxy"] = "tor"
		a, err := Network{}.Account(answers)
		if err != nil {
			t.Fatal(err)
		}
		delete(a.Options, "proxy")
		var n tapped
		run(t, newSession(Network{Dial: n.dial, Resolver: &n}, a, secret("x"), endless)).failure(protocol.WrongAddress)
		if len(n.dialled)+len(n.lookedUp) > 0 {
			t.Errorf("%v: dialled %q, looked up %q", answers, n.dialled, n.lookedUp)
		}
	}
}

// TestOneWayOut: nothing in the package makes connections or asks for names but what
// knows of the proxy.
func TestOneWayOut(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		found, err := filepath.Glob(pattern)
		must(t, err)
		files = append(files, found...)
	}
	ways := regexp.MustCompile(`network\.dial(Checked)?\(|\bnet\.(Dial|Listen|Lookup|Dialer|Resolver|DefaultResolver)|tls\.(Dial|Listen)|http\.(Get|Post|DefaultClient|DefaultTransport)|network\.resolver\(`)
	allowed := map[string]int{"exit.go": 2, "elsewhere.go": 1, "network.go": 3, "targets.go": 2} // as often as it stands there
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "xmpptest") {
			continue
		}
		source, err := os.ReadFile(file)
		must(t, err)
		if found := ways.FindAllString(string(source), -1); len(found) != allowed[file] {
			t.Errorf("%s: %q", file, found)
		}
	}
}
