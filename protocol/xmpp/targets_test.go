package xmpp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"
	"testing"

	"culver/im"
	"culver/protocol"
)

// records answers look-ups: service to records.
type records map[string][]*net.SRV

func (r records) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if proto != "tcp" || name != "example.net" {
		return "", nil, fmt.Errorf("looked up %s %s", proto, name)
	}
	if found := r[service]; found != nil {
		return "", found, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestTargets(t *testing.T) {
	mixed := records{
		"xmpp-client":  {{Target: "a.example.net.", Port: 5222, Priority: 5}, {Target: "b.example.net.", Port: 5222, Priority: 20}},
		"xmpps-client": {{Target: "c.example.net.", Port: 443, Priority: 5}, {Target: "d.example.net.", Port: 5223, Priority: 10}},
	}
	none := records{"xmpp-client": {{Target: "."}}}
	startTLS := records{"xmpp-client": {{Target: "a.example.net.", Port: 5222}}}
	noDirect := records{"xmpps-client": {{Target: "."}}}
	for name, c := range map[string]struct {
		options map[string]string
		domain  string
		records records
		want    []string
		err     error
	}{
		"no records":         {nil, "example.net", nil, []string{"example.net:5222", "example.net:5223 direct"}, nil},
		"mixed":              {nil, "example.net", mixed, []string{"c.example.net:443 direct", "a.example.net:5222", "d.example.net:5223 direct", "b.example.net:5222"}, nil},
		"only STARTTLS":      {map[string]string{"security": "starttls"}, "example.net", mixed, []string{"a.example.net:5222", "b.example.net:5222"}, nil},
		"only direct":        {map[string]string{"security": "direct"}, "example.net", nil, []string{"example.net:5223 direct"}, nil},
		"direct, unlisted":   {map[string]string{"security": "direct"}, "example.net", startTLS, []string{"example.net:5223 direct"}, nil},
		"no direct TLS":      {nil, "example.net", noDirect, []string{"example.net:5222"}, nil},
		"direct, not there":  {map[string]string{"security": "direct"}, "example.net", noDirect, nil, errNoService},
		"STARTTLS, closed":   {map[string]string{"security": "starttls"}, "example.net", records{"xmpp-client": {{Target: "."}}, "xmpps-client": mixed["xmpps-client"]}, nil, errNoService},
		"no service":         {nil, "example.net", none, nil, errNoService},
		"server set":         {map[string]string{"server": "x.example"}, "example.net", none, []string{"x.example:5222", "x.example:5223 direct"}, nil},
		"port set":           {map[string]string{"port": "80"}, "example.net", none, []string{"example.net:80", "example.net:80 direct"}, nil},
		"direct port set":    {map[string]string{"port": "443"}, "example.net", none, []string{"example.net:443 direct", "example.net:443"}, nil},
		"everything set":     {map[string]string{"server": "::1", "port": "1", "security": "direct"}, "example.net", none, []string{"[::1]:1 direct"}, nil},
		"address, not asked": {nil, "192.0.2.1", none, []string{"192.0.2.1:5222", "192.0.2.1:5223 direct"}, nil},
		"IPv6 address":       {nil, "[2001:db8::1]", none, []string{"[2001:db8::1]:5222", "[2001:db8::1]:5223 direct"}, nil},
	} {
		found, err := targets(t.Context(), c.records, im.Account{Options: c.options}, c.domain)
		var got []string
		for _, f := range found {
			s := f.String()
			if f.direct {
				s += " direct"
			}
			got = append(got, s)
		}
		if !errors.Is(err, c.err) || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v; want %q, %v", name, got, err, c.want, c.err)
		}
	}
}

// A service that cannot be looked up just now may be there: that is worth another try.
func TestHalfALookUpSaysNothing(t *testing.T) {
	lost := &net.DNSError{Err: "timeout", IsTimeout: true}
	if _, err := targets(t.Context(), halfBroken{lost}, im.Account{}, "example.net"); !errors.Is(err, lost) {
		t.Errorf("%v, want %v", err, lost)
	}
}

// halfBroken knows that there is no STARTTLS, and no more.
type halfBroken struct{ err error }

func (r halfBroken) LookupSRV(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
	if service == "xmpp-client" {
		return "", []*net.SRV{{Target: "."}}, nil
	}
	return "", nil, r.err
}

// Settings that leave no way open end in a sentence.
func TestNoWayIsLeft(t *testing.T) {
	n := Network{Resolver: records{"xmpp-client": {{Target: "."}}, "xmpps-client": {{Target: "a.example.net.", Port: 5223}}}}
	a := account(t, map[string]string{"address": "a@example.net", "security": "starttls"})
	run(t, newSession(n, a, secret("x"), endless)).failure(protocol.WrongAddress)
}

func TestUnreachable(t *testing.T) {
	for name, c := range map[string]struct {
		dial error
		want string
	}{
		"no such host": {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "example.net", IsNotFound: true}}, "There is no server named example.net. Check the address of the account, or the network connection."},
		"no DNS":       {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "example.net", IsTemporary: true}}, "The server example.net cannot be looked up. Check the network connection."},
		"refused":      {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "Nobody answers at example.net: the server may be down, or the port wrong."},
		"no route":     {&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, "There is no way to example.net. Check the network connection."},
		"time-out":     {&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, "example.net did not answer in time."},
		"proxy":        {&net.OpError{Op: "dial", Err: errors.New("socks: x")}, "example.net cannot be reached. Check the network connection."},
	} {
		n := Network{Resolver: records(nil), Dial: func(context.Context, string, string) (net.Conn, error) { return nil, c.dial }}
		a := account(t, map[string]string{"address": "alice@example.net"})
		if f := run(t, newSession(n, a, secret("x"), endless)).failure(protocol.Unreachable); f.Text != c.want {
			t.Errorf("%s: %q, want %q", name, f.Text, c.want)
		}
	}
}

func TestImpossibleAddress(t *testing.T) {
	for _, id := range []im.AccountID{"xmpp:", "xmpp:example.net", "xmpp:@", ""} {
		run(t, newSession(Network{}, im.Account{ID: id}, secret("x"), endless)).failure(protocol.WrongAddress)
	}
	n := Network{Resolver: records{"xmpp-client": {{Target: "."}}}}
	run(t, newSession(n, account(t, map[string]string{"address": "a@example.net"}), secret("x"), endless)).failure(protocol.WrongAddress)
}
