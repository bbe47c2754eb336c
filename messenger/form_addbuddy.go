package messenger

import (
	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// ShowAddBuddy asks whom to put on the list.
func (m *Messenger) ShowAddBuddy() {
	m.inbox.Put(func() { m.showAddBuddy(im.ConvID{}, buddylist.DefaultGroup) })
}

// ShowAddTo asks whom to put into a group.
func (m *Messenger) ShowAddTo(group string) {
	m.inbox.Put(func() { m.showAddBuddy(im.ConvID{}, group) })
}

// ShowAddThis asks whether to put somebody on the list.
func (m *Messenger) ShowAddThis(c im.ConvID) {
	m.inbox.Put(func() { m.showAddBuddy(c, buddylist.DefaultGroup) })
}

func (m *Messenger) showAddBuddy(who im.ConvID, group string) { m.showAddNamed(who, "", group) }

// showAddNamed also fills in what the user may want to call them.
func (m *Messenger) showAddNamed(who im.ConvID, name, group string) {
	fields := append([]im.Field{{ID: "name", Kind: im.FieldText, Label: lang.T("Name"), Value: name, Hint: lang.T("Optional; what you want to call them.")}}, m.groupFields(group)...)
	fields = append(fields, im.Field{ID: "words", Kind: im.FieldText, Label: lang.T("Message to them"), Hint: lang.T("Optional; they read it when they are asked.")})
	m.askPeer(who, lang.T("Add Buddy"), lang.T("They are asked whether you may see when they are online."), labelBuddy(), lang.T("Add"), fields,
		func(c im.ConvID, v map[string]string) error {
			group, err := groupChosen(v)
			if err != nil {
				return err
			}
			b := im.Buddy{Account: c.Account, Bare: c.Peer, Name: cleanName(v["name"])}
			if group != buddylist.DefaultGroup {
				b.Groups = []string{group}
			}
			return m.addBuddy(b, cleanName(v["words"]))
		})
}
