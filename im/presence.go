package im

import (
	"time"

	"culver/lang"
)

// Show is how available somebody is, ordered: a larger one is more available.
type Show int

// The availabilities, least available first.
const (
	Offline      Show = iota
	ExtendedAway      // "xa"
	Away
	DoNotDisturb
	Available
	FreeForChat
)

// String is the word that people read.
func (s Show) String() string {
	switch s {
	case ExtendedAway:
		return lang.T("Not available")
	case Away:
		return lang.T("Away")
	case DoNotDisturb:
		return lang.T("Do not disturb")
	case Available:
		return lang.T("Available")
	case FreeForChat:
		return lang.T("Free for chat")
	default:
		return lang.T("Offline")
	}
}

// Presence is the availability of one device, or the user's own wish.
type Presence struct {
	Show     Show
	Status   string    // the message beside it, chosen by the peer: untrusted
	Priority int       // RFC 6121, section 4.7.2.3; -128 to 127
	Idle     time.Time // since when they do nothing at that device, as it says; zero: it does not
	// Auto is for the user's own wish: they are Available, but have done nothing for so long
	// that those on their list are told something else. Others are not.
	Auto bool
}

// Typing is what somebody does at the keyboard (XEP-0085).
type Typing int

// The typing states.
const (
	TypingGone   Typing = iota // nothing is known
	TypingActive               // they read, and do not type
	TypingComposing
	TypingPaused
)
