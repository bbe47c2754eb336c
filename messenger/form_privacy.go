package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// What the form about privacy leads to.
const (
	actionPrivacyKnocks  = "knocks"
	actionPrivacyBlocked = "blocked"
)

// ShowPrivacy asks who can reach the user, and what others are told.
func (m *Messenger) ShowPrivacy() {
	m.inbox.Put(func() {
		if m.privacy != nil {
			m.privacy.raise()
			return
		}
		m.privacy = m.ask(im.ConvID{}, m.privacyForm(), m.privacyAnswered)
		m.privacy.keepFresh(m.privacyForm)
	})
}

func (m *Messenger) privacyAnswered(a plugin.Answers) {
	switch a.Action {
	case TellTyping, TellReceipts:
		m.setTelling(a.Action, a.Values[a.Action])
	case SettingOnlyBuddies:
		m.setSetting(SettingOnlyBuddies, a.Values[SettingOnlyBuddies])
	case actionPrivacyKnocks:
		m.ShowKnocks()
	case actionPrivacyBlocked:
		m.ShowBlocked()
	default:
		m.privacy.Close()
		m.privacy = nil
	}
}

func (m *Messenger) privacyForm() plugin.Form {
	return plugin.Page(lang.T("Privacy"), "", []im.Field{
		{ID: SettingOnlyBuddies, Kind: im.FieldChoice, Label: lang.T("Who can write to you"), Live: true, Value: m.settings[SettingOnlyBuddies],
			Hint:    lang.T("Whom you do not know waits in the Buddy List until you answer, and learns nothing before."),
			Choices: []im.Choice{{Label: lang.T("Everybody")}, {Value: im.On, Label: lang.T("Only people on my Buddy List")}}},
		{ID: actionPrivacyKnocks, Kind: im.FieldButton, Label: lang.T("People Who Want to Reach You…")},
		{ID: actionPrivacyBlocked, Kind: im.FieldButton, Label: lang.T("Blocked People…"), Hint: lang.T("Nothing that they send reaches you.")},
		{Kind: im.FieldNote, Label: lang.T("What Culver tells buddies by itself. Who does not see your presence is told nothing.")},
		{ID: TellTyping, Kind: im.FieldSwitch, Label: lang.T("Tell others that I am typing"), Live: true, Value: m.settings[TellTyping]},
		{ID: TellReceipts, Kind: im.FieldSwitch, Label: lang.T("Confirm that messages arrive"), Live: true, Value: m.settings[TellReceipts],
			Hint: lang.T("The other one sees that a message has reached this computer, and never whether you read it.")},
		{Kind: im.FieldNote, Label: lang.T("For a single buddy, choose both in the Options menu of the conversation.")},
	}, closeButton())
}
