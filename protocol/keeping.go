package protocol

// Keeping is which lines the server keeps in the archive of an account.
type Keeping string

// The choices.
const (
	KeepAll     Keeping = "all"
	KeepBuddies Keeping = "buddies" // those with people on the buddy list
	KeepNone    Keeping = "none"
)

// ArchiveKeeper is a session whose server may let the user choose what it keeps. If it
// does, KeepingTold answers.
type ArchiveKeeper interface {
	AskKeeping() error
	// SetKeeping chooses, for the time from now on. KeepingTold or KeepingFailed answers.
	SetKeeping(k Keeping) error
}

type (
	// KeepingTold: this is what the server keeps now, and the user may change it.
	KeepingTold struct{ Keeping Keeping }
	// KeepingFailed: it was not changed, for a reason in a sentence.
	KeepingFailed struct{ Problem string }
)

func (KeepingTold) isEvent()   {}
func (KeepingFailed) isEvent() {}
