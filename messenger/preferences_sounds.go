package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
)

// What is on the page of sounds beside the settings.
const (
	fieldSoundSample = "sample" // which one to hear
	actionHear       = "hear"
)

// ShowSounds asks which sounds to play.
func (m *Messenger) ShowSounds() { m.ShowPreferences(PageSounds) }

func (m *Messenger) soundRows() []preference {
	rows := []preference{toggle(SettingSounds, lang.T("Play sounds"), true)}
	sample := choice(fieldSoundSample, lang.T("Listen to"), "")
	for _, s := range Sounds {
		row := toggle(s.setting(), soundLabel(s), s == SoundReceived || s == SoundBegan || s == SoundNamed).within(SettingSounds)
		row.then = func(v string) {
			if v == im.On {
				m.sample = s
				m.hear()
			}
		}
		rows = append(rows, row)
		sample.Choices = append(sample.Choices, im.Choice{Value: string(s), Label: soundLabel(s)})
	}
	volume := choice(SettingSoundVolume, lang.T("Volume"), "50",
		im.Choice{Value: "25", Label: lang.T("Low")}, im.Choice{Value: "50", Label: lang.T("Medium")},
		im.Choice{Value: "75", Label: lang.T("High")}, im.Choice{Value: "100", Label: lang.T("Highest")}).within(SettingSounds)
	volume.then = func(string) { m.hear() }
	sample.Value = string(m.sample)
	sample.act = func(v string) {
		if slices.Contains(Sounds[:], Sound(v)) {
			m.sample = Sound(v)
		}
	}
	return append(rows,
		toggle(SettingSoundFront, lang.T("Also for the conversation that I am looking at"), false).within(SettingSounds),
		toggle(SettingSoundAvailable, lang.T("Only while I am Available"), false).within(SettingSounds),
		volume, sample.within(SettingSounds), button(actionHear, lang.T("Play"), m.hear).within(SettingSounds),
		heading(lang.T("No sound is played while your status is Do not disturb, and none for conversations that are muted.")))
}

// hear plays the chosen sound, whatever the settings are: the user asked for it.
func (m *Messenger) hear() {
	m.publish(SoundPlayed{Sound: m.sample, Volume: m.volume(), Always: true})
}

// soundLabel is what a sound stands for, in words.
func soundLabel(s Sound) string {
	switch s {
	case SoundReceived:
		return lang.T("A message comes")
	case SoundBegan:
		return lang.T("Somebody begins a conversation")
	case SoundNamed:
		return lang.T("Somebody says my name in a room")
	case SoundRoom:
		return lang.T("Anybody says anything in a room")
	case SoundSent:
		return lang.T("I send a message")
	case SoundSignsOn:
		return lang.T("A buddy comes online")
	default:
		return lang.T("A buddy goes offline")
	}
}
