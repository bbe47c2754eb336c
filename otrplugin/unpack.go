package otrplugin

import (
	"context"
	"errors"
	"time"

	"culver/im"
	"culver/internal/rows"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// Bounds on what one backup brings.
const (
	maxMovedRows = 50_000
	maxMovedRow  = 16 << 10 // bytes
)

// movedKey is a private key that comes in.
type movedKey struct {
	id  im.AccountID
	key *otr.PrivateKey
}

// moved is what files have for us, before anything is changed.
type moved struct {
	keys     []movedKey // of each account at most one
	known    []*knownKey
	buddies  []buddyRow
	writings []writingRow
	settings *settingsRow
	plan     *importPlan // fingerprints of another program
	bad      int         // rows that make no sense
	more     int         // keys beside the first of an account
	others   int         // keys of accounts that are not the user's
}

func (m *moved) wipe() {
	for _, k := range m.keys {
		wipeKey(k.key)
	}
	m.keys = nil
}

// add takes over a key.
func (m *moved) add(id im.AccountID, key *otr.PrivateKey) {
	for _, k := range m.keys {
		if k.id == id {
			if k.key.Fingerprint() != key.Fingerprint() {
				m.more++
			}
			key.Wipe()
			return
		}
	}
	m.keys = append(m.keys, movedKey{id, key})
}

const errNotOurs = lang.Error("what the backup has is damaged")

// Unpack looks at what Pack made, or at files of libotr's.
func (p *Plugin) Unpack(from string, files []plugin.File, own func(network, account string) (im.AccountID, bool), done func(plugin.Parcel, error)) {
	m := new(moved)
	now := p.host.Now().UTC()
	p.host.Go(func(ctx context.Context) (err error) {
		if from == "" {
			err = m.readPacked(files, now)
		} else {
			err = m.readForeign(files, own)
		}
		if ctx.Err() != nil { // nobody is there to take it
			m.wipe()
		}
		return err
	}, func(err error) {
		if err != nil {
			m.wipe()
			done(nil, err)
			return
		}
		p.offerMoved(m, done)
	})
}

// offerMoved goes on when it is known which keys are here.
func (p *Plugin) offerMoved(m *moved, done func(plugin.Parcel, error)) {
	if len(m.keys)+len(m.known)+len(m.buddies)+len(m.writings) == 0 && m.settings == nil && (m.plan == nil || len(m.plan.keys) == 0) && len(m.leftOut()) == 0 {
		done(nil, nil)
		return
	}
	var here []*account
	for _, k := range m.keys {
		for _, a := range p.host.Accounts() {
			if a.ID == k.id {
				here = append(here, p.account(k.id))
			}
		}
	}
	p.whenLoaded(here, func() { done(&parcel{p: p, moved: m}, nil) })
}

// loadEvery is how often it is looked whether keys are there.
const loadEvery = 20 * time.Millisecond

// whenLoaded goes on when the accounts' keys have been looked for.
func (p *Plugin) whenLoaded(all []*account, then func()) {
	for _, a := range all {
		if p.gone(a) {
			continue
		}
		if a.state == keyUnknown {
			p.loadKey(a)
		}
		if a.state == keyLoading {
			p.host.After(loadEvery, func() { p.whenLoaded(all, then) })
			return
		}
	}
	then()
}

// readForeign reads files of libotr's. Each may be there for each account.
func (m *moved) readForeign(files []plugin.File, own func(network, account string) (im.AccountID, bool)) error {
	var known []libotr.Known
	var skipped []libotr.Skipped
	for _, f := range files {
		switch f.Name {
		case libotr.KeysFile:
			some, out, err := libotr.ParseKeys(f.Data)
			if err != nil {
				m.bad++ // the rest of the file is
			}
			for _, s := range out {
				m.bad += max(1, s.More)
			}
			for _, k := range some {
				if id, ok := own(k.Protocol, k.Name); ok {
					m.add(id, k.Key)
				} else {
					m.others++
					k.Key.Wipe()
				}
			}
		case libotr.FingerprintsFile:
			some, out, err := libotr.ParseFingerprints(f.Data)
			if err != nil {
				m.bad++
			}
			known = append(known, some...)
			skipped = append(skipped, out...)
		}
	}
	if len(m.keys)+m.others+len(known) == 0 && m.bad+len(skipped) > 0 {
		return errors.New(lang.T("the files make no sense"))
	}
	m.plan = planImport(known, skipped, func(k libotr.Known) (im.AccountID, bool) { return own(k.Protocol, k.Account) })
	return nil
}

// leftOut says in sentences what cannot be taken.
func (m *moved) leftOut() (all []string) {
	say := func(n int, one, more string) {
		if n > 0 {
			all = append(all, count(n, one, more))
		}
	}
	say(m.more, lang.T("One private key is left out: an account can have only one."),
		lang.N(m.more, "%d private key is left out: an account can have only one.",
			"%d private keys are left out: an account can have only one.", m.more))
	say(m.others, lang.T("One private key is left out: you do not have their accounts here."),
		lang.N(m.others, "%d private key is left out: you do not have their accounts here.",
			"%d private keys are left out: you do not have their accounts here.", m.others))
	say(m.bad, lang.T("One entry about keys is left out: they make no sense."),
		lang.N(m.bad, "%d entry about keys is left out: they make no sense.",
			"%d entries about keys are left out: they make no sense.", m.bad))
	if m.plan != nil {
		all = append(all, m.plan.leftOut()...)
	}
	return all
}

// readPacked reads the files of Pack.
func (m *moved) readPacked(files []plugin.File, now time.Time) error {
	for _, f := range files {
		var err error
		switch f.Name {
		case libotr.KeysFile:
			var all []libotr.Account
			var out []libotr.Skipped
			all, out, err = libotr.ParseKeys(f.Data)
			for _, a := range all {
				m.add(accountOf(a), a.Key)
			}
			m.bad += len(out)
		case packedSettings:
			err = eachRow(f.Data, &m.bad, settingsRow{defaultSettings(), look{ShowButton: true}}, func(row settingsRow) bool { m.settings = &row; return true })
		case packedKnown:
			err = eachRow(f.Data, &m.bad, knownKey{}, func(k knownKey) bool { return m.addKnown(&k, now) })
		case packedBuddies:
			err = eachRow(f.Data, &m.bad, buddyRow{Settings: safestSettings()}, func(row buddyRow) bool {
				if !goodConv(row.Account, row.Peer) {
					return false
				}
				m.buddies = append(m.buddies, row)
				return true
			})
		case packedWritings:
			err = eachRow(f.Data, &m.bad, writingRow{}, func(row writingRow) bool {
				_, err := otr.ParseFingerprint(row.Fingerprint)
				row.Writing = max(-maxWriting, min(row.Writing, maxWriting))
				if err != nil || !goodConv(row.Account, row.Peer) {
					return false
				}
				m.writings = append(m.writings, row)
				return true
			})
		}
		if err != nil {
			m.wipe()
			return err
		}
	}
	return nil
}

// accountOf is the account that packKeys meant.
func accountOf(a libotr.Account) im.AccountID {
	for scheme := range foreignProtocols {
		if isNetwork(a.Protocol, scheme) {
			return im.NewAccountID(scheme, libotr.Bare(a.Name))
		}
	}
	return im.NewAccountID(a.Protocol, a.Name)
}

// eachRow reads rows; take says whether one makes sense. What a row lacks is as in
// without.
func eachRow[T any](b []byte, bad *int, without T, take func(T) bool) error {
	n := 0
	for row, err := range rows.All(b, maxMovedRow, without) {
		if n++; n > maxMovedRows {
			return errNotOurs
		}
		if err != nil || !take(row) {
			*bad++
		}
	}
	return nil
}

// goodConv reports that there can be such a conversation.
func goodConv(id im.AccountID, peer string) bool {
	if id.Scheme() == "" || id.Bare() == "" || len(id) > maxAddress {
		return false
	}
	same, ok := peerAddress(peer, id.Scheme())
	return ok && same == peer
}

// addKnown takes a fingerprint as it was kept, if it makes sense.
func (m *moved) addKnown(k *knownKey, now time.Time) bool {
	f, err := otr.ParseFingerprint(k.Fingerprint)
	if err != nil || !goodConv(k.Account, k.Peer) || len(k.Trust) > 100 || words(k.Trust) != k.Trust {
		return false
	}
	k.fingerprint, k.Fingerprint = f, f.Hex()
	switch k.Proof {
	case proofNone, proofQuestion, proofSecret, proofFingerprint, proofImport:
	default:
		k.Proof = proofImport
	}
	for _, t := range []*time.Time{&k.First, &k.Last, &k.VerifiedAt, &k.AcceptedAt, &k.RefusedAt, &k.ImportedAt} {
		if t.After(now) {
			*t = now
		}
	}
	switch { // what cannot be together is what is safer
	case k.Refused:
		k.Trust, k.Proof, k.Unaccepted, k.Accepted = trustNone, proofNone, true, false
	case k.trusted():
		k.Unaccepted, k.Accepted = false, false
	case k.Unaccepted:
		k.Accepted = false
	}
	m.known = append(m.known, k)
	return true
}
