package messenger

import (
	"culver/conversation"
	"culver/im"
	"culver/plugin"
)

const (
	errLookalike  = "Careful: this address has letters of several alphabets, or such that only look like the usual ones. It may be made to look like somebody you know."
	quietStranger = "They are not on your Buddy List. Until you let them in they learn nothing from Culver, not even that you are online."
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
		fields = append(fields, im.Field{ID: "add", Kind: im.FieldSwitch, Label: "Also add them to my Buddy List", Value: im.On})
	}
	buttons := []plugin.Button{{ID: "deny", Label: "Deny"}, {ID: "later", Label: "Later", Role: plugin.Cancel}, {ID: "ok", Label: "Authorise", Role: plugin.Default}}
	f := plugin.Page("Request from "+cleanName(c.Peer), cleanName(c.Peer)+" wants to see when you are online"+m.at(c.Account)+". Say yes only to people you know.", fields, buttons...)
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		var err error
		switch a.Action {
		case "ok":
			if err = m.answerRequest(c, true); err == nil && a.Values["add"] == im.On {
				err = m.addBuddy(im.Buddy{Account: c.Account, Bare: c.Peer})
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

// at says at which account something happened, where there are several.
func (m *Messenger) at(id im.AccountID) string {
	if len(m.accounts) < 2 {
		return ""
	}
	return " at " + cleanName(id.Bare())
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
	at := m.at(k.conv.Account)
	intro := who + " wrote to you" + at + "."
	if k.request {
		intro = who + " wants to see when you are online" + at + ". Say yes only to people you know."
		if len(k.lines) > 0 {
			intro = who + " wrote to you" + at + ", and wants to see when you are online. Say yes only to people you know."
		}
	}
	var fields []im.Field
	if words := k.words(); words != "" {
		label := "“" + words + "”"
		if n := len(k.lines) + k.missed; n > 1 {
			label += " (and " + im.Count(n-1, "more line", "more lines") + ")"
		}
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: label})
	}
	fields = append(fields, im.Field{Kind: im.FieldNote, Label: quietStranger},
		im.Field{ID: "add", Kind: im.FieldSwitch, Label: "Also add them to my Buddy List", Value: im.On})
	buttons := []plugin.Button{{ID: "deny", Label: "Decline"}}
	if m.list.CanBlock(k.conv.Account) {
		buttons = append(buttons, plugin.Button{ID: "block", Label: "Block…"})
	}
	buttons = append(buttons, plugin.Button{ID: "later", Label: "Later", Role: plugin.Cancel}, plugin.Button{ID: "ok", Label: "Accept", Role: plugin.Default})
	f := plugin.Page("Request from "+who, intro, fields, buttons...)
	if conversation.Lookalike(k.conv.Peer) {
		f.Warning = errLookalike
	}
	return f
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
	table := im.Field{ID: "knocks", Kind: im.FieldTable, Columns: []string{"Who", "What they say", "When"}, Several: true, Open: "show",
		Hint: "Nobody waits for you.",
		Actions: []im.RowAction{{ID: "accept", Label: "Accept"}, {ID: "decline", Label: "Decline"}, {ID: "block", Label: "Block…", One: true},
			{ID: "show", One: true}}}
	if len(m.accounts) > 1 {
		table.Columns = append(table.Columns, "Account")
	}
	for _, k := range m.knocks {
		who, what := cleanName(k.conv.Peer), k.words()
		if conversation.Lookalike(k.conv.Peer) {
			who += " (odd letters: take care)"
		}
		n := len(k.lines) + k.missed
		switch {
		case k.request && what == "":
			what = "Wants to see when you are online"
		case k.request:
			what += " (wants to see when you are online)"
		case n > 1:
			what += " (" + im.Count(n, "line", "lines") + ")"
		}
		row := im.Row{ID: convKey(k.conv), Cells: []string{who, what, k.last.Local().Format("2 Jan 15:04")},
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
		{ID: "add", Kind: im.FieldSwitch, Label: "Add whom I accept to my Buddy List", Value: im.On},
		{ID: SettingOnlyBuddies, Kind: im.FieldSwitch, Label: "Nobody outside my Buddy List can write to me", Value: m.settings[SettingOnlyBuddies], Live: true}}
	if m.crowded {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: "More people wanted to reach you than Culver keeps. Decline some to make room."})
	}
	return plugin.Page("People Who Want to Reach You",
		"They are not on your Buddy List. Until you accept them they learn nothing from Culver, not even that you are online. Who is declined is not told, either.",
		fields, closeButton())
}
