package otrplugin

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// keyHistory is the open window that lists the keys of one buddy: when each was
// first and last seen, how it was verified, what was decided about it.
type keyHistory struct {
	dialog  plugin.Dialog
	problem string
}

// The table and what can be done in it; see also the table of all keys.
const (
	fieldKeys = "keys"

	rowAccept = "accept"
	rowRefuse = "refuse"
)

// openKeyHistory shows the keys of the conversation's peer, on top if they are
// shown already.
func (p *Plugin) openKeyHistory(c *chat) {
	if c.history != nil {
		c.history.dialog.Close()
	}
	h := &keyHistory{}
	c.history = h
	h.dialog = p.host.Ask(c.id, p.historyForm(c, h), func(a plugin.Answers) {
		if c.history == h {
			p.historyAnswered(c, h, a)
		}
	})
}

func (c *chat) closeHistory() {
	if c.history != nil {
		c.history.dialog.Close()
		c.history = nil
	}
}

// updateHistory redraws the window where something has changed.
func (p *Plugin) updateHistory(c *chat) {
	if h := c.history; h != nil {
		h.dialog.Update(p.historyForm(c, h))
	}
}

func (p *Plugin) historyAnswered(c *chat, h *keyHistory, a plugin.Answers) {
	h.problem = ""
	switch a.Action {
	case rowVerify, rowAccept, rowRefuse, rowForget:
		for _, row := range a.Rows {
			if k := p.keyOfRow(row); k != nil && k.conv() == c.id && slices.Contains(p.historyCan(k), a.Action) {
				h.problem = p.historyAction(c, k, a.Action)
			}
		}
	default:
		c.closeHistory()
		return
	}
	p.changed()
}

// historyAction does what was chosen; it returns what went wrong, in a sentence.
func (p *Plugin) historyAction(c *chat, k *knownKey, action string) string {
	switch action {
	case rowVerify:
		p.askToVerify(k)
	case rowAccept:
		p.accept(c, k.fingerprint)
	case rowRefuse:
		p.refuse(c, k)
	case rowForget:
		return p.forgetSaying(k)
	}
	return ""
}

// forgetSaying forgets a key, and returns why it was not.
func (p *Plugin) forgetSaying(k *knownKey) string {
	if err := p.forgetKey(k); err != nil {
		return lang.F("The fingerprint was not forgotten: %s", inWords(err))
	}
	if c := p.chats[k.conv()]; c != nil {
		p.settle(c)
	}
	return ""
}

// historyCan says what is possible with a key now.
func (p *Plugin) historyCan(k *knownKey) []string {
	can := []string{rowVerify}
	if !p.acceptable(k.conv(), k.fingerprint) {
		can = append(can, rowAccept)
	}
	if !k.trusted() && !k.Refused {
		can = append(can, rowRefuse)
	}
	if !p.chats[k.conv()].inUse(k.fingerprint) {
		can = append(can, rowForget)
	}
	return can
}

func (p *Plugin) historyForm(c *chat, h *keyHistory) plugin.Form {
	name := p.name(c)
	table := im.Field{
		ID: fieldKeys, Kind: im.FieldTable, Mono: []int{0}, Open: rowVerify,
		Columns: []string{lang.T("Fingerprint"), lang.T("Status"), lang.T("Verified"), lang.T("Your decision"), lang.T("First seen"), lang.T("Last seen")},
		Actions: []im.RowAction{
			{ID: rowVerify, Label: lang.T("Verify fingerprint…")},
			{ID: rowAccept, Label: lang.T("Accept"), Confirm: lang.F("Accept this key without verifying it? If it is not "+
				"that of %s, somebody else reads what you write to it.", name)},
			{ID: rowRefuse, Label: lang.T("Refuse"), Confirm: lang.T("Refuse this key? Nothing you write is sent to it, and a private " +
				"conversation with it ends.")},
			{ID: rowForget, Label: lang.T("Forget fingerprint"), Confirm: forgetMeans()},
		},
	}
	for _, k := range p.known[c.id] {
		table.Rows = append(table.Rows, im.Row{
			ID: k.storeKey(),
			Cells: []string{
				k.fingerprint.String(), p.keyStatus(k).String(), p.verifiedWhen(k), p.decision(k), p.cell(k.First), p.lastSeen(k),
			},
			Keys: []string{"", p.keyStatus(k).sortKey(), sortTime(k.VerifiedAt), "", sortTime(k.First), sortTime(k.Last)},
			Can:  p.historyCan(k),
		})
	}
	fields := []im.Field{table}
	if n := len(p.lost[c.id]); n > 0 {
		fields = append(fields, note(count(n,
			lang.T("Kept here, but damaged: one more key."),
			lang.N(n, "Kept here, but damaged: %d more key.", "Kept here, but damaged: %d more keys.", n))))
	}
	intro := lang.F("Every key that %s has shown. A person may have several: one for each device and program.", name)
	if len(table.Rows) == 0 {
		intro = lang.F("%s has never shown a key. A key is noted when a private conversation begins.", name)
	}
	form := plugin.Page(lang.F("Keys of %s", name), intro, fields, closeButton())
	form.Problem = h.problem
	return form
}

// verifiedWhen says whether a key is verified, when and how.
func (p *Plugin) verifiedWhen(k *knownKey) string {
	switch {
	case k.trusted() && k.VerifiedAt.IsZero():
		return lang.F("Yes (%s)", k.howVerified().cell)
	case k.trusted():
		return lang.F("Yes, %s (%s)", p.cell(k.VerifiedAt), k.howVerified().cell)
	case !k.VerifiedAt.IsZero():
		return lang.T("No (taken back)")
	default:
		return lang.T("No")
	}
}

// decision is what the user said of a key that is not verified.
func (p *Plugin) decision(k *knownKey) string {
	switch {
	case k.Refused && k.RefusedAt.IsZero():
		return statusRefused.String()
	case k.Refused:
		return lang.F("Refused, %s", p.cell(k.RefusedAt))
	case k.trusted():
		return ""
	case k.Unaccepted:
		return lang.T("None yet")
	case k.Accepted && k.AcceptedAt.IsZero():
		return lang.T("Accepted")
	case k.Accepted:
		return lang.F("Accepted, %s", p.cell(k.AcceptedAt))
	case !p.acceptable(k.conv(), k.fingerprint):
		return lang.T("None yet")
	default:
		return lang.T("First key")
	}
}

// lastSeen is when the key was last used, as far as was noted.
func (p *Plugin) lastSeen(k *knownKey) string {
	if k.Last.IsZero() {
		return lang.T("Not yet here")
	}
	return p.cell(k.Last)
}
