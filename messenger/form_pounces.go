package messenger

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields of a pounce; those of what it waits for have the names of these.
const (
	fieldPounceOpen  = "open"
	fieldPounceTell  = "tell"
	fieldPounceSound = "sound"
	fieldPounceSend  = "send"
	fieldPounceSay   = "say"
	fieldPounceAway  = "only.away"
	fieldPounceAgain = "again"
	pounceWhen       = "when."
)

// mostPounceWords is how long what a pounce says may be, in bytes.
const mostPounceWords = 1000

// ShowPounces opens the list of pounces.
func (m *Messenger) ShowPounces() {
	m.inbox.Put(func() {
		if m.pounces.window != nil {
			m.pounces.window.raise()
			return
		}
		m.pounces.window = m.ask(im.ConvID{}, m.pouncesForm(), m.pouncesAnswered)
		m.pounces.window.keepFresh(m.pouncesForm)
	})
}

// ShowPounce asks for a pounce on a buddy.
func (m *Messenger) ShowPounce(c im.ConvID) {
	m.inbox.Put(func() {
		if m.accounts[c.Account] != nil && c.Peer != "" {
			m.askPounce(Pounce{Conv: c, When: []PounceEvent{PounceOn}, Tell: true}, lang.F("New Pounce on %s", m.list.Title(c)))
		}
	})
}

func (m *Messenger) pouncesAnswered(a plugin.Answers) {
	switch {
	case ending(a.Action):
		m.pounces.window.Close()
		m.pounces.window = nil
	case a.Action == "add":
		m.askPounced()
	case a.Action == "delete":
		m.deletePounces(func(p Pounce) bool { return slices.Contains(a.Rows, p.ID) })
	case a.Action == "modify" && len(a.Rows) == 1:
		if i := slices.IndexFunc(m.pounces.all, func(p Pounce) bool { return p.ID == a.Rows[0] }); i >= 0 {
			m.askPounce(m.pounces.all[i], lang.F("Pounce on %s", m.list.Title(m.pounces.all[i].Conv)))
		}
	}
}

// askPounced asks for whom a new pounce is to wait.
func (m *Messenger) askPounced() {
	const choose = "choose"
	table := im.Field{ID: "buddies", Kind: im.FieldTable, Columns: []string{lang.T("Buddy"), lang.T("Address"), lang.T("Account")},
		Hint: lang.T("There are no buddies yet."), Open: choose, Actions: []im.RowAction{{ID: choose, Label: lang.T("Choose…"), One: true}}}
	of := map[string]im.ConvID{}
	for _, a := range m.sortedAccounts() {
		buddies := m.list.Buddies(a.id)
		slices.SortFunc(buddies, func(b, c im.Buddy) int {
			return cmp.Or(strings.Compare(strings.ToLower(b.Title()), strings.ToLower(c.Title())), strings.Compare(b.Bare, c.Bare))
		})
		for _, b := range buddies {
			id := string(a.id) + "\n" + b.Bare
			of[id] = b.Conv()
			table.Rows = append(table.Rows, im.Row{ID: id, Cells: []string{b.Title(), b.Bare, a.id.Bare()}, Can: []string{choose}})
		}
	}
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page(lang.T("Buddy Pounce"), lang.T("Which buddy is it to wait for?"), []im.Field{table}, cancelButton()), func(a plugin.Answers) {
		d.Close()
		if a.Action == choose && len(a.Rows) == 1 {
			m.ShowPounce(of[a.Rows[0]])
		}
	})
}

func (m *Messenger) pouncesForm() plugin.Form {
	table := im.Field{ID: "pounces", Kind: im.FieldTable, Columns: []string{lang.T("Buddy"), lang.T("When"), lang.T("What happens")}, Several: true,
		Hint: lang.T("There is none yet. A pounce waits for a buddy to come online, for instance, and tells you."), Open: "modify", Actions: []im.RowAction{
			{ID: "modify", Label: lang.T("Modify…"), One: true}, {ID: "delete", Label: lang.T("Delete")}}}
	for _, p := range m.pounces.all {
		table.Rows = append(table.Rows, im.Row{ID: p.ID, Cells: []string{m.list.Title(p.Conv), p.whenWords(), p.whatWords()}, Can: []string{"modify", "delete"}})
	}
	return plugin.Page(lang.T("Buddy Pounces"), "", []im.Field{table}, plugin.Button{ID: "add", Label: lang.T("Add…")}, closeButton())
}

// whenWords is what it waits for, in a list.
func (p Pounce) whenWords() string {
	var words []string
	for _, e := range p.When {
		words = append(words, e.String())
	}
	return strings.Join(words, ", ")
}

// whatWords is what happens, in a list.
func (p Pounce) whatWords() string {
	var words []string
	for _, w := range []struct {
		is    bool
		words string
	}{
		{p.Open, lang.T("Open a conversation")}, {p.Tell, lang.T("Tell me")}, {p.Sound, lang.T("Play a sound")},
		{p.Say != "", lang.T("Send a message")}, {p.Again, lang.T("Each time")},
	} {
		if w.is {
			words = append(words, w.words)
		}
	}
	return strings.Join(words, ", ")
}

// pounceFields are those of the form.
func (p Pounce) fields() []im.Field {
	on := func(is bool) string {
		if is {
			return im.On
		}
		return ""
	}
	heading := func(words string) im.Field { return im.Field{Kind: im.FieldNote, Label: words} }
	fields := []im.Field{heading(lang.T("When this buddy"))}
	for _, e := range PounceEvents {
		fields = append(fields, im.Field{ID: pounceWhen + string(e), Kind: im.FieldSwitch, Label: e.String(), Value: on(slices.Contains(p.When, e))})
	}
	return append(fields, heading(lang.T("Then")),
		im.Field{ID: fieldPounceTell, Kind: im.FieldSwitch, Label: lang.T("Tell me"), Value: on(p.Tell)},
		im.Field{ID: fieldPounceOpen, Kind: im.FieldSwitch, Label: lang.T("Open a conversation"), Value: on(p.Open)},
		im.Field{ID: fieldPounceSound, Kind: im.FieldSwitch, Label: lang.T("Play a sound"), Value: on(p.Sound)},
		im.Field{ID: fieldPounceSend, Kind: im.FieldSwitch, Label: lang.T("Send a message"), Value: on(p.Say != "")},
		im.Field{ID: fieldPounceSay, Kind: im.FieldText, Label: lang.T("Message"), Value: p.Say, WhenField: fieldPounceSend, WhenValue: im.On,
			Hint: lang.T("It leaves as if you sent it then: in private where the conversation is private.")},
		heading(lang.T("Conditions")),
		im.Field{ID: fieldPounceAway, Kind: im.FieldSwitch, Label: lang.T("Only while I am not available"), Value: on(p.Away)},
		im.Field{ID: fieldPounceAgain, Kind: im.FieldSwitch, Label: lang.T("Each time, not only once"), Value: on(p.Again)})
}

// askPounce asks what a pounce is to be.
func (m *Messenger) askPounce(p Pounce, title string) {
	f := plugin.Page(title, "", p.fields(), cancelButton(), plugin.Button{ID: "save", Label: lang.T("Save"), Role: plugin.Default})
	m.askAbout(p.Conv, f, func(v map[string]string) error {
		is := func(field string) bool { return v[field] == im.On }
		next := Pounce{ID: p.ID, Conv: p.Conv, Open: is(fieldPounceOpen), Tell: is(fieldPounceTell), Sound: is(fieldPounceSound), Away: is(fieldPounceAway), Again: is(fieldPounceAgain)}
		for _, e := range PounceEvents {
			if is(pounceWhen + string(e)) {
				next.When = append(next.When, e)
			}
		}
		if is(fieldPounceSend) {
			next.Say = strings.TrimSpace(v[fieldPounceSay])
			switch {
			case next.Say == "":
				return formError(lang.T("Type the message that is to be sent."))
			case len(next.Say) > mostPounceWords:
				return formError(lang.T("The message is too long."))
			}
		}
		if next.ID == "" {
			next.ID = rand.Text()
		}
		return m.savePounce(next)
	})
}
