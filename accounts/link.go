package accounts

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// The back-off between tries: it starts at MinWait, so that a connection that just broke is
// soon there again, doubles with each failure in a row up to MaxWait, and a fifth of it is
// chance, so that a server that comes back is not met by everybody at once.
const (
	MinWait = time.Second
	MaxWait = 5 * time.Minute
	// Steady is how long a connection has to hold for the next failure to be
	// the first one again: else somebody who can break it could make us
	// come back, and be broken, every few seconds.
	Steady = time.Minute
)

// Do is what a link wants done after it was told something.
type Do int

// The deeds. Only one can follow from one change.
const (
	Nothing    Do = iota
	Connect       // make a session and run it
	Disconnect    // let the running session sign off
	Wait          // come back with Due at State().Next
)

// Link decides when one account connects. See [Status] for its states.
type Link struct {
	state   State
	wanted  bool
	running bool      // a session runs, or still signs off
	again   bool      // connect anew as soon as the running one has ended
	tries   int       // failures in a row
	up      time.Time // when it last went online
	jitter  func() float64
}

// NewLink returns the link of an account, offline. Jitter returns numbers in [0, 1).
func NewLink(a im.Account, network string, jitter func() float64) *Link {
	return &Link{state: State{Account: a, Network: network}, jitter: jitter}
}

// State is how the link stands, for front ends.
func (l *Link) State() State { return l.state }

// SetAccount takes over changed settings. If they matter to a running session,
// follow with Restart.
func (l *Link) SetAccount(a im.Account) { l.state.Account = a }

// Want says whether the account should be online from now on.
func (l *Link) Want(online bool) Do {
	l.wanted = online
	if !online {
		l.again = false
		l.tries = 0
		if l.running {
			l.to(Leaving, nil)
			return Disconnect
		}
		l.to(Offline, nil)
		return Nothing
	}
	switch {
	case l.running && l.state.Status == Leaving:
		l.again = true
		return Nothing
	case l.running || l.state.Status == Waiting || l.state.Status == Stopped:
		return Nothing
	}
	return l.connect()
}

// Restart connects anew at once: the user asked for it, or changed settings.
func (l *Link) Restart() Do {
	l.tries = 0
	if !l.wanted {
		return Nothing
	}
	if l.running {
		l.again = true
		l.to(Leaving, nil)
		return Disconnect
	}
	return l.connect()
}

// Due says that State().Next has come.
func (l *Link) Due() Do {
	if l.state.Status != Waiting || l.running || !l.wanted {
		return Nothing
	}
	return l.connect()
}

// Wake says that the computer may be on another network, or has slept: what waits is tried
// at once, and is not tried less often for what failed before.
func (l *Link) Wake() Do {
	l.tries = 0
	return l.Due()
}

// Up says that the session is online.
func (l *Link) Up(self im.Addr, now time.Time) {
	if l.state.Status != Connecting {
		return
	}
	l.up = now
	l.to(Online, nil)
	l.state.Self = self
}

// Ended says that the session ended, and why; nil after a clean sign-off.
func (l *Link) Ended(f *protocol.Failure, now time.Time) Do {
	l.running = false
	if l.state.Status == Online && now.Sub(l.up) >= Steady {
		l.tries = 0
	}
	switch {
	case l.again:
		l.again = false
		return l.connect()
	case !l.wanted:
		l.to(Offline, nil)
		return Nothing
	case f == nil:
		f = &protocol.Failure{Cause: protocol.Lost, Text: lang.T("The server ended the connection.")}
	}
	if !f.Cause.Retry() {
		l.to(Stopped, f)
		return Nothing
	}
	l.to(Waiting, f)
	l.state.Next = now.Add(l.backoff())
	l.tries++
	return Wait
}

func (l *Link) connect() Do {
	l.running = true
	problem := l.state.Problem // keep showing it until the new try has an outcome
	l.to(Connecting, problem)
	return Connect
}

func (l *Link) to(s Status, problem *protocol.Failure) {
	l.state.Status, l.state.Problem = s, problem
	l.state.Self, l.state.Next = im.Addr{}, time.Time{}
}

func (l *Link) backoff() time.Duration {
	wait := MaxWait
	if l.tries < 10 {
		wait = min(MinWait<<l.tries, MaxWait)
	}
	return wait - time.Duration(float64(wait)/5*l.jitter())
}
