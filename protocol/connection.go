package protocol

import (
	"time"

	"culver/im"
)

// Continuer is a session that can go on after its connection broke: as another session,
// over another connection. What was sent and is not confirmed is then sent once more,
// and what came meanwhile follows: nothing is lost, comes twice, or changes places.
//
// A session that is held still takes what is sent: it waits for the next connection.
type Continuer interface {
	// Held reports, once Run has returned a Failure, whether the network still holds the
	// session, and until when it does so at least.
	Held() (until time.Time, held bool)
	// Continue gives a session that has not run yet the one before it, of the same
	// account, which is held. If the network agrees, Run emits Resumed in place of
	// Online; if not, the one before is over.
	Continue(before Session)
	// Abandon ends a session that is held: it will not be continued. All that waits for it
	// ends.
	Abandon()
}

// Prober is a session that can find out whether its connection still works: it is asked
// to if there is reason for doubt. If it does not, Run ends soon.
type Prober interface {
	Probe()
}

// ActivitySetter is a session that can tell the network whether somebody looks at the
// program. If not, what can wait may come later. Before Run it says what to begin with; at first
// somebody does.
type ActivitySetter interface {
	SetActive(on bool)
}

type (
	// Resumed says that the session before goes on: all that was known of others holds,
	// and no Roster follows.
	Resumed struct{ Self im.Addr }
	// Doubtful says that the network had taken the message with this ID, and soon after
	// that has forgotten the session, long before it was to: it ended, and may have lost
	// what it had in hand. It comes before Online.
	Doubtful struct{ ID string }
	// Checkpoint is to be answered by calling Passed as soon as all events before it are
	// dealt with and kept: the network then forgets them.
	Checkpoint struct{ Passed func() }
)

func (Resumed) isEvent()    {}
func (Doubtful) isEvent()   {}
func (Checkpoint) isEvent() {}
