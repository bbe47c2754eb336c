package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowPrivacy asks what others are told.
func (m *Messenger) ShowPrivacy() {
	m.inbox.Put(func() {
		if m.privacy != nil {
			m.privacy.raise()
			return
		}
		m.privacy = m.ask(im.ConvID{}, m.privacyForm(), func(a plugin.Answers) {
			for _, what := range tellings {
				if a.Action == what {
					m.setTelling(what, a.Values[what])
					return
				}
			}
			m.privacy.Close()
			m.privacy = nil
		})
		m.privacy.keepFresh(m.privacyForm)
	})
}

func (m *Messenger) privacyForm() plugin.Form {
	return plugin.Page(lang.T("Privacy"), lang.T("What Culver tells buddies by itself. Who does not see your presence is told nothing."), []im.Field{
		{ID: TellTyping, Kind: im.FieldSwitch, Label: lang.T("Tell others that I am typing"), Live: true, Value: m.settings[TellTyping]},
		{ID: TellReceipts, Kind: im.FieldSwitch, Label: lang.T("Confirm that messages arrive"), Live: true, Value: m.settings[TellReceipts],
			Hint: lang.T("The other one sees that a message has reached this computer, and never whether you read it.")},
		{Kind: im.FieldNote, Label: lang.T("For a single buddy, choose both in the Options menu of the conversation.")},
	}, closeButton())
}
