package otrplugin

import (
	"cmp"
	"slices"
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The table of all known fingerprints, and what can be done with its rows.
const (
	fieldFingerprints = "fingerprints"
	fieldExportAll    = "exportknown"
	fieldImportKnown  = "importknown"

	rowVerify  = "verify"
	rowHistory = "history"
	rowForget  = "forget"
	rowExport  = "exportrow"
)

// forgetMeans says what the user is about to lose.
func forgetMeans() string {
	return lang.T("Forget the chosen fingerprints? Verified ones must be verified again. If none is left for a buddy, Culver " +
		"accepts the next key without asking.")
}

// fingerprintsTab is the page Known fingerprints of the settings.
func (p *Plugin) fingerprintsTab() []im.Field {
	fields := []im.Field{p.fingerprintTable()}
	if len(p.known) == 0 {
		fields = append(fields, note(lang.T("No keys are known yet. The key of a buddy is noted when a private conversation begins.")))
	}
	return append(fields,
		im.Field{ID: fieldExportAll, Kind: im.FieldButton, Label: lang.T("Export all…"), Off: len(p.known) == 0},
		im.Field{ID: fieldImportKnown, Kind: im.FieldButton, Label: lang.T("Import…")},
	)
}

// fingerprintTable lists the keys of all buddies.
func (p *Plugin) fingerprintTable() im.Field {
	table := im.Field{
		ID: fieldFingerprints, Kind: im.FieldTable, Several: true, Mono: []int{3}, Open: rowVerify,
		Columns: []string{lang.T("Screenname"), lang.T("Status"), lang.T("Verified"), lang.T("Fingerprint"), lang.T("Account"), lang.T("Last seen")},
		Actions: []im.RowAction{
			{ID: actionStart, Label: lang.T("Start private connection")},
			{ID: actionEnd, Label: lang.T("End private connection")},
			{ID: rowVerify, Label: lang.T("Verify fingerprint…"), One: true},
			{ID: rowHistory, Label: lang.T("History…"), One: true},
			{ID: rowForget, Label: lang.T("Forget fingerprint"), Confirm: forgetMeans()},
			{ID: rowExport, Label: lang.T("Export…")},
		},
	}
	for _, k := range p.allKnown() {
		verified := lang.T("No")
		if k.trusted() {
			verified = lang.F("Yes (%s)", k.howVerified().cell)
		}
		table.Rows = append(table.Rows, im.Row{
			ID: k.storeKey(),
			Cells: []string{
				k.Peer, p.keyStatus(k).String(), verified, k.fingerprint.String(), k.Account.Bare(), p.lastSeen(k),
			},
			Keys: []string{"", p.keyStatus(k).sortKey(), "", "", "", sortTime(k.Last)},
			Can:  p.rowCan(k),
		})
	}
	return table
}

// fingerprintsAnswered is what the user did on the page. It returns what went
// wrong, and whether it was done there at all.
func (p *Plugin) fingerprintsAnswered(w *configWindow, a plugin.Answers) (trouble string, here bool) {
	switch a.Action {
	case fieldExportAll:
		p.askToExport(w, p.allKnown())
	case fieldImportKnown:
		p.askToImport(w)
	case actionStart, actionEnd, rowVerify, rowHistory, rowForget, rowExport:
		var chosen []*knownKey
		for _, row := range a.Rows {
			if k := p.keyOfRow(row); k != nil && slices.Contains(p.rowCan(k), a.Action) {
				chosen = append(chosen, k)
			}
		}
		return p.rowsAction(w, chosen, a.Action), true
	default:
		return "", false
	}
	return "", true
}

func (p *Plugin) rowsAction(w *configWindow, chosen []*knownKey, action string) (trouble string) {
	if action == rowExport {
		p.askToExport(w, chosen)
		return ""
	}
	for _, k := range chosen {
		if !slices.Contains(p.rowCan(k), action) {
			continue // of two keys of one buddy, the first may have done it
		}
		switch action {
		case actionStart:
			p.start(p.chat(k.conv()))
		case actionEnd:
			p.end(p.chat(k.conv()))
		case rowVerify:
			p.askToVerify(k)
		case rowHistory:
			p.openKeyHistory(p.chat(k.conv()))
		case rowForget:
			trouble = cmp.Or(p.forgetSaying(k), trouble)
		}
	}
	return trouble
}

// allKnown are the known keys, by buddy, account and age.
func (p *Plugin) allKnown() []*knownKey {
	var all []*knownKey
	for _, keys := range p.known {
		all = append(all, keys...)
	}
	slices.SortFunc(all, func(a, b *knownKey) int {
		return cmp.Or(cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.Account, b.Account),
			a.First.Compare(b.First), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return all
}

func (p *Plugin) keyOfRow(id string) *knownKey {
	conv, ok := peerOfRow(id)
	if !ok {
		return nil
	}
	for _, k := range p.known[conv] {
		if k.storeKey() == id {
			return k
		}
	}
	return nil
}

// inUse reports that the key belongs to the conversation that is private now,
// on whichever of the peer's devices.
func (c *chat) inUse(f otr.Fingerprint) bool {
	return c != nil && c.session != nil && slices.ContainsFunc(c.session.Instances(), func(i otr.Instance) bool {
		return i.State == otr.Encrypted && i.Fingerprint == f
	})
}

// keyStatus is what a key is used for now, the best first: it is sorted by that.
type keyStatus int

const (
	statusVerified keyStatus = iota
	statusPrivate
	statusEnded
	statusOpen
	statusUnused
	statusRefused
)

// String says it as the level of a conversation does, if there is one.
func (s keyStatus) String() string {
	switch s {
	case statusVerified:
		return im.Verified.String()
	case statusPrivate:
		return im.Private.String()
	case statusEnded:
		return im.Ended.String()
	case statusOpen:
		return im.Open.String()
	case statusRefused:
		return lang.T("Refused")
	default:
		return lang.T("Unused")
	}
}

// sortKey is what a table sorts it by.
func (s keyStatus) sortKey() string { return strconv.Itoa(int(s)) }

// keyStatus is what a key is used for now.
func (p *Plugin) keyStatus(k *knownKey) keyStatus {
	c := p.chats[k.conv()]
	switch {
	case k.Refused:
		return statusRefused
	case c.inUse(k.fingerprint) && k.trusted():
		return statusVerified
	case c.inUse(k.fingerprint):
		return statusPrivate
	case c == nil || c.used != k.fingerprint:
		return statusUnused
	case c.state() == otr.Finished:
		return statusEnded
	case c.state() == otr.Plaintext:
		return statusOpen
	default:
		return statusUnused
	}
}

// rowCan says what is possible with a key now.
func (p *Plugin) rowCan(k *knownKey) []string {
	c := p.chats[k.conv()]
	online, _ := p.host.Online(k.conv())
	finished := c != nil && c.state() == otr.Finished
	var can []string
	if online && (c == nil || c.state() != otr.Encrypted) && p.policyOf(k.conv()) != otr.Never {
		can = append(can, actionStart)
	}
	if online && (c.inUse(k.fingerprint) || finished) {
		can = append(can, actionEnd)
	}
	can = append(can, rowVerify, rowHistory)
	if !c.inUse(k.fingerprint) {
		can = append(can, rowForget)
	}
	return append(can, rowExport)
}

// askToVerify shows both fingerprints and asks what the user says of the peer's.
func (p *Plugin) askToVerify(k *knownKey) {
	row := k.storeKey()
	if d := p.verifying[row]; d != nil {
		d.Close()
	}
	c := p.chat(k.conv())
	name := p.name(c)
	draw := func(k *knownKey, m match) plugin.Form {
		form := plugin.Page(lang.F("Verify fingerprint of %s", name), p.howToCompare(c), p.fingerprintFields(c, k.fingerprint, m),
			cancelButton(), plugin.Button{ID: buttonOK, Label: lang.T("Save"), Role: plugin.Default})
		form.Problem = m.warning()
		return form
	}
	form := draw(k, match{})
	p.verifying[row] = p.host.Ask(im.ConvID{}, form, func(a plugin.Answers) {
		d := p.verifying[row]
		k := p.keyOfRow(row)
		if k != nil && a.Action == fieldGiven {
			form = draw(k, p.compared(c.id, k.fingerprint, a.Values[fieldGiven]))
			d.Update(form)
			return
		}
		verified, decided := false, k != nil && a.Action == buttonOK
		if decided {
			if verified, form.Problem = p.saysOfKey(c, k.fingerprint, a.Values); form.Problem != "" {
				d.Update(form)
				return
			}
		}
		d.Close()
		delete(p.verifying, row)
		if decided {
			p.verify(c, k, verified)
		}
	})
}

func (p *Plugin) closeVerifying() {
	for row, d := range p.verifying {
		d.Close()
		delete(p.verifying, row)
	}
}
