package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// The choices when somebody is blocked.
const (
	blockOne    = "one"
	blockServer = "server"
	reportSpam  = "spam"
	reportAbuse = "abuse"
)

// ShowBlock asks whether to block somebody, or to unblock them.
func (m *Messenger) ShowBlock(c im.ConvID) {
	m.inbox.Put(func() {
		if m.accounts[c.Account] == nil || c.Peer == "" {
			return
		}
		if address := m.list.BlockedAs(c); address != "" {
			m.showUnblock(c, address)
			return
		}
		m.showBlock(c)
	})
}

func (m *Messenger) showBlock(c im.ConvID) {
	who := cleanName(c.Peer)
	_, server, _ := strings.Cut(c.Peer, "@")
	_, own, _ := strings.Cut(c.Account.Bare(), "@")
	var fields []im.Field
	if server != "" && server != own {
		fields = append(fields, im.Field{ID: "whom", Kind: im.FieldChoice, Label: lang.T("Block"), Value: blockOne, Choices: []im.Choice{
			{Value: blockOne, Label: lang.F("Only %s", who)}, {Value: blockServer, Label: lang.F("Everybody at %s", cleanName(server))}}})
	}
	if a := m.accounts[c.Account]; a != nil && a.reports {
		fields = append(fields, im.Field{ID: "report", Kind: im.FieldChoice, Label: lang.T("Tell the server's operators"), Choices: []im.Choice{
			{Label: lang.T("Nothing")}, {Value: reportSpam, Label: lang.T("That they send spam")}, {Value: reportAbuse, Label: lang.T("That they abuse or harass")}}})
	}
	f := plugin.Page(lang.F("Block %s", who), lang.F("Nothing that %s sends reaches you any more, and they do not see when you are online. They are not told. You can unblock them at any time.", who),
		fields, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Block"), Role: plugin.Danger})
	m.askAbout(c, f, func(v map[string]string) error {
		b, err := m.blocker(c.Account)
		if err != nil {
			return err
		}
		address, report := c.Peer, protocol.NoReport
		if v["whom"] == blockServer {
			address = server
		}
		switch v["report"] {
		case reportSpam:
			report = protocol.Spam
		case reportAbuse:
			report = protocol.Abuse
		}
		return b.Block(report, address)
	})
}

func (m *Messenger) showUnblock(c im.ConvID, address string) {
	intro := lang.T("They can write to you again.")
	if address != c.Peer {
		intro = lang.F("You have blocked everybody at %s. All of them can write to you again.", cleanName(address))
	}
	f := plugin.Page(lang.F("Unblock %s", cleanName(address)), intro, nil, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Unblock"), Role: plugin.Default})
	m.askAbout(c, f, func(map[string]string) error {
		b, err := m.blocker(c.Account)
		if err != nil {
			return err
		}
		return b.Unblock(address)
	})
}

// ShowBlocked opens the list of people who cannot reach the user.
func (m *Messenger) ShowBlocked() {
	m.inbox.Put(func() {
		if m.blockedList != nil {
			m.blockedList.raise()
			return
		}
		var d *dialog
		d = m.ask(im.ConvID{}, m.blockedForm(), func(a plugin.Answers) {
			switch {
			case ending(a.Action):
				d.Close()
				m.blockedList = nil
			case a.Action == "add":
				m.askWhomToBlock()
			case a.Action == "unblock":
				m.unblock(a.Rows)
			}
		})
		m.blockedList = d
		d.keepFresh(m.blockedForm)
	})
}

// unblock takes rows of the list off it.
func (m *Messenger) unblock(rows []string) {
	for _, a := range m.sortedAccounts() {
		var addresses []string
		for _, row := range rows {
			if account, address, ok := strings.Cut(row, " "); ok && account == string(a.id) {
				addresses = append(addresses, address)
			}
		}
		if len(addresses) == 0 {
			continue
		}
		b, err := m.blocker(a.id)
		if err == nil {
			err = b.Unblock(addresses...)
		}
		if err != nil {
			m.trouble(sentenceOf(err), nil)
		}
	}
}

func (m *Messenger) blockedForm() plugin.Form {
	table := im.Field{ID: "blocked", Kind: im.FieldTable, Columns: []string{lang.T("Blocked")}, Several: true, Hint: lang.T("Nobody is blocked."),
		Actions: []im.RowAction{{ID: "unblock", Label: lang.T("Unblock")}}}
	able := 0
	var without []string
	for _, a := range m.onlineAccounts() {
		if !m.list.CanBlock(a.id) {
			without = append(without, a.id.Bare())
			continue
		}
		able++
		for _, address := range m.list.Blocked(a.id) {
			what := cleanName(address)
			if !strings.Contains(address, "@") {
				what = lang.F("Everybody at %s", what)
			}
			table.Rows = append(table.Rows, im.Row{ID: string(a.id) + " " + address, Cells: []string{what, cleanName(a.id.Bare())}, Can: []string{"unblock"}})
		}
	}
	if len(m.accounts) > 1 {
		table.Columns = append(table.Columns, lang.T("Account"))
	} else {
		for i := range table.Rows {
			table.Rows[i].Cells = table.Rows[i].Cells[:1]
		}
	}
	if able == 0 && len(without) == 0 {
		table.Hint = nobodyOnline()
	}
	fields := []im.Field{table}
	if len(without) > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.F("The server of %s cannot block anybody.", listed(without))})
	}
	return plugin.Page(lang.T("Blocked People"), lang.T("Nothing that they send reaches you, on any of your devices, and they do not see when you are online."), fields,
		plugin.Button{ID: "add", Label: lang.T("Block…"), Off: able == 0}, closeButton())
}

// askWhomToBlock asks for an address, or for a server.
func (m *Messenger) askWhomToBlock() {
	m.askPeer(im.ConvID{}, lang.T("Block"), lang.T("The address of somebody, or the name of a server to block everybody there."), lang.T("Address"), lang.T("Block…"), nil, func(c im.ConvID, _ map[string]string) error {
		if _, err := m.blocker(c.Account); err != nil {
			return err
		}
		if m.list.BlockedAs(c) != "" {
			return formError(lang.T("They are blocked already."))
		}
		m.showBlock(c)
		return nil
	})
}
