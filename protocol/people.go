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

// Portrayer is a session that knows the pictures that people have of themselves.
type Portrayer interface {
	// FetchPicture asks for a picture that PictureChanged told of, unless that would tell
	// somebody that we are here who may not know. PictureFetched follows.
	FetchPicture(bare, id string) error
	// SetPicture shows a square PNG of that many pixels a side to those who see our
	// presence; nil takes it away. PictureSet follows.
	SetPicture(png []byte, side int) error
	// AskOwnPicture asks the server which picture of us it shows. OwnPicture follows.
	AskOwnPicture() error
}

// Profiler is a session that can ask what somebody tells of themselves.
type Profiler interface {
	// FetchProfile asks. ProfileFetched follows.
	FetchProfile(bare string) error
}

type (
	// PictureChanged: somebody on the list has the picture with that ID, a hash of it, or
	// none.
	PictureChanged struct{ Bare, ID string }
	// PictureFetched is that picture: untrusted, but for having that hash. Without Data
	// it cannot be had.
	PictureFetched struct {
		Bare, ID string
		Data     []byte
	}
	// PictureSet: the server has taken our own picture, or not.
	PictureSet struct{ OK bool }
	// OwnPicture is our own picture as the server has it: another program of ours may have
	// set it, so it is untrusted. Without Data there is none, or, if it Failed, that is not
	// known.
	OwnPicture struct {
		Data   []byte
		Failed bool
	}
	// ProfileFetched is what somebody tells of themselves: untrusted. Failed: nothing came.
	ProfileFetched struct {
		Bare   string
		Fields []ProfileField
		Failed bool
	}
)

// ProfileField is one thing in a profile. The ID, of a part of our own, says which.
type ProfileField struct{ ID, Label, Value string }

func (PictureChanged) isEvent() {}
func (PictureFetched) isEvent() {}
func (PictureSet) isEvent()     {}
func (OwnPicture) isEvent()     {}
func (ProfileFetched) isEvent() {}
