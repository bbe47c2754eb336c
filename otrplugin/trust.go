package otrplugin

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
)

// The words for how a fingerprint came to be trusted; any other non-empty word,
// as an import may bring, counts as trusted, too.
const (
	trustNone     = ""
	trustVerified = libotr.TrustVerified // the user compared fingerprints
	trustSMP      = libotr.TrustSMP      // the secrets were the same
)

// proof is what made the user trust a key. Rows written before it was noted, and
// keys that are not trusted, have none.
type proof string

const (
	proofNone        proof = ""
	proofQuestion    proof = "question"
	proofSecret      proof = "secret"
	proofFingerprint proof = "fingerprint"
	proofImport      proof = "import" // another program says so
)

// trust is the word that libotr has for it.
func (x proof) trust() string {
	switch x {
	case proofNone:
		return trustNone
	case proofQuestion, proofSecret:
		return trustSMP
	default:
		return trustVerified
	}
}

func (k *knownKey) trusted() bool { return k.Trust != trustNone }

// trusted reports that the user made sure whose key it is.
func (p *Plugin) trusted(id im.ConvID, f otr.Fingerprint) bool {
	k := p.knownKey(id, f)
	return k != nil && k.trusted()
}

// refused reports that the user wants nothing to go to the key.
func (p *Plugin) refused(id im.ConvID, f otr.Fingerprint) bool {
	k := p.knownKey(id, f)
	return k != nil && k.Refused
}

// acceptable reports that lines may go to the holder of f: it is trusted, the
// user accepted it, or it is the first that the peer ever used. Being the first
// counts for nothing while another key is trusted: it may be an impostor's.
func (p *Plugin) acceptable(id im.ConvID, f otr.Fingerprint) bool {
	k := p.knownKey(id, f)
	switch {
	case k == nil:
		return !p.seen(id) && !p.rescued
	case k.Refused:
		return false
	case k.trusted():
		return true
	case k.Unaccepted:
		return false
	default:
		return k.Accepted || !p.trustsOther(id, f)
	}
}

// What a key is worth for being written to.
const (
	worthNothing  = iota // refused
	worthAsking          // the user has not accepted it
	worthAccepted        // lines may go to it
	worthTrusted         // the user made sure whose it is
)

// worth ranks keys.
func (p *Plugin) worth(id im.ConvID, f otr.Fingerprint) int {
	switch {
	case p.refused(id, f):
		return worthNothing
	case p.trusted(id, f):
		return worthTrusted
	case p.acceptable(id, f):
		return worthAccepted
	default:
		return worthAsking
	}
}

// trustsOther reports that a key of the peer's is trusted besides f.
func (p *Plugin) trustsOther(id im.ConvID, f otr.Fingerprint) bool {
	return slices.ContainsFunc(p.known[id], func(k *knownKey) bool { return k.trusted() && k.fingerprint != f })
}

// setTrust puts the user's trust into a key, or takes it back: proofNone. A key
// that is trusted is accepted as well, and those that are not have to be accepted
// anew: whoever was believed to be the peer before may have been somebody else.
func (p *Plugin) setTrust(k *knownKey, by proof) error {
	return p.setTrustWord(k, by.trust(), by)
}

// setTrustWord is setTrust with libotr's word for it, as an import brings it.
func (p *Plugin) setTrustWord(k *knownKey, word string, by proof) error {
	before := *k
	k.Trust, k.Proof, k.VerifiedAt = word, by, p.host.Now().UTC()
	switch {
	case k.trusted():
		k.Unaccepted, k.Accepted, k.Refused = false, false, false
		if before.trusted() {
			break
		}
		if err := p.unacceptOthers(k, func(o *knownKey) bool { return !o.trusted() }); err != nil {
			*k = before
			return err
		}
	default:
		k.VerifiedAt = before.VerifiedAt // it stays known when it was
		if !before.trusted() {
			break
		}
		if err := p.unacceptWithout(k); err != nil {
			*k = before
			return err
		}
	}
	return p.saveOr(k, before)
}

// setAccepted lets lines go to a key that was never verified.
func (p *Plugin) setAccepted(k *knownKey) error {
	before := *k
	k.Unaccepted, k.Refused, k.Accepted, k.AcceptedAt = false, false, true, p.host.Now().UTC()
	return p.saveOr(k, before)
}

// setRefused lets no line go to a key that is not trusted.
func (p *Plugin) setRefused(k *knownKey) error {
	before := *k
	k.Unaccepted, k.Refused, k.Accepted, k.RefusedAt = true, true, false, p.host.Now().UTC()
	return p.saveOr(k, before)
}

// saveOr saves a changed key, or takes the change back: what could not be saved
// is not in force.
func (p *Plugin) saveOr(k *knownKey, before knownKey) error {
	if err := p.saveKnown(k); err != nil {
		*k = before
		return err
	}
	return nil
}

// unacceptOthers notes that the user has to accept those of the peer's other keys. It is
// noted before that which makes it so is saved: what cannot be saved then leaves
// a question too many, not one too few.
func (p *Plugin) unacceptOthers(k *knownKey, which func(*knownKey) bool) error {
	for _, o := range p.known[k.conv()] {
		if o == k || !which(o) || o.Unaccepted {
			continue
		}
		before := *o
		o.Unaccepted, o.Accepted = true, false
		if err := p.saveOr(o, before); err != nil {
			return err
		}
	}
	return nil
}

// unacceptWithout keeps what is not acceptable because k is trusted from becoming
// so when that trust goes.
func (p *Plugin) unacceptWithout(k *knownKey) error {
	return p.unacceptOthers(k, func(o *knownKey) bool { return !o.trusted() && !o.Accepted })
}

// wording is how a key was verified, in words.
type wording struct{ sentence, cell string }

// howVerified says what made the user trust the key.
func (k *knownKey) howVerified() wording {
	switch {
	case k.Proof == proofQuestion:
		return wording{lang.T("by question and answer"), lang.As("how a key was verified", "question and answer")}
	case k.Proof == proofSecret:
		return wording{lang.T("by a shared secret"), lang.As("how a key was verified", "shared secret")}
	case k.Proof == proofImport:
	case k.Trust == trustVerified:
		return wording{lang.T("by comparing fingerprints"), lang.As("how a key was verified", "fingerprint")}
	case k.Trust == trustSMP:
		return wording{lang.T("by a question or a shared secret"), lang.As("how a key was verified", "question or secret")}
	}
	return wording{lang.T("in another program"), lang.As("how a key was verified", "imported")}
}
