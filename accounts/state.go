package accounts

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Status is where a link stands.
type Status int

// The states of a link.
//
//	           Want                 Up
//	Offline ----------> Connecting ------> Online
//	   ^                 |  ^   |            |
//	   |  Want(false)    |  |   | Ended      | Ended
//	   +--- from any     |  |   v            v
//	                     |  +--- Waiting <---+     (a cause worth a new try)
//	                     v
//	                  Stopped                      (the user must do something)
const (
	Offline    Status = iota
	Connecting        // dialling, or signing in
	Online
	Waiting // will try again at State.Next
	Stopped // will not try again before the user did something
	Leaving // signing off
)

// String is the word that people read.
func (s Status) String() string {
	switch s {
	case Connecting:
		return lang.T("Connecting")
	case Online:
		return lang.T("Online")
	case Waiting:
		return lang.T("Waiting to reconnect")
	case Stopped:
		return lang.T("Not connected")
	case Leaving:
		return lang.T("Signing off")
	default:
		return lang.T("Offline")
	}
}

// State is what front ends show of an account.
type State struct {
	Account im.Account
	Network string // the network's name for people
	Status  Status
	Self    im.Addr           // while Online
	Problem *protocol.Failure // why it is Waiting or Stopped
	Next    time.Time         // while Waiting
}

// Elsewhere reports that somebody signed in at another place, and took this one's.
func (s State) Elsewhere() bool { return s.Problem != nil && s.Problem.Cause == protocol.Replaced }
