package protocol

import "time"

// ArchiveReader is a session whose server may keep what is said. An ArchiveFound event
// says that it does.
type ArchiveReader interface {
	// ReadArchive asks for a page of it. An ArchivePage event answers, unless the
	// session ends before, or there is an error.
	ReadArchive(q ArchiveQuery) error
}

// ArchiveQuery says which lines of the account's archive are wanted.
type ArchiveQuery struct {
	ID            string    // returns in ArchivePage
	Peer          string    // a bare address: only what was said with them; empty: with anybody
	From, Until   time.Time // when it was said; zero: no bound
	After, Before string    // IDs in the archive, between which it is; empty: no bound
	Newest        bool      // the last lines of all these, not the first
	Max           int       // how many at most
}

type (
	// ArchiveFound: the server keeps an archive of the account, and can be asked. It
	// comes once for each new session.
	ArchiveFound struct{}
	// ArchivePage answers an ArchiveQuery: what there is to read, the oldest first.
	ArchivePage struct {
		Query     string // its ID
		Lines     []Received
		Delivered []Delivered // confirmations among them
		// First and Last are the IDs of the outermost that the server sent, whether
		// or not there is anything to read in them, and At is when the last was said.
		// Empty: it sent nothing.
		First, Last string
		At          time.Time
		Complete    bool // there is nothing behind it, or before it if the newest were asked for
		Unknown     bool // the archive does not have, or no longer has, After or Before
		Failed      bool // the server did not answer the question
	}
)

func (ArchiveFound) isEvent() {}
func (ArchivePage) isEvent()  {}
