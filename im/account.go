package im

import "strings"

// AccountID names one account of the user's, as "scheme:bare address", for
// instance "xmpp:alice@example.net". It never changes while the account exists.
type AccountID string

// NewAccountID joins a network's scheme and a bare address.
func NewAccountID(scheme, bare string) AccountID {
	return AccountID(scheme + ":" + bare)
}

// Scheme is the network's part of the ID ("xmpp", "practice").
func (id AccountID) Scheme() string {
	scheme, _, _ := strings.Cut(string(id), ":")
	return scheme
}

// Bare is the address part of the ID.
func (id AccountID) Bare() string {
	_, bare, _ := strings.Cut(string(id), ":")
	return bare
}

// Account is what the user set up for one account. Its password is kept
// elsewhere (see [Secret]) and is never part of it.
type Account struct {
	ID      AccountID
	Alias   string            // the name the user gave it, may be empty
	Enabled bool              // the user wants it connected
	Options map[string]string // answers to the network's settings fields, by Field.ID
}

// Option returns the account's answer to a settings field, or "" if it has none.
func (a Account) Option(id string) string { return a.Options[id] }

// Title is what people call the account: its alias, else its address.
func (a Account) Title() string {
	if a.Alias != "" {
		return a.Alias
	}
	return a.ID.Bare()
}

// Clone returns a copy that shares no map with a.
func (a Account) Clone() Account {
	options := make(map[string]string, len(a.Options))
	for k, v := range a.Options {
		options[k] = v
	}
	a.Options = options
	return a
}

// Addr is the address of a peer: who, and from which of their devices.
type Addr struct {
	Bare     string // "bob@example.net", normalised by the network
	Resource string // the device, may be empty
}

// String is the full address, "bare/resource" or just "bare".
func (a Addr) String() string {
	if a.Resource == "" {
		return a.Bare
	}
	return a.Bare + "/" + a.Resource
}

// ConvID names one conversation: an account of ours and a bare peer address.
// There is one tab, one history and one OTR context for each.
type ConvID struct {
	Account AccountID
	Peer    string
}

// IsZero reports whether c names no conversation.
func (c ConvID) IsZero() bool { return c == ConvID{} }

// Buddy is one entry of an account's roster.
type Buddy struct {
	Account      AccountID
	Bare         string
	Name         string   // the user's name for them, may be empty
	Groups       []string // empty: the default group
	Subscription Subscription
	Asking       bool // we asked to see their presence and wait for an answer
}

// Conv is the conversation with the buddy.
func (b Buddy) Conv() ConvID { return ConvID{Account: b.Account, Peer: b.Bare} }

// Title is what people call the buddy: the user's name for them, else the address.
func (b Buddy) Title() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Bare
}

// Subscription says who sees whose presence (RFC 6121, section 2.1.2.5).
type Subscription string

// The subscription states of a roster entry.
const (
	SubscriptionNone Subscription = "none"
	SubscriptionTo   Subscription = "to"   // we see them
	SubscriptionFrom Subscription = "from" // they see us
	SubscriptionBoth Subscription = "both"
)

// SeesUs reports whether the buddy is told our presence.
func (s Subscription) SeesUs() bool { return s == SubscriptionFrom || s == SubscriptionBoth }

// SeenByUs reports whether we are told the buddy's presence.
func (s Subscription) SeenByUs() bool { return s == SubscriptionTo || s == SubscriptionBoth }
