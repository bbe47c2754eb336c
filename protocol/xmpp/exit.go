package xmpp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"culver/im"
	"culver/internal/proxy"
	"culver/lang"
	"culver/protocol"
)

// exit is how all connections of one account leave this computer: there is no other
// way out. With a proxy that is the proxy, always: if it is down, or its settings make
// no sense, there is no connection. Names are told to it and never looked up here.
type exit struct {
	server *proxy.Server // nil: none
	isTor  bool
	broken error // its settings make no sense
}

var (
	errProxySetting = errors.New("the settings of the proxy make no sense")
	errOnion        = errors.New("an onion address without a proxy")
)

// newExit is the way out of an account. Each one that goes through Tor gets a circuit
// of its own, by a name and a password that nobody else has: what different accounts
// do cannot be seen to come from the same place.
func newExit(a im.Account) *exit {
	e := &exit{}
	p, err := protocol.ProxyOf(a)
	switch {
	case err != nil:
		e.broken = fmt.Errorf("%w: %w", errProxySetting, err)
	case p.Kind == protocol.NoProxy:
	case p.Kind == protocol.ProxyTor:
		if p.Host == "localhost" {
			p.Host = "127.0.0.1" // without asking anybody
		}
		e.isTor = true
		e.server = &proxy.Server{User: rand.Text(), Password: []byte(rand.Text()), Strict: true}
	case p.Kind == protocol.ProxySOCKS5:
		e.server = &proxy.Server{User: p.User}
	case p.Kind == protocol.ProxyHTTP:
		e.server = &proxy.Server{Kind: proxy.HTTP, User: p.User}
	default:
		e.broken = errProxySetting
	}
	if e.server != nil {
		e.server.Address = net.JoinHostPort(p.Host, strconv.Itoa(p.Port))
	}
	return e
}

// proxied reports whether the names of servers are the proxy's to look up.
func (e *exit) proxied() bool { return e.server != nil || e.broken != nil }

// setPassword is the password for a proxy that wants one.
func (e *exit) setPassword(password im.Secret) {
	if e.server != nil && e.server.User != "" && !e.isTor {
		e.server.Password = password.Bytes()
	}
}

var _ protocol.ProxyUser = (*Session)(nil)

// SetProxyPassword is the password for the account's proxy.
func (s *Session) SetProxyPassword(password im.Secret) { s.exit.setPassword(password) }

// dial connects to host:port. Whatever of this account leaves the computer goes
// through here.
func (c *connector) dial(ctx context.Context, address string) (net.Conn, error) {
	e := c.exit
	if e.broken != nil {
		return nil, e.broken
	}
	if e.server != nil {
		return e.server.Dial(ctx, c.network.dial(), address)
	}
	if host, _, err := net.SplitHostPort(address); err == nil && isOnion(host) {
		return nil, errOnion // RFC 7686: it is never asked for in the DNS
	}
	return c.network.dial()(ctx, "tcp", address)
}

// isOnion reports whether a host is one inside Tor (RFC 7686).
func isOnion(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "onion" || strings.HasSuffix(host, ".onion")
}

// explainProxy says what went wrong with the proxy, or nil if it is not about that.
func (c *connector) explainProxy(say sayFunc, err error) *protocol.Failure {
	domain, unnamed := c.address.Domainpart(), c.account.Option(fieldServer) == ""
	switch {
	case errors.Is(err, errProxySetting):
		return say(protocol.WrongAddress, lang.F("The proxy of %s is not set up in a way that makes sense, so Culver does not connect. Choose Modify and look at Proxy, or at the proxy for all accounts in the Preferences, Network.", c.address))
	case errors.Is(err, errOnion):
		return say(protocol.WrongAddress, lang.F("%s is reached at an onion address, and that only works through Tor. Choose Modify, Proxy, and Tor/Privacy.", c.address))
	case c.exit.isTor:
		return explainTor(say, err, c.exit.server.Address, domain, unnamed)
	case errors.Is(err, proxy.ErrDown):
		return say(protocol.Unreachable, lang.F("The proxy at %s does not answer. Check it under Proxy in the account's settings. Nothing was sent by another way.", c.exit.server.Address))
	case errors.Is(err, proxy.ErrPassword):
		return say(protocol.WrongPassword, lang.T("The proxy does not accept the username or the password that it was told. Check both under Proxy in the account's settings."))
	case errors.Is(err, proxy.ErrSpeech):
		return say(protocol.Unreachable, noProxy(c.exit.server.Address))
	case errors.Is(err, proxy.ErrRefused):
		return say(protocol.Unreachable, lang.F("The proxy does not allow connections to %s. Nothing was sent by another way.", domain))
	case errors.Is(err, proxy.ErrFailed) && unnamed:
		return say(protocol.Unreachable, lang.F("The proxy got no connection to %s. If its server has another name than the address, enter it as Connect to server: with a proxy it cannot be looked up.", domain))
	case errors.Is(err, proxy.ErrFailed):
		return say(protocol.Unreachable, lang.F("The proxy got no connection to %s.", domain))
	}
	return nil
}

// explainTor is explainProxy for Tor. The server is unnamed if the account does not say
// what it is called.
func explainTor(say sayFunc, err error, tor, domain string, unnamed bool) *protocol.Failure {
	switch {
	case errors.Is(err, proxy.ErrDown):
		return say(protocol.Unreachable, lang.F("Tor does not answer at %s. Start Tor, or check its port under Proxy in the account's settings. Nothing was sent by another way.", tor))
	case errors.Is(err, proxy.ErrPassword):
		return say(protocol.WrongPassword, lang.T("Tor does not accept the username or the password that it was told. Check both under Proxy in the account's settings."))
	case errors.Is(err, proxy.ErrSpeech):
		return say(protocol.Unreachable, noProxy(tor))
	case errors.Is(err, proxy.ErrRefused):
		return say(protocol.Unreachable, lang.F("Tor does not allow connections to %s. Nothing was sent by another way.", domain))
	case errors.Is(err, proxy.ErrFailed) && unnamed:
		return say(protocol.Unreachable, lang.F("Tor got no connection to %s. If its server has another name than the address, enter it as Connect to server: with a proxy it cannot be looked up.", domain))
	case errors.Is(err, proxy.ErrFailed):
		return say(protocol.Unreachable, lang.F("Tor got no connection to %s.", domain))
	}
	return nil
}

func noProxy(address string) string {
	return lang.F("What answers at %s is not a proxy of this type. Check type and port under Proxy in the account's settings. Nothing was sent by another way.", address)
}
