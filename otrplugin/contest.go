package otrplugin

import (
	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// What comes in may protect less than what is in force here: settings that let more
// through, and keys that another file calls good while a different one is known.

// lets is what settings would let happen that those in force do not.
type lets struct{ clear, keep bool }

func (l lets) any() bool { return l.clear || l.keep }

func (l lets) or(o lets) lets { return lets{l.clear || o.clear, l.keep || o.keep} }

// ofBuddies says so of such settings of buddies.
func (l lets) ofBuddies(settings string) string {
	switch {
	case l.clear && l.keep:
		return lang.F("%s that would let messages leave unencrypted and private conversations be kept", settings)
	case l.clear:
		return lang.F("%s that would let messages leave unencrypted", settings)
	default:
		return lang.F("%s that would let private conversations be kept", settings)
	}
}

// ofAll says so of settings for all buddies.
func (l lets) ofAll() string {
	switch {
	case l.clear && l.keep:
		return lang.T("the settings of OTR, which would let messages leave unencrypted and private conversations be kept")
	case l.clear:
		return lang.T("the settings of OTR, which would let messages leave unencrypted")
	case l.keep:
		return lang.T("the settings of OTR, which would let private conversations be kept")
	default:
		return lang.T("the settings of OTR")
	}
}

// letsMore compares settings that come in with those here.
func letsMore(here, comes settings) lets {
	strict := func(s settings) int {
		switch s.policy() {
		case otr.Never:
			return 0
		case otr.Manual:
			return 1
		case otr.Opportunistic:
			return 2
		default:
			return 3
		}
	}
	keeps := func(k keeping) int {
		switch k {
		case keepNever:
			return 0
		case keepAsk:
			return 1
		default:
			return 2
		}
	}
	return lets{clear: strict(comes) < strict(here), keep: keeps(comes.Keep) > keeps(here.Keep)}
}

func (b buddyRow) conv() im.ConvID { return im.ConvID{Account: b.Account, Peer: b.Peer} }

// lets is what a buddy's settings would let happen that those in force do not;
// nothing, if the buddy has settings here, which stay.
func (p *Plugin) lets(b buddyRow) lets {
	if own := p.own[b.conv()]; own != nil && !own.damaged {
		return lets{}
	}
	return letsMore(p.settingsOf(b.conv()), b.Settings)
}

// peersKey is a key of a peer's.
type peersKey struct {
	conv        im.ConvID
	fingerprint otr.Fingerprint
}

// raises reports that a backup lets lines go to a key about which nothing was
// decided here.
func (p *Plugin) raises(from *knownKey) bool {
	here := p.knownKey(from.conv(), from.fingerprint)
	return (from.trusted() || from.Accepted) && (here == nil || !here.decided())
}

// rival is the key that is known here beside f and worth most; nil: none is, but
// those that were refused.
func (p *Plugin) rival(id im.ConvID, f otr.Fingerprint) (most *knownKey) {
	for _, k := range p.known[id] {
		if k.fingerprint != f && !k.Refused && (most == nil || p.worth(id, k.fingerprint) > p.worth(id, most.fingerprint)) {
			most = k
		}
	}
	return most
}

// contested reports that another key than f is known, and f is neither trusted here
// nor refused: which of them is the peer's, only the user can say.
func (p *Plugin) contested(id im.ConvID, f otr.Fingerprint) bool {
	k := p.knownKey(id, f)
	return (k == nil || !k.trusted() && !k.Refused) && p.rival(id, f) != nil
}

// contest says so.
func (p *Plugin) contest(id im.ConvID, f otr.Fingerprint) string {
	return lang.F("Another key of %s is known here. Its fingerprint is %s, that of the key that comes in is %s. Replace it "+
		"only if you know that the one that comes in is theirs.", words(id.Peer), p.rival(id, f).fingerprint.String(), f.String())
}

// maxContests is how many keys in question are told one by one.
const maxContests = 3

// clashOf is what is in question of one account, of which the first few are told.
func clashOf(contests []string, all int) string {
	text := together(contests...)
	if more := all - len(contests); more > 0 {
		text = together(text, lang.N(more, "And so for %d more.", "And so for %d more.", more))
	}
	return text
}
