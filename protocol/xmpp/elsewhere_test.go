package xmpp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"culver/internal/testkit"
	"culver/protocol/xmpp/xmpptest"
)

func TestWhatIsNotOnTheInternet(t *testing.T) {
	for _, a := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"100.127.255.255", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
		"64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "100::1",
	} {
		if !insideAddr(netip.MustParseAddr(a)) {
			t.Errorf("%s is taken for one on the Internet", a)
		}
		if !insideName(a) || !insideName("["+a+"]") {
			t.Errorf("%s would be told to a proxy", a)
		}
	}
	for _, a := range []string{"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00::1",
		"64:ff9b::1.1.1.1"} { // all that a network without IPv4 has of servers without IPv6
		if insideAddr(netip.MustParseAddr(a)) || insideName(a) {
			t.Errorf("%s is not taken for one on the Internet", a)
		}
	}
	for _, name := range []string{"localhost", "LOCALHOST.", "x.localhost", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7F.0x1", "017700000001", "1.2.3.0x4",
		"printer.local", "host.internal", "router.home.arpa", "home.arpa", "", ".", "x.1"} {
		if !insideName(name) {
			t.Errorf("%q is taken for a name on the Internet", name)
		}
	}
	for _, name := range []string{"example.org", "1.example.org", "0x7f.example.org", "localhost.example.org", "127.0.0.1.example.org", "xn--bcher-kva.example", "0xen", "local.example"} {
		if insideName(name) {
			t.Errorf("%q is not taken for a name on the Internet", name)
		}
	}
}

// trap is a service of this computer that nobody is to be sent to.
func trap(t *testing.T) (port int, called *atomic.Int32) {
	called = new(atomic.Int32)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			called.Add(1)
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, called
}

// A link that somebody sent leads to no service of this computer: not by its name, not by
// what the name stands for, and not through a proxy.
func TestLinksLeadToTheInternet(t *testing.T) {
	port, called := trap(t)
	c, _ := fake(t, xmpptest.Options{})
	fetch := func(s *Session, host string) error {
		r, err := s.Fetch(context.Background(), "https://"+net.JoinHostPort(host, strconv.Itoa(port))+"/x", 0, 5)
		if err == nil {
			r.Close()
		}
		return err
	}
	for _, host := range []string{"127.0.0.1", "::1", "::ffff:127.0.0.1", "localhost", "127.1", "2130706433", "0.0.0.0"} {
		if err := fetch(c.Session, host); err == nil || !strings.Contains(err.Error(), "this computer") {
			t.Errorf("%s: %v", host, err)
		}
	}
	// A name that stands for such an address is found out when it is looked up.
	if _, err := c.network.dialChecked(outside)(context.Background(), "tcp", "localhost:"+strconv.Itoa(port)); !errors.Is(err, errInside) {
		t.Errorf("a name of this computer: %v", err)
	}
	if called.Load() != 0 {
		t.Errorf("%d calls", called.Load())
	}

	var n tapped
	proxied := behind(t, &n, nil, through(testkit.StartProxy(t, "", func(host string, p int) string {
		if p == port {
			t.Errorf("the proxy was asked for %s", host)
		}
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}), "socks5"))
	for _, host := range []string{"127.0.0.1", "10.0.0.1", "localhost", "127.1", "::1"} {
		if _, err := proxied.dialOutside(context.Background(), net.JoinHostPort(host, strconv.Itoa(port))); !errors.Is(err, errInside) {
			t.Errorf("%s by a proxy: %v", host, err)
		}
	}
}
