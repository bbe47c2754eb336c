package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
)

// Pounce is what the user wants to happen once a buddy does something.
type Pounce struct {
	ID   string
	Conv im.ConvID
	When []PounceEvent
	// What happens then: the conversation opens, the user is told, hears a sound, and says
	// this to the buddy; empty: nothing.
	Open, Tell, Sound bool
	Say               string
	// Away: only while the user is not available.
	Away bool
	// Again: each time. Otherwise it is gone after it has happened.
	Again bool
}

// PounceEvent is something that a buddy does.
type PounceEvent string

// What there are pounces for.
const (
	PounceOn     PounceEvent = "on"     // comes online
	PounceOff    PounceEvent = "off"    // goes offline
	PounceAway   PounceEvent = "away"   // is online, and no longer available
	PounceBack   PounceEvent = "back"   // is available again
	PounceIdle   PounceEvent = "idle"   // has begun to do nothing
	PounceActive PounceEvent = "active" // does something again
	PounceTypes  PounceEvent = "types"  // begins to type
	PouncePauses PounceEvent = "pauses" // has typed something, and types no more for now
	PounceStops  PounceEvent = "stops"  // has typed something, and gave it up
	PounceSays   PounceEvent = "says"   // sends a message
)

// PounceEvents are all of them, in the order in which they are offered.
var PounceEvents = [...]PounceEvent{PounceOn, PounceOff, PounceAway, PounceBack, PounceIdle, PounceActive, PounceTypes, PouncePauses, PounceStops, PounceSays}

// String is what the buddy does, as the form asks for it.
func (e PounceEvent) String() string {
	switch e {
	case PounceOn:
		return lang.T("Comes online")
	case PounceOff:
		return lang.T("Goes offline")
	case PounceAway:
		return lang.T("Goes away")
	case PounceBack:
		return lang.T("Comes back")
	case PounceIdle:
		return lang.T("Becomes idle")
	case PounceActive:
		return lang.T("Is no longer idle")
	case PounceTypes:
		return lang.T("Starts typing")
	case PouncePauses:
		return lang.T("Pauses while typing")
	case PounceStops:
		return lang.T("Stops typing")
	case PounceSays:
		return lang.T("Sends a message")
	}
	return ""
}

// told is the sentence about somebody who has done it.
func (e PounceEvent) told(name string) string {
	switch e {
	case PounceOn:
		return lang.F("%s has come online.", name)
	case PounceOff:
		return lang.F("%s has gone offline.", name)
	case PounceAway:
		return lang.F("%s has gone away.", name)
	case PounceBack:
		return lang.F("%s is back.", name)
	case PounceIdle:
		return lang.F("%s has become idle.", name)
	case PounceActive:
		return lang.F("%s is no longer idle.", name)
	case PounceTypes:
		return lang.F("%s has started typing to you.", name)
	case PouncePauses:
		return lang.F("%s has paused while typing to you.", name)
	case PounceStops:
		return lang.F("%s has stopped typing to you.", name)
	case PounceSays:
		return lang.F("%s has sent you a message.", name)
	}
	return name
}

// present reports that somebody who is seen like this would see a message at once.
func present(s im.Show) bool { return s == im.Available || s == im.FreeForChat }

// pouncesOfPresence are what somebody has done who was seen as one, and is now as the other.
func pouncesOfPresence(before, after im.Presence) (done []PounceEvent) {
	was, is := before.Show != im.Offline, after.Show != im.Offline
	switch {
	case !was && is:
		return []PounceEvent{PounceOn}
	case was && !is:
		return []PounceEvent{PounceOff}
	case !was:
		return nil
	}
	switch {
	case present(before.Show) && !present(after.Show):
		done = append(done, PounceAway)
	case !present(before.Show) && present(after.Show):
		done = append(done, PounceBack)
	}
	switch {
	case before.Idle.IsZero() && !after.Idle.IsZero():
		done = append(done, PounceIdle)
	case !before.Idle.IsZero() && after.Idle.IsZero():
		done = append(done, PounceActive)
	}
	return done
}

// pouncesOfTyping are the same for the keyboard.
func pouncesOfTyping(before, after im.Typing) []PounceEvent {
	typing := before == im.TypingComposing || before == im.TypingPaused
	switch {
	case before == after:
	case after == im.TypingComposing:
		return []PounceEvent{PounceTypes}
	case after == im.TypingPaused && before == im.TypingComposing:
		return []PounceEvent{PouncePauses}
	case typing && after != im.TypingPaused:
		return []PounceEvent{PounceStops}
	}
	return nil
}

// How often a pounce happens at most. What it says may bring about what it waits for, from a
// buddy with a pounce of their own for instance: that is to be no conversation of two programs.
const (
	pouncePause    = time.Minute
	pounceSayPause = 10 * time.Minute
)

func (p Pounce) pause() time.Duration {
	if p.Say != "" {
		return pounceSayPause
	}
	return pouncePause
}
