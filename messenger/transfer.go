package messenger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// TransferID names a transfer of files on show.
type TransferID string

// TransferState is how far a transfer has come.
type TransferState int

// The states of a transfer. From Paused it goes on where it was.
const (
	TransferPreparing TransferState = iota // ours are being read, to say what they are
	TransferOffered                        // theirs: the user decides
	TransferWaiting                        // for the peer, or for a connection; Reason says for what
	TransferRunning
	TransferPaused
	TransferFinished  // all is there, and is what was sent
	TransferFailed    // Reason says why
	TransferCancelled // Reason says by whom
)

// Over reports that nothing comes of it any more.
func (s TransferState) Over() bool {
	return s == TransferFinished || s == TransferFailed || s == TransferCancelled
}

// Transfer is one or more files on their way between the user and a peer.
type Transfer struct {
	ID      TransferID
	Conv    im.ConvID
	Line    string // the ID of its line in the conversation, a notice that is always up to date
	Out     bool   // from us to them
	Name    string // of the file, or of the folder of all; cleaned
	Files   int
	Size    int64
	Done    int64
	Rate    int64 // bytes a second; 0: not known
	State   TransferState
	Reason  string  // a sentence, or ""
	Seal    im.Seal // how well its contents are protected
	Host    string  // the server that keeps it meanwhile, once it is known
	Path    string  // where it is on this computer, or is to be; "" until that is known
	Program bool    // it, or one of them, may do harm when it is opened
	Image   bool    // it is a single picture
	Preview []byte  // of theirs, once it is Finished: a small PNG
	// What is possible now. Accept and decline are while Offered; to cancel, until it
	// is over; to forget, from then on.
	CanPause, CanResume bool
	When                time.Time // when it began
}

// Percent is how much is done, 0 to 100.
func (t Transfer) Percent() int {
	if t.Size == 0 {
		if t.State == TransferFinished {
			return 100
		}
		return 0
	}
	return int(t.Done * 100 / t.Size)
}

// What says in a few words what is transferred: "report.pdf (2.1 MB)".
func (t Transfer) What() string {
	if t.Files > 1 {
		return lang.N(t.Files, "%s (%s file, %s)", "%s (%s files, %s)", t.Name, im.Number(t.Files), Bytes(t.Size))
	}
	return t.Name + " (" + Bytes(t.Size) + ")"
}

// Bytes is a number of bytes for people to read.
func Bytes(n int64) string {
	if n < 1000 {
		return lang.N(int(n), "%d byte", "%d bytes", n)
	}
	f := float64(n)
	for _, unit := range [...]string{lang.T("kB"), lang.T("MB"), lang.T("GB"), lang.T("TB"), lang.T("PB"), lang.T("EB")} {
		switch f /= 1000; {
		case f < 9.95:
			return strings.Replace(fmt.Sprintf("%.1f", f), ".", lang.As("between a number and its fraction", "."), 1) + " " + unit
		case f < 999.5:
			return fmt.Sprintf("%.0f %s", f, unit)
		}
	}
	return ""
}

type (
	// TransferChanged: the transfer is new, or is now this: a few times a second while
	// it runs.
	TransferChanged struct{ Transfer Transfer }
	// TransferRemoved: the user does not want it listed any more.
	TransferRemoved struct{ ID TransferID }
)

func (TransferChanged) isEvent() {}
func (TransferRemoved) isEvent() {}

// maxTransfers is how many are listed at most: the oldest that are over go first.
// maxOffers is how many offers of one peer wait for the user.
const (
	maxTransfers = 500
	maxOffers    = 20
)

// SendFiles offers files and folders to a peer: in a private conversation to the
// program at the other end, sealed; else, after a question, by a link.
func (m *Messenger) SendFiles(c im.ConvID, paths []string) {
	m.inbox.Put(func() { m.sendFiles(c, paths) })
}

// ShowTransfer asks what to do with an Offered transfer.
func (m *Messenger) ShowTransfer(id TransferID) { m.withTransfer(id, (*shipment).ask) }

// AcceptTransfer takes an Offered transfer. The path is that of the file, or of the
// folder for several; if there is something of that name, another one is found. If it
// cannot be used, ShowTransfer's form says why.
func (m *Messenger) AcceptTransfer(id TransferID, path string) {
	m.withTransfer(id, func(s *shipment) { s.accept(path) })
}

// DeclineTransfer refuses an Offered one.
func (m *Messenger) DeclineTransfer(id TransferID) { m.withTransfer(id, (*shipment).decline) }

// PauseTransfer holds one up, and ResumeTransfer lets it go on, also one that Failed
// and CanResume.
func (m *Messenger) PauseTransfer(id TransferID)  { m.withTransfer(id, (*shipment).pause) }
func (m *Messenger) ResumeTransfer(id TransferID) { m.withTransfer(id, (*shipment).resume) }

// CancelTransfer gives one up. What of it is complete stays.
func (m *Messenger) CancelTransfer(id TransferID) {
	m.withTransfer(id, func(s *shipment) { s.cancel() })
}

// ForgetTransfer takes one that is over off the list. The files stay.
func (m *Messenger) ForgetTransfer(id TransferID) {
	m.withTransfer(id, func(s *shipment) {
		if s.State.Over() {
			m.removeShipment(s)
		}
	})
}

func (m *Messenger) withTransfer(id TransferID, do func(*shipment)) {
	m.inbox.Put(func() {
		if s, ok := m.shipments[id]; ok {
			do(s)
		}
	})
}

func (m *Messenger) sortedShipments() []*shipment {
	all := make([]*shipment, 0, len(m.shipments))
	for _, s := range m.shipments {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *shipment) int { return cmp.Compare(a.turn, b.turn) })
	return all
}

func (m *Messenger) transfers() (all []Transfer) {
	for _, s := range m.sortedShipments() {
		all = append(all, s.Transfer)
	}
	return all
}

// removeShipment takes one that is over off the list, with all that was kept to go on with
// it.
func (m *Messenger) removeShipment(s *shipment) {
	s.CanResume = false
	s.closeForm()
	if s.stop == nil {
		s.clean()
	} else { // as soon as that has ended
		if m.endingShipments == nil {
			m.endingShipments = map[*shipment]bool{}
		}
		m.endingShipments[s] = true
	}
	delete(m.shipments, s.ID)
	m.publish(TransferRemoved{s.ID})
}
