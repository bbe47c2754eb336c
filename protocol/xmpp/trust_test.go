package xmpp

import (
	"crypto/x509"
	"strings"
	"testing"

	"culver/lang"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// online signs in with more options, and returns what is learned of the server.
func learns(t *testing.T, server *xmpptest.Server, o xmpptest.Options, options map[string]string) map[string]string {
	t.Helper()
	s := with(dial(t, server, o, endless), options)
	c := run(t, s)
	wait[protocol.Roster](c, nil)
	c.cancel()
	c.end()
	return s.learned
}

func with(s *Session, options map[string]string) *Session {
	for id, v := range options {
		s.account.Options[id] = v
	}
	return s
}

// TestTrustOnFirstUse: the first certificate for which an authority vouches is
// remembered; another one is asked about, with the one before.
func TestTrustOnFirstUse(t *testing.T) {
	for _, direct := range []bool{false, true} {
		o := xmpptest.Options{Direct: direct}
		first := xmpptest.Start(t, o)
		first1 := map[string]string{fieldTrust: trustFirst}
		known := learns(t, first, o, first1)
		old, ok := remembered(known[optionSeen])
		if !ok || len(known) != 1 {
			t.Fatalf("learned %q", known)
		}
		known[fieldTrust] = trustFirst
		if more := learns(t, first, o, known); len(more) != 0 {
			t.Errorf("learned more: %q", more)
		}

		second := xmpptest.Start(t, o) // of its own authority, which is trusted, too
		f := run(t, with(dial(t, second, o, endless), known)).failure(protocol.Untrusted)
		c := f.Certificate
		if c == nil || c.Old == nil || c.Old.SHA256 != old.SHA256 || c.Old.Expires != old.Until || c.SHA256 == old.SHA256 || c.Accept[protocol.FieldPin] != "" {
			t.Fatalf("%+v", c)
		}
		known[optionSeen] = c.Accept[optionSeen]
		if more := learns(t, second, o, known); len(more) != 0 {
			t.Errorf("after it was accepted: %q", more)
		}

		bad := xmpptest.Options{Direct: direct, CertFor: "evil.example"} // never, whatever is known
		run(t, with(dial(t, xmpptest.Start(t, bad), bad, endless), known)).failure(protocol.Untrusted)
	}
}

// TestSameKeyNewCertificate: a certificate that was only renewed is of the same server.
func TestSameKeyNewCertificate(t *testing.T) {
	o := xmpptest.Options{}
	server := xmpptest.Start(t, o)
	known := learns(t, server, o, map[string]string{fieldTrust: trustFirst})
	old, _ := remembered(known[optionSeen])
	old.SHA256 = strings.Repeat("0", 64)
	known = map[string]string{fieldTrust: trustFirst, optionSeen: old.option()}
	if now, ok := remembered(learns(t, server, o, known)[optionSeen]); !ok || now.Key != old.Key || now.SHA256 == old.SHA256 {
		t.Errorf("learned %+v", now)
	}
}

// TestPinnedCertificate: only that one, and if there is another, both are shown.
func TestPinnedCertificate(t *testing.T) {
	o := xmpptest.Options{CertFor: "evil.example"} // nobody vouches for it
	server := xmpptest.Start(t, o)
	f := run(t, dial(t, server, o, endless)).failure(protocol.Untrusted)
	accepted := f.Certificate.Accept
	if accepted[protocol.FieldPin] != f.Certificate.SHA256 || f.Certificate.Advice == "" || len(f.Certificate.Details) < 5 {
		t.Fatalf("%+v", f.Certificate)
	}
	if more := learns(t, server, o, accepted); len(more) != 0 {
		t.Errorf("learned %q", more)
	}
	good := xmpptest.Options{}
	f = run(t, with(dial(t, xmpptest.Start(t, good), good, endless), accepted)).failure(protocol.Untrusted)
	if c := f.Certificate; c.Old == nil || c.Old.SHA256 != accepted[protocol.FieldPin] || c.Old.Expires == "" || c.Accept[protocol.FieldPin] != c.SHA256 {
		t.Errorf("%+v", c)
	}
	typed := map[string]string{protocol.FieldPin: strings.Repeat("0", 64)} // of which no more is known
	f = run(t, with(dial(t, xmpptest.Start(t, good), good, endless), typed)).failure(protocol.Untrusted)
	if c := f.Certificate; c.Old == nil || c.Old.SHA256 != typed[protocol.FieldPin] || c.Old.Expires != "" {
		t.Errorf("%+v", c)
	}
}

// TestRememberedCertificates: what is damaged counts as nothing.
func TestRememberedCertificates(t *testing.T) {
	for _, bad := range []string{"", "x", "{}", `{"sha256":"00"}`, "[]", "null"} {
		if s, ok := remembered(bad); ok {
			t.Errorf("%q is %+v", bad, s)
		}
	}
}

// What an account remembers of a certificate does not change with the language.
func TestCertificatesAreRememberedInNoLanguage(t *testing.T) {
	if _, err := lang.Use(lang.Pseudo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = lang.Use("en") })
	leaf := &x509.Certificate{}
	if got := seen(leaf).Issuer; got != "" {
		t.Errorf("it remembers %q", got)
	}
	if d := describe(leaf, "test.example", 1); d.Subject != "‹nobody›" || !strings.HasPrefix(d.Issuer, "‹itself") {
		t.Errorf("it shows %q and %q", d.Subject, d.Issuer)
	}
}
