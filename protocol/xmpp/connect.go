package xmpp

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// connection is a stream on which we are signed in.
type connection struct {
	*stream
	raw  *watchedConn
	self jid.JID // with the resource that the server gave us

	early   []*element // stanzas that came before the server began to count
	managed *managed   // nil: the server does not count
	resumed *uint32    // the session before goes on: how much of it the server has handled
	failed  *uint32    // it does not, and this is how much of it the server had handled

	versions bool // the server has versions of the roster (RFC 6121)
	states   bool // the server wants to know whether somebody looks (XEP-0352)

	ending sync.Once
	reason error         // why it ended, once done is closed
	done   chan struct{} // closed at the end
}

func newConnection(s *stream, raw *watchedConn) *connection {
	return &connection{stream: s, raw: raw, done: make(chan struct{})}
}

// end closes it, for the first reason that comes up.
func (c *connection) end(reason error) {
	c.ending.Do(func() {
		c.reason = reason
		_ = c.raw.Close() // below TLS, so that it cannot wait for the peer
		close(c.done)
	})
}

// connector makes connections of one account.
type connector struct {
	network  Network
	account  im.Account
	password im.Secret
	exit     *exit
	address  jid.JID // bare
	patience patience
	before   *link             // to be taken up again, if any
	learned  map[string]string // what the account has to remember of its server
}

// newConnector makes connections of an account. Behind a proxy, and in Tor more so, it
// all takes longer.
func newConnector(n Network, a im.Account, password im.Secret, p patience) connector {
	c := connector{network: n, account: a, password: password, exit: newExit(a), patience: p}
	if c.exit.proxied() {
		c.patience.way *= 4
		c.patience.connect *= 4
	}
	return c
}

// greeting is what is done with a fresh connection, before it is used: encrypted, at
// least. When ctx ends, the connection is closed under it.
type greeting func(ctx context.Context, tcp net.Conn, direct bool, domain string) (*connection, error)

// connect connects and signs in.
func (c *connector) connect(ctx context.Context) (*connection, error) {
	return c.reach(ctx, c.negotiate)
}

// reach tries the ways to the server until one works, or one shows that the
// others would not: a server that cannot be trusted, or refuses the password.
func (c *connector) reach(ctx context.Context, greet greeting) (*connection, error) {
	domain, err := idna.Lookup.ToASCII(c.address.Domainpart())
	if err != nil { // an address literal, or a name of a private network
		domain = c.address.Domainpart()
	}
	ways, err := c.targets(ctx, domain)
	if err != nil {
		return nil, err
	}
	var problem error
	for _, way := range ways {
		conn, err := c.try(ctx, way, strings.Trim(domain, "[]"), greet)
		if err == nil {
			return conn, nil
		}
		if ctx.Err() != nil {
			return nil, errors.Join(err, context.Cause(ctx))
		}
		err = fmt.Errorf("connect to %v: %w", way, err)
		if cause := c.explain(err).Cause; cause != protocol.Unreachable && cause != protocol.Lost &&
			cause != protocol.NoEncryption && cause != protocol.ProtocolBroken {
			return nil, err
		}
		if problem == nil || !isDialError(err) && isDialError(problem) {
			problem = err // one that answered says more than one that did not
		}
	}
	return nil, problem
}

// isDialError reports whether err comes from before there was a connection.
func isDialError(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// try connects one way. When ctx ends it fails at once.
func (c *connector) try(ctx context.Context, way target, domain string, greet greeting) (conn *connection, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.patience.way, errConnectTime)
	defer cancel()
	tcp, err := c.dial(ctx, way.String())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = tcp.Close() })
	conn, err = greet(ctx, tcp, way.direct, domain)
	if !stop() && err == nil {
		err = ctx.Err() // closed just now
	}
	if err != nil {
		_ = tcp.Close() // what went wrong is known already
		if ctx.Err() != nil {
			return nil, errors.Join(err, context.Cause(ctx))
		}
		return nil, err
	}
	return conn, nil
}

// encrypt starts TLS. The connection that it returns has no stream yet.
func (c *connector) encrypt(ctx context.Context, tcp net.Conn, direct bool, domain string) (*tls.Conn, *watchedConn, error) {
	raw := &watchedConn{Conn: tcp}
	cfg := c.tlsConfig(domain, direct)
	var secure *tls.Conn
	if direct {
		secure = tls.Client(raw, cfg)
	} else {
		plain := newStream(raw, raw)
		features, err := plain.open(c.address.Domainpart(), "")
		if err != nil {
			return nil, nil, err
		}
		if secure, err = plain.startTLS(features, cfg); err != nil {
			return nil, nil, err
		}
	}
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	return secure, raw, nil
}

// negotiate encrypts, signs in and binds a resource.
func (c *connector) negotiate(ctx context.Context, tcp net.Conn, direct bool, domain string) (*connection, error) {
	secure, raw, err := c.encrypt(ctx, tcp, direct, domain)
	if err != nil {
		return nil, err
	}
	s := newStream(secure, secure)
	features, err := s.open(c.address.Domainpart(), c.address.String())
	if err != nil {
		return nil, err
	}
	if err := c.signIn(s, features, secure.ConnectionState()); err != nil {
		return nil, err
	}
	if features, err = s.open(c.address.Domainpart(), c.address.String()); err != nil {
		return nil, err
	}
	conn := newConnection(s, raw)
	conn.versions = features.child(nsRosterVersions, "ver") != nil
	conn.states = features.child(nsActivity, "csi") != nil
	if err := conn.resume(features, c.before); err != nil {
		return nil, fmt.Errorf("resume the session: %w", err)
	}
	if conn.resumed != nil {
		return conn, nil
	}
	if conn.self, err = c.bind(s, features); err != nil {
		return nil, fmt.Errorf("bind a resource: %w", err)
	}
	if err := conn.manage(features); err != nil {
		return nil, fmt.Errorf("ask for stream management: %w", err)
	}
	return conn, nil
}

// signIn signs in, never more weakly than before, and remembers how.
func (c *connector) signIn(s *stream, features *element, state tls.ConnectionState) error {
	before, once := strength(c.account.Option(optionSignIn)), c.account.Option(fieldWeaker) == im.On
	least := before
	if once {
		least = strengthNone
	}
	who := credentials{user: c.address.Localpart(), password: c.password.Bytes(), least: least}
	now, err := who.signIn(s, features, state)
	if err != nil {
		return err
	}
	if now != before {
		c.learn(optionSignIn, string(now))
	}
	if once {
		c.learn(fieldWeaker, "")
	}
	return nil
}

// learn has the account remember something of its server.
func (c *connector) learn(option, value string) {
	if c.learned == nil {
		c.learned = map[string]string{}
	}
	c.learned[option] = value
}

// tellLearned tells it once the session is there with its roster, or goes on.
func (c *connector) tellLearned(emit func(protocol.Event)) func(protocol.Event) {
	if len(c.learned) == 0 {
		return emit
	}
	told := false
	return func(e protocol.Event) {
		emit(e)
		if _, early := e.(protocol.Online); !early && !told {
			told = true
			emit(protocol.Learned{Options: c.learned})
		}
	}
}

var errHandshake = errors.New("start TLS")

var errNoBind = errors.New("the server does not sign us in as the account's address")

// bind gets an address for this connection (RFC 6120, section 7).
func (c *connector) bind(s *stream, features *element) (jid.JID, error) {
	if features.child(nsBind, "bind") == nil {
		return jid.JID{}, errNoBind
	}
	resource := c.account.Option(fieldResource)
	if resource == "" {
		resource = rand.Text()[:10] // says nothing about the program or the computer
	}
	id := rand.Text()
	request := newElement(nsClient, "iq",
		newElement(nsBind, "bind", newText(nsBind, "resource", resource))).with("type", "set").with("id", id)
	if err := s.send(request); err != nil {
		return jid.JID{}, err
	}
	answer, err := s.next()
	if err != nil {
		return jid.JID{}, err
	}
	if !answer.is(nsClient, "iq") || answer.attr("id") != id {
		return jid.JID{}, fmt.Errorf("%v: %w", answer, errNoBind)
	}
	if answer.attr("type") != "result" {
		return jid.JID{}, &stanzaError{condition: stanzaCondition(answer)}
	}
	var self jid.JID
	if bound := answer.child(nsBind, "bind"); bound != nil {
		if self, err = parseJID(strings.TrimSpace(bound.childText(nsBind, "jid"))); err != nil {
			return jid.JID{}, fmt.Errorf("read our address: %w", err)
		}
	}
	if !self.Bare().Equal(c.address) || self.Resourcepart() == "" {
		return jid.JID{}, errNoBind
	}
	return self, nil
}

// stanzaError is why a stanza was refused (RFC 6120, section 8.3.3).
type stanzaError struct{ condition string }

func (e *stanzaError) Error() string { return "refused: " + e.condition }

// stanzaCondition is the condition in a stanza of type error.
func stanzaCondition(stanza *element) string {
	if e := stanza.child(nsClient, "error"); e != nil {
		for _, c := range e.children {
			if c.space == nsStanzas && c.name != "text" {
				return c.name
			}
		}
	}
	return "undefined-condition"
}
