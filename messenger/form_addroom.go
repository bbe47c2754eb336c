package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowAddRoom asks which room to keep in the Buddy List.
func (m *Messenger) ShowAddRoom() {
	m.inbox.Put(func() {
		account, why := m.choiceOfRoomAccount()
		if why != "" {
			m.sayAccountNeeded(lang.T("Add Chat"), why)
			return
		}
		f := plugin.Page(lang.T("Add Chat"), lang.T("The room stands in your Buddy List, on all your devices."), []im.Field{account,
			{ID: fieldRoom, Kind: im.FieldText, Label: lang.T("Room"), Hint: lang.T("For instance cooks@rooms.example.net")},
			{ID: fieldName, Kind: im.FieldText, Label: lang.T("Name"), Hint: lang.T("Optional; what you want to call it.")},
			{ID: fieldNick, Kind: im.FieldText, Label: lang.T("Nickname"), Hint: lang.T("What you are called there. Empty: the name of your account.")},
			{ID: fieldSecret, Kind: im.FieldSecret, Label: passwordLabel(), Hint: lang.T("Most rooms have none.")},
			{ID: fieldAuto, Kind: im.FieldSwitch, Label: autoLabel()},
		}, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Add"), Role: plugin.Default})
		m.askAbout(im.ConvID{}, f, func(v map[string]string) error {
			id, err := m.typedRoom(v)
			if err != nil {
				return err
			}
			m.mayBeRoom(id)
			r := m.room(id)
			r.mark.Name, r.mark.Nick, r.mark.Password = cleanName(v[fieldName]), strings.TrimSpace(v[fieldNick]), v[fieldSecret]
			r.mark.Auto = v[fieldAuto] == im.On
			m.setBookmark(r, r.mark)
			return nil
		})
	})
}

// SetAutoJoin says whether to go into a room that is kept whenever its account connects.
func (m *Messenger) SetAutoJoin(c im.ConvID, on bool) {
	m.inbox.Put(func() {
		if r := m.rooms[c]; r != nil && r.known.Kept && r.mark.Auto != on {
			mark := r.mark
			mark.Auto = on
			m.setBookmark(r, mark)
		}
	})
}
