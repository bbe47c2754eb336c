package messenger

import (
	"cmp"
	"slices"
	"strings"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// ShowJoinRoom asks which room to go into.
func (m *Messenger) ShowJoinRoom(c im.ConvID) { m.inbox.Put(func() { m.showJoinRoom(c, "") }) }

// The fields of forms about rooms.
const (
	fieldRoom   = "room"
	fieldNick   = "nick"
	fieldSecret = "password"
	fieldName   = "name"
	fieldAuto   = "auto"
	fieldKeep   = "keep"
	fieldReason = "reason"
	actionRooms = "browse"
)

func nickHint() string { return lang.T("What you are called there.") }

func autoLabel() string { return lang.T("Join whenever the account connects") }

func passwordLabel() string { return lang.T("Password of the room") }

// showJoinRoom asks which room to go into. The password is one that came with an
// invitation; nothing is done with it unless the user joins.
func (m *Messenger) showJoinRoom(c im.ConvID, password string) {
	title := lang.T("Join a Chat")
	account, why := m.choiceOfRoomAccount()
	if why != "" {
		m.sayAccountNeeded(title, why)
		return
	}
	fields := []im.Field{account,
		{ID: fieldRoom, Kind: im.FieldText, Label: lang.T("Room"), Value: c.Peer, Hint: lang.T("For instance cooks@rooms.example.net")},
		{ID: fieldNick, Kind: im.FieldText, Label: lang.T("Nickname"), Hint: lang.T("What you are called there. Empty: the name of your account.")},
		{ID: fieldSecret, Kind: im.FieldSecret, Label: passwordLabel(), Hint: lang.T("Most rooms have none.")},
		{ID: fieldKeep, Kind: im.FieldSwitch, Label: lang.T("Keep in the Buddy List")},
		{ID: fieldAuto, Kind: im.FieldSwitch, Label: autoLabel(), WhenField: fieldKeep, WhenValue: im.On, Depth: 1},
	}
	if c.Account != "" {
		fields[0].Value = string(c.Account)
	}
	if r := m.rooms[c]; r != nil {
		fields[2].Value, fields[3].Value = r.mark.Nick, r.mark.Password
		fields[4].Value, fields[5].Value = im.Switch(r.known.Kept), im.Switch(r.known.Auto)
	}
	fields[3].Value = cmp.Or(password, fields[3].Value)
	f := plugin.Page(title, lang.F("If there is no such room, a new one is made. %s.", conversation.NotPrivate()), fields,
		plugin.Button{ID: actionRooms, Label: lang.T("Find Rooms…")}, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Join"), Role: plugin.Default})
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		switch {
		case ending(a.Action):
			d.Close()
			return
		case a.Action == actionRooms:
			m.findRooms(im.AccountID(a.Values["account"]), "", func(room string) {
				fields := slices.Clone(f.Tabs[0].Fields)
				fields[1].Value = room
				f.Tabs = []plugin.Tab{{Fields: fields}} // the form before is shown still, and stays as it is
				d.Update(f)
			})
			return
		}
		id, err := m.typedRoom(a.Values)
		if err != nil {
			d.Update(withProblem(f, sentenceOf(err)))
			return
		}
		d.Close()
		m.mayBeRoom(id)
		r := m.room(id)
		r.mark.Nick, r.mark.Password = strings.TrimSpace(a.Values[fieldNick]), a.Values[fieldSecret]
		if a.Values[fieldKeep] == im.On {
			r.mark.Auto = a.Values[fieldAuto] == im.On
			m.setBookmark(r, r.mark)
		}
		m.joinRoom(r)
	})
}

// typedRoom reads which room a form names.
func (m *Messenger) typedRoom(v map[string]string) (im.ConvID, error) {
	a, ok := m.accounts[im.AccountID(v["account"])]
	if !ok {
		return im.ConvID{}, formError(nobodyOnline())
	}
	typed := strings.TrimSpace(v[fieldRoom])
	if typed == "" {
		return im.ConvID{}, formError("Enter the address of the room.")
	}
	if _, err := m.roomService(a.id); err != nil {
		return im.ConvID{}, err
	}
	bare, err := a.network.NormalizePeer(typed)
	if err != nil {
		return im.ConvID{}, err
	}
	if !strings.Contains(bare, "@") {
		return im.ConvID{}, formError("This is no room: a room's address has a name before the @. Find Rooms shows those of a service.")
	}
	id := im.ConvID{Account: a.id, Peer: bare}
	if m.somebody(id) || m.rooms[id] == nil && m.spokenAs(id) {
		return im.ConvID{}, formError("This is the address of a person, not of a room.")
	}
	return id, nil
}

// joinRoom goes into a room and shows its conversation.
func (m *Messenger) joinRoom(r *room) {
	r.waited = true
	m.enter(r)
	m.open(r.id, true)
}

// setBookmark keeps a room on the server.
func (m *Messenger) setBookmark(r *room, b im.Bookmark) {
	s, err := m.roomService(r.id.Account)
	if err == nil {
		err = s.SetBookmark(b)
	}
	if err != nil {
		m.trouble(lang.T("The room could not be kept in the Buddy List."), formError(sentenceOf(err)))
	}
}

// RoomAction does something about a room.
func (m *Messenger) RoomAction(c im.ConvID, action string) {
	m.inbox.Put(func() {
		if r := m.rooms[c]; r != nil {
			m.roomAction(r, action)
		}
	})
}

func (m *Messenger) roomAction(r *room, action string) {
	switch action {
	case conversation.RoomJoin:
		m.joinRoom(r)
	case conversation.RoomLeave:
		m.exit(r)
	case conversation.RoomNick:
		m.askNick(r)
	case conversation.RoomTopic:
		m.askTopic(r)
	case conversation.RoomInvite:
		m.askInvite(r, "")
	case conversation.RoomKeep:
		m.askKeep(r)
	case conversation.RoomForget:
		m.askForget(r)
	case conversation.RoomAbout:
		m.aboutRoom(r)
	case conversation.RoomPeople:
		m.showPeople(r)
	case conversation.RoomSettings:
		m.showRoomSettings(r)
	case conversation.RoomDestroy:
		m.askDestroy(r)
	}
}

// askRoom opens a form about a room whose "ok" button acts on its service.
func (m *Messenger) askRoom(r *room, f plugin.Form, act func(s protocol.Rooms, v map[string]string) error) {
	m.askAbout(r.id, f, func(v map[string]string) error {
		s, err := m.roomService(r.id.Account)
		if err != nil {
			return err
		}
		return act(s, v)
	})
}

func okButton(label string) plugin.Button {
	return plugin.Button{ID: "ok", Label: label, Role: plugin.Default}
}

func (m *Messenger) askNick(r *room) {
	m.askRoom(r, plugin.Page(lang.F("Nickname in %s", m.list.Title(r.id)), "", []im.Field{
		{ID: fieldNick, Kind: im.FieldText, Label: lang.T("Nickname"), Value: cmp.Or(r.known.Nick, r.mark.Nick), Hint: nickHint()},
	}, cancelButton(), okButton(lang.T("Change"))), func(s protocol.Rooms, v map[string]string) error {
		nick := strings.TrimSpace(v[fieldNick])
		if nick == "" {
			return formError("Enter a nickname.")
		}
		return s.SetRoomNick(r.id.Peer, nick)
	})
}

func (m *Messenger) askTopic(r *room) {
	m.askRoom(r, plugin.Page(lang.F("Topic of %s", m.list.Title(r.id)), "", []im.Field{
		{ID: "topic", Kind: im.FieldText, Label: lang.T("Topic"), Value: r.known.Topic},
	}, cancelButton(), okButton(lang.T("Set"))), func(s protocol.Rooms, v map[string]string) error {
		return s.SetRoomTopic(r.id.Peer, strings.TrimSpace(v["topic"]))
	})
}

// SetRoomTopic says what the room is about.
func (m *Messenger) SetRoomTopic(c im.ConvID, topic string) {
	m.inbox.Put(func() {
		r := m.rooms[c]
		if r == nil {
			return
		}
		s, err := m.roomService(c.Account)
		if err == nil {
			err = s.SetRoomTopic(c.Peer, strings.TrimSpace(topic))
		}
		if err != nil {
			m.trouble(lang.T("The topic was not changed."), formError(sentenceOf(err)))
		}
	})
}

// ShowInvite asks whom to invite.
func (m *Messenger) ShowInvite(c im.ConvID, who string) {
	m.inbox.Put(func() {
		if r := m.rooms[c]; r != nil {
			m.askInvite(r, who)
		}
	})
}

func (m *Messenger) askInvite(r *room, who string) {
	title := m.list.Title(r.id)
	intro := lang.T("They are told its address.")
	switch {
	case r.mark.Password != "":
		intro = lang.T("They are told its address and its password.")
	case r.known.Traits.Password:
		intro = lang.T("They are told its address, but not its password: tell them that yourself.")
	}
	m.askRoom(r, plugin.Page(lang.F("Invite into %s", title), intro, []im.Field{
		{ID: "who", Kind: im.FieldText, Label: lang.T("Address"), Value: who, Hint: lang.T("For instance bob@example.net")},
		{ID: fieldReason, Kind: im.FieldText, Label: lang.T("Message"), Hint: lang.T("Optional")},
	}, cancelButton(), okButton(lang.T("Invite"))), func(s protocol.Rooms, v map[string]string) error {
		typed := strings.TrimSpace(v["who"])
		if typed == "" {
			return formError("Enter the address of the person to invite.")
		}
		bare, err := m.accounts[r.id.Account].network.NormalizePeer(typed)
		if err != nil {
			return err
		}
		if err := s.InviteToRoom(r.id.Peer, bare, strings.TrimSpace(v[fieldReason])); err != nil {
			return err
		}
		m.noticeIfOpen(r.id, lang.F("You invited %s.", conversation.Name(bare)))
		return nil
	})
}

func (m *Messenger) askKeep(r *room) {
	m.askRoom(r, plugin.Page(lang.F("Keep %s", m.list.Title(r.id)), lang.T("It stays in your Buddy List, on all your devices."), []im.Field{
		{ID: fieldName, Kind: im.FieldText, Label: lang.T("Name"), Value: cmp.Or(r.mark.Name, r.known.Traits.Name), Hint: lang.T("What you want to call the room.")},
		{ID: fieldNick, Kind: im.FieldText, Label: lang.T("Nickname"), Value: cmp.Or(r.mark.Nick, r.known.Nick), Hint: nickHint()},
		{ID: fieldSecret, Kind: im.FieldSecret, Label: passwordLabel(), Value: r.mark.Password, Hint: lang.T("It is kept on your server. Most rooms have none.")},
		{ID: fieldAuto, Kind: im.FieldSwitch, Label: autoLabel(), Value: im.Switch(r.known.Auto)},
	}, cancelButton(), okButton(lang.T("Keep"))), func(s protocol.Rooms, v map[string]string) error {
		return s.SetBookmark(im.Bookmark{Account: r.id.Account, Room: r.id.Peer, Name: cleanName(v[fieldName]),
			Nick: strings.TrimSpace(v[fieldNick]), Password: v[fieldSecret], Auto: v[fieldAuto] == im.On})
	})
}

func (m *Messenger) askForget(r *room) {
	title := m.list.Title(r.id)
	m.askRoom(r, plugin.Page(lang.F("Remove %s", title), lang.F("Take %s off your Buddy List? You do not leave it by that, and what was said stays in the history.", title),
		nil, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Remove"), Role: plugin.Danger}),
		func(s protocol.Rooms, _ map[string]string) error { return s.RemoveBookmark(r.id.Peer) })
}

func (m *Messenger) askDestroy(r *room) {
	m.askAbout(r.id, plugin.Page(lang.F("Destroy %s", m.list.Title(r.id)), lang.T("Everybody has to leave, and the room is gone for good."), []im.Field{
		{ID: fieldReason, Kind: im.FieldText, Label: lang.T("Reason"), Hint: lang.T("Optional; all who are there read it.")},
	}, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Destroy"), Role: plugin.Danger}), func(v map[string]string) error {
		return m.wantOfRoom(r, func(s protocol.Rooms, id string) error {
			return s.DestroyRoom(id, r.id.Peer, strings.TrimSpace(v[fieldReason]))
		})
	})
}

// aboutRoom shows what is known of a room.
func (m *Messenger) aboutRoom(r *room) {
	form := func() plugin.Form {
		t := r.known.Traits
		facts := []string{lang.F("Address: %s", conversation.Name(r.id.Peer))}
		if t.Name != "" {
			facts = append(facts, lang.F("Name: %s", t.Name))
		}
		if r.known.Place == conversation.Inside {
			facts = append(facts, lang.F("People: %s", im.Number(r.known.Len())))
		}
		if r.known.Topic != "" {
			facts = append(facts, lang.F("Topic: %s", r.known.Topic))
		}
		if about := conversation.Name(t.Description); about != "" {
			facts = append(facts, lang.F("Description: %s", about))
		}
		readers := append([]string{conversation.NotPrivate() + "."}, conversation.RoomWarnings(t)...)
		if !t.Known {
			readers = append(readers, lang.T("Its service does not say what the room is like."))
		}
		return plugin.Page(lang.F("About %s", m.list.Title(r.id)), "", []im.Field{{Kind: im.FieldNote, Label: strings.Join(facts, "\n")},
			{Kind: im.FieldNote, Label: strings.Join(readers, "\n")}}, closeButton())
	}
	var d *dialog
	d = m.ask(r.id, form(), func(plugin.Answers) { d.Close() })
	d.keepFresh(form)
}

// askToEnter asks for what was missing to go into a room.
func (m *Messenger) askToEnter(r *room, e protocol.RoomRefused) {
	if r.asking != nil {
		r.asking.Close()
	}
	fields := []im.Field{{ID: fieldNick, Kind: im.FieldText, Label: lang.T("Nickname"), Value: cmp.Or(e.Nick, m.nickFor(r)), Hint: nickHint()}}
	if e.Why == protocol.WrongRoomSecret {
		fields = []im.Field{{ID: fieldSecret, Kind: im.FieldSecret, Label: passwordLabel()}}
	}
	f := plugin.Page(lang.F("Join %s", m.list.Title(r.id)), e.Reason, fields, cancelButton(), okButton(lang.T("Join")))
	f.Quiet = !r.waited // as when the account connects
	r.waited = false
	r.asking = m.ask(r.id, f, func(a plugin.Answers) {
		r.asking.Close()
		r.asking = nil
		if ending(a.Action) {
			return
		}
		if e.Why == protocol.WrongRoomSecret {
			r.mark.Password = a.Values[fieldSecret]
		} else {
			r.mark.Nick = strings.TrimSpace(a.Values[fieldNick])
		}
		m.joinRoom(r)
	})
}
