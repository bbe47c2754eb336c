package messenger

import (
	"strconv"
	"time"

	"culver/im"
)

// Sound names what a sound stands for.
type Sound string

// What there are sounds for.
const (
	SoundBegan    Sound = "began"    // somebody says the first thing in a conversation
	SoundReceived Sound = "received" // somebody says something more
	SoundNamed    Sound = "named"    // somebody names the user, in a room
	SoundRoom     Sound = "room"     // somebody says anything in a room
	SoundSent     Sound = "sent"     // the user says something
	SoundSignsOn  Sound = "on"       // a buddy comes online
	SoundSignsOff Sound = "off"      // a buddy goes offline
)

// Sounds are all of them.
var Sounds = [...]Sound{SoundReceived, SoundBegan, SoundNamed, SoundRoom, SoundSent, SoundSignsOn, SoundSignsOff}

// The settings of sounds: im.On or "", but for the volume.
const (
	SettingSounds         = "sounds"           // any at all
	SettingSoundVolume    = "sounds.volume"    // in percent
	SettingSoundFront     = "sounds.front"     // also in the conversation that the user looks at
	SettingSoundAvailable = "sounds.available" // only while the user is available
)

// setting is whether this one is played.
func (s Sound) setting() string { return "sounds." + string(s) }

// soundOf is the sound of what comes into a conversation with one person, before it is
// opened for that.
func soundOf(c *chat) Sound {
	if c.open {
		return SoundReceived
	}
	return SoundBegan
}

// sound has front ends play one, as far as the user wants to hear it.
func (m *Messenger) sound(id im.ConvID, s Sound) {
	is := func(key string) bool { return m.settings[key] == im.On }
	switch show := m.presence.Show; {
	case !is(SettingSounds), !is(s.setting()), m.heed(id) == HeedNone:
	case show == im.DoNotDisturb:
	case is(SettingSoundAvailable) && show != im.Available && show != im.FreeForChat:
	default:
		always := s == SoundSent || s == SoundSignsOn || s == SoundSignsOff || is(SettingSoundFront)
		m.publish(SoundPlayed{Conv: id, Sound: s, Volume: m.volume(), Always: always})
	}
}

// volume is how loud sounds are, in percent.
func (m *Messenger) volume() int {
	n, _ := strconv.Atoi(m.settings[SettingSoundVolume])
	return n
}

// settlingIn is how long there is no sound for buddies after an account came online:
// they all come at once then.
const settlingIn = 15 * time.Second

// shown plays the sound of a buddy who came or went.
func (m *Messenger) shown(a *account, id im.ConvID, before, after im.Show) {
	if _, listed := m.list.Buddy(id); !listed || time.Since(a.upAt) < settlingIn {
		return
	}
	switch {
	case before == im.Offline && after != im.Offline:
		m.sound(id, SoundSignsOn)
	case before != im.Offline && after == im.Offline:
		m.sound(id, SoundSignsOff)
	}
}
