package xmpp

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"

	"culver/im"
)

// The answers to the settings field "security".
const (
	securityAuto     = ""
	securityStartTLS = "starttls"
	securityDirect   = "direct"
)

const (
	portStartTLS = 5222
	portDirect   = 5223
)

// target is one way to reach the server. The name is only dialled: certificates
// are held against the XMPP domain (CVE-2022-26491).
type target struct {
	host   string
	port   int
	direct bool // TLS from the first byte (XEP-0368), else STARTTLS
}

func (t target) String() string { return net.JoinHostPort(t.host, strconv.Itoa(t.port)) }

// Resolver looks up service records; *net.Resolver is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

var errNoService = errors.New("the domain says that it has no XMPP service")

// targets returns the ways to the account's server, best first. Behind a proxy
// nothing is looked up: whoever answers here would learn where the account is.
func (c *connector) targets(ctx context.Context, domain string) ([]target, error) {
	r := c.network.resolver()
	if c.exit.proxied() || isOnion(domain) {
		r = noRecords{}
	}
	return targets(ctx, r, c.account, domain)
}

// noRecords is a resolver that asks nobody.
type noRecords struct{}

func (noRecords) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, nil
}

// targets returns the ways to an account's server, best first. What the domain publishes
// counts, unless that is not the kind of encryption that the user wants.
func targets(ctx context.Context, r Resolver, a im.Account, domain string) ([]target, error) {
	security := a.Option(fieldSecurity)
	host, port := a.Option(fieldServer), 0
	if p, err := strconv.Atoi(a.Option(fieldPort)); err == nil {
		port = p
	}
	var closed []bool
	if host == "" && port == 0 && net.ParseIP(strings.Trim(domain, "[]")) == nil {
		found, none, err := lookup(ctx, r, domain)
		if err != nil {
			return nil, err
		}
		if found = choose(found, security); len(found) > 0 {
			return found, nil
		}
		closed = none
	}
	if host == "" {
		host = strings.Trim(domain, "[]")
	}
	open := slices.DeleteFunc(choose(guesses(host, port), security), func(t target) bool { return slices.Contains(closed, t.direct) })
	if len(open) == 0 {
		return nil, errNoService
	}
	return open, nil
}

// guesses are the ways to a host of which no more is known.
func guesses(host string, port int) []target {
	startTLS, direct := target{host, portStartTLS, false}, target{host, portDirect, true}
	if port == 0 {
		return []target{startTLS, direct}
	}
	startTLS.port, direct.port = port, port
	if port == portDirect || port == 443 {
		return []target{direct, startTLS}
	}
	return []target{startTLS, direct}
}

func choose(all []target, security string) []target {
	if security == securityAuto {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(t target) bool {
		return t.direct != (security == securityDirect)
	})
}

// lookup asks for both kinds of service record and mixes them by priority; of
// the same priority, direct TLS comes first, because it shows nothing before
// encryption (XEP-0368, section 3). Nothing found means: no records, or no
// DNS; then the domain itself is tried, but for the kinds that are closed (RFC 2782: decidedly
// not available). Without STARTTLS there has to be a record for direct TLS.
func lookup(ctx context.Context, r Resolver, domain string) (found []target, closed []bool, err error) {
	type answer struct {
		direct  bool
		records []*net.SRV
		err     error
	}
	answers := make(chan answer, 2)
	for service, direct := range map[string]bool{"xmpps-client": true, "xmpp-client": false} {
		go func() {
			_, records, err := r.LookupSRV(ctx, service, "tcp", domain)
			answers <- answer{direct, records, err}
		}()
	}
	type ranked struct {
		target
		priority uint16
	}
	var all []ranked
	var failed error // to find out, for direct TLS
	for range 2 {
		a := <-answers
		for _, record := range a.records {
			host := strings.TrimSuffix(record.Target, ".")
			if host == "" {
				closed = append(closed, a.direct)
				continue
			}
			all = append(all, ranked{target{host, int(record.Port), a.direct}, record.Priority})
		}
		if dns, ok := errors.AsType[*net.DNSError](a.err); ok && a.direct && !dns.IsNotFound {
			failed = a.err
		}
	}
	if len(all) == 0 && slices.Contains(closed, false) {
		return nil, nil, cmp.Or(failed, errNoService)
	}
	// Stable: records of one kind came sorted by priority and shuffled by weight.
	slices.SortStableFunc(all, func(a, b ranked) int {
		if c := cmp.Compare(a.priority, b.priority); c != 0 {
			return c
		}
		return cmp.Compare(rank(a.direct), rank(b.direct))
	})
	for _, f := range all {
		found = append(found, f.target)
	}
	return found, closed, nil
}

func rank(direct bool) int {
	if direct {
		return 0
	}
	return 1
}
