package protocol

// Linker is a protocol with links of its own, which lead to people and rooms. They begin
// with its scheme and a colon.
type Linker interface {
	// Link reads one, whoever wrote it. An error is a sentence for people.
	Link(link string) (Link, error)
}

// MaxLink is how long a link may be, in bytes.
const MaxLink = 4096

// LinkPurpose is what a link is for.
type LinkPurpose int

// The purposes.
const (
	LinkTalk     LinkPurpose = iota // to write to somebody
	LinkAdd                         // to add them to the Buddy List
	LinkJoin                        // to go into a room
	LinkRegister                    // to make an account on a server
)

// Link is what a link says: untrusted, but for Peer and Account, which are addresses in
// their normal form.
type Link struct {
	Purpose LinkPurpose
	Peer    string // who or which room; for LinkRegister the server, or the address that is wanted on it
	Account string // which account of the user's it wants to be used; empty: it does not say
	// Body is what it wants to be written, Name and Group what it wants the buddy to be called
	// and where it wants them to be, Password that of the room. Each may be empty.
	Body, Name, Group, Password string
}
