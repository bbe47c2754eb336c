package otrplugin

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"culver/im"
	"culver/internal/rows"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

var _ plugin.Mover = (*Plugin)(nil)

// What a backup has of us. The private keys are in a file as libotr has it, under
// its name; the others are rows of JSON. Instance tags stay here: each copy of a
// program has its own.
const (
	packedSettings = "settings.json"
	packedKnown    = "fingerprints.json"
	packedBuddies  = "buddies.json"
	packedWritings = "writings.json"
)

type (
	settingsRow struct {
		Settings settings `json:"settings"`
		Look     look     `json:"look"`
	}
	buddyRow struct {
		Account  im.AccountID `json:"account"`
		Peer     string       `json:"peer"`
		Settings settings     `json:"settings"`
	}
	writingRow struct {
		Account     im.AccountID `json:"account"`
		Peer        string       `json:"peer"`
		Fingerprint string       `json:"fingerprint"`
		Writing     writing      `json:"writing"`
	}
)

// Pack collects keys, fingerprints with all that is known of them, and settings.
func (p *Plugin) Pack(accounts []im.AccountID, done func([]plugin.File, error)) {
	files, err := p.packRows(accounts)
	if err != nil {
		done(nil, err)
		return
	}
	var keys []im.AccountID
	for _, id := range accounts {
		if p.graves[id] == nil { // else what is in the vault is of an account that was removed
			keys = append(keys, id)
		}
	}
	vault := p.host.Vault()
	var packed []byte
	p.host.Go(func(ctx context.Context) (err error) {
		packed, err = packKeys(ctx, vault, keys)
		return err
	}, func(err error) {
		if err != nil {
			clear(packed)
			done(nil, err)
			return
		}
		if packed != nil {
			files = append(files, plugin.File{Name: libotr.KeysFile, Data: packed})
		}
		done(files, nil)
	})
}

// packKeys makes a file of the keys that are kept. One that is damaged is left out:
// the settings tell of it.
func packKeys(ctx context.Context, vault plugin.Vault, accounts []im.AccountID) ([]byte, error) {
	var all []libotr.Account
	defer func() { wipeAll(all) }()
	for _, id := range accounts {
		b, err := vault.Get(ctx, vaultName(id))
		if err != nil {
			return nil, fmt.Errorf(lang.T("the private key of %s is out of reach: %w"), id.Bare(), err)
		}
		key, err := otr.ParsePrivateKey(b)
		clear(b)
		if b == nil || err != nil {
			continue
		}
		name, protocol := foreignAccount(id)
		all = append(all, libotr.Account{Name: name, Protocol: protocol, Key: key})
	}
	if len(all) == 0 {
		return nil, nil
	}
	return libotr.MarshalKeys(all)
}

func (p *Plugin) packRows(accounts []im.AccountID) ([]plugin.File, error) {
	ours := func(id im.ConvID) bool { return slices.Contains(accounts, id.Account) }
	var known []*knownKey
	for _, id := range slices.SortedFunc(maps.Keys(p.known), compareConvs) {
		if ours(id) {
			known = append(known, p.known[id]...)
		}
	}
	var buddies []buddyRow
	for _, id := range slices.SortedFunc(maps.Keys(p.own), compareConvs) {
		if own := p.own[id]; ours(id) && !own.damaged {
			buddies = append(buddies, buddyRow{id.Account, id.Peer, own.settings})
		}
	}
	kept, err := p.host.Store().List(writingPrefix)
	if err != nil {
		return nil, fmt.Errorf(lang.T("read how buddies write: %w"), err)
	}
	var writings []writingRow
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		hex, rest, _ := strings.Cut(strings.TrimPrefix(name, writingPrefix), "/")
		n, err := strconv.Atoi(string(kept[name]))
		if id, ok := parseConvKey(rest); ok && err == nil && ours(id) {
			writings = append(writings, writingRow{id.Account, id.Peer, hex, writing(n)})
		}
	}
	var files []plugin.File
	err = cmp.Or(addRows(&files, packedSettings, []settingsRow{{p.settings, p.look}}), addRows(&files, packedKnown, known),
		addRows(&files, packedBuddies, buddies), addRows(&files, packedWritings, writings))
	return files, err
}

func compareConvs(a, b im.ConvID) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Peer, b.Peer))
}

// addRows adds a file of rows; none, if there are none. More than Unpack takes are
// refused.
func addRows[T any](files *[]plugin.File, name string, all []T) error {
	if len(all) == 0 {
		return nil
	}
	if len(all) > maxMovedRows {
		return fmt.Errorf(lang.T("%s of OTR: there are more than %d entries, which is more than a backup can hold. Delete "+
			"fingerprints that you do not need"), name, maxMovedRows)
	}
	var b bytes.Buffer
	for _, row := range all {
		if err := rows.Append(&b, row, maxMovedRow); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	*files = append(*files, plugin.File{Name: name, Data: b.Bytes()})
	return nil
}
