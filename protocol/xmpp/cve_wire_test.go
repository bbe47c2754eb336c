package xmpp

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// The rows of known flaws in programs of this kind that are about the connection.

// toldNothing is a server that fails the test if it is told who signs in.
func toldNothing(t *testing.T, o xmpptest.Options) xmpptest.Options {
	o.Mechanisms = []string{"PLAIN", "SCRAM-SHA-1"}
	o.Challenge = func(auth string) string {
		t.Error("the server was told who signs in")
		return "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	}
	return o
}

// TestCVE_2022_26491: what the DNS says about where the server is proves nothing; the
// certificate has to be for the domain of the account.
func TestCVE_2022_26491(t *testing.T) {
	for _, certFor := range []string{"localhost", "evil.example"} { // each is also made for 127.0.0.1
		server := xmpptest.Start(t, toldNothing(t, xmpptest.Options{CertFor: certFor}))
		a := account(t, map[string]string{"address": "alice@" + xmpptest.Domain})
		n := Network{Roots: server.Pool, Resolver: pointer(server.Port)}
		if f := run(t, newSession(n, a, secret(xmpptest.Password), endless)).failure(protocol.Untrusted); f.Certificate == nil {
			t.Errorf("%s: %v", certFor, f.Err)
		}
	}
}

// TestCVE_2022_24968: nor does the name of the server that is dialled, be it set by the
// user or known to a proxy.
func TestCVE_2022_24968(t *testing.T) {
	for _, direct := range []bool{false, true} {
		o := toldNothing(t, xmpptest.Options{CertFor: "localhost", Direct: direct})
		server := xmpptest.Start(t, o)
		s := dial(t, server, o, endless)
		s.account.Options["server"] = "localhost"
		run(t, s).failure(protocol.Untrusted)

		var n tapped
		answers := through(testkit.StartProxy(t, "", func(string, int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(server.Port)) }), "socks5")
		answers["server"], answers["security"] = "localhost", s.account.Option("security")
		run(t, behind(t, &n, server, answers)).failure(protocol.Untrusted)
	}
}

// TestCVE_2012_5524: no certificate that cannot be checked is let pass, and nothing is
// said to who showed it.
func TestCVE_2012_5524(t *testing.T) {
	for _, direct := range []bool{false, true} {
		o := toldNothing(t, xmpptest.Options{Direct: direct})
		s := dial(t, xmpptest.Start(t, o), o, endless)
		s.network.Roots = nil // those of the computer know nothing of it
		f := run(t, s).failure(protocol.Untrusted)
		if f.Certificate == nil || len(f.Certificate.SHA256) != 64 {
			t.Errorf("certificate %+v", f.Certificate)
		}
	}
}

// TestGHSA_65rm_h285_5cc5: the name in the certificate is compared at all, also if an
// authority vouches for it.
func TestGHSA_65rm_h285_5cc5(t *testing.T) {
	for _, direct := range []bool{false, true} {
		o := toldNothing(t, xmpptest.Options{Direct: direct, CertFor: "evil.example"})
		f := run(t, dial(t, xmpptest.Start(t, o), o, endless)).failure(protocol.Untrusted)
		if f.Certificate == nil || !strings.Contains(f.Certificate.Problem, "another server") {
			t.Errorf("certificate %+v", f.Certificate)
		}
	}
}

// TestCVE_2021_29969: what came together with the consent to TLS was said by anybody,
// and is a reason to stop.
func TestCVE_2021_29969(t *testing.T) {
	for _, injected := range []string{"<stream:features/>", " ", "<message from='test.example'/>", "\x16\x03\x01"} {
		o := toldNothing(t, xmpptest.Options{Injected: injected})
		run(t, dial(t, xmpptest.Start(t, o), o, endless)).failure(protocol.NoEncryption)
	}
}

// TestCVE_2022_48195: each exchange begins with a nonce of its own, long enough that
// nobody guesses it, whatever is offered with it.
func TestCVE_2022_48195(t *testing.T) {
	state := handshake(t)
	seen := map[string]bool{}
	for _, m := range mechanisms() {
		if m.hash == nil {
			continue
		}
		for _, o := range []offered{{}, {mechanisms: []string{m.name, m.name + "-PLUS"}, bindings: []string{"tls-exporter"}, binds: true}} {
			s, err := newSCRAM(m, o, state, "alice", []byte("x"))
			must(t, err)
			_, nonce, _ := strings.Cut(s.bare, ",r=")
			raw, err := base64.StdEncoding.DecodeString(nonce)
			if err != nil || len(raw) < 18 || seen[nonce] || strings.Count(string(raw), string(raw[:1])) > 12 {
				t.Errorf("%s: nonce %q", m.name, nonce)
			}
			seen[nonce] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d nonces", len(seen))
	}
}

// TestCVE_2014_2745: compression is not asked for, even if it is offered.
func TestCVE_2014_2745(t *testing.T) {
	o := xmpptest.Options{Offered: "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"}
	c, conn := fake(t, o) // which accepts nothing on the way but what belongs there
	must(t, c.SetPresence(im.Presence{Show: im.Away}))
	if s := conn.Next(); s.XMLName.Local != "presence" {
		t.Errorf("the client sent <%s>", s.XMLName.Local)
	}
}

// handshake is the state of a TLS connection in this process.
func handshake(t *testing.T) tls.ConnectionState {
	t.Helper()
	s := xmpptest.Start(t, xmpptest.Options{Direct: true})
	conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), &tls.Config{ServerName: xmpptest.Domain, RootCAs: s.Pool})
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	must(t, conn.HandshakeContext(context.Background()))
	return conn.ConnectionState()
}
