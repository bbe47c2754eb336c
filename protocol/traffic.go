package protocol

// Tapped is a session that can tell what goes over the wire, for those who look for
// faults.
type Tapped interface {
	// Tap has Traffic emitted from now on, or no longer.
	Tap(on bool)
}

// Traffic is something that went over the wire. Passwords, and what people write to each
// other, are not in it.
type Traffic struct {
	Out  bool
	Text string // in the network's own language, safe to show but for its length
}

func (Traffic) isEvent() {}
