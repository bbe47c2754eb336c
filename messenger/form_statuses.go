package messenger

import (
	"crypto/rand"
	"slices"
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// StatusShows are the availabilities to choose from, in the order in which they are shown.
func StatusShows() []im.Show {
	return []im.Show{im.Available, im.FreeForChat, im.Away, im.DoNotDisturb, im.ExtendedAway, im.Offline}
}

// The fields of a status.
const (
	fieldStatusTitle   = "title"
	fieldStatusShow    = "show"
	fieldStatusMessage = "message"
	fieldStatusDiffers = "differs"
	sameStatus         = "same"
)

// ShowStatuses opens the list of saved statuses.
func (m *Messenger) ShowStatuses() {
	m.inbox.Put(func() {
		if m.statusWindow != nil {
			m.statusWindow.raise()
			return
		}
		m.statusWindow = m.ask(im.ConvID{}, m.statusesForm(), m.statusesAnswered)
		m.statusWindow.keepFresh(m.statusesForm)
	})
}

// ShowNewStatus asks for a status, to be used now, and kept if the user says so.
func (m *Messenger) ShowNewStatus() {
	m.inbox.Put(func() {
		m.askStatus(SavedStatus{Show: m.presence.Show, Message: m.presence.Status}, lang.T("New Status"))
	})
}

func (m *Messenger) statusesAnswered(a plugin.Answers) {
	switch {
	case ending(a.Action):
		m.statusWindow.Close()
		m.statusWindow = nil
	case a.Action == "add":
		m.askStatus(SavedStatus{Show: im.Available}, lang.T("New Status"))
	case a.Action == "delete":
		m.deleteStatuses(a.Rows)
	case len(a.Rows) == 1:
		s, ok := m.savedStatus(a.Rows[0])
		switch {
		case !ok:
		case a.Action == "use":
			m.useStatus(s)
		case a.Action == "modify":
			m.askStatus(s, lang.F("Status “%s”", s.Title))
		}
	}
}

func (m *Messenger) statusesForm() plugin.Form {
	table := im.Field{ID: "statuses", Kind: im.FieldTable, Columns: []string{lang.T("Name"), lang.T("Status"), lang.T("Message")}, Several: true,
		Hint: lang.T("There is none yet. Add one that you often use."), Open: "use", Actions: []im.RowAction{
			{ID: "use", Label: lang.T("Use"), One: true}, {ID: "modify", Label: lang.T("Modify…"), One: true}, {ID: "delete", Label: lang.T("Delete")}}}
	for _, s := range m.statuses.saved {
		show := s.Show.String()
		if len(s.Accounts) > 0 {
			show = lang.F("%s, different for some accounts", show)
		}
		title := s.Title
		if s.ID == m.statuses.used {
			title = lang.F("%s (in use)", title)
		}
		table.Rows = append(table.Rows, im.Row{ID: s.ID, Cells: []string{title, show, s.Message}, Can: []string{"use", "modify", "delete"}})
	}
	return plugin.Page(lang.T("Saved Statuses"), "", []im.Field{table}, plugin.Button{ID: "add", Label: lang.T("Add…")}, closeButton())
}

func statusChoices() []im.Choice {
	var all []im.Choice
	for _, s := range StatusShows() {
		all = append(all, im.Choice{Value: strconv.Itoa(int(s)), Label: s.String()})
	}
	return all
}

func showOf(value string) im.Show {
	n, _ := strconv.Atoi(value)
	if !slices.Contains(StatusShows(), im.Show(n)) {
		return im.Available
	}
	return im.Show(n)
}

// askStatus asks what a status is to be.
func (m *Messenger) askStatus(s SavedStatus, title string) {
	all := m.sortedAccounts()
	fields := []im.Field{
		{ID: fieldStatusTitle, Kind: im.FieldText, Label: lang.T("Name"), Value: s.Title, Hint: lang.T("To find it again; nobody else sees it")},
		{ID: fieldStatusShow, Kind: im.FieldChoice, Label: lang.T("Status"), Value: strconv.Itoa(int(s.Show)), Choices: statusChoices()},
		{ID: fieldStatusMessage, Kind: im.FieldText, Label: lang.T("Message"), Value: s.Message},
	}
	if len(all) > 1 {
		differs := im.Field{ID: fieldStatusDiffers, Kind: im.FieldSwitch, Label: lang.T("Different for some accounts")}
		if len(s.Accounts) > 0 {
			differs.Value = im.On
		}
		fields = append(fields, differs)
		for i, a := range all {
			own, has := s.Accounts[a.id]
			value := sameStatus
			if has {
				value = strconv.Itoa(int(own.Show))
			}
			n := strconv.Itoa(i)
			fields = append(fields,
				im.Field{ID: fieldStatusShow + n, Kind: im.FieldChoice, Label: cleanName(a.id.Bare()), Value: value, WhenField: fieldStatusDiffers, WhenValue: im.On,
					Choices: append([]im.Choice{{Value: sameStatus, Label: lang.T("As the others")}}, statusChoices()...)},
				im.Field{ID: fieldStatusMessage + n, Kind: im.FieldText, Label: lang.T("Its message"), Value: own.Message, WhenField: fieldStatusDiffers, WhenValue: im.On})
		}
	}
	f := plugin.Page(title, "", fields, cancelButton(), plugin.Button{ID: "save", Label: lang.T("Save")}, plugin.Button{ID: "both", Label: lang.T("Save and Use"), Role: plugin.Default})
	if s.ID == "" {
		f.Buttons = slices.Insert(f.Buttons, 1, plugin.Button{ID: "use", Label: lang.T("Use")})
	}
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(ans plugin.Answers) {
		if ending(ans.Action) {
			d.Close()
			return
		}
		v := ans.Values
		next := SavedStatus{ID: s.ID, Title: v[fieldStatusTitle], Show: showOf(v[fieldStatusShow]), Message: cleanName(v[fieldStatusMessage])}
		for i, a := range all {
			n := strconv.Itoa(i)
			show := v[fieldStatusShow+n]
			if len(all) < 2 || v[fieldStatusDiffers] != im.On || show == sameStatus || show == "" || m.accounts[a.id] == nil {
				continue
			}
			if next.Accounts == nil {
				next.Accounts = map[im.AccountID]AccountStatus{}
			}
			next.Accounts[a.id] = AccountStatus{showOf(show), cleanName(v[fieldStatusMessage+n])}
		}
		if err := m.takeStatus(next, ans.Action); err != nil {
			f.Problem = sentenceOf(err)
			d.Update(f)
			return
		}
		d.Close()
	})
}

// takeStatus keeps a status, uses it, or both. One that differs by account and is not kept
// could not be told from the others: it has to be.
func (m *Messenger) takeStatus(s SavedStatus, action string) error {
	if action == "use" {
		if len(s.Accounts) > 0 {
			return formError(lang.T("A status that is different for some accounts has to be saved. Give it a name."))
		}
		m.statuses.used = ""
		p := m.presence
		p.Show, p.Status = s.Show, s.Message
		m.noteRecent(p)
		m.setPresence(p)
		return nil
	}
	if s.ID == "" {
		s.ID = rand.Text()
	}
	if err := m.saveStatus(s); err != nil {
		return err
	}
	if action == "both" {
		m.useStatus(s)
	}
	return nil
}
