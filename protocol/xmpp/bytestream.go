package xmpp

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"mellium.im/xmpp/jid"
)

// SOCKS5 Bytestreams (XEP-0065), through the proxies of servers alone.

const nsBytestreams = "http://jabber.org/protocol/bytestreams"

// bytestreamProxy is a proxy of a server.
type bytestreamProxy struct {
	address string // its JID
	host    string
	port    int
}

func (p bytestreamProxy) dial() string { return net.JoinHostPort(p.host, strconv.Itoa(p.port)) }

// server is the address of the service, which may have several proxies.
func (p bytestreamProxy) server() string {
	bare, _, _ := strings.Cut(p.address, "/")
	return bare
}

// errNotByProxy: this way does not work; another one may.
var errNotByProxy = errors.New("no proxy that both sides can use")

const (
	// proxyPatience is how long it may take to connect to a proxy: less than the other
	// side waits for the answer.
	proxyPatience = 10 * time.Second
	maxHosts      = 8 // that somebody offers
)

// bytestreams finds the proxy of the server, and answers those who offer theirs.
func (l *link) bytestreams() extension {
	return extension{
		features: []string{nsBytestreams},
		set:      map[name]func(*element, jid.JID){{nsBytestreams, "query"}: l.streamOffered},
		online: func() {
			l.pipes.proxy.Store(nil)
			l.whenKnown(func(s *services) {
				for _, o := range s.others {
					if o.is("proxy", "bytestreams") {
						l.askProxy(o.address.String(), func(p *bytestreamProxy) {
							if p != nil {
								l.pipes.proxy.CompareAndSwap(nil, p)
							}
						})
					}
				}
			})
		},
	}
}

// askProxy asks a proxy where it is. Done is called with nil if it does not tell.
func (l *link) askProxy(address string, done func(*bytestreamProxy)) {
	l.askInTime(address, "get", newElement(nsBytestreams, "query"), func(answer *element) {
		if answer != nil && answer.attr("type") == "result" {
			if q := answer.child(nsBytestreams, "query"); q != nil {
				for _, p := range readHosts(q) {
					if p.server() == address { // ejabberd adds a resource
						done(&p)
						return
					}
				}
			}
		}
		done(nil)
	})
}

// readHosts reads the hosts of a query; those that make no sense are left out.
func readHosts(query *element) (all []bytestreamProxy) {
	for _, c := range query.children {
		port, err := strconv.Atoi(c.attr("port"))
		address, bad := parseJID(c.attr("jid"))
		host := c.attr("host")
		if !c.is(nsBytestreams, "streamhost") || err != nil || bad != nil || port < 1 || port > 65535 || host == "" || len(host) > 255 ||
			strings.ContainsAny(host, " /@?#\\") || len(all) == maxHosts {
			continue
		}
		all = append(all, bytestreamProxy{address.String(), host, port})
	}
	return all
}

// destination is what the two ends tell a proxy (XEP-0065, section 5.3.2): neither says
// who they are.
func destination(id string, initiator, target jid.JID) string {
	sum := sha1.Sum([]byte(id + initiator.String() + target.String()))
	return hex.EncodeToString(sum[:])
}

// pipeByProxy opens a pipe through our server's proxy.
func (l *link) pipeByProxy(ctx context.Context, proxy *bytestreamProxy, to jid.JID, id string) (io.WriteCloser, error) {
	query := newElement(nsBytestreams, "query", newElement(nsBytestreams, "streamhost").with("jid", proxy.address).
		with("host", proxy.host).with("port", strconv.Itoa(proxy.port))).with("sid", id).with("mode", "tcp")
	answer, err := l.askAndWait(ctx, pipeAnswer, to.String(), "set", query)
	if errors.Is(err, errSilent) || err == nil && answer.attr("type") != "result" {
		return nil, errNotByProxy
	}
	if err != nil {
		return nil, err
	}
	used := ""
	if q := answer.child(nsBytestreams, "query"); q != nil {
		if u := q.child(nsBytestreams, "streamhost-used"); u != nil {
			used = u.attr("jid")
		}
	}
	if used != proxy.address {
		return nil, errNotByProxy
	}
	conn, err := l.throughProxy(ctx, *proxy, destination(id, l.self, to))
	if err == nil {
		answer, err = l.askAndWait(ctx, pipeAnswer, proxy.address, "set", newElement(nsBytestreams, "query",
			newText(nsBytestreams, "activate", to.String())).with("sid", id))
		if err == nil && answer.attr("type") != "result" {
			err = fmt.Errorf("the proxy: %s", known(stanzaCondition(answer)))
		}
		if err != nil {
			conn.Close()
		}
	}
	if err != nil {
		l.pipes.proxy.CompareAndSwap(proxy, nil) // the next one goes without it
		return nil, err
	}
	return bindConn(ctx, l, conn), nil
}

// throughProxy connects to a proxy of a server, for a destination.
func (l *link) throughProxy(ctx context.Context, proxy bytestreamProxy, to string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, proxyPatience)
	defer cancel()
	conn, err := l.reach(ctx, proxy.dial())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err = socksConnect(conn, to)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

var errSOCKS = errors.New("the proxy does not connect the two sides")

// socksConnect asks for a destination, which is no host: its port is 0, which other
// clients of SOCKS refuse (XEP-0065, section 5.3.2).
func socksConnect(conn io.ReadWriter, to string) error {
	if _, err := conn.Write([]byte{5, 1, 0}); err != nil {
		return err
	}
	var b [262]byte
	if _, err := io.ReadFull(conn, b[:2]); err != nil {
		return err
	}
	if b[0] != 5 || b[1] != 0 {
		return errSOCKS
	}
	request := append([]byte{5, 1, 0, 3, byte(len(to))}, to...)
	if _, err := conn.Write(append(request, 0, 0)); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, b[:5]); err != nil {
		return err
	}
	if b[0] != 5 || b[1] != 0 {
		return errSOCKS
	}
	rest := 0
	switch b[3] {
	case 1:
		rest = 4 - 1 + 2
	case 3:
		rest = int(b[4]) + 2
	case 4:
		rest = 16 - 1 + 2
	default:
		return errSOCKS
	}
	_, err := io.ReadFull(conn, b[:rest])
	return err
}

// streamOffered: somebody offers hosts for a pipe. One is used only for a pipe that is
// expected, and if it is the proxy of our own server, which is asked where it is: nobody
// else is to learn our address.
func (l *link) streamOffered(e *element, from jid.JID) {
	query := e.child(nsBytestreams, "query")
	key := pipeKey{from.String(), query.attr("sid")}
	if mode := query.attr("mode"); mode != "" && mode != "tcp" {
		l.refusePipe(e, from, "not-acceptable")
		return
	}
	wish, ok := l.pipes.claim(key)
	if !ok {
		l.refusePipe(e, from, "not-acceptable")
		return
	}
	giveUp := func() {
		l.pipes.release(wish)
		l.declinePipe(e, "item-not-found")
	}
	for _, host := range readHosts(query) {
		address, err := jid.Parse(host.address)
		if err != nil || address.Localpart() != "" || !below(address, l.domain) {
			continue
		}
		l.askProxy(host.server(), func(p *bytestreamProxy) {
			if p == nil || p.host != host.host || p.port != host.port {
				giveUp()
				return
			}
			go l.useProxy(e, from, host, wish, giveUp)
		})
		return
	}
	giveUp()
}

// below reports that an address is a server of a domain, or part of it.
func below(address jid.JID, domain string) bool {
	d := address.Domainpart()
	return d == domain || strings.HasSuffix(d, "."+domain)
}

// useProxy connects to a proxy for somebody's pipe. It runs on a goroutine of its own.
func (l *link) useProxy(e *element, from jid.JID, p bytestreamProxy, wish *awaitedPipe, giveUp func()) {
	ctx, cancel := l.while(context.Background())
	defer cancel()
	conn, err := l.throughProxy(ctx, p, destination(e.child(nsBytestreams, "query").attr("sid"), from, l.self))
	if err != nil {
		_ = l.do(giveUp) // fails only when all is over
		return
	}
	l.pipes.deliver(wish, &patientConn{conn})
	_ = l.send(reply(e, "result").add(newElement(nsBytestreams, "query",
		newElement(nsBytestreams, "streamhost-used").with("jid", p.address)).with("sid", e.child(nsBytestreams, "query").attr("sid"))))
}

// patientConn is a connection whose other end has to do something now and then.
type patientConn struct{ net.Conn }

func (c *patientConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(pipePatience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *patientConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(pipePatience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// boundConn is a connection that ends with a context and with the link.
type boundConn struct {
	patientConn
	cancel context.CancelFunc
}

func bindConn(ctx context.Context, l *link, conn net.Conn) *boundConn {
	ctx, cancel := l.while(ctx)
	context.AfterFunc(ctx, func() { conn.Close() })
	return &boundConn{patientConn{conn}, cancel}
}

func (c *boundConn) Close() error {
	err := c.Conn.Close()
	c.cancel()
	return err
}
