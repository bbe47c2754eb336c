package foreign

import (
	"encoding/hex"
	"strings"
)

// Programs keep long-term keys in ways of their own. What is to reach a plugin is
// put into the form that Pidgin has, which the plugin reads anyway: see
// https://otr.cypherpunks.ca for the files.
const (
	keysFile         = "otr.private_key"
	fingerprintsFile = "otr.fingerprints"
	purpleJabber     = "prpl-jabber"
)

// keyFile makes Pidgin's file of a key that is serialised as in the protocol's
// specification: the type 0, then p, q, g, y and x as numbers with their lengths. It
// is nil if that is not what it is.
func keyFile(address string, serialised []byte) []byte {
	if len(serialised) < 2 || len(serialised) > 8<<10 || serialised[0] != 0 || serialised[1] != 0 {
		return nil
	}
	rest := serialised[2:]
	var numbers [5][]byte
	for i := range numbers {
		if len(rest) < 4 {
			return nil
		}
		n := int(rest[0])<<24 | int(rest[1])<<16 | int(rest[2])<<8 | int(rest[3])
		if n <= 0 || n > 1024 || n > len(rest)-4 {
			return nil
		}
		numbers[i], rest = rest[4:4+n], rest[4+n:]
	}
	if len(rest) > 0 {
		return nil
	}
	// Long enough from the start: to grow would leave a copy of a secret.
	out := make([]byte, 0, 256+len(address)+2*len(serialised)+64)
	out = append(out, `(privkeys (account (name "`+address+`") (protocol `+purpleJabber+") (private-key (dsa"...)
	for i, n := range numbers {
		out = append(out, " ("...)
		out = append(out, "pqgyx"[i])
		out = append(out, " #"...)
		if n[0]&0x80 != 0 { // these numbers have a sign
			out = append(out, "00"...)
		}
		out = hex.AppendEncode(out, n)
		out = append(out, "#)"...)
	}
	return append(out, "))))\n"...)
}

// fingerprints collects what is known of others' keys, as a file of Pidgin's.
type fingerprints struct{ strings.Builder }

func (f *fingerprints) add(account, peer, fingerprint string, verified bool) {
	peer, ok := bare(peer)
	if b, err := hex.DecodeString(fingerprint); err != nil || len(b) != 20 || !ok || f.Len() > maxKeyFile {
		return
	}
	trust := ""
	if verified {
		trust = "verified"
	}
	f.WriteString(peer + "\t" + account + "\t" + purpleJabber + "\t" + strings.ToLower(fingerprint) + "\t" + trust + "\n")
}
