package otrplugin

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// knownImport takes known fingerprints from a file of Pidgin's, or of another
// program with OTR: it reads the file, shows what would change, and changes it.
type knownImport struct {
	busy    bool
	problem string
	plan    *importPlan // nil: no file was read yet
	done    string      // what was reached
	took    int         // keys of the plan, so far
}

const (
	fieldPreview = "preview"
	fieldTaking  = "taking"

	buttonRead = "read"
	buttonBack = "back"
)

// askToImport asks for the file.
func (p *Plugin) askToImport(w *configWindow) {
	i := new(knownImport)
	t := &keyTask{form: func() plugin.Form { return p.importForm(i) }}
	t.done = func(a plugin.Answers) { p.importAnswered(w, t, i, a) }
	p.openTask(w, t)
}

func (p *Plugin) importForm(i *knownImport) plugin.Form {
	title := lang.T("Import fingerprints")
	if i.done != "" {
		form := plugin.Page(title, i.done, nil, closeButton())
		form.Problem = i.problem
		return form
	}
	if i.plan != nil && i.busy {
		return plugin.Page(title, "", []im.Field{
			{ID: fieldTaking, Kind: im.FieldProgress, Percent: i.took * 100 / len(i.plan.keys), Label: lang.T("Saving the fingerprints…")},
		}, closeButton())
	}
	if i.plan != nil {
		form := p.previewForm(title, i.plan)
		form.Problem = i.problem
		return form
	}
	form := plugin.Page(title, lang.T("This reads the fingerprints that Pidgin or another program with OTR knows, and which of them "+
		"are verified. Read only a file that is yours: whoever wrote it can make a stranger look verified."),
		[]im.Field{{
			ID: fieldPath, Kind: im.FieldFile, Label: lang.T("File"), Off: i.busy,
			Hint: lang.T("Pidgin keeps it as otr.fingerprints in its folder .purple"),
		}},
		cancelButton(), plugin.Button{ID: buttonRead, Label: lang.T("Next"), Role: plugin.Default, Off: i.busy})
	form.Problem = i.problem
	return form
}

// maxPreview is how many keys the preview lists.
const maxPreview = 200

func (p *Plugin) previewForm(title string, plan *importPlan) plugin.Form {
	table := im.Field{
		ID: fieldPreview, Kind: im.FieldTable, Mono: []int{2},
		Columns: []string{lang.T("Buddy"), lang.T("Verified"), lang.T("Fingerprint"), lang.T("Account"), lang.T("What happens")},
	}
	for n, k := range plan.keys[:min(len(plan.keys), maxPreview)] {
		verified := lang.T("No")
		if k.trust != trustNone {
			verified = lang.T("Yes")
		}
		table.Rows = append(table.Rows, im.Row{
			ID:    strconv.Itoa(n),
			Cells: []string{k.conv.Peer, verified, k.fingerprint.String(), k.conv.Account.Bare(), p.fateOf(k).String()},
		})
	}
	fields := []im.Field{table}
	if more := len(plan.keys) - len(table.Rows); more > 0 {
		fields = append(fields, note(lang.N(more, "And %d more.", "And %d more.", more)))
	}
	for _, text := range plan.leftOut() {
		fields = append(fields, note(text))
	}
	changes := 0
	for _, k := range plan.keys {
		if p.fateOf(k).changes() {
			changes++
		}
	}
	return plugin.Page(title, together(plan.summary(), lang.T("Nothing that is verified here becomes less so.")), fields,
		cancelButton(),
		plugin.Button{ID: buttonBack, Label: lang.T("Another file…")},
		plugin.Button{ID: buttonImport, Label: lang.T("Import"), Role: plugin.Default, Off: changes == 0})
}

func (p *Plugin) importAnswered(w *configWindow, t *keyTask, i *knownImport, a plugin.Answers) {
	if i.busy {
		return
	}
	i.problem = ""
	switch a.Action {
	case buttonRead:
		path, err := pathOf(a.Values[fieldPath])
		if err == nil {
			p.readImport(w, t, i, path)
			return
		}
		i.problem = err.Error()
	case buttonBack:
		i.plan = nil
	case buttonImport:
		if i.plan == nil {
			return
		}
		p.carryOutImport(w, t, i)
	}
	p.updateTask(w)
}

// readImport reads the file, on a goroutine of its own.
func (p *Plugin) readImport(w *configWindow, t *keyTask, i *knownImport, path string) {
	i.busy = true
	p.updateTask(w)
	own := ownAmong(p.host.Accounts())
	var plan *importPlan
	p.host.Go(func(context.Context) error {
		known, skipped, err := readFingerprints(path)
		if err == nil {
			plan = planImport(known, skipped, own)
		}
		return err
	}, func(err error) {
		if w.task != t {
			return
		}
		i.busy = false
		if err != nil {
			i.problem = inWords(err)
		} else if len(plan.keys) == 0 {
			i.problem = together(append([]string{lang.T("Nothing in the file can be imported.")}, plan.leftOut()...)...)
		} else {
			i.plan = plan
		}
		p.updateTask(w)
	})
}

func readFingerprints(path string) (known []libotr.Known, skipped []libotr.Skipped, err error) {
	f, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	known, skipped, err = libotr.ReadFingerprints(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, nil, fileError(err)
	}
	return known, skipped, nil
}

// carryOutImport does what was shown. It ends early if the window is closed.
func (p *Plugin) carryOutImport(w *configWindow, t *keyTask, i *knownImport) {
	i.busy, i.took = true, 0
	done := 0
	touched := make(map[im.ConvID]bool)
	p.inSteps(len(i.plan.keys), takeStep, func(n int) error {
		if w.task != t {
			return errGivenUp
		}
		changed, err := p.importKey(i.plan, i.plan.keys[n])
		if changed {
			done++
			touched[i.plan.keys[n].conv] = true
		}
		if i.took = n + 1; i.took%takeStep == 0 {
			p.updateTask(w)
		}
		return err
	}, func(err error) {
		if err != nil {
			i.problem = lang.F("Not all of it: the rest could not be saved: %s", inWords(err))
		}
		i.done = lang.F("Imported: %s.", fingerprints(done))
		i.busy, i.plan = false, nil
		for _, c := range p.sortedChats("") {
			if touched[c.id] {
				p.reseal(c)
				p.openGate(c)
				p.settle(c)
			}
		}
		p.changed()
		if w.task == t {
			p.updateTask(w)
		}
	})
}

var errGivenUp = errors.New("the window was closed")

// importKey takes over one key. It never lowers what is known of it here.
func (p *Plugin) importKey(plan *importPlan, n importedKey) (changed bool, err error) {
	fate := p.fateOf(n)
	if !fate.changes() {
		return false, nil
	}
	k := p.knownKey(n.conv, n.fingerprint)
	if fate == fateNew {
		now := p.host.Now().UTC()
		k = &knownKey{
			Account: n.conv.Account, Peer: n.conv.Peer, Fingerprint: n.fingerprint.Hex(), fingerprint: n.fingerprint,
			First: now, ImportedAt: now,
			// The only one is like a first key that was met here. Of several, none is.
			Unaccepted: p.seen(n.conv) || plan.perPeer[n.conv] > 1,
		}
		p.known[n.conv] = append(p.known[n.conv], k)
	}
	if n.trust != trustNone {
		err = p.setTrustWord(k, n.trust, proofImport)
	} else {
		err = p.saveKnown(k)
	}
	if err != nil && fate == fateNew {
		p.known[n.conv] = slices.DeleteFunc(p.known[n.conv], func(o *knownKey) bool { return o == k })
		if len(p.known[n.conv]) == 0 {
			delete(p.known, n.conv)
		}
	}
	return err == nil, err
}
