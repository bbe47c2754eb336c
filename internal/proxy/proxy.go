// Package proxy asks a proxy for a connection to somewhere else: by SOCKS 5
// (RFC 1928, with the passwords of RFC 1929) or by HTTP CONNECT (RFC 9110, section
// 9.3.6). The name of where to go is always told to the proxy, never looked up here.
// It has no state: a connection belongs to the goroutine that asks on it.
package proxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Kind is how a proxy is spoken to.
type Kind int

// The kinds of proxy.
const (
	SOCKS5 Kind = iota
	HTTP
)

// Server is a proxy, and what it is told of who asks.
type Server struct {
	Kind     Kind
	Address  string // host:port
	User     string // empty: nothing is said
	Password []byte
	// Strict: never to be used without the user and the password, even if the proxy
	// would let everybody through. Tor keeps those apart that have different ones.
	Strict bool
}

// What can go wrong, beside what the network says.
var (
	ErrDown     = errors.New("the proxy cannot be reached")
	ErrPassword = errors.New("the proxy does not accept the user or the password")
	ErrSpeech   = errors.New("what answers is no such proxy")
	ErrRefused  = errors.New("the proxy does not allow it")
	ErrFailed   = errors.New("the proxy got no connection")
)

// Dial connects to the proxy by the given function, and has it connect to the address.
// There is no other way to it if that fails.
func (s Server) Dial(ctx context.Context, dial func(ctx context.Context, network, address string) (net.Conn, error), address string) (net.Conn, error) {
	host, port, err := split(address)
	if err != nil {
		return nil, err
	}
	conn, err := dial(ctx, "tcp", s.Address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDown, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	if s.Kind == HTTP {
		err = s.http(conn, host, port)
	} else {
		err = s.socks(conn, host, port)
	}
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = conn.Close() // what went wrong is known already
		if ctx.Err() != nil {
			err = context.Cause(ctx) // and that is all it was: we hung up ourselves
		}
		return nil, fmt.Errorf("ask the proxy for %s: %w", address, err)
	}
	return conn, nil
}

// split takes an address apart that a proxy is to be told.
func split(address string) (host string, port uint16, err error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("read the address %q: %w", address, err)
	}
	n, err := strconv.ParseUint(service, 10, 16)
	if err != nil || n == 0 || host == "" || len(host) > 255 {
		return "", 0, fmt.Errorf("%q is no address", address)
	}
	for i := range len(host) {
		if host[i] <= ' ' || host[i] >= 0x7f {
			return "", 0, fmt.Errorf("%q is no address", address)
		}
	}
	return host, uint16(n), nil
}
