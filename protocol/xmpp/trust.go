package xmpp

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"culver/lang"
	"culver/protocol"
)

// The answers to the settings field "trust": whose word counts. With a pin it is nobody's.
const (
	trustAuthorities = ""
	trustFirst       = "first" // the authorities', and it has to stay the same certificate
)

// seenCertificate is what an account remembers of the certificate that it accepted.
type seenCertificate struct {
	SHA256 string `json:"sha256"`
	Key    string `json:"key"` // the SHA-256 of the public key
	Issuer string `json:"issuer"`
	From   string `json:"from"`
	Until  string `json:"until"`
}

func seen(leaf *x509.Certificate) seenCertificate {
	key := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return seenCertificate{
		SHA256: fingerprint(leaf), Key: hex.EncodeToString(key[:]), Issuer: whom(leaf.Issuer),
		From: leaf.NotBefore.Format(time.DateOnly), Until: leaf.NotAfter.Format(time.DateOnly),
	}
}

func (s seenCertificate) option() string {
	b, err := json.Marshal(s)
	if err != nil {
		return "" // strings always can be
	}
	return string(b)
}

// remembered reads it; what makes no sense counts as nothing.
func remembered(option string) (s seenCertificate, ok bool) {
	return s, option != "" && json.Unmarshal([]byte(option), &s) == nil && len(s.SHA256) == 64
}

// tlsConfig is how a connection is protected: TLS 1.2 or newer, and a certificate for
// the XMPP domain, whatever host was dialled. With a pin, exactly the certificate with
// that SHA-256 is accepted, and no other, whoever vouches for it.
func (c *connector) tlsConfig(domain string, direct bool) *tls.Config {
	cfg := &tls.Config{
		ServerName: domain,
		MinVersion: tls.VersionTLS12,
		RootCAs:    c.network.Roots,

		DynamicRecordSizingDisabled: true, // one write, one record: see outbox.write
	}
	if direct {
		cfg.NextProtos = []string{"xmpp-client"} // XEP-0368, section 4
	}
	old, known := remembered(c.account.Option(optionSeen))
	pin := c.account.Option(protocol.FieldPin)
	switch {
	case pin != "":
		cfg.InsecureSkipVerify = true // replaced by a stricter check
		cfg.VerifyConnection = func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0]
			if fingerprint(leaf) == pin {
				return nil
			}
			if old.SHA256 != pin {
				old = seenCertificate{SHA256: pin}
			}
			return &changedError{leaf: leaf, old: old, pinned: true}
		}
	case c.account.Option(fieldTrust) == trustFirst:
		cfg.VerifyConnection = func(state tls.ConnectionState) error { // beside the usual check
			leaf := state.PeerCertificates[0]
			if now := seen(leaf); known && now.SHA256 != old.SHA256 && now.Key != old.Key {
				return &changedError{leaf: leaf, old: old}
			}
			return nil
		}
	}
	return cfg
}

// learnCertificate has the account remember a certificate that it accepted, if it matters
// whether it stays the same.
func (c *connector) learnCertificate(leaf *x509.Certificate) {
	if c.account.Option(protocol.FieldPin) == "" && c.account.Option(fieldTrust) != trustFirst {
		return
	}
	old, known := remembered(c.account.Option(optionSeen))
	if now := seen(leaf); !known || now != old {
		c.learn(optionSeen, now.option())
	}
}

// changedError says that the server showed another certificate than the account knows.
type changedError struct {
	leaf   *x509.Certificate
	old    seenCertificate
	pinned bool // only that one is accepted; else: it is known from before
}

func (e *changedError) Error() string { return "certificate differs from the one before" }

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// certificateIn finds in err the certificate that could not be trusted, or
// returns nil if err is about something else.
func certificateIn(err error, domain string) *protocol.Certificate {
	if changed, ok := errors.AsType[*changedError](err); ok {
		return describeChange(changed, domain)
	}
	bad, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok || len(bad.UnverifiedCertificates) == 0 {
		return nil
	}
	leaf := bad.UnverifiedCertificates[0]
	d := describe(leaf, domain, len(bad.UnverifiedCertificates))
	d.Problem, d.Advice = problem(bad.Err, leaf, domain)
	d.Accept = map[string]string{protocol.FieldPin: d.SHA256, optionSeen: seen(leaf).option()}
	return d
}

func describeChange(e *changedError, domain string) *protocol.Certificate {
	d := describe(e.leaf, domain, 1)
	d.Old = &protocol.Certificate{SHA256: e.old.SHA256, Issuer: orNobody(e.old.Issuer), Valid: e.old.From, Expires: e.old.Until}
	d.Accept = map[string]string{optionSeen: seen(e.leaf).option()}
	d.Problem = lang.T("It is not the certificate that this server had before.")
	d.Advice = lang.T("Servers get new certificates now and then. An authority vouches for this one, too. " +
		"If the one before was about to expire, it is probably just that; if not, ask the people who run the server whether its fingerprint is right.")
	if e.pinned {
		d.Accept[protocol.FieldPin] = d.SHA256
		d.Problem = lang.T("It is not the certificate that you accepted for this account before.")
		d.Advice = askFirst()
	}
	return d
}

// certificateTime is how times are written in the details of a certificate.
const certificateTime = "2006-01-02 15:04 UTC"

// askFirst is what to do about a certificate for which nobody vouches.
func askFirst() string {
	return lang.T("Accept it only if the people who run the server told you this fingerprint, for instance on paper or by telephone. Otherwise somebody may be listening in.")
}

func describe(c *x509.Certificate, domain string, chain int) *protocol.Certificate {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{orNobody(c.Subject.CommonName)}
	}
	subject := strings.Join(names[:min(len(names), 3)], ", ")
	if more := len(names) - 3; more > 0 {
		subject = lang.F("%s and %d more", subject, more)
	}
	d := &protocol.Certificate{
		Server:  domain,
		Subject: subject,
		Issuer:  orNobody(whom(c.Issuer)),
		Valid:   c.NotBefore.Format(time.DateOnly),
		Expires: c.NotAfter.Format(time.DateOnly),
		SHA256:  fingerprint(c),
		Details: []string{
			lang.F("Subject: %s", c.Subject), lang.F("Issuer: %s", c.Issuer),
			lang.F("Names: %s", strings.Join(names[:min(len(names), 20)], ", ")),
			lang.F("Serial number: %s", c.SerialNumber.Text(16)),
			lang.F("Key: %s", keyKind(c)), lang.F("Signature: %s", c.SignatureAlgorithm),
			lang.F("Valid: %s to %s", c.NotBefore.UTC().Format(certificateTime), c.NotAfter.UTC().Format(certificateTime)),
			lang.F("Certificates that the server showed: %d", chain),
		},
	}
	if c.Issuer.String() == c.Subject.String() {
		d.Issuer = lang.As("who issued it", "itself")
	}
	return d
}

// whom is what people call somebody in a certificate; empty: nobody.
func whom(n pkix.Name) string {
	switch {
	case len(n.Organization) > 0 && n.CommonName != "" && n.CommonName != n.Organization[0]:
		return n.Organization[0] + " (" + n.CommonName + ")"
	case len(n.Organization) > 0:
		return n.Organization[0]
	default:
		return n.CommonName
	}
}

func orNobody(name string) string { return cmp.Or(name, lang.T("nobody")) }

func keyKind(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Params().Name
	case *rsa.PublicKey:
		return lang.F("RSA %d bits", k.N.BitLen())
	default:
		return c.PublicKeyAlgorithm.String()
	}
}

// problem says what is wrong with a certificate, and what to do.
func problem(err error, leaf *x509.Certificate, domain string) (what, todo string) {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return lang.F("It was made for another server, not for %s.", domain),
			lang.T("Whoever answers may be somebody else. Check the address of the account; if it is right, ask the people who run the server, and do not accept this.")
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		if now := time.Now(); now.Before(leaf.NotBefore) {
			return lang.F("It is not valid before %s.", leaf.NotBefore.Format(time.DateOnly)), lang.T("Check the date and the time of this computer, and try again.")
		}
		return lang.F("It expired on %s.", leaf.NotAfter.Format(time.DateOnly)),
			lang.T("Check the date of this computer. If it is right, the people who run the server have to renew the certificate: tell them, and wait.")
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return lang.T("It was not issued by an authority that this computer trusts."), askFirst()
	}
	return lang.T("It cannot be checked."), askFirst()
}
