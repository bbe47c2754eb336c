package im

import "culver/lang"

// InSentence is the word within a sentence or a list.
func (s Show) InSentence() string {
	switch s {
	case ExtendedAway:
		return lang.T("not available")
	case Away:
		return lang.T("away")
	case DoNotDisturb:
		return lang.T("do not disturb")
	case Available:
		return lang.T("available")
	case FreeForChat:
		return lang.T("free for chat")
	default:
		return lang.T("offline")
	}
}

// InSentence is the word within a sentence or a list.
func (r Role) InSentence() string {
	switch r {
	case Visitor:
		return lang.T("visitor")
	case Participant:
		return lang.T("participant")
	case Moderator:
		return lang.T("moderator")
	default:
		return lang.T("not there")
	}
}

// InSentence is the word within a sentence or a list.
func (s Standing) InSentence() string {
	switch s {
	case Banned:
		return lang.T("banned")
	case Member:
		return lang.T("member")
	case Admin:
		return lang.T("administrator")
	case Owner:
		return lang.T("owner")
	default:
		return lang.T("guest")
	}
}
