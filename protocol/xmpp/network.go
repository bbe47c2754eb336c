package xmpp

import (
	"context"
	"crypto/x509"
	"net"
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
		{ID: protocol.FieldAddress, Kind: im.FieldText, Label: lang.T("Address"), Hint: lang.T("For instance you@example.net.")},
		{ID: protocol.FieldPassword, Kind: im.FieldSecret, Label: lang.T("Password")},
		{ID: fieldServer, Kind: im.FieldText, Label: lang.T("Connect to server"), Hint: lang.T("Only if it differs from the address; may be an onion address.")},
		{ID: fieldPort, Kind: im.FieldText, Label: lang.T("Port"), Hint: lang.T("Usually found by itself.")},
		{ID: fieldSecurity, Kind: im.FieldChoice, Label: lang.T("Encryption"), Choices: []im.Choice{
			{Value: securityAuto, Label: lang.T("Best available (always encrypted)")},
			{Value: securityStartTLS, Label: "STARTTLS"},
			{Value: securityDirect, Label: lang.T("Direct TLS")},
		}},
		{ID: fieldResource, Kind: im.FieldText, Label: lang.T("Name of this device"), Hint: lang.T("Empty: chosen by chance.")},
		{ID: fieldTrust, Kind: im.FieldChoice, Label: lang.T("Certificates"), Choices: []im.Choice{
			{Value: trustAuthorities, Label: lang.T("Any that an authority vouches for")},
			{Value: trustFirst, Label: lang.T("Trust on first use: ask when it changes")},
		}},
		{ID: protocol.FieldPin, Kind: im.FieldText, Label: lang.T("Accept only this certificate"), Hint: lang.T("Its SHA-256 fingerprint, in 64 digits.")},
		{ID: fieldWeaker, Kind: im.FieldSwitch, Label: lang.T("Once, accept a weaker way to sign in than before")},
	}, protocol.ProxyFields()...)
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
