package xmpp

import (
	"slices"

	"culver/im"
	"culver/protocol"
)

// Versions of the roster (RFC 6121, section 2.6; XEP-0237 before that). A server that has them names each state
// of the list, and is told which one is known here: if that is the newest, it sends
// nothing but what changed. Whatever else it answers, the list is asked for whole.

// nsRosterVersions is the feature by which a server says that it has them.
const nsRosterVersions = "urn:xmpp:features:rosterver"

// maxRosterVersion is how long the name of a state may be, in bytes: one that is longer is
// not kept.
const maxRosterVersion = 256

// knownList is the list as it was when the account was connected last.
type knownList struct {
	version string
	buddies []im.Buddy
}

var _ protocol.ListKeeper = (*Session)(nil)

// KnownList gives the session the list that it need not ask for.
func (s *Session) KnownList(version string, buddies []im.Buddy) {
	if keptVersion(version) == version && version != "" {
		s.known = knownList{version, buddies}
	}
}

// keptVersion is the name of a state if it is one that can be kept and told as it is.
func keptVersion(version string) string {
	if len(version) > maxRosterVersion || sanitize(version) != version {
		return ""
	}
	return version
}

// rosterRequest asks for the list. A server that has versions is told which one is known;
// told none, it says the one of what it sends.
func (l *link) rosterRequest() *element {
	query := newElement(nsRoster, "query")
	if l.versions {
		query.attrs = append(query.attrs, attr{"ver", l.known.version}) // empty, it says that we know of versions
	}
	return query
}

// unchanged takes the list that is known for that of the server, if the answer says so.
func (l *link) unchanged(answer *element) bool {
	if l.known.version == "" || answer.attr("type") != "result" || len(answer.children) > 0 {
		return false
	}
	clear(l.roster)
	buddies := make([]im.Buddy, 0, len(l.known.buddies))
	for _, b := range l.known.buddies {
		b.Groups = slices.Clone(b.Groups)
		l.roster[b.Bare] = b
		buddies = append(buddies, b)
	}
	version := l.known.version
	l.known, l.haveList = knownList{}, true
	l.emit(protocol.Roster{Buddies: buddies})
	l.emit(protocol.ListVersion{Version: version})
	return true
}

// tellVersion tells the version of the list as it is now. Only a server that has versions
// is believed to know what it says.
func (l *link) tellVersion(query *element) {
	if l.versions {
		l.emit(protocol.ListVersion{Version: keptVersion(query.attr("ver"))})
	}
}
