package xmpp

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// answerer is what answers at one address: a server of that name, or nobody, ever.
type answerer struct {
	after  time.Duration
	server string
	err    error // instead
}

// places is a network, and what it was asked for.
type places struct {
	at      map[string]answerer
	servers map[string]*xmpptest.Server
	start   time.Time
	open    atomic.Int32 // how many connections are

	mu    sync.Mutex
	asked []string // when, and for whom
}

func (n *places) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	n.asked = append(n.asked, fmt.Sprintf("%v %s", time.Since(n.start), address))
	n.mu.Unlock()
	p := n.at[address]
	var arrives <-chan time.Time
	if p != (answerer{}) {
		arrives = time.After(p.after)
	}
	select {
	case <-arrives:
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
	}
	if p.err != nil {
		return nil, p.err
	}
	tcp, err := n.servers[p.server].Dial(ctx, network, address)
	n.open.Add(1)
	if p.server == "impostor" {
		tcp = hasty{tcp}
	}
	return &countedConn{Conn: tcp, open: &n.open}, err
}

// countedConn counts how many are open.
type countedConn struct {
	net.Conn
	open *atomic.Int32
	once sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// hasty writes without waiting until it is read: one may hang up in the midst of what the other
// says, as with sockets.
type hasty struct{ net.Conn }

func (c hasty) Write(p []byte) (int, error) {
	p = slices.Clone(p)
	go func() { _, _ = c.Conn.Write(p) }()
	return len(p), nil
}

// hosts are the records of a domain that names hosts from "a" on, in this order.
type hosts int

func (n hosts) LookupSRV(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
	if service != "xmpp-client" {
		return "", nil, &net.DNSError{IsNotFound: true}
	}
	var out []*net.SRV
	for i := range int(n) {
		out = append(out, &net.SRV{Target: string(rune('a' + i)), Port: 1, Priority: uint16(i)})
	}
	return "", out, nil
}

// Of the servers that a domain names those that are down do not keep us from the one that is not,
// and one that answers in time is not overtaken. At no time does more than one hear a password.
func TestServersThatDoNotAnswer(t *testing.T) {
	refused := answerer{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
	for name, c := range map[string]struct {
		places   []answerer
		password string
		asked    []string
		took     time.Duration
		want     protocol.Cause // why nobody lets us in; Lost: somebody does
		auths    int32          // how many were told how to sign in
	}{
		"the last of five": {
			places: []answerer{{}, {}, {}, {}, {server: "good"}},
			asked:  []string{"0s a:1", "3s b:1", "6s c:1", "9s d:1", "12s e:1"}, took: 12 * time.Second,
		},
		"that take connections and say nothing": {
			places: []answerer{{server: "silent"}, {server: "silent"}, {server: "silent"}, {server: "silent"}, {server: "good"}},
			asked:  []string{"0s a:1", "3s b:1", "6s c:1", "9s d:1", "12s e:1"}, took: 12 * time.Second,
		},
		"in time": {
			places: []answerer{{after: 2900 * time.Millisecond, server: "good"}, {server: "silent"}},
			asked:  []string{"0s a:1"}, took: 2900 * time.Millisecond,
		},
		"slow, but the first that is there": {
			places: []answerer{{after: 4 * time.Second, server: "good"}, {after: 2 * time.Second, server: "good"}},
			asked:  []string{"0s a:1", "3s b:1"}, took: 4 * time.Second,
		},
		"refused at once": {
			places: []answerer{refused, refused, {server: "good"}},
			asked:  []string{"0s a:1", "0s b:1", "0s c:1"},
		},
		"an impostor behind a slow one": {
			places: []answerer{{after: 5 * time.Second, server: "good"}, {server: "impostor"}, {server: "good"}},
			asked:  []string{"0s a:1", "3s b:1"}, took: 5 * time.Second,
		},
		"an impostor": {
			places: []answerer{{server: "impostor"}, {server: "good"}},
			asked:  []string{"0s a:1"}, want: protocol.Untrusted,
		},
		"an impostor, and nobody else": {
			places: []answerer{{}, {server: "impostor"}, {server: "good"}},
			asked:  []string{"0s a:1", "3s b:1"}, took: 15 * time.Second, want: protocol.Untrusted,
		},
		"a wrong password": {
			places: []answerer{{after: 4 * time.Second, server: "good"}, {}, {server: "good"}}, password: "guess",
			asked: []string{"0s a:1", "3s b:1"}, took: 4 * time.Second, want: protocol.WrongPassword,
		},
		"one comes while another signs us in": {
			places: []answerer{{after: 3500 * time.Millisecond, server: "thoughtful"}, {after: time.Second, server: "thoughtful"}, {}},
			asked:  []string{"0s a:1", "3s b:1"}, took: 8500 * time.Millisecond, auths: 1,
		},
		"one comes while another does not sign us in": {
			places: []answerer{{after: 3500 * time.Millisecond, server: "confused"}, {after: time.Second, server: "good"}},
			asked:  []string{"0s a:1", "3s b:1"}, took: 8500 * time.Millisecond, auths: 1,
		},
		"nobody": {
			places: []answerer{{}, refused, {}},
			asked:  []string{"0s a:1", "3s b:1", "3s c:1"}, took: 18 * time.Second, want: protocol.Unreachable,
		},
		"nobody of many": {
			places: make([]answerer, 20),
			took:   45 * time.Second, want: protocol.Unreachable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var auths atomic.Int32
				think := func() {
					auths.Add(1)
					<-time.After(5 * time.Second)
				}
				n := &places{at: map[string]answerer{}, servers: map[string]*xmpptest.Server{}, start: time.Now()}
				roots := x509.NewCertPool()
				for server, o := range map[string]xmpptest.Options{
					"good":       {},
					"silent":     {Silent: true},
					"impostor":   {CertFor: "evil.example"},
					"thoughtful": {SigningIn: think},
					"confused":   {SigningIn: think, Challenge: func(string) string { return "<what/>" }},
				} {
					o.Piped = true
					s := xmpptest.Start(t, o)
					n.servers[server] = s
					pem, err := os.ReadFile(s.CAFile)
					must(t, err)
					roots.AppendCertsFromPEM(pem)
				}
				for i, p := range c.places {
					n.at[string(rune('a'+i))+":1"] = p
				}
				a := account(t, map[string]string{"address": "alice@" + xmpptest.Domain})
				password := xmpptest.Password
				if c.password != "" {
					password = c.password
				}
				p := endless
				p.connect, p.way, p.ahead = defaultPatience.connect, defaultPatience.way, defaultPatience.ahead
				s := run(t, newSession(Network{Dial: n.dial, Resolver: hosts(len(c.places)), Roots: roots}, a, secret(password), p))
				open := int32(0)
				if c.want != protocol.Lost {
					s.failure(c.want)
				} else {
					wait[protocol.Online](s, nil)
					open = 1
				}
				took := time.Since(n.start)
				<-time.After(time.Minute) // the others have ended long since
				n.mu.Lock()
				defer n.mu.Unlock()
				if c.asked != nil && !slices.Equal(n.asked, c.asked) || took != c.took {
					t.Errorf("asked for %q, and took %v", n.asked, took)
				}
				if left := n.open.Load(); left != open || auths.Load() != c.auths {
					t.Errorf("%d connections are open, %d were told how to sign in", left, auths.Load())
				}
			})
		})
	}
}

// Ways that are tried beside each other all lead through the proxy, and to the server that the
// user has named.
func TestTriedBesideNowhereElse(t *testing.T) {
	t.Run("proxy", func(t *testing.T) {
		for _, kind := range []string{"tor", "socks5", "http"} {
			silent, direct := xmpptest.Start(t, xmpptest.Options{Silent: true}), xmpptest.Start(t, xmpptest.Options{Direct: true})
			proxy := testkit.StartProxy(t, "", func(name string, port int) string {
				if name != xmpptest.Domain || port != portStartTLS {
					return "127.0.0.1:" + strconv.Itoa(direct.Port)
				}
				return "127.0.0.1:" + strconv.Itoa(silent.Port)
			})
			var n tapped
			answers := through(proxy, kind)
			answers["security"] = ""
			s := behind(t, &n, direct, answers)
			if s.patience.ahead != 4*endless.ahead {
				t.Errorf("%s: the next way is tried after %v", kind, s.patience.ahead)
			}
			s.patience.ahead = 50 * time.Millisecond
			wait[protocol.Online](run(t, s), nil)
			n.only(t, proxy.Address)
			for _, a := range proxy.Asked() {
				if a.Name != xmpptest.Domain {
					t.Errorf("%s: the proxy was asked for %q", kind, a.Name)
				}
			}
			if len(proxy.Asked()) != 2 {
				t.Errorf("%s: the proxy was asked for %+v", kind, proxy.Asked())
			}
		}
	})
	t.Run("server", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n := &places{start: time.Now()}
			a := account(t, map[string]string{"address": "alice@" + xmpptest.Domain, "server": "the.one"})
			p := endless
			p.connect, p.way, p.ahead = defaultPatience.connect, defaultPatience.way, defaultPatience.ahead
			run(t, newSession(Network{Dial: n.dial, Resolver: hosts(3)}, a, secret("x"), p)).failure(protocol.Unreachable)
			if want := []string{"0s the.one:5222", "3s the.one:5223"}; !slices.Equal(n.asked, want) {
				t.Errorf("asked for %q", n.asked)
			}
		})
	})
}
