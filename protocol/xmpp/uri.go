package xmpp

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/lang"
	"culver/protocol"
)

// Link implements protocol.Linker for xmpp links (RFC 5122), with the actions of XEP-0147
// that are good for people. Others count for nothing, as RFC 5122 section 2.5 wants it:
// what is left leads to somebody. The same goes for what undoes something: no link does.
func (Network) Link(link string) (protocol.Link, error) {
	l, err := readLink(link)
	if err != nil {
		return protocol.Link{}, sentence(lang.T("This is no link to somebody: it begins with xmpp:, but does not go on like one."))
	}
	return l, nil
}

var errLink = errors.New("not an xmpp link")

// readLink reads
//
//	xmpp:[//account[/]][node@]domain[/resource][?action[;key=value]...][#fragment]
//
// Two slashes with nothing behind the account are how some write a plain address.
func readLink(link string) (l protocol.Link, err error) {
	const scheme = "xmpp:"
	if len(link) > protocol.MaxLink || len(link) < len(scheme) || !strings.EqualFold(link[:len(scheme)], scheme) ||
		!utf8.ValidString(link) || strings.ContainsFunc(link, noLetter) {
		return l, errLink
	}
	rest, _, _ := strings.Cut(link[len(scheme):], "#")
	path, query, _ := strings.Cut(rest, "?")
	if authority, ok := strings.CutPrefix(path, "//"); ok {
		var after string
		authority, after, _ = strings.Cut(authority, "/")
		if path = after; path == "" {
			path = authority
		} else if l.Account, err = linkAddress(authority); err != nil {
			return l, err
		}
	}
	bare, _, _ := strings.Cut(path, "/")
	if l.Peer, err = linkAddress(bare); err != nil {
		return l, err
	}
	return l, linkAction(&l, query)
}

// linkAction reads what stands behind the question mark.
func linkAction(l *protocol.Link, query string) error {
	action, pairs, _ := strings.Cut(query, ";")
	values := map[string]string{}
	for pair := range strings.SplitSeq(pairs, ";") {
		key, value, _ := strings.Cut(pair, "=")
		v, err := linkText(value)
		if err != nil {
			return err
		}
		if _, twice := values[key]; !twice {
			values[key] = v
		}
	}
	switch action {
	case "message":
		l.Body = values["body"]
	case "subscribe", "roster":
		l.Purpose, l.Name, l.Group = protocol.LinkAdd, values["name"], values["group"]
	case "join":
		l.Purpose, l.Password = protocol.LinkJoin, values["password"]
	case "register":
		l.Purpose = protocol.LinkRegister
	}
	return nil
}

// linkAddress reads an address without a resource. What was encoded must not turn out to
// part it elsewhere than it seems to.
func linkAddress(encoded string) (string, error) {
	s, err := linkText(encoded)
	if err != nil || s == "" || strings.Count(s, "@") != strings.Count(encoded, "@") || strings.ContainsAny(s, "/\n\t") {
		return "", errLink
	}
	address, err := parseJID(s)
	if err != nil {
		return "", errLink
	}
	return address.Bare().String(), nil
}

// linkText undoes what is encoded, and takes line ends as they are here. There are no
// control characters but them and tabs in it.
func linkText(encoded string) (string, error) {
	s, err := url.PathUnescape(encoded)
	if err != nil || !utf8.ValidString(s) {
		return "", errLink
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && (unicode.IsControl(r) || turns(r)) }) {
		return "", errLink
	}
	return s, nil
}

// noLetter reports what no link has in it as it is.
func noLetter(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || turns(r) }

// turns reports a mark that makes text go another way than it seems to (Unicode TR 9).
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
