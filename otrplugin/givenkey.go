package otrplugin

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// maxGiven bounds what is looked for a fingerprint in.
const maxGiven = 4096

// uriParameter is the name of a fingerprint in the address of a buddy, as QR codes
// have it: xmpp:bob@example.net?otr-fingerprint=...
const uriParameter = "otr-fingerprint"

// keyURI is the address of somebody with the fingerprint of their key, for a QR
// code.
func keyURI(scheme, bare string, f otr.Fingerprint) string {
	return scheme + ":" + url.PathEscape(bare) + "?" + uriParameter + "=" + f.Hex()
}

// givenKey is a fingerprint that a buddy gave the user by another way. It may be
// one of several, if it came as an address.
type givenKey struct {
	who  string // the address that it came with, empty: none
	keys []otr.Fingerprint
}

var errNoFingerprint = errors.New("that is no fingerprint")

// parseGiven reads what the user pasted or typed: forty hex digits, with whatever
// spaces, colons and lines, with or without a word before them; or an address
// with fingerprints.
func parseGiven(s string) (g givenKey, err error) {
	s = strings.TrimSpace(s)
	if len(s) > maxGiven {
		return g, errNoFingerprint
	}
	if at := strings.Index(strings.ToLower(s), uriParameter+"="); at >= 0 {
		return parseKeyURI(s)
	}
	if f, err := otr.ParseFingerprint(strings.Join(strings.Fields(s), " ")); err == nil {
		return givenKey{keys: []otr.Fingerprint{f}}, nil
	}
	for _, rest := range afterLabel(s) {
		if f, err := otr.ParseFingerprint(strings.Join(strings.Fields(rest), " ")); err == nil {
			return givenKey{keys: []otr.Fingerprint{f}}, nil
		}
	}
	return g, errNoFingerprint
}

// afterLabel are the ends of s behind what may be a label, as in "My fingerprint: 12…".
func afterLabel(s string) (ends []string) {
	for i, r := range s {
		if strings.ContainsRune(":=\n", r) {
			ends = append(ends, s[i+1:])
		}
	}
	return ends
}

func parseKeyURI(s string) (g givenKey, err error) {
	address, query, _ := strings.Cut(s, "?")
	if _, bare, ok := strings.Cut(address, ":"); ok {
		bare = strings.TrimPrefix(bare, "//")
		if bare, err = url.PathUnescape(bare); err != nil {
			return g, errNoFingerprint
		}
		bare, _, _ = strings.Cut(bare, "/")
		g.who = strings.TrimSpace(bare)
	}
	for _, part := range strings.FieldsFunc(query, func(r rune) bool { return r == ';' || r == '&' }) {
		name, value, _ := strings.Cut(part, "=")
		if !strings.EqualFold(strings.TrimSpace(name), uriParameter) {
			continue
		}
		f, err := otr.ParseFingerprint(value)
		if err != nil {
			return g, errNoFingerprint
		}
		g.keys = append(g.keys, f)
	}
	if len(g.keys) == 0 {
		return g, errNoFingerprint
	}
	return g, nil
}

// compareGiven says in a sentence what is wrong with what the user was given,
// compared with the key of a buddy; empty: it is the buddy's.
func (p *Plugin) compareGiven(id im.ConvID, theirs otr.Fingerprint, entered string) (problem string, differs bool) {
	name := p.name(p.chat(id))
	g, err := parseGiven(entered)
	if err != nil {
		return lang.T("That is no fingerprint: it has forty digits from 0 to 9 and A to F. Paste it whole, or leave the field empty."), false
	}
	if g.who != "" && !strings.EqualFold(g.who, id.Peer) {
		return lang.F("That is the fingerprint of %s, not of %s.", words(g.who), name), false
	}
	if slices.Contains(g.keys, theirs) {
		return "", false
	}
	if a := p.accounts[id.Account]; a != nil && a.state == keyReady && slices.Contains(g.keys, a.key.Fingerprint()) {
		return lang.F("That is your own fingerprint. Enter the one that %s gave you.", name), false
	}
	if slices.ContainsFunc(g.keys, func(f otr.Fingerprint) bool { return p.knownKey(id, f) != nil }) {
		return lang.F("WARNING: this is NOT the key in use. It is another one that %s has used before. Either %s writes from "+
			"another device now, or somebody pretends to be %s. Write nothing private until you know which.", name, name, name), true
	}
	return lang.F("WARNING: this is NOT the key in use. What %s gave you and what the other end shows are different. "+
		"Somebody may sit between you and pretend to be %s, or %s uses another device now. Write nothing private until you "+
		"know which.", name, name, name), true
}
