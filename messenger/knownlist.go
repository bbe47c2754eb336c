package messenger

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"culver/im"
	"culver/protocol"
)

// optionListVersion is the account's option that says which state of its buddy list, as
// its network calls it, is the one that is kept here: a digest of the latter, and the
// network's word. If the two do not belong together, for whatever reason, the list is
// asked for whole.
const optionListVersion = "list_version"

// keptList is the account's buddy list in the order in which it is kept.
func (m *Messenger) keptList(id im.AccountID) []im.Buddy {
	buddies := m.list.Buddies(id)
	slices.SortFunc(buddies, func(a, b im.Buddy) int { return strings.Compare(a.Bare, b.Bare) })
	return buddies
}

// listDigest tells one state of a list from any other.
func listDigest(buddies []im.Buddy) string {
	buddies = slices.Clone(buddies)
	for i, b := range buddies {
		if len(b.Groups) == 0 {
			buddies[i].Groups = nil // as it comes from the disk or not
		}
	}
	data, err := json.Marshal(buddies)
	if err != nil {
		return "" // it holds nothing but strings
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// listNamed keeps what the network calls the list as it is now.
func (m *Messenger) listNamed(a *account, e protocol.ListVersion) {
	value := ""
	if e.Version != "" {
		value = listDigest(m.keptList(a.id)) + " " + e.Version
	}
	m.learned(a, protocol.Learned{Options: map[string]string{optionListVersion: value}})
}

// knownList is the list that the network need not tell, with its name there; no name if
// it has to.
func (m *Messenger) knownList(a *account) (version string, buddies []im.Buddy) {
	digest, version, ok := strings.Cut(a.link.State().Account.Option(optionListVersion), " ")
	if !ok {
		return "", nil
	}
	if buddies = m.keptList(a.id); listDigest(buddies) != digest {
		return "", nil
	}
	for i := range buddies {
		buddies[i].Groups = slices.Clone(buddies[i].Groups)
	}
	return version, buddies
}
