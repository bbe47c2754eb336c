package otrplugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

const knownPrefix = "fingerprint/"

// maxUnaccepted is how many keys of one peer are known that the user never
// accepted: a peer can make a new one for each key exchange.
const maxUnaccepted = 16

// knownKey is a key that a peer has used.
type knownKey struct {
	Account     im.AccountID `json:"account"`
	Peer        string       `json:"peer"`
	Fingerprint string       `json:"fingerprint"` // hex
	Trust       string       `json:"trust"`
	First       time.Time    `json:"first"`
	Last        time.Time    `json:"last"` // zero: imported, and not met since
	// Unaccepted: it turned up while another key was known, and the user has
	// not said yet that lines may go to it.
	Unaccepted bool `json:"unaccepted,omitempty"`
	// Accepted: the user said that lines may go to it, and no other key has
	// become trusted since.
	Accepted bool `json:"accepted,omitempty"`
	// Refused: the user said that no line may go to it. Unaccepted goes with it.
	Refused bool `json:"refused,omitempty"`

	// The history, for people to read; zero: it did not happen, or was not noted.
	Proof      proof     `json:"proof,omitempty"` // what made it trusted
	VerifiedAt time.Time `json:"verifiedAt,omitzero"`
	AcceptedAt time.Time `json:"acceptedAt,omitzero"`
	RefusedAt  time.Time `json:"refusedAt,omitzero"`
	ImportedAt time.Time `json:"importedAt,omitzero"`

	fingerprint otr.Fingerprint
}

func (k *knownKey) conv() im.ConvID { return im.ConvID{Account: k.Account, Peer: k.Peer} }

// storeKey is where the key is kept.
func (k *knownKey) storeKey() string {
	return knownPrefix + k.fingerprint.Hex() + "/" + convKey(k.conv())
}

func (p *Plugin) loadKnown() error {
	rows, err := p.host.Store().List(knownPrefix)
	if err != nil {
		return fmt.Errorf(lang.T("read known fingerprints: %w"), err)
	}
	damaged := 0
	for name, b := range rows {
		k, err := parseKnown(name, b)
		if err != nil {
			damaged++
			if id, ok := peerOfRow(name); ok {
				p.lost[id] = append(p.lost[id], name)
			}
			continue
		}
		p.known[k.conv()] = append(p.known[k.conv()], k)
	}
	if damaged > 0 {
		p.damage = append(p.damage, count(damaged,
			lang.T("One known fingerprint could not be read. The key it belongs to will look like a new one."),
			lang.N(damaged, "%d known fingerprint could not be read. The key it belongs to will look like a new one.",
				"%d known fingerprints could not be read. The keys they belong to will look like new ones.", damaged)))
	}
	for _, keys := range p.known {
		slices.SortFunc(keys, func(a, b *knownKey) int {
			if d := a.First.Compare(b.First); d != 0 {
				return d
			}
			return strings.Compare(a.Fingerprint, b.Fingerprint)
		})
	}
	return nil
}

// parseKnown reads one row of the store.
func parseKnown(name string, b []byte) (*knownKey, error) {
	k := new(knownKey)
	if err := json.Unmarshal(b, k); err != nil {
		return nil, fmt.Errorf("read known fingerprint: %w", err)
	}
	f, err := otr.ParseFingerprint(k.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("read known fingerprint: %w", err)
	}
	k.fingerprint = f
	if k.storeKey() != name {
		return nil, errors.New("read known fingerprint: it belongs elsewhere")
	}
	return k, nil
}

// peerOfRow tells from the name of a row whose key it is.
func peerOfRow(name string) (im.ConvID, bool) {
	rest, ok := strings.CutPrefix(name, knownPrefix)
	if !ok {
		return im.ConvID{}, false
	}
	_, rest, _ = strings.Cut(rest, "/")
	return parseConvKey(rest)
}

// seen reports that the peer has used a key before, be it one that cannot be read
// any more.
func (p *Plugin) seen(id im.ConvID) bool { return len(p.known[id]) > 0 || len(p.lost[id]) > 0 }

func (p *Plugin) saveKnown(k *knownKey) error {
	b, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf(lang.T("save known fingerprint: %w"), err)
	}
	if err := p.host.Store().Put(k.storeKey(), b); err != nil {
		return fmt.Errorf(lang.T("save known fingerprint: %w"), err)
	}
	return nil
}

// knownKey finds a key of the peer's, nil if it was never seen.
func (p *Plugin) knownKey(id im.ConvID, f otr.Fingerprint) *knownKey {
	for _, k := range p.known[id] {
		if k.fingerprint == f {
			return k
		}
	}
	return nil
}

// meeting says how a key relates to those known before.
type meeting int

const (
	metBefore meeting = iota
	metFirst          // the first key of this peer
	metOther          // a key that lines may not go to yet, while another is known
)

// meet notes that the peer uses f.
func (p *Plugin) meet(c *chat, f otr.Fingerprint) meeting {
	now := p.host.Now().UTC()
	how := metBefore
	k := p.knownKey(c.id, f)
	if k == nil {
		how = metFirst
		if !p.acceptable(c.id, f) {
			how = metOther
		}
		k = &knownKey{
			Account: c.id.Account, Peer: c.id.Peer, Fingerprint: f.Hex(), fingerprint: f,
			First: now, Unaccepted: how == metOther,
		}
		p.makeRoom(c)
		p.known[c.id] = append(p.known[c.id], k)
	} else if !p.acceptable(c.id, f) {
		how = metOther
	}
	k.Last = now
	if err := p.saveKnown(k); err != nil && p.mayTell(c, aboutUnsavedKey) {
		p.alarm(c, lang.F("The fingerprint of %s could not be saved, so it will look like a new one next time: %s", p.name(c), inWords(err)))
	}
	return how
}

// makeRoom forgets the oldest of the keys that nobody but the peer ever brought
// when there are too many, those out of use first. It looks like a new one if it
// comes back, which it is to the user. What cannot be taken out of the store now
// goes in a later run.
func (p *Plugin) makeRoom(c *chat) {
	for {
		var out *knownKey
		n := 0
		for i, k := range p.known[c.id] {
			if i == 0 || !k.stray() {
				continue
			}
			n++
			if out == nil || c.staler(k, out) {
				out = k
			}
		}
		if n < maxUnaccepted {
			return
		}
		p.host.Store().Delete(out.storeKey())
		p.dropKnown(out)
	}
}

// stray reports a key about which the user never said anything. The one that is
// known for the longest may be stray and worth more all the same: it was the first.
func (k *knownKey) stray() bool {
	return k.Unaccepted && !k.Refused && !k.trusted() && k.AcceptedAt.IsZero() && k.VerifiedAt.IsZero() &&
		k.RefusedAt.IsZero() && k.ImportedAt.IsZero()
}

// staler ranks keys for being forgotten.
func (c *chat) staler(a, b *knownKey) bool {
	if ua, ub := c.inUse(a.fingerprint), c.inUse(b.fingerprint); ua != ub {
		return ub
	}
	return a.Last.Before(b.Last)
}

// forgetKey removes a key for good.
func (p *Plugin) forgetKey(k *knownKey) error {
	if k.trusted() {
		if err := p.unacceptWithout(k); err != nil {
			return fmt.Errorf(lang.T("forget fingerprint: %w"), err)
		}
	}
	if err := p.host.Store().Delete(k.storeKey()); err != nil {
		return fmt.Errorf(lang.T("forget fingerprint: %w"), err)
	}
	p.dropKnown(k)
	return nil
}

func (p *Plugin) dropKnown(k *knownKey) {
	id := k.conv()
	p.forgetWriting(id, k.fingerprint)
	p.known[id] = slices.DeleteFunc(p.known[id], func(o *knownKey) bool { return o == k })
	if len(p.known[id]) == 0 {
		delete(p.known, id)
	}
}

// forgetAccount removes what the store has of a removed account. What cannot be
// removed now holds no secret.
func (p *Plugin) forgetAccount(id im.AccountID) {
	for conv, keys := range p.known {
		if conv.Account != id {
			continue
		}
		for _, k := range keys {
			p.host.Store().Delete(k.storeKey())
		}
		delete(p.known, conv)
	}
	for conv, rows := range p.lost {
		if conv.Account != id {
			continue
		}
		for _, name := range rows {
			p.host.Store().Delete(name)
		}
		delete(p.lost, conv)
	}
	p.forgetBuddySettings(id)
	p.forgetWritings(id)
	p.host.Store().Delete(tagName(id))
}
