package xmpp

import (
	"context"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

var _ protocol.Tester = Network{}

// Test tries the settings of an account out. It asks for no resource: so the server has
// nobody to tell others of, and another session of the account, of this program too, is
// not in its way.
func (n Network) Test(ctx context.Context, a im.Account, password, proxy im.Secret, step func(words string)) error {
	return n.test(ctx, a, password, proxy, step, defaultPatience)
}

func (n Network) test(ctx context.Context, a im.Account, password, proxy im.Secret, step func(words string), p patience) error {
	c := newConnector(n, a.Clone(), password, p)
	c.begins = step
	c.exit.setPassword(proxy)
	address, err := parseJID(a.ID.Bare())
	if err != nil || address.Localpart() == "" {
		return &protocol.Failure{Cause: protocol.WrongAddress, Err: err,
			Text: lang.F("%q is not an address. Addresses look like someone@example.net.", shorten(a.ID.Bare()))}
	}
	c.address = address.Bare()
	ctx, cancel := context.WithTimeoutCause(ctx, c.patience.connect, errConnectTime)
	defer cancel()
	conn, err := c.reach(ctx, c.signInOnly)
	if err != nil {
		return c.explain(err)
	}
	conn.end(nil)
	return nil
}

// signInOnly signs in and off again.
func (c *connector) signInOnly(secure secured) (*connection, error) {
	s := newStream(secure, secure)
	features, err := s.open(c.address.Domainpart(), c.address.String())
	if err != nil {
		return nil, err
	}
	c.begin(lang.F("Signing in as %s", c.address))
	if err := c.signIn(s, features, secure.ConnectionState()); err != nil {
		return nil, err
	}
	if features, err = s.open(c.address.Domainpart(), c.address.String()); err != nil {
		return nil, err
	}
	if features.child(nsBind, "bind") == nil {
		return nil, errNoBind
	}
	c.begin(lang.T("Signing off"))
	return newConnection(s, secure.raw), s.write([]byte("</stream:stream>"))
}

// dialling says where a connection is made to, and by what way.
func (c *connector) dialling(way target) string {
	kind := "STARTTLS"
	if way.direct {
		kind = "TLS"
	}
	switch {
	case c.exit.isTor:
		return lang.F("Connecting to %s through Tor, with %s", way, kind)
	case c.exit.proxied():
		return lang.F("Connecting to %s through the proxy, with %s", way, kind)
	default:
		return lang.F("Connecting to %s with %s", way, kind)
	}
}
