package xmpp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Links that others send lead out into the world, and not to this computer, to the
// network that it is in, or to what a name has been made to mean there: somebody could
// have things done there by a link. The account's own server may be anywhere.

var errInside = errors.New("it is no address on the Internet")

// insideRanges are those of addresses that mean something here only, beyond what
// [netip.Addr] knows to be so: RFC 6890, 6598, 2544, 5737, 3068, 6666, 8215 and 3849,
// and those that have an IPv4 address inside.
func insideRanges() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10", "5f00::/16",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

// nat64 is where a network that has IPv6 only leads to the IPv4 address at the end (RFC 6052,
// section 2.1).
const nat64 = "64:ff9b::/96"

// insideAddr reports that an address is not one on the Internet.
func insideAddr(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if b := a.As16(); netip.MustParsePrefix(nat64).Contains(a) {
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return true
	}
	for _, p := range insideRanges() {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// insideName reports that a host means something here only, whoever looks it up: an
// address, also in the ways in which some systems read numbers as one, or a name that is
// never in the DNS.
func insideName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return insideAddr(a)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	number := last == "" || strings.Trim(last, "0123456789") == "" ||
		strings.HasPrefix(last, "0x") && strings.Trim(last[2:], "0123456789abcdef") == ""
	return number || last == "localhost" || last == "local" || last == "internal" || strings.HasSuffix("."+host, ".home.arpa")
}

// dialOutside is dial for a host that others chose. A proxy looks names up by itself; here
// it is the address that counts that comes of it.
func (c *connector) dialOutside(ctx context.Context, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if insideName(host) {
		return nil, errInside
	}
	if c.exit.proxied() {
		return c.dial(ctx, address)
	}
	if isOnion(host) {
		return nil, errOnion
	}
	return c.network.dialChecked(outside)(ctx, "tcp", address)
}

// outside refuses addresses that are not on the Internet, as they are dialled.
func outside(_, address string, _ syscall.RawConn) error {
	if a, err := netip.ParseAddrPort(address); err != nil || insideAddr(a.Addr()) {
		return errInside
	}
	return nil
}
