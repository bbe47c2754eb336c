package foreign

import (
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// Profile is what a program keeps for somebody. Wipe it after use.
type Profile struct {
	Program string // its short name, for plugins: "pidgin"
	Title   string // its name for people: "Pidgin"
	Folder  string // where it is

	Accounts []Account
	Buddies  []Buddy
	Files    []File
	Logs     []Log
	// Notes say what is left out, and what is to be known, in sentences.
	Notes []string

	desktopProxy bool // the desktop of this computer has a proxy
	gajimProxy   bool // Gajim has one for all accounts

	own  map[string]string // what the program calls accounts elsewhere: their addresses
	logs logReader
}

// Account is one account. Only networks that Culver may have are here.
type Account struct {
	Scheme  string            // the network's, as in im.AccountID
	Address string            // the bare address
	Options map[string]string // by the IDs of the network's settings
	Alias   string
	Enabled bool
	// Doubt is why it is not known through what proxy it went, in sentences. Such an account
	// must not be connected directly.
	Doubt    string
	Password im.Secret // empty: not in the profile
}

// Buddy is one entry of a buddy list.
type Buddy struct {
	Account string // the address of the account
	Scheme  string
	Address string // the bare address, as it is written there
	Alias   string
	Groups  []string
	Unkept  bool // what is said with them is not to be logged
}

// File is a file for a plugin, by the name that the program has for it.
type File struct {
	Name string
	Data []byte // may be secret
}

// Log is what a program kept of one conversation.
type Log struct {
	Scheme  string
	Account string // the address of the account
	Peer    string // the bare address of the peer
	Lines   int    // 0: nobody has counted them
	Size    int64  // in bytes, 0 if unknown
	// When it begins, and when its last part does: roughly when it ends.
	First, Last time.Time

	parts []part // files of it
	key   [2]int64
}

// part is one file of a log.
type part struct {
	folder *folder
	path   string // in the folder
	size   int64
	start  time.Time
	zoned  bool // start has the zone in which the log was written
}

// Line is one line of a log.
type Line struct {
	ID     string // the same each time that the line is read
	Time   time.Time
	Out    bool   // our own
	System bool   // said by the program, not by a person
	Text   string // as HTML if HTML is set
	HTML   bool
}

// Address finds the account that the program calls by these names in its files
// for plugins.
func (p *Profile) Address(network, account string) (scheme, address string, ok bool) {
	if !isXMPP(network) {
		return "", "", false
	}
	if a, ok := p.own[account]; ok {
		return schemeXMPP, a, true
	}
	address, ok = bare(account)
	return schemeXMPP, address, ok
}

// Wipe overwrites the secrets in the profile.
func (p *Profile) Wipe() {
	for _, a := range p.Accounts {
		a.Password.Wipe()
	}
	for _, f := range p.Files {
		clear(f.Data)
	}
}

// note keeps a sentence, once.
func (p *Profile) note(text string) {
	for _, n := range p.Notes {
		if n == text {
			return
		}
	}
	if len(p.Notes) < maxNotes {
		p.Notes = append(p.Notes, text)
	}
}

// add keeps an account unless it is there already.
func (p *Profile) add(a Account) {
	for _, other := range p.Accounts {
		if other.Scheme == a.Scheme && other.Address == a.Address {
			a.Password.Wipe()
			p.note(lang.F("%s is set up more than once in %s. Only the first one is imported.", a.Address, p.Title))
			return
		}
	}
	if len(p.Accounts) == maxAccounts {
		a.Password.Wipe()
		p.note(lang.F("Only the first %d accounts are imported.", maxAccounts))
		return
	}
	p.Accounts = append(p.Accounts, a)
}

// file keeps a file for plugins.
func (p *Profile) file(name string, data []byte) {
	if len(data) > 0 {
		p.Files = append(p.Files, File{Name: name, Data: data})
	}
}

// unsupported says which accounts stay behind because Culver does not have their network.
func (p *Profile) unsupported(networks map[string]int) {
	n := 0
	for _, count := range networks {
		n += count
	}
	if n == 0 {
		return
	}
	p.note(lang.N(n, "%s account of another network is left out, because Culver does not have these: %s.", "%s accounts of other networks are left out, because Culver does not have these: %s.", im.Number(n), listed(networks)))
}

// The scheme of the one network whose accounts are read, and what programs call it.
const schemeXMPP = "xmpp"

func isXMPP(name string) bool {
	switch strings.ToLower(name) {
	case "prpl-jabber", "xmpp", "jabber", "gtalk", "libpurple-jabber", "libpurple-jabber-gtalk":
		return true
	}
	return false
}

// bare is the address of an account without its resource, or false if it is none.
func bare(name string) (string, bool) {
	name, _, _ = strings.Cut(strings.TrimSpace(name), "/")
	name = strings.ToLower(name)
	local, host, ok := strings.Cut(name, "@")
	if !ok || local == "" || host == "" || len(name) > maxAddress || odd(name) {
		return "", false
	}
	return name, true
}

// odd reports whether an address has something in it that none has.
func odd(address string) bool {
	return strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd || strings.ContainsRune(`"<>\`, r) }) ||
		strings.Count(address, "@") > 1
}
