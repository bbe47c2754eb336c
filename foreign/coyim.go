package foreign

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"culver/im"
	"culver/lang"
)

// coyimFile is all that CoyIM keeps; it ends in coyimSealed if it is encrypted.
const (
	coyimFile   = "accounts.json"
	coyimSealed = "accounts.json.enc"
)

// coyimAccounts is what there is in the file.
type coyimAccounts struct {
	Params   json.RawMessage // of an encrypted file
	Accounts []struct {
		Account              string
		Server               string
		Port                 int
		Password             rawSecret
		Proxies              []string
		RequireTor           bool
		ConnectAutomatically bool
		PrivateKey           secretBytes
		PrivateKeys          []secretBytes
		KnownFingerprints    []struct {
			UserID, FingerprintHex string
			Untrusted              bool
		}
		Peers []struct {
			UserID       string
			Nickname     string
			Groups       []string
			Fingerprints []struct {
				FingerprintHex string
				Trusted        bool
			}
		}
	}
}

// rawSecret is a string that can be wiped.
type rawSecret []byte

func (s *rawSecret) UnmarshalJSON(b []byte) error {
	var text string
	err := json.Unmarshal(b, &text)
	*s = rawSecret(text)
	return err
}

// secretBytes are bytes in base64 that can be wiped.
type secretBytes []byte

// readCoyIM reads the folder of CoyIM, which keeps no logs.
func readCoyIM(p *Profile, f *folder) error {
	p.Program, p.Title = "coyim", "CoyIM"
	data, err := f.read(coyimFile, maxFile)
	if errors.Is(err, fs.ErrNotExist) && f.has(coyimSealed) {
		p.noteSealed()
		return nil
	}
	if err != nil {
		return fmt.Errorf(lang.T("The file %s could not be read: %w"), coyimFile, reason(err))
	}
	defer clear(data)
	return p.parseCoyIM(data)
}

func (p *Profile) noteSealed() {
	p.note(lang.T("CoyIM has encrypted its file of accounts. Switch the encryption off in CoyIM's settings first, import, and then switch it on again."))
}

func (p *Profile) parseCoyIM(data []byte) error {
	var file coyimAccounts
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf(lang.T("The file %s could not be read: %w"), coyimFile, errNotCoyIM)
	}
	if len(file.Params) > 0 && file.Accounts == nil {
		p.noteSealed()
		return nil
	}
	var known fingerprints
	for _, c := range file.Accounts {
		address, ok := bare(c.Account)
		if !ok || p.hasAccount(address) {
			p.note(lang.T("An account has no address of its own and is left out."))
			continue
		}
		a := Account{Scheme: schemeXMPP, Address: address, Options: map[string]string{}, Enabled: c.ConnectAutomatically,
			Password: im.NewSecret(c.Password)}
		if c.RequireTor {
			a.set(optionProxy, "tor")
		} else if len(c.Proxies) > 0 {
			a.Doubt = doubtKind(a.Address, p.Title)
		}
		a.set(optionServer, c.Server)
		if c.Port > 0 && (c.Server != "" || strconv.Itoa(c.Port) != defaultPort) {
			a.set(optionPort, strconv.Itoa(c.Port))
		}
		p.add(a)
		keys := c.PrivateKeys
		if len(c.PrivateKey) > 0 {
			keys = append(keys, c.PrivateKey)
		}
		for i, key := range keys {
			if i > 0 {
				p.note(lang.F("%s has more than one private key. Only the first one is imported.", address))
			} else if file := keyFile(address, key); file != nil {
				p.file(keysFile, file)
			} else {
				p.note(lang.F("The private key of %s is of a kind that is not known here, and is left out.", address))
			}
			clear(key)
		}
		for _, k := range c.KnownFingerprints {
			known.add(address, k.UserID, k.FingerprintHex, !k.Untrusted)
		}
		for _, b := range c.Peers {
			for _, k := range b.Fingerprints {
				known.add(address, b.UserID, k.FingerprintHex, k.Trusted)
			}
			peer, ok := bare(b.UserID)
			if !ok || b.Nickname == "" && len(b.Groups) == 0 || len(p.Buddies) >= maxBuddies {
				continue
			}
			n := Buddy{Account: address, Scheme: schemeXMPP, Address: peer, Alias: limited(b.Nickname)}
			for _, g := range b.Groups {
				n.also(limited(g))
			}
			p.Buddies = append(p.Buddies, n)
		}
	}
	p.file(fingerprintsFile, []byte(known.String()))
	return nil
}

const errNotCoyIM = lang.Error("it is not CoyIM's file of accounts, or it is damaged")
