package messenger

import (
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowRequest asks whether somebody may see when we are online, or whether to let a
// stranger in.
func (m *Messenger) ShowRequest(c im.ConvID) {
	m.inbox.Put(func() {
		switch k := m.knocking(c); {
		case k != nil:
			m.showKnock(k)
		case m.list.Asking(c):
			m.showRequest(c)
		}
	})
}

// showRequest is that of somebody whom the user knows.
func (m *Messenger) showRequest(c im.ConvID) {
	_, listed := m.list.Buddy(c)
	fields := []im.Field{}
	if !listed {
		fields = append(fields, im.Field{ID: "add", Kind: im.FieldSwitch, Label: lang.T("Also add them to my Buddy List"), Value: im.On})
	}
	buttons := []plugin.Button{{ID: "deny", Label: lang.T("Deny")}, {ID: "later", Label: lang.T("Later"), Role: plugin.Cancel}, {ID: "ok", Label: lang.T("Authorise"), Role: plugin.Default}}
	f := plugin.Page(lang.F("Request from %s", cleanName(c.Peer)), m.wantsToSee(c), fields, buttons...)
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		var err error
		switch a.Action {
		case "ok":
			if err = m.answerRequest(c, true); err == nil && a.Values["add"] == im.On {
				err = m.addBuddy(im.Buddy{Account: c.Account, Bare: c.Peer}, "")
			}
		case "deny":
			err = m.answerRequest(c, false)
		}
		if err != nil {
			d.Update(withProblem(f, sentenceOf(err)))
			return
		}
		d.Close()
	})
}

// wantsToSee says that somebody asks to see when the user is online: at which account, where
// there are several.
func (m *Messenger) wantsToSee(c im.ConvID) string {
	if len(m.accounts) < 2 {
		return lang.F("%s wants to see when you are online. Say yes only to people you know.", cleanName(c.Peer))
	}
	return lang.F("%s wants to see when you are online at %s. Say yes only to people you know.", cleanName(c.Peer), cleanName(c.Account.Bare()))
}

// showKnock asks whether to let one stranger in.
func (m *Messenger) showKnock(k *knock) {
	form := func() plugin.Form { return m.knockForm(k) }
	var d *dialog
	d = m.ask(im.ConvID{}, form(), func(a plugin.Answers) {
		switch a.Action {
		case "ok":
			if err := m.accept(k.conv, a.Values["add"] == im.On); err != nil {
				d.Update(withProblem(form(), sentenceOf(err)))
				return
			}
		case "deny":
			m.decline(k.conv)
		case "block":
			m.showBlock(k.conv)
		}
		d.Close()
	})
}

func (m *Messenger) knockForm(k *knock) plugin.Form {
	who := cleanName(k.conv.Peer)
	var fields []im.Field
	if words := k.words(); words != "" {
		label := lang.F("“%s”", words)
		if more := len(k.lines) + k.missed - 1; more > 0 {
			label = lang.N(more, "“%s” (and %s more line)", "“%s” (and %s more lines)", words, im.Number(more))
		}
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: label})
	}
	fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("They are not on your Buddy List. Until you let them in they learn nothing from Culver, not even that you are online.")},
		im.Field{ID: "add", Kind: im.FieldSwitch, Label: lang.T("Also add them to my Buddy List"), Value: im.On})
	buttons := []plugin.Button{{ID: "deny", Label: lang.T("Decline")}}
	if m.list.CanBlock(k.conv.Account) {
		buttons = append(buttons, plugin.Button{ID: "block", Label: lang.T("Block…")})
	}
	buttons = append(buttons, plugin.Button{ID: "later", Label: lang.T("Later"), Role: plugin.Cancel}, plugin.Button{ID: "ok", Label: lang.T("Accept"), Role: plugin.Default})
	f := plugin.Page(lang.F("Request from %s", who), m.knockIntro(k), fields, buttons...)
	if conversation.Lookalike(k.conv.Peer) {
		f.Warning = lang.T("Careful: this address has letters of several alphabets, or such that only look like the usual ones. It may be made to look like somebody you know.")
	}
	return f
}

// knockIntro says what somebody did to reach the user: at which account, where there are
// several.
func (m *Messenger) knockIntro(k *knock) string {
	who, account, one := cleanName(k.conv.Peer), cleanName(k.conv.Account.Bare()), len(m.accounts) < 2
	switch {
	case k.request && len(k.lines) == 0:
		return m.wantsToSee(k.conv)
	case k.request && one:
		return lang.F("%s wrote to you, and wants to see when you are online. Say yes only to people you know.", who)
	case k.request:
		return lang.F("%s wrote to you at %s, and wants to see when you are online. Say yes only to people you know.", who, account)
	case one:
		return lang.F("%s wrote to you.", who)
	default:
		return lang.F("%s wrote to you at %s.", who, account)
	}
}

// ShowKnocks opens the list of strangers who want to reach the user.
func (m *Messenger) ShowKnocks() {
	m.inbox.Put(func() {
		if m.knockList != nil {
			m.knockList.raise()
			return
		}
		problem := ""
		var d *dialog
		form := func() plugin.Form { return withProblem(m.knocksForm(), problem) }
		d = m.ask(im.ConvID{}, form(), func(a plugin.Answers) {
			problem = ""
			if ending(a.Action) {
				m.knockList = nil
				d.Close()
				return
			}
			if a.Action == SettingOnlyBuddies {
				m.setSetting(SettingOnlyBuddies, a.Values[SettingOnlyBuddies])
				return
			}
			for _, row := range a.Rows {
				k := m.knockOf(row)
				if k == nil {
					continue
				}
				switch a.Action {
				case "show":
					m.showKnock(k)
				case "accept":
					if err := m.accept(k.conv, a.Values["add"] == im.On); err != nil {
						problem = sentenceOf(err)
					}
				case "decline":
					m.decline(k.conv)
				case "block":
					m.showBlock(k.conv)
				}
			}
			if problem != "" {
				d.Update(form())
			}
		})
		m.knockList = d
		d.keepFresh(form)
	})
}

func (m *Messenger) knockOf(row string) *knock {
	for _, k := range m.knocks {
		if convKey(k.conv) == row {
			return k
		}
	}
	return nil
}

func (m *Messenger) knocksForm() plugin.Form {
	table := im.Field{ID: "knocks", Kind: im.FieldTable, Columns: []string{lang.T("Who"), lang.T("What they say"), lang.T("When")}, Several: true, Open: "show",
		Hint: lang.T("Nobody waits for you."),
		Actions: []im.RowAction{{ID: "accept", Label: lang.T("Accept")}, {ID: "decline", Label: lang.T("Decline")}, {ID: "block", Label: lang.T("Block…"), One: true},
			{ID: "show", One: true}}}
	if len(m.accounts) > 1 {
		table.Columns = append(table.Columns, lang.T("Account"))
	}
	for _, k := range m.knocks {
		who, what := cleanName(k.conv.Peer), k.words()
		if conversation.Lookalike(k.conv.Peer) {
			who = lang.F("%s (odd letters: take care)", who)
		}
		n := len(k.lines) + k.missed
		switch {
		case k.request && what == "":
			what = lang.T("Wants to see when you are online")
		case k.request:
			what = lang.F("%s (wants to see when you are online)", what)
		case n > 1:
			what = lang.N(n, "%s (%s line)", "%s (%s lines)", what, im.Number(n))
		}
		when := im.DayOfMonth(k.last.Local()) + " " + k.last.Local().Format("15:04")
		row := im.Row{ID: convKey(k.conv), Cells: []string{who, what, when},
			Keys: []string{"", "", k.last.UTC().Format("20060102150405")}, Can: []string{"accept", "decline", "show"}}
		if m.list.CanBlock(k.conv.Account) {
			row.Can = append(row.Can, "block")
		}
		if len(m.accounts) > 1 {
			row.Cells = append(row.Cells, cleanName(k.conv.Account.Bare()))
			row.Keys = append(row.Keys, "")
		}
		table.Rows = append(table.Rows, row)
	}
	fields := []im.Field{table,
		{ID: "add", Kind: im.FieldSwitch, Label: lang.T("Add whom I accept to my Buddy List"), Value: im.On},
		{ID: SettingOnlyBuddies, Kind: im.FieldSwitch, Label: lang.T("Nobody outside my Buddy List can write to me"), Value: m.settings[SettingOnlyBuddies], Live: true}}
	if m.crowded {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("More people wanted to reach you than Culver keeps. Decline some to make room.")})
	}
	return plugin.Page(lang.T("People Who Want to Reach You"),
		lang.T("They are not on your Buddy List. Until you accept them they learn nothing from Culver, not even that you are online. Who is declined is not told, either."),
		fields, closeButton())
}
