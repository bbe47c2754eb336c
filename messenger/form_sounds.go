package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// What is in the window of sounds beside the settings.
const (
	fieldSoundSample = "sample" // which one to hear
	actionHear       = "hear"
)

// ShowSounds asks which sounds to play.
func (m *Messenger) ShowSounds() {
	m.inbox.Put(func() {
		if m.sounds != nil {
			m.sounds.raise()
			return
		}
		m.sample = SoundReceived
		m.sounds = m.ask(im.ConvID{}, m.soundsForm(), m.soundsAnswered)
		m.sounds.keepFresh(m.soundsForm)
	})
}

func (m *Messenger) soundsAnswered(a plugin.Answers) {
	value := a.Values[a.Action]
	_, toggled := soundSettings()[a.Action]
	switch {
	case toggled:
		m.setSetting(a.Action, value)
		if i := slices.IndexFunc(Sounds[:], func(s Sound) bool { return s.setting() == a.Action }); i >= 0 && value == im.On {
			m.sample = Sounds[i]
			m.hear()
		}
	case a.Action == SettingSoundVolume && slices.Contains(soundVolumes[:], value):
		m.setSetting(SettingSoundVolume, value)
		m.hear()
	case a.Action == fieldSoundSample && slices.Contains(Sounds[:], Sound(value)):
		m.sample = Sound(value)
	case a.Action == actionHear:
		m.hear()
	default:
		m.sounds.Close()
		m.sounds = nil
	}
}

// hear plays the chosen sound, whatever the settings are: the user asked for it.
func (m *Messenger) hear() {
	m.publish(SoundPlayed{Sound: m.sample, Volume: m.volume(), Always: true})
}

func (m *Messenger) soundsForm() plugin.Form {
	field := func(key, label string) im.Field {
		return im.Field{ID: key, Kind: im.FieldSwitch, Live: true, Label: label, Value: m.settings[key]}
	}
	within := func(f im.Field) im.Field {
		f.WhenField, f.WhenValue = SettingSounds, im.On
		return f
	}
	fields := []im.Field{field(SettingSounds, lang.T("Play sounds"))}
	for _, s := range Sounds {
		f := field(s.setting(), soundLabel(s))
		f.Depth = 1
		fields = append(fields, within(f))
	}
	fields = append(fields, within(field(SettingSoundFront, lang.T("Also for the conversation that I am looking at"))),
		within(field(SettingSoundAvailable, lang.T("Only while I am Available"))),
		within(im.Field{ID: SettingSoundVolume, Kind: im.FieldChoice, Live: true, Label: lang.T("Volume"), Value: m.settings[SettingSoundVolume], Choices: []im.Choice{
			{Value: "25", Label: lang.T("Low")}, {Value: "50", Label: lang.T("Medium")}, {Value: "75", Label: lang.T("High")}, {Value: "100", Label: lang.T("Highest")}}}))
	sample := im.Field{ID: fieldSoundSample, Kind: im.FieldChoice, Live: true, Label: lang.T("Listen to"), Value: string(m.sample)}
	for _, s := range Sounds {
		sample.Choices = append(sample.Choices, im.Choice{Value: string(s), Label: soundLabel(s)})
	}
	fields = append(fields, within(sample), within(im.Field{ID: actionHear, Kind: im.FieldButton, Label: lang.T("Play")}))
	return plugin.Page(lang.T("Sounds"), lang.T("There is none while your status is Do not disturb, and none for conversations that are muted."), fields, closeButton())
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
