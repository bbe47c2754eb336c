package messenger

import (
	"culver/im"
	"culver/lang"
)

// The settings of conversations that front ends go by.
const (
	SettingPlacement = "chats.placement" // where new conversations are shown: one of the values below
	SettingHide      = "chats.hide"      // when new ones wait in the Buddy List: one of the values below
	SettingPeople    = "room.people"     // im.On or "": who is in a room is listed beside it
	SettingComings   = "room.comings"    // im.On or "": who comes and goes is told

	SettingTimes      = "conversation.times"      // of lines: one of the values below
	SettingFormatting = "conversation.formatting" // im.On or "": what people write has the looks that they gave it
	SettingFormatBar  = "conversation.formatbar"  // im.On or "": there are buttons for looks above the entry
)

// The values of SettingHide.
const (
	HideNever  = ""
	HideAway   = "away" // while the user is not available
	HideAlways = "always"
)

// The values of SettingTimes.
const (
	TimesWhole   = ""        // to the second
	TimesMinutes = "minutes" // without the seconds
	TimesNone    = "off"
)

// The values of SettingPlacement.
const (
	PlaceLast  = ""      // in the window that was used last
	PlaceKinds = "kinds" // people and rooms in windows of their own
	PlaceAlone = "alone" // each in a window of its own
)

func (m *Messenger) conversationRows() []preference {
	typing := toggle(TellTyping, lang.T("Tell others that I am typing"), true)
	typing.set = func(v string) { m.setTelling(TellTyping, v) }
	receipts := toggle(TellReceipts, lang.T("Confirm that messages arrive"), true).
		hint(lang.T("The other one sees that a message has reached this computer, and never whether you read it."))
	receipts.set = func(v string) { m.setTelling(TellReceipts, v) }
	return []preference{
		choice(SettingPlacement, lang.T("New conversations open"), PlaceLast,
			im.Choice{Value: PlaceLast, Label: lang.T("In the window used last")},
			im.Choice{Value: PlaceKinds, Label: lang.T("People and rooms in different windows")},
			im.Choice{Value: PlaceAlone, Label: lang.T("Each in a window of its own")}),
		choice(SettingHide, lang.T("Conversations that others begin wait in the Buddy List"), HideNever,
			im.Choice{Value: HideNever, Label: lang.T("Never")},
			im.Choice{Value: HideAway, Label: lang.T("While I am away or busy")},
			im.Choice{Value: HideAlways, Label: lang.T("Always")}).
			hint(lang.T("They are marked as unread there, and open when you choose them.")),
		choice(SettingTimes, lang.T("Times"), TimesWhole,
			im.Choice{Value: TimesWhole, Label: lang.T("Hours, minutes and seconds")},
			im.Choice{Value: TimesMinutes, Label: lang.T("Hours and minutes")},
			im.Choice{Value: TimesNone, Label: lang.T("None")}),
		toggle(SettingFormatting, lang.T("Show formatting"), true).hint(lang.T("*Bold*, _slanted_ and quoted words look like that.")),
		toggle(SettingFormatBar, lang.T("Show the formatting bar"), true),
		heading(lang.T("What others are told")),
		typing, receipts,
		heading(lang.T("Rooms")),
		toggle(SettingPeople, lang.T("List who is there"), true),
		toggle(SettingComings, lang.T("Tell who comes and goes"), true),
	}
}
