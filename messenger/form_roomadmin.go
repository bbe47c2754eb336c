package messenger

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// findRooms shows the rooms of a service; use gets the one that is chosen.
func (m *Messenger) findRooms(a im.AccountID, service string, use func(room string)) {
	rooms := []im.Row{}
	note := ""
	form := func() plugin.Form {
		return plugin.Page(lang.T("Find Rooms"), "", []im.Field{
			{ID: "service", Kind: im.FieldText, Label: lang.T("Service"), Value: service, Hint: lang.T("Empty: the one of your server.")},
			{ID: "list", Kind: im.FieldButton, Label: lang.T("List Rooms")},
			{ID: "rooms", Kind: im.FieldTable, Columns: []string{lang.T("Name"), lang.T("Address")}, Rows: rooms, Hint: note, Open: "use",
				Actions: []im.RowAction{{ID: "use", Label: lang.T("Use"), One: true}}},
		}, closeButton())
	}
	var d *dialog
	turn := 0 // of several services only the last that was asked counts
	list := func() {
		turn++
		asked := turn
		rooms, note = nil, lang.T("Please wait…")
		err := m.askService(a, func(s protocol.Rooms, id string) error { return s.FindRooms(id, service) }, func(e protocol.Event) {
			if asked != turn {
				return
			}
			rooms, note = nil, ""
			switch e := e.(type) {
			case protocol.RoomsFound:
				service = e.Service
				for _, r := range e.Rooms {
					address := conversation.Name(r.Room)
					name, _, _ := strings.Cut(address, "@") // of one that has no other
					rooms = append(rooms, im.Row{ID: r.Room, Cells: []string{cmp.Or(conversation.Name(r.Name), name), address}, Can: []string{"use"}})
				}
				note = lang.T("This service shows no rooms.")
				if e.More {
					d.Update(withProblem(form(), lang.T("There are more than can be shown.")))
					return
				}
			case protocol.RoomDone:
				d.Update(withProblem(form(), e.Reason))
				return
			}
			d.Update(form())
		})
		if err != nil {
			rooms, note = nil, ""
			d.Update(withProblem(form(), sentenceOf(err)))
			return
		}
		d.Update(form())
	}
	d = m.ask(im.ConvID{}, form(), func(answer plugin.Answers) {
		switch answer.Action {
		case "list":
			service = strings.TrimSpace(answer.Values["service"])
			list()
		case "use":
			if len(answer.Rows) == 1 {
				d.Close()
				use(answer.Rows[0])
			}
		default:
			d.Close()
		}
	})
	list()
}

// OccupantAction does something about somebody in a room.
func (m *Messenger) OccupantAction(c im.ConvID, nick, action string) {
	m.inbox.Put(func() {
		r := m.rooms[c]
		if r == nil {
			return
		}
		if o, ok := r.known.Occupant(nick); ok {
			m.occupantAction(r, o, action)
		}
	})
}

func (m *Messenger) occupantAction(r *room, o im.Occupant, action string) {
	role := func(to im.Role) {
		m.tellOf(m.wantOfRoom(r, func(s protocol.Rooms, id string) error { return s.SetRole(id, r.id.Peer, o.Nick, to, "") }))
	}
	standing := func(to im.Standing) {
		m.tellOf(m.wantOfRoom(r, func(s protocol.Rooms, id string) error { return s.SetStanding(id, r.id.Peer, o.Bare, to, "") }))
	}
	switch action {
	case conversation.RoomNick:
		m.askNick(r)
	case conversation.OccupantTalk:
		m.open(im.Aside(r.id, o.Nick), true)
	case conversation.OccupantMessage:
		if o.Bare != "" {
			m.open(im.ConvID{Account: r.id.Account, Peer: o.Bare}, true)
		}
	case conversation.OccupantAdd:
		m.showAddBuddy(im.ConvID{Account: r.id.Account, Peer: o.Bare}, buddylist.DefaultGroup)
	case conversation.OccupantIgnore, conversation.OccupantHeed:
		m.changeRoom(r, conversation.OccupantIgnored{Nick: o.Nick, On: action == conversation.OccupantIgnore})
	case conversation.OccupantAbout:
		m.aboutOccupant(r, o)
	case conversation.OccupantVoice, conversation.OccupantNoMod:
		role(im.Participant)
	case conversation.OccupantSilence:
		role(im.Visitor)
	case conversation.OccupantModerator:
		role(im.Moderator)
	case conversation.OccupantMember:
		standing(im.Member)
	case conversation.OccupantNoMember:
		standing(im.NoStanding)
	case conversation.OccupantAdmin:
		standing(im.Admin)
	case conversation.OccupantOwner:
		m.askAbout(r.id, plugin.Page(lang.F("Make %s an owner", o.Name), lang.F("%s can then change everything about this room, also that you own it.", o.Name), nil,
			cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Make Owner"), Role: plugin.Danger}), func(map[string]string) error {
			standing(im.Owner)
			return nil
		})
	case conversation.OccupantKick:
		m.askOut(r, lang.F("Kick %s", o.Name), lang.T("Kick"), lang.T("They have to leave, and can come back."), func(s protocol.Rooms, id, reason string) error {
			return s.SetRole(id, r.id.Peer, o.Nick, im.NoRole, reason)
		})
	case conversation.OccupantBan:
		m.askOut(r, lang.F("Ban %s", o.Name), lang.T("Ban"), lang.F("They (%s) have to leave, and cannot come back.", conversation.Name(o.Bare)), func(s protocol.Rooms, id, reason string) error {
			return s.SetStanding(id, r.id.Peer, o.Bare, im.Banned, reason)
		})
	}
}

func (m *Messenger) tellOf(err error) {
	if err != nil {
		m.trouble(lang.T("The room was not asked."), formError(sentenceOf(err)))
	}
}

// askOut asks whether somebody is to leave, and why.
func (m *Messenger) askOut(r *room, title, button, intro string, act func(s protocol.Rooms, id, reason string) error) {
	m.askAbout(r.id, plugin.Page(title, intro, []im.Field{
		{ID: fieldReason, Kind: im.FieldText, Label: lang.T("Reason"), Hint: lang.T("Optional; all who are there may read it.")},
	}, cancelButton(), plugin.Button{ID: "ok", Label: button, Role: plugin.Danger}), func(v map[string]string) error {
		return m.wantOfRoom(r, func(s protocol.Rooms, id string) error { return act(s, id, strings.TrimSpace(v[fieldReason])) })
	})
}

// aboutOccupant shows what the room tells of somebody.
func (m *Messenger) aboutOccupant(r *room, o im.Occupant) {
	who := lang.T("Who it is, the room does not tell.")
	if o.Bare != "" {
		who = lang.F("Address: %s", conversation.Name(o.Bare))
	}
	facts := []string{who, lang.F("In this room: %s, %s", o.Standing.InSentence(), o.Role.InSentence())}
	if o.Presence.Show != im.Offline {
		status := lang.F("Status: %s", o.Presence.Show.InSentence())
		if o.Presence.Status != "" {
			status = lang.F("Status: %s – %s", o.Presence.Show.InSentence(), o.Presence.Status)
		}
		facts = append(facts, status)
	}
	f := plugin.Page(lang.F("Info on %s", o.Name), "", []im.Field{{Kind: im.FieldNote, Label: strings.Join(facts, "\n")}}, closeButton())
	if o.Like != "" {
		f.Warning = lang.F("This name looks like %s, and is somebody else.", o.Like)
	}
	var d *dialog
	d = m.ask(r.id, f, func(plugin.Answers) { d.Close() })
}

// The standings whose lists can be seen and changed, in the order of a form.
var listedStandings = [...]im.Standing{im.Member, im.Admin, im.Owner, im.Banned}

// standingList is what the list of those with a standing is called.
func standingList(s im.Standing) string {
	switch s {
	case im.Banned:
		return lang.T("Banned people")
	case im.Admin:
		return lang.T("Administrators")
	case im.Owner:
		return lang.T("Owners")
	default:
		return lang.T("Members")
	}
}

// showPeople shows who is what to a room, whether they are there or not.
func (m *Messenger) showPeople(r *room) {
	shown, rows, note := im.Member, []im.Row(nil), ""
	form := func() plugin.Form {
		choice := im.Field{ID: "standing", Kind: im.FieldChoice, Label: lang.T("Show"), Live: true, Value: strconv.Itoa(int(shown))}
		for _, s := range listedStandings {
			choice.Choices = append(choice.Choices, im.Choice{Value: strconv.Itoa(int(s)), Label: standingList(s)})
		}
		return plugin.Page(lang.F("Members and bans of %s", m.list.Title(r.id)), "", []im.Field{choice,
			{ID: "people", Kind: im.FieldTable, Columns: []string{lang.T("Address"), lang.T("Nickname"), lang.T("Reason")}, Rows: rows, Hint: note,
				Actions: []im.RowAction{{ID: "remove", Label: lang.T("Remove from List"), Confirm: lang.T("Take them off this list?")}}},
			{ID: "add", Kind: im.FieldText, Label: lang.T("Address"), Hint: lang.T("Of somebody to add to this list")},
			{ID: "put", Kind: im.FieldButton, Label: lang.T("Add")},
		}, closeButton())
	}
	var d *dialog
	var list func()
	problem := func(text string) { d.Update(withProblem(form(), text)) }
	set := func(bare string, to im.Standing) {
		err := m.askService(r.id.Account, func(s protocol.Rooms, id string) error { return s.SetStanding(id, r.id.Peer, bare, to, "") },
			func(e protocol.Event) {
				if done, ok := e.(protocol.RoomDone); ok && done.Reason != "" {
					problem(done.Reason)
					return
				}
				list()
			})
		if err != nil {
			problem(sentenceOf(err))
		}
	}
	list = func() {
		asked := shown
		err := m.askService(r.id.Account, func(s protocol.Rooms, id string) error { return s.AskStanding(id, r.id.Peer, asked) }, func(e protocol.Event) {
			if asked != shown {
				return
			}
			rows, note = nil, ""
			switch e := e.(type) {
			case protocol.RoomPeople:
				for _, p := range e.People {
					rows = append(rows, im.Row{ID: p.Bare, Can: []string{"remove"},
						Cells: []string{conversation.Name(p.Bare), conversation.Name(p.Nick), conversation.Name(p.Reason)}})
				}
				note = lang.T("Nobody")
				if e.More {
					d.Update(withProblem(form(), lang.T("There are more than can be shown.")))
					return
				}
			case protocol.RoomDone:
				problem(e.Reason)
				return
			}
			d.Update(form())
		})
		rows, note = nil, lang.T("Please wait…")
		if err != nil {
			note = ""
			problem(sentenceOf(err))
			return
		}
		d.Update(form())
	}
	d = m.ask(r.id, form(), func(a plugin.Answers) {
		switch a.Action {
		case "standing":
			n, err := strconv.Atoi(a.Values["standing"])
			if err == nil && slices.Contains(listedStandings[:], im.Standing(n)) && im.Standing(n) != shown {
				shown = im.Standing(n)
				list()
			}
		case "remove":
			for _, bare := range a.Rows {
				set(bare, im.NoStanding)
			}
		case "put":
			typed := strings.TrimSpace(a.Values["add"])
			if typed == "" {
				problem(lang.T("Enter an address first."))
				return
			}
			bare, err := m.accounts[r.id.Account].network.NormalizePeer(typed)
			if err != nil {
				problem(sentenceOf(err))
				return
			}
			set(bare, shown)
		default:
			d.Close()
		}
	})
	list()
}

// showRoomSettings shows what a room can be set to.
func (m *Messenger) showRoomSettings(r *room) {
	title := lang.F("Settings of %s", m.list.Title(r.id))
	waiting := plugin.Page(title, "", nil, cancelButton())
	waiting.Doing = lang.T("Please wait…")
	var d *dialog
	var settings protocol.DataForm
	got := false
	form := func() plugin.Form {
		return plugin.Page(title, conversation.Clean(settings.Words), settings.Fields, cancelButton(), okButton(lang.T("Save")))
	}
	d = m.ask(r.id, waiting, func(a plugin.Answers) {
		if ending(a.Action) || !got {
			d.Close()
			return
		}
		f := form()
		err := m.askService(r.id.Account, func(s protocol.Rooms, id string) error { return s.SetRoomSettings(id, r.id.Peer, a.Values) },
			func(e protocol.Event) {
				if done, ok := e.(protocol.RoomDone); ok && done.Reason != "" {
					d.Update(withProblem(f, done.Reason))
					return
				}
				d.Close()
			})
		if err != nil {
			d.Update(withProblem(f, sentenceOf(err)))
			return
		}
		d.Update(plugin.Waiting(f))
	})
	err := m.askService(r.id.Account, func(s protocol.Rooms, id string) error { return s.AskRoomSettings(id, r.id.Peer) }, func(e protocol.Event) {
		switch e := e.(type) {
		case protocol.RoomSettings:
			settings, got = cleanForm(e.Form), true
			d.Update(form())
		case protocol.RoomDone:
			d.Update(withProblem(plugin.Page(title, "", nil, closeButton()), e.Reason))
		}
	})
	if err != nil {
		d.Update(withProblem(plugin.Page(title, "", nil, closeButton()), sentenceOf(err)))
	}
}

// cleanForm makes what a network wants filled in safe to show.
func cleanForm(f protocol.DataForm) protocol.DataForm {
	fields := slices.Clone(f.Fields)
	for i := range fields {
		fields[i].Label, fields[i].Hint = conversation.Name(fields[i].Label), conversation.Name(fields[i].Hint)
		fields[i].Choices = slices.Clone(fields[i].Choices)
		for j := range fields[i].Choices {
			fields[i].Choices[j].Label = conversation.Name(fields[i].Choices[j].Label)
		}
	}
	f.Fields, f.Title, f.Words = fields, conversation.Name(f.Title), conversation.Clean(f.Words)
	return f
}
