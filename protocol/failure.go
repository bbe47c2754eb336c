package protocol

import (
	"errors"

	"culver/lang"
)

// Cause tells apart why a session ended, as far as Culver acts on it.
type Cause int

// The causes. Only Lost and Unreachable are worth trying again by themselves.
const (
	Lost           Cause = iota // an established connection broke, or the server went away
	Unreachable                 // no connection: no network, nobody listens, no such host
	WrongPassword               // the server refuses these credentials
	WrongAddress                // the server does not serve this domain, or the address is impossible
	Untrusted                   // the server's certificate cannot be trusted; Certificate says more
	NoEncryption                // the server offers no encryption; nothing was sent
	Replaced                    // somebody signed in elsewhere in our place
	ProtocolBroken              // the server said something that makes no sense
	AccountGone                 // the account was deleted from the server, as was asked
)

// Retry reports whether trying again may help without the user doing anything.
func (c Cause) Retry() bool { return c == Lost || c == Unreachable || c == ProtocolBroken }

// Failure is why a session ended. Its text is one clear sentence or two for
// people: what happened and what to do.
type Failure struct {
	Cause       Cause
	Text        string
	Certificate *Certificate // with Untrusted
	Err         error        // the technical reason, for logs
}

// Certificate is what a server showed that could not be trusted.
type Certificate struct {
	Server  string // for whom it should be
	Subject string // for whom it is: untrusted, as all that it says
	Issuer  string
	Valid   string // a date, from when on
	Expires string // a date
	SHA256  string // of the leaf in DER, 64 lower-case hex digits
	Problem string // a sentence
	Advice  string // what to do: sentences
	Details []string
	// Old is the certificate that the account knows, if it is about another one. Of
	// that, all but SHA256 may be unknown.
	Old *Certificate
	// Accept are the options with which the account accepts it.
	Accept map[string]string
}

// Error is the sentence for people.
func (f *Failure) Error() string { return f.Text }

// Unwrap returns the technical reason.
func (f *Failure) Unwrap() error { return f.Err }

// AsFailure finds the Failure in err, or makes one: an error without one counts
// as a lost connection.
func AsFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Cause: Lost, Text: lang.T("The connection was lost."), Err: err}
}
