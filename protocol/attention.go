package protocol

import "culver/im"

// AttentionSender is a session that can ask somebody to look at their screen.
type AttentionSender interface {
	// SendAttention asks, if a device of theirs takes that: the one of the address, or any.
	// AttentionAnswered follows.
	SendAttention(to im.Addr) error
}

type (
	// AttentionAsked: somebody wants the user to look.
	AttentionAsked struct{ From im.Addr }
	// AttentionAnswered says whether a device was asked.
	AttentionAnswered struct {
		Bare  string
		Asked bool
	}
)

func (AttentionAsked) isEvent()    {}
func (AttentionAnswered) isEvent() {}
