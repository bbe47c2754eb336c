package protocol

// Blocker is a session that can keep people from reaching us: all of the user's
// devices, and also while none is connected. It can, once it has said [Blocked].
type Blocker interface {
	// Block keeps these addresses away: a bare address, or the part of one that
	// stands for everybody on a server. Blocked follows, or BlockFailed.
	Block(report Report, addresses ...string) error
	// Unblock lets them reach us again.
	Unblock(addresses ...string) error
}

// Report is what the people who run the server are told of whom the user blocks.
type Report int

// The reports.
const (
	NoReport Report = iota
	Spam
	Abuse
)

type (
	// Blocked are all who are kept from reaching us, as it is now.
	Blocked struct {
		Addresses []string
		Reports   bool // those who run the server want to hear of whom the user blocks
	}
	// BlockFailed: what the user wanted of these addresses was not done.
	BlockFailed struct{ Addresses []string }
)

func (Blocked) isEvent()     {}
func (BlockFailed) isEvent() {}
