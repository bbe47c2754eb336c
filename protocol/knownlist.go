package protocol

import "culver/im"

// ListKeeper is a session that need not be told the whole buddy list if it is still the
// one that is kept here.
type ListKeeper interface {
	// KnownList gives it, before Run, the list as it is kept, and the Version that
	// ListVersion said of it. Roster follows in any case. Neither is changed later.
	KnownList(version string, buddies []im.Buddy)
}

// ListVersion is the network's name for the list as it is after the events before this
// one: short, chosen by the server, and of no meaning to anybody else. Empty: it has none.
type ListVersion struct{ Version string }

func (ListVersion) isEvent() {}
