package xmpp

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"time"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// With servers that never answer, and that never tell the buddy list.
func hurried() patience {
	p := endless
	p.connect, p.way = 300*time.Millisecond, 300*time.Millisecond
	return p
}

func hurriedOnline() patience {
	p := endless
	p.roster = 300 * time.Millisecond
	return p
}

func TestServersThatDoNotLetUsIn(t *testing.T) {
	for name, c := range map[string]struct {
		o    xmpptest.Options
		p    patience
		want protocol.Cause
	}{
		"silent":                   {xmpptest.Options{Silent: true}, hurried(), protocol.Unreachable},
		"silent in direct TLS":     {xmpptest.Options{Silent: true, Direct: true}, hurried(), protocol.Unreachable},
		"not XMPP":                 {xmpptest.Options{Greeting: "SSH-2.0-OpenSSH_9.2\r\n<"}, endless, protocol.ProtocolBroken},
		"HTML":                     {xmpptest.Options{Greeting: "<html><body>"}, endless, protocol.ProtocolBroken},
		"endless header":           {xmpptest.Options{Greeting: "<a b='" + strings.Repeat("x", maxStanza)}, endless, protocol.ProtocolBroken},
		"document type":            {xmpptest.Options{Greeting: "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>"}, endless, protocol.ProtocolBroken},
		"not TLS":                  {xmpptest.Options{Greeting: "<stream:stream>", Direct: true}, endless, protocol.ProtocolBroken},
		"no encryption":            {xmpptest.Options{NoStartTLS: true}, endless, protocol.NoEncryption},
		"injected before TLS":      {xmpptest.Options{Injected: "<stream:features/>"}, endless, protocol.NoEncryption},
		"old TLS":                  {xmpptest.Options{MaxTLS: tls.VersionTLS11}, endless, protocol.ProtocolBroken},
		"certificate of another":   {xmpptest.Options{CertFor: "evil.example"}, endless, protocol.Untrusted},
		"the same, direct":         {xmpptest.Options{CertFor: "evil.example", Direct: true}, endless, protocol.Untrusted},
		"no common mechanism":      {xmpptest.Options{Mechanisms: []string{"DIGEST-MD5", "X-TOKEN"}}, endless, protocol.ProtocolBroken},
		"only binding, unusable":   {xmpptest.Options{Mechanisms: []string{"SCRAM-SHA-256-PLUS"}}, endless, protocol.ProtocolBroken},
		"resource refused":         {xmpptest.Options{BindError: true}, endless, protocol.ProtocolBroken},
		"signed in as another":     {xmpptest.Options{BoundAs: "mallory@test.example/x"}, endless, protocol.ProtocolBroken},
		"signed in without device": {xmpptest.Options{BoundAs: "alice@test.example"}, endless, protocol.ProtocolBroken},
		"no roster":                {xmpptest.Options{HoldRoster: true}, hurriedOnline(), protocol.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := xmpptest.Start(t, c.o)
			f := run(t, dial(t, server, c.o, c.p)).failure(c.want)
			if (f.Certificate != nil) != (c.want == protocol.Untrusted) {
				t.Errorf("certificate %+v", f.Certificate)
			}
		})
	}
}

func TestWrongPassword(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	s := dial(t, server, xmpptest.Options{}, endless)
	s.password = secret("guess")
	run(t, s).failure(protocol.WrongPassword)
}

// TestHostileSCRAM has a server that wants the client to compute for ever, or to
// give away a weak hash of the password, or to believe it without proof.
func TestHostileSCRAM(t *testing.T) {
	const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
	challenge := func(format string) func(string) string {
		return func(auth string) string {
			first, err := base64.StdEncoding.DecodeString(auth)
			if err != nil {
				t.Errorf("auth %q: %v", auth, err)
			}
			_, nonce, _ := strings.Cut(string(first), ",r=")
			if raw, err := base64.RawStdEncoding.DecodeString(nonce); err != nil || len(raw) < 16 {
				t.Errorf("client nonce %q is short", nonce)
			}
			message := strings.ReplaceAll(format, "NONCE", nonce)
			return "<challenge " + ns + ">" + base64.StdEncoding.EncodeToString([]byte(message)) + "</challenge>"
		}
	}
	for name, answer := range map[string]func(string) string{
		"no iterations":         challenge("r=NONCEx,s=c2FsdA==,i=1"),
		"just too few":          challenge("r=NONCEx,s=c2FsdA==,i=4095"),
		"too many":              challenge("r=NONCEx,s=c2FsdA==,i=500001"),
		"far too many":          challenge("r=NONCEx,s=c2FsdA==,i=99999999999999999999"),
		"negative":              challenge("r=NONCEx,s=c2FsdA==,i=-4096"),
		"hidden second":         challenge("r=NONCEx,s=c2FsdA==,i=4096,i=20000000"),
		"short last field":      challenge("r=NONCEx,s=c2FsdA==,i=4096,x"),
		"empty last field":      challenge("r=NONCEx,s=c2FsdA==,i=4096,"),
		"no salt":               challenge("r=NONCEx,s=,i=4096"),
		"bad salt":              challenge("r=NONCEx,s=***,i=4096"),
		"reserved field":        challenge("m=x,r=NONCEx,s=c2FsdA==,i=4096"),
		"our nonce only":        challenge("r=NONCE,s=c2FsdA==,i=4096"),
		"another nonce":         challenge("r=xyz,s=c2FsdA==,i=4096"),
		"nothing":               challenge(""),
		"success without proof": func(string) string { return "<success " + ns + "/>" },
		"success with a challenge": func(auth string) string {
			return strings.ReplaceAll(challenge("r=NONCEx,s=c2FsdA==,i=4096")(auth), "challenge", "success")
		},
		"false proof": func(auth string) string {
			return challenge("r=NONCEx,s=c2FsdA==,i=4096")(auth) + "<success " + ns + ">dj1BQUFB</success>"
		},
		"not base64":   func(string) string { return "<challenge " + ns + ">!</challenge>" },
		"not SASL":     func(string) string { return "<challenge xmlns='x'/>" },
		"stream error": func(string) string { return "<stream:error/>" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := xmpptest.Options{Mechanisms: []string{"SCRAM-SHA-256", "PLAIN"}, Challenge: answer}
			c := run(t, dial(t, xmpptest.Start(t, o), o, endless))
			want := protocol.ProtocolBroken
			if name == "stream error" {
				want = protocol.Lost
			}
			c.failure(want)
		})
	}
}

func TestCancelWhileConnecting(t *testing.T) {
	for _, direct := range []bool{true, false} {
		o := xmpptest.Options{Silent: true, Direct: direct}
		s := dial(t, xmpptest.Start(t, o), o, endless)
		reached := make(chan struct{})
		s.network.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			defer close(reached)
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		c := run(t, s)
		<-reached
		c.cancel()
		if err := c.end(); err != nil { // it does not wait for as long as it may
			t.Errorf("Run returned %v", err)
		}
	}
}

// pointer is a resolver that points everybody to one port, as one does who
// controls the DNS.
type pointer uint16

func (p pointer) LookupSRV(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
	if service != "xmpp-client" {
		return "", nil, &net.DNSError{IsNotFound: true}
	}
	return "", []*net.SRV{{Target: "127.0.0.1.", Port: uint16(p)}}, nil
}

// TestServiceRecords: a server is found by what the DNS says. See [TestCVE_2022_26491]
// for what that does not prove.
func TestServiceRecords(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{})
	a := account(t, map[string]string{"address": "alice@" + xmpptest.Domain})
	n := Network{Roots: server.Pool, Resolver: pointer(server.Port)}
	wait[protocol.Online](run(t, newSession(n, a, secret(xmpptest.Password), endless)), nil)
}
