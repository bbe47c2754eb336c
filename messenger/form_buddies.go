package messenger

import (
	"slices"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

func labelBuddy() string { return lang.T("Buddy's address") }

func nobodyOnline() string {
	return lang.T("Connect an account first: nobody can be reached while you are offline.")
}

// choiceOfAccount is the field that asks which account to use: nothing to choose
// is nothing to ask.
func (m *Messenger) choiceOfAccount() (field im.Field, ok bool) {
	return choiceOf(m.onlineAccounts())
}

// choiceOfRoomAccount is the same for what is about rooms; without a choice, it says why.
func (m *Messenger) choiceOfRoomAccount() (field im.Field, why string) {
	online := m.onlineAccounts()
	field, ok := choiceOf(slices.DeleteFunc(slices.Clone(online), func(a *account) bool {
		_, err := m.roomService(a.id)
		return err != nil
	}))
	switch {
	case ok:
		return field, ""
	case len(online) > 0:
		return field, lang.F("There are no rooms on the network of %s. Add an account that has them.", online[0].id.Bare())
	default:
		return field, nobodyOnline()
	}
}

func choiceOf(list []*account) (field im.Field, ok bool) {
	if len(list) == 0 {
		return im.Field{}, false
	}
	field = im.Field{ID: "account", Kind: im.FieldChoice, Label: lang.T("Account"), Value: string(list[0].id), Off: len(list) == 1}
	for _, a := range list {
		field.Choices = append(field.Choices, im.Choice{Value: string(a.id), Label: a.link.State().Account.Title()})
	}
	return field, true
}

// sayAccountNeeded says why nothing can be done with the accounts there are, and leads to them.
func (m *Messenger) sayAccountNeeded(title, why string) {
	const manage = "accounts"
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page(title, why, nil, plugin.Button{ID: manage, Label: lang.T("Manage Accounts…")},
		plugin.Button{ID: "ok", Label: lang.T("OK"), Role: plugin.Default}), func(a plugin.Answers) {
		d.Close()
		if a.Action == manage {
			m.ShowAccounts()
		}
	})
}

// typedPeer reads who a form names.
func (m *Messenger) typedPeer(v map[string]string) (im.ConvID, error) {
	a, ok := m.accounts[im.AccountID(v["account"])]
	if !ok {
		return im.ConvID{}, formError(nobodyOnline())
	}
	typed := strings.TrimSpace(v["address"])
	if typed == "" {
		return im.ConvID{}, formError("Enter the address of your buddy.")
	}
	bare, err := a.network.NormalizePeer(typed)
	if err != nil {
		return im.ConvID{}, err
	}
	if bare == a.id.Bare() {
		return im.ConvID{}, formError("That is your own address.")
	}
	return im.ConvID{Account: a.id, Peer: bare}, nil
}

// askPeer opens a form that names somebody, who is filled in unless zero; act says what is
// wrong, or does it.
func (m *Messenger) askPeer(who im.ConvID, title, intro, label, button string, more []im.Field, act func(im.ConvID, map[string]string) error) {
	account, ok := m.choiceOfAccount()
	if !ok {
		m.sayAccountNeeded(title, nobodyOnline())
		return
	}
	fields := append([]im.Field{account, {ID: "address", Kind: im.FieldText, Label: label, Value: who.Peer, Hint: lang.T("For instance bob@example.net")}}, more...)
	if who.Account != "" {
		fields[0].Value = string(who.Account)
	}
	f := plugin.Page(title, intro, fields, cancelButton(), plugin.Button{ID: "ok", Label: button, Role: plugin.Default})
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		if ending(a.Action) {
			d.Close()
			return
		}
		c, err := m.typedPeer(a.Values)
		if err == nil {
			err = act(c, a.Values)
		}
		if err != nil {
			d.Update(withProblem(f, sentenceOf(err)))
			return
		}
		d.Close()
	})
}

// ShowNewMessage asks whom to write to.
func (m *Messenger) ShowNewMessage() {
	m.inbox.Put(func() {
		m.askPeer(im.ConvID{}, lang.T("New Instant Message"), "", labelBuddy(), lang.T("Open"), nil, func(c im.ConvID, _ map[string]string) error {
			m.open(c, true)
			return nil
		})
	})
}

// ShowRenameBuddy asks what to call a buddy, and in which group they stand.
func (m *Messenger) ShowRenameBuddy(c im.ConvID) {
	m.inbox.Put(func() {
		b, ok := m.list.Buddy(c)
		if !ok {
			return
		}
		group := buddylist.GroupName(buddylist.DefaultGroup, false)
		if len(b.Groups) > 0 {
			group = strings.Join(b.Groups, ", ")
		}
		f := plugin.Page(lang.F("Name of %s", b.Bare), "", []im.Field{
			{ID: "name", Kind: im.FieldText, Label: lang.T("Name"), Value: b.Name, Hint: lang.T("Only you see it.")},
			{ID: "group", Kind: im.FieldText, Label: lang.T("Group"), Value: group},
		}, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Save"), Role: plugin.Default})
		m.askAbout(c, f, func(v map[string]string) error {
			b.Name, b.Groups = cleanName(v["name"]), groupsOf(v["group"])
			r, err := m.roster(c.Account)
			if err != nil {
				return err
			}
			return r.SetBuddy(b)
		})
	})
}

// ShowRemoveBuddy asks whether to take a buddy off the list.
func (m *Messenger) ShowRemoveBuddy(c im.ConvID) {
	m.inbox.Put(func() {
		b, ok := m.list.Buddy(c)
		if !ok {
			return
		}
		f := plugin.Page(lang.F("Remove %s", b.Title()),
			lang.F("Take %s (%s) off your Buddy List? You will no longer see each other online. What you wrote stays in the history.", b.Title(), b.Bare),
			nil, cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Remove"), Role: plugin.Danger})
		m.askAbout(c, f, func(map[string]string) error {
			r, err := m.roster(c.Account)
			if err != nil {
				return err
			}
			m.unlist(c)
			return r.RemoveBuddy(c.Peer)
		})
	})
}

// askAbout opens a form about a buddy whose "ok" button acts.
func (m *Messenger) askAbout(c im.ConvID, f plugin.Form, act func(map[string]string) error) {
	var d *dialog
	d = m.ask(c, f, func(a plugin.Answers) {
		if !ending(a.Action) {
			if err := act(a.Values); err != nil {
				d.Update(withProblem(f, sentenceOf(err)))
				return
			}
		}
		d.Close()
	})
}

// groupsOf reads the groups that a user typed, with commas between.
func groupsOf(typed string) []string {
	var out []string
	for g := range strings.SplitSeq(typed, ",") {
		if g = cleanName(g); g != "" && g != buddylist.DefaultGroup && g != buddylist.GroupName(buddylist.DefaultGroup, false) {
			out = append(out, g)
		}
	}
	return out
}
