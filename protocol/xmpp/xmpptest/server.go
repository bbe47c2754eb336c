// Package xmpptest is an XMPP server in the test's own process: fast, and able
// to do what a real server never would. It signs clients in, answers their
// request for the roster and their pings, and leaves everything else to the test.
//
// A server owns a goroutine for each connection; its methods and those of Conn
// may be called from the test's goroutine only.
package xmpptest

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"culver/internal/testkit"
)

// Domain is the XMPP domain of the server.
const Domain = "test.example"

// Password is the right one for every user.
const Password = "secret"

// Options are the ways in which a server differs from a good one. The zero
// value is a good server with an empty roster.
type Options struct {
	Piped      bool                     // reached by [Server.Dial] alone, without sockets: for fake clocks
	Direct     bool                     // TLS from the first byte
	CertFor    string                   // the certificate is for this domain
	MaxTLS     uint16                   // the newest version of TLS
	Silent     bool                     // accept connections and say nothing
	Greeting   string                   // say this instead of a stream header, and no more
	NoStartTLS bool                     // offer no encryption
	Injected   string                   // sent together with the consent to TLS
	Mechanisms []string                 // offered; nil: PLAIN
	Bindings   []string                 // channel bindings, XEP-0440
	SigningIn  func()                   // called before <auth/> is answered
	Challenge  func(auth string) string // the answer to <auth/>, instead of checking the password
	BindError  bool                     // refuse to bind a resource
	BoundAs    string                   // bind this address, whatever was asked
	Offered    string                   // among the features of each stream, in XML
	Roster     string                   // the items, in XML
	HoldEnd    bool                     // leave the answer to the end of the stream to the test
	HoldRoster bool                     // leave the request for the roster to the test
	HoldPings  bool                     // leave pings to the test
	HoldCopies bool                     // leave the request for copies (XEP-0280) to the test
	HoldDisco  bool                     // leave questions of what the server offers to the test
	Features   []string                 // of the server (XEP-0030)
	Account    []string                 // features of every account
	Services   map[string][]string      // the features of services beside the server, by address

	// Enabled is the answer to <enable/> (XEP-0198), in XML; empty: the server does not
	// offer to count. See also [Enabled].
	Enabled string
	// Resume is the answer to <resume/>, in XML. Unless it begins with "<resumed", the
	// client has to go on as one that is new. Nil: a refusal.
	Resume   func(previd, h string) string
	HoldAcks bool // leave requests for the count to the test
	Activity bool // the server wants to know whether somebody looks (XEP-0352)
}

// Enabled is the consent of a good server that counts, and resumes the session of that ID.
func Enabled(id string) string {
	return fmt.Sprintf("<enabled xmlns='%s' id='%s' resume='true' max='300'/>", Manage, id)
}

// Manage is the namespace of XEP-0198.
const Manage = "urn:xmpp:sm:3"

// Server is a running server.
type Server struct {
	testkit.Certificate
	Port int

	t     testing.TB
	o     Options
	conns chan *Conn
	over  chan struct{} // closed when the test ends
	take  func(net.Conn)
}

// Start starts a server that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	domain := Domain
	if o.CertFor != "" {
		domain = o.CertFor
	}
	if o.Mechanisms == nil {
		o.Mechanisms = []string{"PLAIN"}
	}
	s := &Server{Certificate: testkit.NewCertificate(t, domain), t: t, o: o, conns: make(chan *Conn, 8), over: make(chan struct{})}
	pair, err := tls.LoadX509KeyPair(s.CAFile, s.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: o.MaxTLS}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		open []net.Conn
	)
	s.take = func(tcp net.Conn) {
		mu.Lock()
		open = append(open, tcp)
		mu.Unlock()
		wg.Go(func() { s.serve(tcp, cfg) })
	}
	t.Cleanup(func() {
		mu.Lock()
		for _, tcp := range open {
			tcp.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	s.Port = 5222
	if !o.Piped {
		listener := s.listen(&wg)
		t.Cleanup(func() { listener.Close() })
	}
	t.Cleanup(func() { close(s.over) })
	return s
}

// listen takes connections until the listener is closed.
func (s *Server) listen(wg *sync.WaitGroup) net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	wg.Go(func() {
		for {
			tcp, err := listener.Accept()
			if err != nil {
				return
			}
			s.take(tcp)
		}
	})
	return listener
}

// Dial connects to a server that is piped, whatever the address.
func (s *Server) Dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	s.take(server)
	return client, nil
}

// Accept waits until a client has signed in.
func (s *Server) Accept() *Conn {
	s.t.Helper()
	select {
	case c := <-s.conns:
		return c
	case <-time.After(waitLimit):
		s.t.Fatal("no client signed in")
		return nil
	}
}

// waitLimit is for what is broken, however slow the machine is.
const waitLimit = 2 * time.Minute

// Stanza is one element that a client sent.
type Stanza struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inner   string     `xml:",innerxml"`
	Text    string     `xml:",chardata"`
}

// Attr returns the value of an attribute.
func (s Stanza) Attr(name string) string {
	for _, a := range s.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Conn is the connection of a client that has signed in.
type Conn struct {
	JID     string        // its full address; empty: the client has resumed a session
	Handled atomic.Uint32 // how many of its stanzas were counted

	t        testing.TB
	tcp      net.Conn
	secure   *tls.Conn
	received chan Stanza // closed when the client closed the stream or went away
}

// Next waits for the next element.
func (c *Conn) Next() Stanza {
	c.t.Helper()
	s, ok := c.next()
	if !ok {
		c.t.Fatal("the client ended the stream")
	}
	return s
}

// WaitEnd waits until the client has ended the stream, and returns the names of
// what it sent before.
func (c *Conn) WaitEnd() []string {
	c.t.Helper()
	var names []string
	for {
		s, ok := c.next()
		if !ok {
			return names
		}
		names = append(names, strings.TrimSpace(s.XMLName.Local+" "+s.Attr("type")))
	}
}

func (c *Conn) next() (Stanza, bool) {
	c.t.Helper()
	select {
	case s, ok := <-c.received:
		return s, ok
	case <-time.After(waitLimit):
		c.t.Fatal("the client sent nothing")
		return Stanza{}, false
	}
}

// Send sends XML as it is, good or bad. That it does not arrive is no error:
// the client may have hung up.
func (c *Conn) Send(format string, args ...any) {
	_, _ = fmt.Fprintf(c.secure, format, args...)
}

// Close ends the connection without a word.
func (c *Conn) Close() { c.tcp.Close() }

// Reset ends the connection as a crash would.
func (c *Conn) Reset() {
	if tcp, ok := c.tcp.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.tcp.Close()
}

const header = "<?xml version='1.0'?><stream:stream from='" + Domain + "' id='x' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// serve does what the options say until the client is signed in, and then
// passes on what it sends. Errors are the client's hanging up.
func (s *Server) serve(tcp net.Conn, cfg *tls.Config) {
	defer tcp.Close()
	if s.o.Silent || s.o.Greeting != "" {
		_, _ = io.WriteString(tcp, s.o.Greeting)
		_, _ = io.Copy(io.Discard, tcp)
		return
	}
	if !s.o.Direct && !s.startTLS(tcp) {
		return
	}
	c, r, ok := s.signIn(tcp, tls.Server(tcp, cfg))
	if !ok {
		return
	}
	s.conns <- c
	s.pass(c, r)
	if !s.o.HoldEnd {
		c.Send("</stream:stream>")
	}
	close(c.received)
	_, _ = io.Copy(io.Discard, c.secure) // the test may still have something to say
}

// pass hands on what the client sends until it ends the stream.
func (s *Server) pass(c *Conn, r reader) {
	for {
		stanza, err := r.next()
		if err != nil {
			return
		}
		switch name := stanza.XMLName.Local; {
		case name == "enable" && stanza.XMLName.Space == Manage:
			c.Handled.Store(0)
			c.Send("%s", s.o.Enabled)
			continue
		case name == "r" && stanza.XMLName.Space == Manage && !s.o.HoldAcks:
			c.Send("<a xmlns='%s' h='%d'/>", Manage, c.Handled.Load())
			continue
		case stanza.XMLName.Space == "jabber:client":
			c.Handled.Add(1)
		}
		if stanza.XMLName.Local == "iq" && stanza.Attr("type") == "get" {
			switch {
			case strings.Contains(stanza.Inner, "jabber:iq:roster") && !s.o.HoldRoster:
				c.Send("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>%s</query></iq>", stanza.Attr("id"), s.o.Roster)
				continue
			case strings.Contains(stanza.Inner, "urn:xmpp:ping") && stanza.Attr("to") == "" && !s.o.HoldPings:
				c.Send("<iq type='result' id='%s'/>", stanza.Attr("id"))
				continue
			case strings.Contains(stanza.Inner, "http://jabber.org/protocol/disco#") && !s.o.HoldDisco && s.discover(c, stanza):
				continue
			}
		}
		if stanza.XMLName.Local == "iq" && strings.Contains(stanza.Inner, "urn:xmpp:carbons:2") && !s.o.HoldCopies {
			c.Send("<iq type='result' id='%s'/>", stanza.Attr("id"))
			continue
		}
		select {
		case c.received <- stanza:
		case <-s.over:
			return
		}
	}
}

// discover answers what the server, the client's account or a service is (XEP-0030).
func (s *Server) discover(c *Conn, stanza Stanza) bool {
	to := stanza.Attr("to")
	features, known := s.o.Services[to]
	account, _, _ := strings.Cut(c.JID, "/")
	switch {
	case to == Domain && strings.Contains(stanza.Inner, "disco#items"):
		var items strings.Builder
		for address := range s.o.Services {
			fmt.Fprintf(&items, "<item jid='%s'/>", address)
		}
		c.Send("<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#items'>%s</query></iq>", stanza.Attr("id"), to, items.String())
		return true
	case to == Domain:
		features = s.o.Features
	case to == account:
		features = s.o.Account
	case !known:
		return false
	}
	var list strings.Builder
	for _, f := range features {
		fmt.Fprintf(&list, "<feature var='%s'/>", f)
	}
	c.Send("<iq type='result' id='%s' from='%s'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/>%s</query></iq>", stanza.Attr("id"), to, list.String())
	return true
}

func (s *Server) startTLS(tcp net.Conn) bool {
	r := reader{xml.NewDecoder(tcp)}
	from, err := r.header()
	if err != nil {
		return false
	}
	if from != "" {
		s.t.Errorf("before TLS the client showed its address, %s", from)
	}
	offer := "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
	if s.o.NoStartTLS {
		offer = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
	}
	fmt.Fprint(tcp, header, "<stream:features>", s.o.Offered, offer, "</stream:features>")
	stanza, err := r.next()
	if err != nil {
		return false
	}
	if stanza.XMLName.Local != "starttls" {
		s.t.Errorf("before TLS the client sent <%s>", stanza.XMLName.Local)
		return false
	}
	fmt.Fprint(tcp, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", s.o.Injected)
	return true
}

func (s *Server) signIn(tcp net.Conn, secure *tls.Conn) (*Conn, reader, bool) {
	var features strings.Builder
	features.WriteString("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>")
	for _, m := range s.o.Mechanisms {
		fmt.Fprintf(&features, "<mechanism>%s</mechanism>", m)
	}
	features.WriteString("</mechanisms>")
	if s.o.Bindings != nil {
		features.WriteString("<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>")
		for _, b := range s.o.Bindings {
			fmt.Fprintf(&features, "<channel-binding type='%s'/>", b)
		}
		features.WriteString("</sasl-channel-binding>")
	}
	r := reader{xml.NewDecoder(secure)}
	if _, err := r.header(); err != nil {
		return nil, r, false
	}
	fmt.Fprint(secure, header, "<stream:features>", s.o.Offered, features.String(), "</stream:features>")
	user, ok := s.authenticate(secure, r)
	if !ok {
		return nil, r, false
	}
	r = reader{xml.NewDecoder(secure)}
	if _, err := r.header(); err != nil {
		return nil, r, false
	}
	offer := "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
	if s.o.Enabled != "" {
		offer += "<sm xmlns='" + Manage + "'/>"
	}
	if s.o.Activity {
		offer += "<csi xmlns='urn:xmpp:csi:0'/>"
	}
	fmt.Fprint(secure, header, "<stream:features>", s.o.Offered, offer, "</stream:features>")
	stanza, err := r.next()
	if err != nil {
		return nil, r, false
	}
	conn := &Conn{t: s.t, tcp: tcp, secure: secure, received: make(chan Stanza, 256)}
	if stanza.XMLName.Local == "resume" {
		answer := "<failed xmlns='" + Manage + "'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
		if s.o.Resume != nil {
			answer = s.o.Resume(stanza.Attr("previd"), stanza.Attr("h"))
		}
		fmt.Fprint(secure, answer)
		if strings.HasPrefix(answer, "<resumed") {
			return conn, r, true
		}
		if stanza, err = r.next(); err != nil {
			return nil, r, false
		}
	}
	var bind struct {
		Resource string `xml:"bind>resource"`
	}
	if err := xml.Unmarshal([]byte("<iq>"+stanza.Inner+"</iq>"), &bind); err != nil {
		return nil, r, false
	}
	jid := user + "@" + Domain + "/" + bind.Resource
	if s.o.BoundAs != "" {
		jid = s.o.BoundAs
	}
	if s.o.BindError {
		fmt.Fprintf(secure, "<iq type='error' id='%s'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", stanza.Attr("id"))
		return nil, r, false
	}
	fmt.Fprintf(secure, "<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>%s</jid></bind></iq>", stanza.Attr("id"), jid)
	conn.JID = jid
	return conn, r, true
}

// authenticate checks a PLAIN password, or lets the test answer.
func (s *Server) authenticate(secure *tls.Conn, r reader) (user string, ok bool) {
	stanza, err := r.next()
	if err != nil {
		return "", false
	}
	if s.o.SigningIn != nil {
		s.o.SigningIn()
	}
	if s.o.Challenge != nil {
		fmt.Fprint(secure, s.o.Challenge(stanza.Text))
		_, _ = r.next() // whatever the client makes of it
		return "", false
	}
	data, err := base64.StdEncoding.DecodeString(stanza.Text)
	fields := strings.Split(string(data), "\x00")
	if err != nil || len(fields) != 3 || fields[2] != Password {
		fmt.Fprint(secure, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure></stream:stream>")
		return "", false
	}
	fmt.Fprint(secure, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	return fields[1], true
}
