package xmpp

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// strength is what somebody in between gets of a way to sign in. It is kept with the
// account by these names, so that the server cannot become worse unnoticed.
type strength string

const (
	strengthNone  strength = ""      // it has never signed in
	strengthPlain strength = "plain" // the password
	strengthProof strength = "scram" // nothing to sign in with elsewhere, but all that is said
	strengthBound strength = "bound" // nothing: the proof holds in this TLS channel only
)

// strengths in their order.
func strengths() []strength {
	return []strength{strengthNone, strengthPlain, strengthProof, strengthBound}
}

func (s strength) less(than strength) bool {
	return slices.Index(strengths(), s) < slices.Index(strengths(), than)
}

// mechanism is a way to sign in.
type mechanism struct {
	name     string
	hash     func() hash.Hash // nil: PLAIN
	strength strength
}

// mechanisms are those that are used, best first: bound to the TLS channel, then
// without the server learning the password, then, inside verified TLS only, PLAIN.
func mechanisms() []mechanism {
	return []mechanism{
		{"SCRAM-SHA-512-PLUS", sha512.New, strengthBound},
		{"SCRAM-SHA-256-PLUS", sha256.New, strengthBound},
		{"SCRAM-SHA-1-PLUS", sha1.New, strengthBound},
		{"SCRAM-SHA-512", sha512.New, strengthProof},
		{"SCRAM-SHA-256", sha256.New, strengthProof},
		{"SCRAM-SHA-1", sha1.New, strengthProof},
		{"PLAIN", nil, strengthPlain},
	}
}

// authError is the server's refusal to sign us in (RFC 6120, section 6.5).
type authError struct{ condition string }

func (e *authError) Error() string { return "authentication failed: " + e.condition }

var (
	errNoMechanism = errors.New("no common way to sign in")
	errDowngrade   = errors.New("the server wants a weaker way to sign in than before")
	errForged      = errors.New("what the server offers was changed on the way")
	errImpostor    = errors.New("the server could not prove that it knows the password")
	errChallenge   = errors.New("bad challenge")
)

// offered is what a server offers for signing in.
type offered struct {
	mechanisms []string
	bindings   []string
	binds      bool // it says which channel bindings it means (XEP-0440)
}

func readOffer(features *element) offered {
	var o offered
	if list := features.child(nsSASL, "mechanisms"); list != nil {
		for _, m := range list.children {
			if m.is(nsSASL, "mechanism") {
				o.mechanisms = append(o.mechanisms, strings.TrimSpace(m.text))
			}
		}
	}
	if list := features.child(nsBinding, "sasl-channel-binding"); list != nil {
		o.binds = true
		for _, b := range list.children {
			if b.is(nsBinding, "channel-binding") {
				o.bindings = append(o.bindings, b.attr("type"))
			}
		}
	}
	return o
}

// plus reports whether the server offers to bind a proof to the channel at all.
func (o offered) plus() bool {
	return slices.ContainsFunc(o.mechanisms, func(m string) bool { return strings.HasSuffix(m, "-PLUS") })
}

// bindingOf is the channel binding that there is for a TLS connection, empty: none.
func bindingOf(state tls.ConnectionState) string {
	switch {
	case state.Version >= tls.VersionTLS13:
		return "tls-exporter" // RFC 9266
	case len(state.TLSUnique) > 0:
		return "tls-unique" // RFC 5929
	default:
		return ""
	}
}

// bindable reports whether the TLS channel has a binding that the server means, too.
//
// Of the channel bindings for TLS 1.3 only tls-exporter is safe to use. A server
// that offers a -PLUS mechanism without saying that it means tls-exporter
// (XEP-0440) may mean something that we do not have, and then no login would
// ever succeed; ejabberd 23.01 does that.
func (o offered) bindable(state tls.ConnectionState) bool {
	binding := bindingOf(state)
	if !o.binds {
		return binding == "tls-unique"
	}
	return binding != "" && slices.Contains(o.bindings, binding)
}

// choose returns the best mechanism, but none that is weaker than the least.
func (o offered) choose(state tls.ConnectionState, least strength) (mechanism, error) {
	bindable := o.bindable(state)
	for _, m := range mechanisms() {
		if m.strength == strengthBound && !bindable || !slices.Contains(o.mechanisms, m.name) {
			continue
		}
		if m.strength.less(least) {
			return mechanism{}, fmt.Errorf("%w: %s after %s", errDowngrade, m.name, least)
		}
		return m, nil
	}
	return mechanism{}, fmt.Errorf("%w: the server offers %.200q", errNoMechanism, o.mechanisms)
}

// credentials are what an account is signed in with.
type credentials struct {
	user     string
	password []byte
	least    strength // nothing weaker is used
}

// signIn signs in (RFC 6120, section 6), and returns how. The stream must be protected
// by verified TLS.
func (c credentials) signIn(s *stream, features *element, state tls.ConnectionState) (strength, error) {
	o := readOffer(features)
	m, err := o.choose(state, c.least)
	if err != nil {
		return "", err
	}
	password, err := saslprep(c.password)
	if err != nil {
		return "", err
	}
	defer clear(password)
	if m.hash == nil {
		return m.strength, plain(s, c.user, password)
	}
	client, err := newSCRAM(m, o, state, c.user, password)
	if err != nil {
		return "", err
	}
	return m.strength, client.exchange(s)
}

// plain tells the server the password (RFC 4616).
func plain(s *stream, user string, password []byte) error {
	response := make([]byte, 0, 2+len(user)+len(password))
	response = append(append(append(append(response, 0), user...), 0), password...)
	defer clear(response)
	if err := sendSASL(s, "auth", response, "PLAIN"); err != nil {
		return err
	}
	kind, _, err := nextSASL(s)
	if err == nil && kind != "success" {
		err = fmt.Errorf("%w: %s after PLAIN", errChallenge, kind)
	}
	return err
}

// sendSASL sends data, and with it the name of the mechanism that it begins.
func sendSASL(s *stream, kind string, data []byte, mechanism string) error {
	encoded := base64.StdEncoding.EncodeToString(data)
	if kind == "auth" && len(data) == 0 {
		encoded = "=" // RFC 6120, section 6.4.2
	}
	e := newText(nsSASL, kind, encoded)
	if mechanism != "" {
		e = e.with("mechanism", mechanism)
	}
	return s.send(e)
}

// nextSASL returns the server's next challenge or success; a failure is an error.
func nextSASL(s *stream) (kind string, data []byte, err error) {
	answer, err := s.next()
	if err != nil {
		return "", nil, fmt.Errorf("sign in: %w", err)
	}
	switch {
	case answer.is(nsSASL, "failure"):
		return "", nil, &authError{condition: saslCondition(answer)}
	case answer.is(nsSASL, "challenge"), answer.is(nsSASL, "success"):
		data, err = decode(answer.text)
		return answer.name, data, err
	default:
		return "", nil, fmt.Errorf("%w: %v", errChallenge, answer)
	}
}

// decode reads base64, or "=" for data of no length (RFC 6120, section 6.4.2).
func decode(s string) ([]byte, error) {
	if s = strings.TrimSpace(s); s == "=" {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errChallenge, err)
	}
	return b, nil
}

func saslCondition(failure *element) string {
	for _, c := range failure.children {
		if c.space == nsSASL && c.name != "text" {
			return c.name
		}
	}
	return "not-authorized"
}

// listed is the hash of what a server offers, joined in one of the ways that there
// were for it: a server that signs it shows that nothing was changed on the way
// (XEP-0474, section 5.1; before version 0.4 with other separators).
func (o offered) listed(h hash.Hash, item, part string) []byte {
	sorted := func(all []string) string {
		all = slices.Clone(all)
		slices.Sort(all)
		return strings.Join(all, item)
	}
	h.Write([]byte(sorted(o.mechanisms)))
	if o.binds {
		h.Write([]byte(part + sorted(o.bindings)))
	}
	return h.Sum(nil)
}

// unchanged checks the server's own hash of what it offers against what came here.
func (o offered) unchanged(newHash func() hash.Hash, told []byte) bool {
	if bytes.Equal(o.listed(newHash(), "\x1e", "\x1f"), told) {
		return true
	}
	for _, name := range slices.Concat(o.mechanisms, o.bindings) {
		if strings.ContainsAny(name, ",|") {
			return false
		}
	}
	return bytes.Equal(o.listed(newHash(), ",", "|"), told)
}
