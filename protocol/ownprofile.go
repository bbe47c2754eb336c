package protocol

// SelfDescriber is a session that can tell others about the user: what they see as
// somebody's profile.
type SelfDescriber interface {
	// AskOwnProfile asks what is told now: OwnProfile.
	AskOwnProfile() error
	// SetOwnProfile tells these, by the IDs of OwnProfile; an empty value takes
	// something back. OwnProfileSet follows.
	SetOwnProfile(fields []ProfileField) error
}

type (
	// OwnProfile is all that can be told in words, with what is: in the order for people.
	// Failed: it is not known.
	OwnProfile struct {
		Fields []ProfileField
		Failed bool
	}
	// OwnProfileSet: it is told, or, as a sentence, why it is not.
	OwnProfileSet struct{ Problem string }
)

func (OwnProfile) isEvent()    {}
func (OwnProfileSet) isEvent() {}
