package xmpp

import (
	"errors"
	"strings"
	"unicode"

	"mellium.im/xmpp/jid"

	"culver/im"
)

var errAddress = errors.New("not an address")

// parseJID parses an address (RFC 7622). Beyond what the library checks, an
// address must be its own normal form, so that one person has one conversation
// and one entry in every table, and its domain must look like one.
func parseJID(s string) (jid.JID, error) {
	address, err := jid.Parse(s)
	if err != nil {
		return jid.JID{}, err
	}
	if again, err := jid.Parse(address.String()); err != nil || !again.Equal(address) {
		return jid.JID{}, errAddress
	}
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("<>&'\"/@\\", r)
	}
	if domain := address.Domainpart(); domain == "" || strings.ContainsFunc(domain, odd) {
		return jid.JID{}, errAddress
	}
	return address, nil
}

// parseAddress parses an address as people type and paste it.
func parseAddress(typed string) (jid.JID, error) {
	s := strings.TrimSpace(typed)
	s, _ = strings.CutPrefix(s, "xmpp:")
	if s == "" {
		return jid.JID{}, sentencef("Type an address, for instance someone@example.net.")
	}
	address, err := parseJID(s)
	if err != nil {
		return jid.JID{}, sentencef("%q is not an address. Addresses look like someone@example.net.", shorten(s))
	}
	return address, nil
}

// peer checks the address of somebody that something is sent to.
func peer(a im.Addr) (jid.JID, error) {
	address, err := parseJID(a.String())
	if err != nil {
		return jid.JID{}, sentencef("%q is not an address. Addresses look like someone@example.net.", shorten(a.String()))
	}
	return address, nil
}

// addr is an address in the words of the core.
func addr(j jid.JID) im.Addr {
	return im.Addr{Bare: j.Bare().String(), Resource: j.Resourcepart()}
}
