package xmpp

import (
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"culver/lang"
	"culver/protocol"
)

// errConnectTime is the cause of a connect that took too long.
var errConnectTime = errors.New("connecting took too long")

// explain turns whatever ended a session into a sentence and a cause.
func (c *connector) explain(err error) *protocol.Failure {
	domain := c.address.Domainpart()
	f := &protocol.Failure{Err: err}
	say := func(cause protocol.Cause, text string) *protocol.Failure {
		f.Cause, f.Text = cause, text
		return f
	}
	if f := c.explainProxy(say, err); f != nil {
		return f
	}
	if certificate := certificateIn(err, domain); certificate != nil {
		f.Certificate = certificate
		return say(protocol.Untrusted, lang.F("The certificate of %s cannot be trusted. %s", domain, certificate.Problem))
	}
	if e, ok := errors.AsType[*authError](err); ok {
		return c.explainAuth(say, e.condition)
	}
	if e, ok := errors.AsType[*streamError](err); ok {
		return c.explainStream(say, e.condition)
	}
	if e, ok := errors.AsType[*stanzaError](err); ok {
		return say(protocol.ProtocolBroken, lang.F("%s signed us in, but then refused to go on (%s).", domain, known(e.condition)))
	}
	switch {
	case errors.Is(err, errAccountGone):
		return say(protocol.AccountGone, lang.F("The account %s was deleted from the server.", c.address))
	case errors.Is(err, errNoStartTLS):
		return say(protocol.NoEncryption, lang.F("%s does not offer encryption, so nothing was sent to it. Ask the people who run it to switch encryption on.", domain))
	case errors.Is(err, errInjected):
		return say(protocol.NoEncryption, lang.F("Somebody tampered with the start of encryption to %s. Try again from another network.", domain))
	case errors.Is(err, errNoService):
		return say(protocol.WrongAddress, lang.F("%s does not offer XMPP. Check the address of the account.", domain))
	case errors.Is(err, errPassword):
		return say(protocol.WrongPassword, lang.F("The password of %s has letters in it that no password can have. Enter it again.", c.address))
	case errors.Is(err, errDowngrade):
		return say(protocol.Untrusted, lang.F("%s now wants %s to sign in in a weaker way than before. Somebody may be in between, so nothing was told to it. If those who run it say that it is right, choose Modify, Advanced, and accept it once.", domain, c.address))
	case errors.Is(err, errForged):
		return say(protocol.Untrusted, lang.F("What %s offers for signing in was changed on its way here: somebody is in between. Try again from another network.", domain))
	case errors.Is(err, errNoMechanism):
		return say(protocol.ProtocolBroken, lang.F("%s offers no way to sign in that is safe to use.", domain))
	case errors.Is(err, errImpostor):
		return say(protocol.ProtocolBroken, lang.F("%s could not prove that it is your server. Nothing more was sent to it.", domain))
	case errors.Is(err, errChallenge), errors.Is(err, errNoBind):
		return say(protocol.ProtocolBroken, lang.F("%s answered the sign-in in a way that makes no sense.", domain))
	case errors.Is(err, errNotXMPP):
		return say(protocol.ProtocolBroken, lang.F("What answers at %s is not an XMPP server. Check the server and port in the account's settings.", domain))
	case errors.Is(err, errTooLarge), errors.Is(err, errTooDeep), errors.Is(err, errTooMany),
		errors.Is(err, errRestrict), errors.Is(err, errText), isSyntax(err):
		return say(protocol.ProtocolBroken, lang.F("%s sent something that is not allowed, so the connection was closed.", domain))
	case errors.Is(err, errCount), errors.Is(err, errManage):
		return say(protocol.ProtocolBroken, lang.F("%s lost count of what was sent, so the connection was closed.", domain))
	case errors.Is(err, errConnectTime):
		return say(protocol.Unreachable, lang.F("%s did not answer in time.", domain))
	case errors.Is(err, errNoRoster):
		return say(protocol.Lost, lang.F("%s did not send the buddy list, so the connection was closed.", domain))
	case errors.Is(err, errSilent):
		return say(protocol.Lost, lang.F("The connection to %s was lost: it does not answer any more.", domain))
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return say(protocol.Unreachable, lang.F("There is no server named %s. Check the address of the account, or the network connection.", dns.Name))
		}
		return say(protocol.Unreachable, lang.F("The server %s cannot be looked up. Check the network connection.", dns.Name))
	}
	if errors.Is(err, errHandshake) {
		if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, io.EOF) {
			return say(protocol.ProtocolBroken, lang.F("What answers at %s does not speak TLS. Check the port and the kind of encryption in the account's settings.", domain))
		}
		// Alerts of TLS come as network errors of these kinds.
		if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op == "remote error" || op.Op == "local error" {
			return say(protocol.ProtocolBroken, lang.F("No kind of encryption that is still safe could be agreed on with %s.", domain))
		}
	}
	if isDialError(err) {
		return explainDial(say, err, domain)
	}
	switch {
	case errors.Is(err, io.EOF):
		return say(protocol.Lost, lang.F("%s ended the connection.", domain))
	default:
		return say(protocol.Lost, lang.F("The connection to %s was lost.", domain))
	}
}

func isSyntax(err error) bool {
	_, ok := errors.AsType[*xml.SyntaxError](err)
	return ok
}

type sayFunc func(cause protocol.Cause, text string) *protocol.Failure

func explainDial(say sayFunc, err error, domain string) *protocol.Failure {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return say(protocol.Unreachable, lang.F("Nobody answers at %s: the server may be down, or the port wrong.", domain))
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return say(protocol.Unreachable, lang.F("There is no way to %s. Check the network connection.", domain))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return say(protocol.Unreachable, lang.F("%s did not answer in time.", domain))
	default:
		return say(protocol.Unreachable, lang.F("%s cannot be reached. Check the network connection.", domain))
	}
}

// explainAuth explains a refused sign-in (RFC 6120, section 6.5).
func (c *connector) explainAuth(say sayFunc, condition string) *protocol.Failure {
	domain := c.address.Domainpart()
	switch condition {
	case "account-disabled":
		return say(protocol.WrongPassword, lang.F("%s has closed the account %s. Ask the people who run it.", domain, c.address))
	case "credentials-expired":
		return say(protocol.WrongPassword, lang.F("The password of %s has expired. Change it at %s.", c.address, domain))
	case "temporary-auth-failure":
		return say(protocol.Unreachable, lang.F("%s cannot check passwords just now.", domain))
	case "aborted", "encryption-required", "incorrect-encoding", "invalid-mechanism", "malformed-request", "mechanism-too-weak":
		return say(protocol.ProtocolBroken, lang.F("%s did not accept the way of signing in (%s).", domain, condition))
	default: // not-authorized, invalid-authzid, and whatever else
		return say(protocol.WrongPassword, lang.F("%s does not accept the name or the password of %s. Check both.", domain, c.address))
	}
}

// explainStream explains a stream error (RFC 6120, section 4.9.3).
func (c *connector) explainStream(say sayFunc, condition string) *protocol.Failure {
	domain := c.address.Domainpart()
	switch condition {
	case "conflict":
		return say(protocol.Replaced, lang.F("%s was signed in from somewhere else with the same resource name. Give each device a name of its own in the account's settings.", c.address))
	case "host-unknown", "host-gone":
		return say(protocol.WrongAddress, lang.F("The server does not serve the domain %s. Check the address of the account.", domain))
	case "system-shutdown":
		return say(protocol.Lost, lang.F("%s is shutting down.", domain))
	case "see-other-host":
		return say(protocol.Unreachable, lang.F("%s wants to be reached at another server. Set that one in the account's settings.", domain))
	case "policy-violation", "resource-constraint":
		return say(protocol.Lost, lang.F("%s ended the connection because of its own limits.", domain))
	case "connection-timeout":
		return say(protocol.Lost, lang.F("The connection to %s was lost.", domain))
	default:
		return say(protocol.Lost, lang.F("%s ended the connection (%s).", domain, known(condition)))
	}
}

// known returns a condition that is one of RFC 6120's, in letters, and nothing
// that the server made up: the text is shown to people.
func known(condition string) string {
	if len(condition) > 40 {
		return lang.T("unknown error")
	}
	for _, r := range condition {
		if r != '-' && (r < 'a' || r > 'z') {
			return lang.T("unknown error")
		}
	}
	return condition
}
