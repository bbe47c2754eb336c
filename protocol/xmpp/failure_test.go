package xmpp

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"mellium.im/xmpp/jid"

	"culver/protocol"
)

func TestExplain(t *testing.T) {
	c := &connector{exit: &exit{}, address: jid.MustParse("alice@example.net")}
	for _, e := range []struct {
		err  error
		want protocol.Cause
	}{
		{&authError{"not-authorized"}, protocol.WrongPassword},
		{&authError{"account-disabled"}, protocol.WrongPassword},
		{&authError{"credentials-expired"}, protocol.WrongPassword},
		{&authError{"something-new"}, protocol.WrongPassword},
		{&authError{"temporary-auth-failure"}, protocol.Unreachable},
		{&authError{"mechanism-too-weak"}, protocol.ProtocolBroken},
		{&streamError{"conflict"}, protocol.Replaced},
		{&streamError{"host-unknown"}, protocol.WrongAddress},
		{&streamError{"host-gone"}, protocol.WrongAddress},
		{&streamError{"system-shutdown"}, protocol.Lost},
		{&streamError{"connection-timeout"}, protocol.Lost},
		{&streamError{"policy-violation"}, protocol.Lost},
		{&streamError{"not-well-formed"}, protocol.Lost},
		{&streamError{"see-other-host"}, protocol.Unreachable},
		{&streamError{strings.Repeat("evil", 100)}, protocol.Lost},
		{&streamError{"http://evil"}, protocol.Lost},
		{&stanzaError{"conflict"}, protocol.ProtocolBroken},
		{errSilent, protocol.Lost},
		{errQueueFull, protocol.Lost},
		{io.EOF, protocol.Lost},
		{io.ErrUnexpectedEOF, protocol.Lost},
		{errors.New("anything else"), protocol.Lost},
	} {
		f := c.explain(fmt.Errorf("wrapped: %w", e.err))
		if f.Cause != e.want || !strings.HasSuffix(f.Text, ".") || strings.Contains(f.Text, "evil") || !errors.Is(f, e.err) {
			t.Errorf("%v: cause %d, %q; want %d", e.err, f.Cause, f.Text, e.want)
		}
	}
}

func TestProblemOfCertificate(t *testing.T) {
	now := time.Now()
	leaf := &x509.Certificate{
		Subject: pkix.Name{CommonName: "example.net"}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(-24 * time.Hour),
	}
	early := &x509.Certificate{NotBefore: now.Add(24 * time.Hour), NotAfter: now.Add(48 * time.Hour)}
	for _, c := range []struct {
		err  error
		leaf *x509.Certificate
		want string
	}{
		{x509.CertificateInvalidError{Cert: leaf, Reason: x509.Expired}, leaf, "It expired on " + leaf.NotAfter.Format(time.DateOnly) + "."},
		{x509.CertificateInvalidError{Cert: early, Reason: x509.Expired}, early, "It is not valid before "},
		{x509.CertificateInvalidError{Cert: leaf, Reason: x509.TooManyIntermediates}, leaf, "It cannot be checked."},
		{x509.HostnameError{Certificate: leaf, Host: "evil"}, leaf, "It was made for another server, not for example.net."},
		{x509.UnknownAuthorityError{Cert: leaf}, leaf, "It was not issued by an authority that this computer trusts."},
	} {
		if got, _ := problem(c.err, c.leaf, "example.net"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
