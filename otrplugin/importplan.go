package otrplugin

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
)

// Bounds on what one file brings.
const (
	maxImport  = 2000
	maxAddress = 3071 // of a JID, without its resource's share
)

// importedKey is a key from another program's file that belongs to one of the
// user's accounts.
type importedKey struct {
	conv        im.ConvID
	fingerprint otr.Fingerprint
	trust       string // libotr's word, kept as it is
}

// importPlan is what a file holds, before anything is changed.
type importPlan struct {
	keys     []importedKey // by buddy, account and fingerprint, each once
	perPeer  map[im.ConvID]int
	verified int
	foreign  int      // belong to accounts that the user does not have here
	accounts []string // those accounts, a few
	bad      int      // make no sense
	tooMany  int
}

// planImport sorts out what was read. Own says which account of the user's another
// program knows a key for.
func planImport(known []libotr.Known, skipped []libotr.Skipped, own func(libotr.Known) (im.AccountID, bool)) *importPlan {
	plan := &importPlan{perPeer: make(map[im.ConvID]int)}
	for _, s := range skipped {
		plan.bad += max(1, s.More)
	}
	at := make(map[importedKey]int)
	for _, k := range known {
		account, ok := own(k)
		if !ok {
			plan.leaveOut(k)
			continue
		}
		peer, ok := peerAddress(k.User, account.Scheme())
		if !ok {
			plan.bad++
			continue
		}
		n := importedKey{conv: im.ConvID{Account: account, Peer: peer}, fingerprint: k.Fingerprint}
		i, twice := at[n]
		switch {
		case twice:
			plan.keys[i].trust = cmp.Or(plan.keys[i].trust, k.Trust)
			continue
		case len(plan.keys) == maxImport:
			plan.tooMany++
			continue
		}
		at[n] = len(plan.keys)
		n.trust = k.Trust
		plan.keys = append(plan.keys, n)
		plan.perPeer[n.conv]++
	}
	slices.SortFunc(plan.keys, func(a, b importedKey) int {
		return cmp.Or(cmp.Compare(a.conv.Peer, b.conv.Peer), cmp.Compare(a.conv.Account, b.conv.Account),
			slices.Compare(a.fingerprint[:], b.fingerprint[:]))
	})
	for _, k := range plan.keys {
		if k.trust != trustNone {
			plan.verified++
		}
	}
	return plan
}

// ownAmong finds the one among the user's accounts that another program knows a key for.
func ownAmong(accounts []im.Account) func(libotr.Known) (im.AccountID, bool) {
	return func(k libotr.Known) (im.AccountID, bool) {
		for _, a := range accounts {
			if isNetwork(k.Protocol, a.ID.Scheme()) && libotr.SameAccount(k.Account, a.ID.Bare()) {
				return a.ID, true
			}
		}
		return "", false
	}
}

// isNetwork reports that another program's name of a network means ours.
func isNetwork(name, scheme string) bool {
	same := func(n string) bool { return strings.EqualFold(n, name) }
	return same(scheme) || slices.ContainsFunc(foreignProtocols[scheme], same)
}

// peerAddress is a buddy's name as conversations have it.
func peerAddress(user, scheme string) (string, bool) {
	peer := strings.TrimSpace(user)
	if scheme == schemeXMPP {
		peer = strings.ToLower(libotr.Bare(peer))
	}
	odd := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	return peer, peer != "" && len(peer) <= maxAddress && utf8.ValidString(peer) && !strings.ContainsFunc(peer, odd)
}

func (plan *importPlan) leaveOut(k libotr.Known) {
	plan.foreign++
	name := words(libotr.Bare(k.Account))
	if name != "" && len(plan.accounts) < 5 && !slices.Contains(plan.accounts, name) {
		plan.accounts = append(plan.accounts, name)
	}
}

// summary says in a sentence what can be imported.
func (plan *importPlan) summary() string {
	return lang.F("The file has %s of %s for your accounts, %s.", fingerprints(len(plan.keys)), buddies(len(plan.perPeer)), verifiedOfThem(plan.verified))
}

// leftOut says in sentences what cannot.
func (plan *importPlan) leftOut() []string {
	var all []string
	if plan.foreign > 0 {
		what := fingerprints(plan.foreign)
		if len(plan.accounts) > 0 {
			what = lang.F("%s (%s)", what, strings.Join(plan.accounts, ", "))
		}
		all = append(all, lang.F("Left out, for accounts that you don't have here: %s.", what))
	}
	if plan.tooMany > 0 {
		all = append(all, lang.F("Left out, because the file is too long: %s.", fingerprints(plan.tooMany)))
	}
	if plan.bad > 0 {
		all = append(all, lang.F("Left out, because they make no sense: %s.",
			count(plan.bad, lang.T("one line"), lang.N(plan.bad, "%d line", "%d lines", plan.bad))))
	}
	return all
}

// fate is what an import does to a key.
type fate int

const (
	fateNew fate = iota
	fateVerified
	fateSame
	fateRefused
)

func (x fate) changes() bool { return x == fateNew || x == fateVerified }

// String says it in words for the preview.
func (x fate) String() string {
	switch x {
	case fateNew:
		return lang.T("New")
	case fateVerified:
		return lang.T("Becomes verified")
	case fateRefused:
		return lang.T("Stays refused")
	default:
		return lang.T("Known already")
	}
}

// fateOf is what an import does to a key now. What the user refused here stays so.
func (p *Plugin) fateOf(n importedKey) fate {
	k := p.knownKey(n.conv, n.fingerprint)
	switch {
	case k == nil:
		return fateNew
	case k.Refused:
		return fateRefused
	case n.trust != trustNone && !k.trusted():
		return fateVerified
	default:
		return fateSame
	}
}
