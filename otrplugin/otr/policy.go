package otr

// Version is a version of the OTR protocol, as in the header of its messages
// (section "Encoded messages").
type Version uint8

// The versions spoken here. Version 1 is insecure and not offered.
const (
	V2 Version = 2
	V3 Version = 3
)

// Policy says which versions may be spoken and what starts a private
// conversation: the flags of section "Policies", any of them together.
type Policy uint16

const (
	AllowV2             Policy = 1 << iota // version 2 may be spoken
	AllowV3                                // version 3 may be spoken
	RequireEncryption                      // never send in clear: hold what is typed, ask for a session
	SendWhitespaceTag                      // offer OTR invisibly at the end of plain messages
	WhitespaceStartsAKE                    // answer such an offer with a key exchange
	ErrorStartsAKE                         // answer an OTR error with a query
)

// The usual combinations.
const (
	// Never switches OTR off: everything passes through as it is.
	Never Policy = 0
	// Manual speaks OTR when either user asks for it.
	Manual = AllowV2 | AllowV3
	// Opportunistic offers OTR with every plain message and takes every offer.
	Opportunistic = Manual | SendWhitespaceTag | WhitespaceStartsAKE | ErrorStartsAKE
	// Always never sends in clear.
	Always = Manual | RequireEncryption | WhitespaceStartsAKE | ErrorStartsAKE
)

// has reports whether all of the flags are set.
func (p Policy) has(flags Policy) bool { return p&flags == flags }

// allows reports whether v may be spoken.
func (p Policy) allows(v Version) bool {
	return v == V2 && p.has(AllowV2) || v == V3 && p.has(AllowV3)
}

// off reports whether no version may be spoken, which is OTR switched off.
func (p Policy) off() bool { return p&Manual == 0 }

// State is what happens to a line that the user types (section "Message
// state").
type State uint8

const (
	Plaintext State = iota // it leaves in clear (or is held, under RequireEncryption)
	Encrypted              // it leaves encrypted
	Finished               // it does not leave: the peer has ended the conversation
)

// String is the state's name in lower case.
func (s State) String() string {
	switch s {
	case Encrypted:
		return "encrypted"
	case Finished:
		return "finished"
	default:
		return "plaintext"
	}
}
