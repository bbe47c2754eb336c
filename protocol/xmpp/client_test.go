package xmpp

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// waitLimit is for what is broken, however slow the machine is.
const waitLimit = 2 * time.Minute

// client is a session under test.
type client struct {
	*Session
	t      *testing.T
	events chan protocol.Event
	cancel context.CancelFunc
	result chan error

	once sync.Once
	err  error
}

// run starts a session for the account and collects what it emits.
func run(t *testing.T, s *Session) *client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{Session: s, t: t, events: make(chan protocol.Event, 4096), cancel: cancel, result: make(chan error, 1)}
	go func() {
		c.result <- s.Run(ctx, func(e protocol.Event) {
			if point, ok := e.(protocol.Checkpoint); ok {
				point.Passed()
				return
			}
			c.events <- e
		})
	}()
	t.Cleanup(func() {
		cancel()
		c.end()
	})
	return c
}

// end waits for Run to return.
func (c *client) end() error {
	c.t.Helper()
	c.once.Do(func() {
		select {
		case c.err = <-c.result:
		case <-time.After(waitLimit):
			c.t.Error("Run did not return")
		}
	})
	return c.err
}

// failure waits for Run to fail with that cause.
func (c *client) failure(want protocol.Cause) *protocol.Failure {
	c.t.Helper()
	err := c.end()
	f, ok := errors.AsType[*protocol.Failure](err)
	if !ok {
		c.t.Fatalf("Run returned %v, want a failure", err)
	}
	if f.Cause != want {
		c.t.Fatalf("cause %d (%s: %v), want %d", f.Cause, f.Text, f.Err, want)
	}
	c.t.Logf("%s (%v)", f.Text, f.Err)
	if f.Text == "" || f.Text[len(f.Text)-1] != '.' && f.Text[len(f.Text)-1] != '?' {
		c.t.Errorf("%q is not a sentence", f.Text)
	}
	return f
}

// wait returns the next event of that type that fits, and drops those before it.
func wait[E protocol.Event](c *client, fits func(E) bool) E {
	c.t.Helper()
	limit := time.After(waitLimit)
	for {
		select {
		case e := <-c.events:
			if match, ok := e.(E); ok && (fits == nil || fits(match)) {
				return match
			}
			c.t.Logf("passed over %T%+v", e, e)
		case <-limit:
			var want E
			c.t.Fatalf("no %T came", want)
			return want
		}
	}
}

// none checks that of that type nothing has come. Ask the server something
// first, so that it would have.
func none[E protocol.Event](c *client) {
	c.t.Helper()
	for {
		select {
		case e := <-c.events:
			if bad, ok := e.(E); ok {
				c.t.Errorf("unexpected %T%+v", bad, bad)
			}
		default:
			return
		}
	}
}

// account makes an account from settings.
func account(t *testing.T, answers map[string]string) im.Account {
	t.Helper()
	a, err := Network{}.Account(answers)
	if err != nil {
		t.Fatalf("set up the account: %v", err)
	}
	return a
}

// at is the account of a user of a real server, over STARTTLS.
func at(t *testing.T, p *testkit.Prosody, user string) im.Account {
	t.Helper()
	return account(t, map[string]string{
		"address": user + "@" + p.Host, "server": p.Address, "port": strconv.Itoa(p.C2S), "security": "starttls",
	})
}

func secret(s string) im.Secret { return im.NewSecret([]byte(s)) }

// endless is a patience that outlasts the test's.
var endless = patience{
	connect: 2 * waitLimit, way: 2 * waitLimit, ahead: 2 * waitLimit, roster: 2 * waitLimit, relist: 2 * waitLimit,
	signOff: 2 * waitLimit, idle: 2 * waitLimit, grace: 2 * waitLimit, confirm: 2 * waitLimit, answer: 2 * waitLimit, archive: 2 * waitLimit, repeat: 2 * waitLimit,
}

// fake starts a client against a server in this process, and returns both ends.
func fake(t *testing.T, o xmpptest.Options) (*client, *xmpptest.Conn) {
	t.Helper()
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	conn := server.Accept()
	wait[protocol.Roster](c, nil)
	if first := conn.Next(); first.XMLName.Local != "presence" {
		t.Fatalf("began with <%s>, want presence", first.XMLName.Local)
	}
	return c, conn
}

// inNoTime is fake with a clock that goes on whenever nothing is left to do.
func inNoTime(t *testing.T, o xmpptest.Options, p patience, f func(*testing.T, *client, *xmpptest.Conn)) {
	t.Helper()
	o.Piped = true
	synctest.Test(t, func(t *testing.T) {
		server := xmpptest.Start(t, o)
		c := run(t, dial(t, server, o, p))
		conn := server.Accept()
		wait[protocol.Online](c, nil)
		f(t, c, conn)
	})
}

// dial makes a session for the user alice of a server in this process.
func dial(t *testing.T, server *xmpptest.Server, o xmpptest.Options, p patience) *Session {
	t.Helper()
	security := "starttls"
	if o.Direct {
		security = "direct"
	}
	a := account(t, map[string]string{
		"address": "alice@" + xmpptest.Domain, "server": "127.0.0.1", "port": strconv.Itoa(server.Port), "security": security,
	})
	a.Options[optionSignIn] = string(strengthPlain) // there is nothing to learn of it
	n := Network{Roots: server.Pool}
	if o.Piped {
		n.Dial = server.Dial
	}
	return newSession(n, a, secret(xmpptest.Password), p)
}
