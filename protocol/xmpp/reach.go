package xmpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"golang.org/x/net/idna"

	"culver/lang"
	"culver/protocol"
)

// A domain may name several servers, and some of them may be down. They are tried in their
// order, and none is waited for longer than it is ahead of the next: then that one is tried
// beside it. More than encryption does not happen beside anything else: whatever is said on
// the encrypted connections, passwords first of all, is said on one at a time.

// secured is an encrypted connection on which nothing was said yet.
type secured struct {
	*tls.Conn
	raw *watchedConn
}

// greeting is what is done with a fresh connection, before it is used. If it takes too long,
// the connection is closed under it.
type greeting func(secured) (*connection, error)

// attempt is what came of one way to the server.
type attempt struct {
	way  target
	conn secured
	err  error
}

// reach tries the ways to the server until one works, or one shows that the
// others would not: a server that cannot be trusted, or refuses the password.
func (c *connector) reach(ctx context.Context, greet greeting) (*connection, error) {
	domain, err := idna.Lookup.ToASCII(c.address.Domainpart())
	if err != nil { // an address literal, or a name of a private network
		domain = c.address.Domainpart()
	}
	if !c.exit.proxied() && c.account.Option(fieldServer) == "" {
		c.begin(lang.F("Looking up the server of %s", c.address.Domainpart()))
	}
	ways, err := c.targets(ctx, domain)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	tried, open := make(chan attempt, len(ways)), 0
	defer func() {
		cancel()
		go func() {
			for range open {
				(<-tried).drop()
			}
		}()
	}()
	next := stopped()
	defer next.Stop()
	begin := func() {
		if len(ways) == 0 {
			return
		}
		way := ways[0]
		ways, open = ways[1:], open+1
		next.Reset(c.patience.ahead)
		go func() {
			conn, err := c.try(ctx, way, strings.Trim(domain, "[]"))
			tried <- attempt{way, conn, err}
		}()
	}
	var worst setback
	for begin(); open > 0; {
		select {
		case <-next.C:
			begin()
			continue
		case a := <-tried:
			open--
			err := a.err
			if err == nil {
				var conn *connection
				if conn, err = c.greet(ctx, a.conn, greet); err == nil {
					return conn, nil
				}
			}
			if ctx.Err() != nil {
				return nil, errors.Join(err, context.Cause(ctx))
			}
			p := c.grade(fmt.Errorf("connect to %v: %w", a.way, err))
			switch {
			case p.weight == decisive && a.err == nil: // somebody whom we trust has said it
				return nil, p.err
			case p.weight == decisive: // only those that were before it may still do better
				ways = nil
			}
			if p.weight > worst.weight {
				worst = p
			}
			begin()
		}
	}
	return nil, worst.err
}

// setback is why a way did not work, and how much that says.
type setback struct {
	err    error
	weight int
}

// The weights of setbacks: from one that somebody tells who was there more is learnt than
// from silence.
const (
	noConnection = iota + 1
	noUnderstanding
	decisive // the other ways would end the same
)

func (c *connector) grade(err error) setback {
	switch c.explain(err).Cause {
	case protocol.Unreachable, protocol.Lost, protocol.NoEncryption, protocol.ProtocolBroken:
		if isDialError(err) {
			return setback{err, noConnection}
		}
		return setback{err, noUnderstanding}
	}
	return setback{err, decisive}
}

// isDialError reports whether err comes from before there was a connection.
func isDialError(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// drop closes what came of it.
func (a attempt) drop() {
	if a.err == nil {
		_ = a.conn.raw.Close()
	}
}

// try connects one way, and encrypts. When ctx ends it fails at once.
func (c *connector) try(ctx context.Context, way target, domain string) (conn secured, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.patience.way, errConnectTime)
	defer cancel()
	c.begin(c.dialling(way))
	tcp, err := c.dial(ctx, way.String())
	if err != nil {
		return secured{}, err
	}
	err = during(ctx, tcp, func() error {
		conn, err = c.encrypt(ctx, tcp, way.direct, domain)
		return err
	})
	return conn, err
}

// greet makes a connection usable.
func (c *connector) greet(ctx context.Context, s secured, greet greeting) (conn *connection, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.patience.way, errConnectTime)
	defer cancel()
	err = during(ctx, s.raw, func() error {
		conn, err = greet(s)
		return err
	})
	return conn, err
}

// during does something with a connection, which is closed when ctx ends, or if it fails.
func during(ctx context.Context, conn io.Closer, do func() error) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err := do()
	if !stop() && err == nil {
		err = ctx.Err() // closed just now
	}
	if err == nil {
		return nil
	}
	_ = conn.Close() // what went wrong is known already
	if ctx.Err() != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	return err
}

// encrypt starts TLS. The connection that it returns has no stream yet.
func (c *connector) encrypt(ctx context.Context, tcp net.Conn, direct bool, domain string) (secured, error) {
	c.begin(lang.T("Encrypting, and checking the certificate"))
	raw := &watchedConn{Conn: tcp}
	cfg := c.tlsConfig(domain, direct)
	var secure *tls.Conn
	if direct {
		secure = tls.Client(raw, cfg)
	} else {
		plain := newStream(raw, raw)
		features, err := plain.open(c.address.Domainpart(), "")
		if err != nil {
			return secured{}, err
		}
		if secure, err = plain.startTLS(features, cfg); err != nil {
			return secured{}, err
		}
	}
	if err := secure.HandshakeContext(ctx); err != nil {
		return secured{}, fmt.Errorf("%w: %w", errHandshake, err)
	}
	return secured{secure, raw}, nil
}

var errHandshake = errors.New("start TLS")
