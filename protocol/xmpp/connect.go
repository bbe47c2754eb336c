package xmpp

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"

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
	unknown bool       // the server does not know that session, or no longer

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
	begins   func(step string) // told what is done next, from any goroutine; nil: nobody asks
}

// begin tells what is done next.
func (c *connector) begin(step string) {
	if c.begins != nil {
		c.begins(step)
	}
}

// newConnector makes connections of an account. Behind a proxy, and in Tor more so, it
// all takes longer.
func newConnector(n Network, a im.Account, password im.Secret, p patience) connector {
	c := connector{network: n, account: a, password: password, exit: newExit(a), patience: p}
	if c.exit.proxied() {
		c.patience.way *= 4
		c.patience.ahead *= 4
		c.patience.connect *= 4
	}
	return c
}

// connect connects and signs in.
func (c *connector) connect(ctx context.Context) (*connection, error) {
	return c.reach(ctx, c.negotiate)
}

// negotiate signs in and binds a resource.
func (c *connector) negotiate(secure secured) (*connection, error) {
	state := secure.ConnectionState()
	c.learnCertificate(state.PeerCertificates[0])
	s := newStream(secure, secure)
	features, err := s.open(c.address.Domainpart(), c.address.String())
	if err != nil {
		return nil, err
	}
	if err := c.signIn(s, features, state); err != nil {
		return nil, err
	}
	if features, err = s.open(c.address.Domainpart(), c.address.String()); err != nil {
		return nil, err
	}
	conn := newConnection(s, secure.raw)
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
