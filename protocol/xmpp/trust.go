package xmpp

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"culver/protocol"
)

// tlsConfig is how a connection is protected: TLS 1.2 or newer, and a
// certificate for the XMPP domain. With a pin, exactly the certificate with
// that SHA-256 is accepted, and no other, whoever vouches for it.
func tlsConfig(domain, pin string, roots *x509.CertPool, direct bool) *tls.Config {
	cfg := &tls.Config{
		ServerName: domain,
		MinVersion: tls.VersionTLS12,
		RootCAs:    roots,
	}
	if direct {
		cfg.NextProtos = []string{"xmpp-client"} // XEP-0368, section 4
	}
	if pin != "" {
		cfg.InsecureSkipVerify = true // replaced by a stricter check
		cfg.VerifyConnection = func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0]
			if fingerprint(leaf) != pin {
				return &pinError{leaf: leaf}
			}
			return nil
		}
	}
	return cfg
}

// pinError says that the server showed another certificate than the pinned one.
type pinError struct{ leaf *x509.Certificate }

func (e *pinError) Error() string { return "certificate differs from the pinned one" }

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// certificateIn finds in err the certificate that could not be trusted, or
// returns nil if err is about something else.
func certificateIn(err error, domain string) *protocol.Certificate {
	if pin, ok := errors.AsType[*pinError](err); ok {
		return describe(pin.leaf, "It is not the certificate that you accepted for this account before.")
	}
	bad, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok || len(bad.UnverifiedCertificates) == 0 {
		return nil
	}
	leaf := bad.UnverifiedCertificates[0]
	return describe(leaf, problem(bad.Err, leaf, domain))
}

func describe(c *x509.Certificate, problem string) *protocol.Certificate {
	return &protocol.Certificate{
		Subject: c.Subject.String(),
		Issuer:  c.Issuer.String(),
		Expires: c.NotAfter.Format(time.DateOnly),
		SHA256:  fingerprint(c),
		Problem: problem,
	}
}

func problem(err error, leaf *x509.Certificate, domain string) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("It was made for another server, not for %s.", domain)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		if now := time.Now(); now.Before(leaf.NotBefore) {
			return fmt.Sprintf("It is not valid before %s. Is the clock of this computer right?", leaf.NotBefore.Format(time.DateOnly))
		}
		return fmt.Sprintf("It expired on %s.", leaf.NotAfter.Format(time.DateOnly))
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "It was not issued by an authority that this computer trusts."
	}
	return "It cannot be checked."
}
