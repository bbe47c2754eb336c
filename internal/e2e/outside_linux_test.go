//go:build e2e

package e2e

import (
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// TestOnlyTheServer: two real programs sign in, talk, send each other files and a link to
// one, become private and quit in a network that leads nowhere. No packet goes anywhere
// but to the server.
func TestOnlyTheServer(t *testing.T) {
	r := testkit.Confine(t)
	if r == nil {
		return
	}
	c := acquainted(t)
	turnsOffAutomatic(c.alice)
	turnsOffAutomatic(c.bob)
	from, to := t.TempDir(), t.TempDir()
	content := picture(t)
	keeps(t, filepath.Join(from, "canary.png"), content)
	keeps(t, filepath.Join(from, "open.txt"), []byte("for everybody"))
	opens(c.alice, bobAddress)
	says(c.alice, "an open line")
	c.bob.Fronts("Buddy List")
	c.bob.DoubleClicks("buddy", aliceAddress)
	c.bob.Sees("line", "an open line")
	sendsFile(c.alice, filepath.Join(from, "open.txt"))
	c.alice.Clicks("button", "Send unprotected")
	c.bob.Sees("line", "https://localhost")
	c.alice.Clicks("menubutton", "Not private")
	c.alice.Clicks("menuitem", "Start private conversation")
	for _, p := range []string{"canary one", "canary two"} {
		c.alice.Sees("menubutton", "Unverified")
		says(c.alice, p)
		c.bob.Sees("line", p)
	}
	sendsFile(c.alice, filepath.Join(from, "canary.png"))
	takesFile(c.bob, "Save as", filepath.Join(to, "got.png"))
	c.bob.Sees("line", "You got canary.png")
	c.alice.Sees("line", "canary.png (1.8 kB) was sent")
	arrived(t, filepath.Join(to, "got.png"), content)
	c.leave("an open line", c.alice, c.bob)

	var server []string
	for _, host := range []string{c.server.Address, "::1"} { // its name is localhost, which may mean IPv6
		for _, port := range []int{c.server.C2S, c.server.DirectTLS, c.server.HTTP, c.server.HTTPS, c.server.Proxy65} {
			server = append(server, net.JoinHostPort(host, strconv.Itoa(port)))
		}
	}
	allowed := func(f testkit.Flow) bool { return f.Kind == "tcp" && slices.Contains(server, f.To.String()) }
	if strays := r.Strays(t, allowed); len(strays) > 0 {
		t.Errorf("packets went past the server:\n%s", strings.Join(strays, "\n"))
	}
}

// TestTorSettings signs in through Tor, which is not there: nothing goes anywhere else.
// Then it is there.
func TestTorSettings(t *testing.T) {
	r := testkit.Confine(t)
	if r == nil {
		return
	}
	server := testkit.StartProsody(t, testkit.ProsodyOptions{Users: map[string]string{"alice": "canary-password-a"}})
	before := r.Flows(t)
	tor := testkit.StartProxy(t, "", func(string, int) string { return net.JoinHostPort(server.Address, strconv.Itoa(server.C2S)) })
	tor.ComeFrom("127.0.0.2")
	p, _ := person(t, "alice", "SSL_CERT_FILE="+server.CAFile, "DBUS_SESSION_BUS_ADDRESS=")
	p.ProtectsProfile(func(string, string) {})
	p.Begins("Sign in (XMPP)…")
	p.Fills("Address", "alice@"+server.Host)
	p.Fills("Password", "canary-password-a")
	p.Clicks("tab", "Advanced")
	looks(p, "Add Account", "account-advanced")
	p.Clicks("tab", "Proxy")
	looks(p, "Add Account", "account-no-proxy")
	p.Clicks("select", "Proxy type")
	p.Clicks("menuitem", "Tor/Privacy (SOCKS 5)")
	p.Fills("Port", "9")
	looks(p, "Add Account", "account-tor")
	p.Clicks("button", "Save")
	p.Sees("button", "Reconnect") // below the words why
	looks(p, "Buddy List", "tor-down")
	strays := func() string {
		return strings.Join(r.Strays(t, func(f testkit.Flow) bool {
			return slices.Contains(before, f) || f.To.String() == tor.Address || f.To.String() == "127.0.0.1:9" || f.From.Addr().String() == "127.0.0.2"
		}), "\n")
	}
	if s := strays(); s != "" {
		t.Errorf("without Tor, packets went out:\n%s", s)
	}
	_, port, _ := net.SplitHostPort(tor.Address)
	p.Fronts("Buddy List")
	p.Clicks("button", "Modify…")
	p.Clicks("tab", "Proxy")
	p.Fills("Port", port)
	p.Clicks("button", "Save")
	p.Misses("button", "Modify…")
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
	if s := strays(); s != "" {
		t.Errorf("with Tor, packets went past it:\n%s", s)
	}
	if asked := tor.Asked(); len(asked) == 0 || asked[0].Name != server.Host || asked[0].User == "" {
		t.Errorf("Tor was asked %+v", asked)
	}
}
