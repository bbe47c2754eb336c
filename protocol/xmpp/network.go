package xmpp

import (
	"context"
	"crypto/x509"
	"maps"
	"net"
	"strconv"
	"strings"
	"syscall"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Scheme is the first part of the IDs of XMPP accounts.
const Scheme = "xmpp"

// The settings fields beside those that all networks share.
const (
	fieldServer   = "server"
	fieldPort     = "port"
	fieldSecurity = "security"
	fieldResource = "resource"
	fieldTrust    = "trust"
	fieldWeaker   = "weaker" // take a weaker way to sign in, once
)

// What an account remembers of its server, beside the settings.
const (
	optionSignIn = "signin" // how it was signed in: a strength
	optionSeen   = "seen"   // the certificate that it accepted: a seenCertificate
)

// Network is XMPP. The zero value is ready to use; the fields replace what is
// outside: proxies and tests do.
type Network struct {
	// Dial makes connections; nil: directly.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Resolver looks up service records; nil: the system's.
	Resolver Resolver
	// Roots are the authorities whose certificates count; nil: the system's.
	Roots *x509.CertPool
}

var _ protocol.Protocol = Network{}

func (n Network) dial() func(context.Context, string, string) (net.Conn, error) {
	if n.Dial != nil {
		return n.Dial
	}
	return new(net.Dialer).DialContext
}

// dialChecked is dial with a check of the address that a name stands for.
func (n Network) dialChecked(check func(network, address string, c syscall.RawConn) error) func(context.Context, string, string) (net.Conn, error) {
	if n.Dial != nil {
		return n.Dial
	}
	return (&net.Dialer{Control: check}).DialContext
}

func (n Network) resolver() Resolver {
	if n.Resolver != nil {
		return n.Resolver
	}
	return net.DefaultResolver
}

// Scheme is "xmpp".
func (Network) Scheme() string { return Scheme }

// Name is what people call the network.
func (Network) Name() string { return "XMPP" }

// Settings are the fields of an account.
func (Network) Settings() []im.Field {
	return append([]im.Field{
		{ID: protocol.FieldAddress, Kind: im.FieldText, Label: lang.T("Address"), Hint: "you@example.net"},
		{ID: protocol.FieldPassword, Kind: im.FieldSecret, Label: lang.T("Password")},
		{ID: fieldServer, Kind: im.FieldText, Label: lang.T("Connect to server"), Hint: lang.T("only if it differs from the address; may be an onion address")},
		{ID: fieldPort, Kind: im.FieldText, Label: lang.T("Port"), Hint: lang.T("usually found by itself")},
		{ID: fieldSecurity, Kind: im.FieldChoice, Label: lang.T("Encryption"), Choices: []im.Choice{
			{Value: securityAuto, Label: lang.T("Best available (always encrypted)")},
			{Value: securityStartTLS, Label: "STARTTLS"},
			{Value: securityDirect, Label: lang.T("Direct TLS")},
		}},
		{ID: fieldResource, Kind: im.FieldText, Label: lang.T("Name of this device"), Hint: lang.T("empty: chosen by chance")},
		{ID: fieldTrust, Kind: im.FieldChoice, Label: lang.T("Certificates"), Choices: []im.Choice{
			{Value: trustAuthorities, Label: lang.T("Any that an authority vouches for")},
			{Value: trustFirst, Label: lang.T("Trust on first use: ask when it changes")},
		}},
		{ID: protocol.FieldPin, Kind: im.FieldText, Label: lang.T("Accept only this certificate"), Hint: lang.T("its SHA-256 fingerprint")},
		{ID: fieldWeaker, Kind: im.FieldSwitch, Label: lang.T("Once, accept a weaker way to sign in than before")},
	}, protocol.ProxyFields()...)
}

// Account checks the answers and makes an account of them.
func (n Network) Account(answers map[string]string) (im.Account, error) {
	address, err := parseAddress(answers[protocol.FieldAddress])
	if err != nil {
		return im.Account{}, err
	}
	if address.Localpart() == "" {
		return im.Account{}, sentencef("An address has a name before the server: you@example.net.")
	}
	options := map[string]string{protocol.FieldAddress: address.Bare().String()}
	set := func(id, value string) {
		if value != "" {
			options[id] = value
		}
	}
	answer := func(id string) string { return strings.TrimSpace(answers[id]) }

	resource := answer(fieldResource)
	if resource == "" {
		resource = address.Resourcepart()
	}
	if resource != "" {
		full, err := address.WithResource(resource)
		if err != nil {
			return im.Account{}, sentencef("%q cannot be the name of a device. Leave it empty, or use letters and digits.", resource)
		}
		resource = full.Resourcepart()
	}
	set(fieldResource, resource)

	server := answer(fieldServer)
	if strings.ContainsAny(server, "/@ ") {
		return im.Account{}, sentencef("%q is not the name of a server. It looks like xmpp.example.net.", server)
	}
	if host, port, err := net.SplitHostPort(server); err == nil && answer(fieldPort) == "" {
		server = host
		set(fieldPort, port)
	}
	set(fieldServer, strings.Trim(server, "[]"))
	if answer(fieldPort) != "" {
		set(fieldPort, answer(fieldPort))
	}
	if port := options[fieldPort]; port != "" {
		if p, err := strconv.Atoi(port); err != nil || p < 1 || p > 65535 {
			return im.Account{}, sentencef("%q is not a port. A port is a number from 1 to 65535; leave it empty if you do not know it.", port)
		}
	}

	switch security := answer(fieldSecurity); security {
	case securityAuto, securityStartTLS, securityDirect:
		set(fieldSecurity, security)
	default:
		return im.Account{}, sentencef("There is no kind of encryption called %q.", security)
	}

	switch trust := answer(fieldTrust); trust {
	case trustAuthorities, trustFirst:
		set(fieldTrust, trust)
	default:
		return im.Account{}, sentencef("There is no way to check certificates called %q.", trust)
	}
	pin, err := normalizePin(answer(protocol.FieldPin))
	if err != nil {
		return im.Account{}, err
	}
	set(protocol.FieldPin, pin)
	if answer(fieldWeaker) == im.On {
		set(fieldWeaker, im.On)
	}

	proxy, err := protocol.CheckProxy(func(id string) string { return answers[id] })
	if err != nil {
		return im.Account{}, err
	}
	maps.Copy(options, proxy)
	if proxy == nil && (isOnion(options[fieldServer]) || options[fieldServer] == "" && isOnion(address.Domainpart())) {
		return im.Account{}, sentencef("An onion address is reached through Tor only. Choose Tor/Privacy under Proxy.")
	}
	return im.Account{ID: im.NewAccountID(Scheme, address.Bare().String()), Enabled: true, Options: options}, nil
}

// normalizePin takes a fingerprint as people copy it, with colons and spaces.
func normalizePin(typed string) (string, error) {
	pin := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(typed))
	if pin == "" {
		return "", nil
	}
	if len(pin) != 64 || strings.Trim(pin, "0123456789abcdef") != "" {
		return "", sentencef("A certificate's SHA-256 fingerprint has 64 digits, 0 to 9 and a to f. Leave it empty to check certificates the usual way.")
	}
	return pin, nil
}

// NormalizePeer turns what a user typed into a bare address.
func (Network) NormalizePeer(typed string) (string, error) {
	address, err := parseAddress(typed)
	if err != nil {
		return "", err
	}
	return address.Bare().String(), nil
}

// sentence is an error for people: what is wrong and what to do.
type sentence string

func (s sentence) Error() string { return string(s) }

// sentencef is a sentence in the user's language.
//
//culver:text 0
func sentencef(format string, args ...any) error { return sentence(lang.F(format, args...)) }

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// New makes a session.
func (n Network) New(a im.Account, password im.Secret) protocol.Session {
	return newSession(n, a.Clone(), password, defaultPatience)
}
