package xmpp

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mellium.im/sasl"
)

// mechanisms are the ways to sign in, best first: bound to the TLS channel, then
// without the server learning the password, then, inside verified TLS only, PLAIN.
func mechanisms() []sasl.Mechanism {
	return []sasl.Mechanism{
		sasl.ScramSha256Plus, sasl.ScramSha1Plus, sasl.ScramSha256, sasl.ScramSha1, sasl.Plain,
	}
}

// authError is the server's refusal to sign us in (RFC 6120, section 6.5).
type authError struct{ condition string }

func (e *authError) Error() string { return "authentication failed: " + e.condition }

var (
	errNoMechanism = errors.New("no common way to sign in")
	errImpostor    = errors.New("the server could not prove that it knows the password")
	errChallenge   = errors.New("bad challenge")
)

// chooseMechanism returns the best mechanism that the server offers.
//
// Of the channel bindings for TLS 1.3 only tls-exporter is safe to use. A server
// that offers a -PLUS mechanism without saying that it means tls-exporter
// (XEP-0440) may mean something that we do not have, and then no login would
// ever succeed; ejabberd 23.01 does that.
func chooseMechanism(features *element, state tls.ConnectionState) (sasl.Mechanism, []string, error) {
	var offered []string
	if list := features.child(nsSASL, "mechanisms"); list != nil {
		for _, m := range list.children {
			if m.is(nsSASL, "mechanism") {
				offered = append(offered, strings.TrimSpace(m.text))
			}
		}
	}
	bindable := bindable(features, state)
	for _, m := range mechanisms() {
		if strings.HasSuffix(m.Name, "-PLUS") && !bindable {
			continue
		}
		if slices.Contains(offered, m.Name) {
			return m, offered, nil
		}
	}
	return sasl.Mechanism{}, nil, fmt.Errorf("%w: the server offers %q", errNoMechanism, offered)
}

// bindable reports whether the TLS channel has a binding that the server means, too.
func bindable(features *element, state tls.ConnectionState) bool {
	binding := "tls-exporter" // RFC 9266
	if state.Version < tls.VersionTLS13 {
		if len(state.TLSUnique) == 0 {
			return false
		}
		binding = "tls-unique" // RFC 5929
	}
	list := features.child(nsBinding, "sasl-channel-binding")
	if list == nil {
		return state.Version < tls.VersionTLS13
	}
	return slices.ContainsFunc(list.children, func(c *element) bool {
		return c.is(nsBinding, "channel-binding") && c.attr("type") == binding
	})
}

// authenticate signs in (RFC 6120, section 6). The stream must be protected by
// verified TLS.
func authenticate(s *stream, features *element, state tls.ConnectionState, user string, password []byte) error {
	mechanism, offered, err := chooseMechanism(features, state)
	if err != nil {
		return err
	}
	client := sasl.NewClient(mechanism,
		sasl.Credentials(func() ([]byte, []byte, []byte) { return []byte(user), password, nil }),
		sasl.RemoteMechanisms(offered...),
		sasl.TLSState(state))
	more, response, err := client.Step(nil)
	if err != nil {
		return fmt.Errorf("begin %s: %w", mechanism.Name, err)
	}
	encoded := base64.StdEncoding.EncodeToString(response)
	if len(response) == 0 {
		encoded = "=" // RFC 6120, section 6.4.2
	}
	auth := newText(nsSASL, "auth", encoded).with("mechanism", mechanism.Name)
	if err := s.send(auth); err != nil {
		return err
	}
	for first := true; ; first = false {
		answer, err := s.next()
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		switch {
		case answer.is(nsSASL, "failure"):
			return &authError{condition: saslCondition(answer)}
		case answer.is(nsSASL, "success") && !more:
			return nil
		case answer.is(nsSASL, "success") && first:
			return errImpostor // it did not take part in the proof
		case answer.is(nsSASL, "success"), answer.is(nsSASL, "challenge") && more:
			data, err := decode(answer.text)
			if err != nil {
				return err
			}
			if first {
				if err := checkServerFirst(data, client.Nonce()); err != nil {
					return err
				}
			}
			if more, response, err = client.Step(data); err != nil {
				if errors.Is(err, sasl.ErrAuthn) {
					return errImpostor
				}
				return fmt.Errorf("%w: %w", errChallenge, err)
			}
			if answer.name == "success" {
				if more {
					return errImpostor
				}
				return nil
			}
			if err := s.send(newText(nsSASL, "response", base64.StdEncoding.EncodeToString(response))); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: %v", errChallenge, answer)
		}
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

// The iterations that a server may ask for: fewer would give the password away
// to whoever stole what is sent, more would keep this computer busy for minutes.
const (
	minIterations = 4096
	maxIterations = 500_000
)

// checkServerFirst checks the first SCRAM message of the server (RFC 5802,
// section 7) before the library sees it: that one takes any number of
// iterations, and never returns from some malformed ones.
func checkServerFirst(message, clientNonce []byte) error {
	fields := bytes.Split(message, []byte(","))
	if len(fields) < 3 {
		return fmt.Errorf("%w: %d SCRAM fields", errChallenge, len(fields))
	}
	for i, field := range fields {
		if len(field) < 3 || field[1] != '=' {
			return fmt.Errorf("%w: SCRAM field %d", errChallenge, i)
		}
		if i < 3 && field[0] != "rsi"[i] {
			return fmt.Errorf("%w: SCRAM field %d out of order", errChallenge, i)
		}
		if i >= 3 && bytes.IndexByte([]byte("rsim"), field[0]) >= 0 {
			return fmt.Errorf("%w: SCRAM field %d repeated", errChallenge, i)
		}
	}
	nonce := fields[0][2:]
	if !bytes.HasPrefix(nonce, clientNonce) || len(nonce) == len(clientNonce) {
		return fmt.Errorf("%w: SCRAM nonce", errChallenge)
	}
	if salt, err := base64.StdEncoding.DecodeString(string(fields[1][2:])); err != nil || len(salt) == 0 {
		return fmt.Errorf("%w: SCRAM salt", errChallenge)
	}
	iterations, err := strconv.Atoi(string(fields[2][2:]))
	if err != nil || iterations < minIterations || iterations > maxIterations {
		return fmt.Errorf("%w: %.20q SCRAM iterations", errChallenge, fields[2][2:])
	}
	return nil
}
