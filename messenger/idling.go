package messenger

import (
	"slices"
	"strconv"
	"time"

	"culver/im"
)

// The settings of what is done while the user does nothing.
const (
	// SettingIdle says from what that is known: IdleComputer, IdleCulver or IdleNever.
	SettingIdle        = "idle.from"
	SettingIdleMinutes = "idle.minutes" // after how many it counts
	SettingIdleAway    = "idle.away"    // im.On or "": the status becomes another one then
	SettingIdleShow    = "idle.show"    // that one: an im.Show, as a number
	// SettingTellIdle is im.On or "": buddies are told since when the user does nothing.
	SettingTellIdle = "idle.tell"
)

// The values of SettingIdle.
const (
	IdleComputer = ""       // nobody uses the computer, or Culver where the system does not say
	IdleCulver   = "culver" // nobody uses Culver
	IdleNever    = "never"
)

// defaultIdleMinutes is as long as in Pidgin, and not so short that reading counts.
const defaultIdleMinutes = 10

// IdleAfter is how long the user has to do nothing for that to count; 0: it never does.
func IdleAfter(settings map[string]string) time.Duration {
	if settings[SettingIdle] == IdleNever {
		return 0
	}
	n, err := strconv.Atoi(settings[SettingIdleMinutes])
	if err != nil || n < 1 {
		n = defaultIdleMinutes
	}
	return time.Duration(min(n, 24*60)) * time.Minute
}

// SetIdle says since when the user does nothing, long enough for it to count; zero: they
// do something.
func (m *Messenger) SetIdle(since time.Time) {
	m.inbox.Put(func() {
		if since.IsZero() != m.idle.IsZero() {
			m.idle = since
			m.idleChanged()
		}
	})
}

// idleChanged tells buddies, and front ends, if anything is different now.
func (m *Messenger) idleChanged() {
	m.publish(m.idleState())
	m.tellPresence()
}

// idleState is what front ends know of it.
func (m *Messenger) idleState() IdleChanged {
	return IdleChanged{Idle: !m.idle.IsZero(), Seen: m.asIdle(m.presence).Show}
}

// asIdle is what somebody is to be seen as who does nothing now, if they are to be seen as p
// otherwise. Nobody is made more available by it, and to be left alone comes first.
func (m *Messenger) asIdle(p im.Presence) im.Presence {
	p.Idle, p.Auto = time.Time{}, false
	if m.idle.IsZero() || p.Show == im.Offline {
		return p
	}
	if m.settings[SettingIdleAway] == im.On && (p.Show == im.Available || p.Show == im.FreeForChat) {
		p.Show, p.Auto = im.Away, true
		if n, err := strconv.Atoi(m.settings[SettingIdleShow]); err == nil && slices.Contains([]im.Show{im.Away, im.ExtendedAway}, im.Show(n)) {
			p.Show = im.Show(n)
		}
	}
	if m.settings[SettingTellIdle] == im.On {
		p.Idle = m.idle
	}
	return p
}
