package otrplugin

import (
	"context"
	"fmt"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin"
)

// maxCandidates is how many keys of a file are offered for one account.
const maxCandidates = 8

const choiceKeep = "keep"

// importing is the reading of a file of libotr's, and the choice among its keys:
//
//	asking --Next--> choosing --Import--> (keys would be replaced) --> sure
//	                    |                                               |
//	                    +-------------> taking <------------------------+ --> over
type importing struct {
	step    importStep
	path    string
	problem string
	busy    bool
	read    []libotr.Account // their keys are ours to wipe; nil: handed over
	skipped int
	offers  []*offer
	results []string
}

type importStep int

const (
	importAsking importStep = iota
	importChoosing
	importSure
	importTaking
	importOver
)

// offer is what a file has for one of our accounts.
type offer struct {
	account *account
	keys    []int // of importing.read
	chosen  string
}

func (o *offer) field() string { return "key/" + string(o.account.id) }

// importKeys asks for a file.
func (p *Plugin) importKeys(w *configWindow) { p.openImport(w, new(importing)) }

func (p *Plugin) openImport(w *configWindow, i *importing) {
	t := &keyTask{form: func() plugin.Form { return p.importKeysForm(i) }, finished: func() { wipeAll(i.read); i.read = nil }}
	t.done = func(a plugin.Answers) { p.importKeysAnswered(w, t, i, a) }
	p.openTask(w, t)
}

func (p *Plugin) importKeysAnswered(w *configWindow, t *keyTask, i *importing, a plugin.Answers) {
	if i.busy || a.Action != buttonImport {
		return
	}
	i.problem = ""
	switch i.step {
	case importAsking:
		i.path = a.Values[fieldPath]
		p.readForImport(w, t, i)
	case importChoosing:
		for _, o := range i.offers {
			o.chosen = a.Values[o.field()]
		}
		i.problem = p.cannotImport(i)
		if i.problem == "" && len(p.replacedBy(i)) > 0 {
			i.step = importSure
		} else if i.problem == "" {
			p.takeNext(w, t, i)
		}
	case importSure:
		if i.problem = p.cannotImport(i); i.problem == "" {
			p.takeNext(w, t, i)
		} else {
			i.step = importChoosing
		}
	}
	if w.task == t {
		p.updateTask(w)
	}
}

// readForImport reads the file.
func (p *Plugin) readForImport(w *configWindow, t *keyTask, i *importing) {
	path, err := pathOf(i.path)
	if err != nil {
		i.problem = err.Error()
		return
	}
	i.busy = true
	var accounts []libotr.Account
	var skipped int
	p.host.Go(func(ctx context.Context) (err error) {
		accounts, skipped, err = readKeyFile(ctx, path)
		return err
	}, func(err error) {
		if w.task != t {
			wipeAll(accounts)
			return
		}
		i.busy = false
		if err != nil {
			i.problem = inWords(err)
		} else {
			i.read, i.skipped = accounts, skipped
			p.matchForImport(i)
		}
		p.updateTask(w)
	})
}

// matchForImport finds out which of our accounts the file has keys for.
func (p *Plugin) matchForImport(i *importing) {
	for _, account := range p.host.Accounts() {
		o := &offer{account: p.account(account.ID)}
		for n, a := range i.read {
			if sameForeign(a, account.ID) && len(o.keys) < maxCandidates && !slices.ContainsFunc(o.keys, func(m int) bool {
				return i.read[m].Key.Fingerprint() == a.Key.Fingerprint()
			}) {
				o.keys = append(o.keys, n)
			}
		}
		if len(o.keys) == 0 {
			continue
		}
		o.chosen = o.keyValue(0)
		i.offers = append(i.offers, o)
		if o.account.state == keyUnknown {
			p.loadKey(o.account) // to tell whether there is one
		}
	}
	if len(i.offers) > 0 {
		i.step = importChoosing
		return
	}
	i.problem = lang.T("This file holds no key at all.")
	if len(i.read) > 0 {
		i.problem = lang.F("This file holds keys of %s, but of none of your accounts. Add the account first.", namesOf(i.read))
	}
	wipeAll(i.read)
	i.read = nil
}

func (o *offer) keyValue(n int) string { return fmt.Sprintf("key%d", n) }

// chosenKey is the place in importing.read of the key that was chosen, -1 for none.
func (o *offer) chosenKey() int {
	for n, at := range o.keys {
		if o.chosen == o.keyValue(n) {
			return at
		}
	}
	return -1
}

// has reports that the account has that key already.
func (a *account) has(f otr.Fingerprint) bool { return a.state == keyReady && a.key.Fingerprint() == f }

// cannotImport says why the choice cannot be carried out now, if so.
func (p *Plugin) cannotImport(i *importing) string {
	some := false
	for _, o := range i.offers {
		at := o.chosenKey()
		if at < 0 || o.account.has(i.read[at].Key.Fingerprint()) {
			continue
		}
		some = true
		if p.gone(o.account) {
			return lang.F("The account %s is not there any more. Choose to import nothing for it.", o.account.id.Bare())
		}
		if o.account.work != nil || o.account.state == keyLoading || o.account.state == keyUnknown {
			return lang.F("The private key of %s is being read or made just now. Try again in a moment.", o.account.id.Bare())
		}
	}
	if !some {
		return lang.T("There is nothing to import: your accounts have these keys already, or you chose none.")
	}
	return ""
}

// replacedBy are the accounts that would lose the key they have.
func (p *Plugin) replacedBy(i *importing) (lose []*account) {
	for _, o := range i.offers {
		at := o.chosenKey()
		if at >= 0 && o.account.state != keyAbsent && !o.account.has(i.read[at].Key.Fingerprint()) {
			lose = append(lose, o.account)
		}
	}
	return lose
}

// takeNext takes the chosen keys, one after the other.
func (p *Plugin) takeNext(w *configWindow, t *keyTask, i *importing) {
	i.step = importTaking
	for _, o := range i.offers {
		at := o.chosenKey()
		if at < 0 || w.task != t {
			continue
		}
		o.chosen = choiceKeep
		a, key := o.account, i.read[at].Key
		who := a.id.Bare()
		switch {
		case p.gone(a) || a.work != nil || a.state == keyLoading || a.state == keyGenerating:
			i.results = append(i.results, lang.F("%s: nothing was imported, for its key was changed just now in another way.", who))
			continue
		case a.has(key.Fingerprint()):
			continue
		}
		i.read[at].Key = nil
		p.keepKey(a, key, func(err error) {
			if err != nil {
				i.results = append(i.results, together(lang.F("%s: the key could not be saved, so nothing has changed.", who), inWords(err)))
				p.goOnWithout(a)
			} else {
				i.results = append(i.results, lang.F("%s: the key was imported.", who))
				p.replaceKey(a, key)
			}
			p.takeNext(w, t, i)
		})
		return
	}
	i.step = importOver
	wipeAll(i.read)
	i.read = nil
	p.changed()
}

func (p *Plugin) importKeysForm(i *importing) plugin.Form {
	var f plugin.Form
	next := plugin.Button{ID: buttonImport, Label: lang.T("Next"), Role: plugin.Default, Off: i.busy}
	switch i.step {
	case importAsking:
		f = plugin.Page(lang.T("Import Private Keys"),
			lang.T("Choose a file of private keys as Pidgin and most other programs for OTR have it. What it holds is shown "+
				"before anything is changed."),
			[]im.Field{{ID: fieldPath, Kind: im.FieldFile, Label: lang.T("File"), Value: i.path,
				Hint: lang.F("Pidgin's is called %s, in the folder .purple", libotr.KeysFile)}},
			cancelButton(), next)
	case importChoosing:
		next.Label = lang.T("Import")
		f = plugin.Page(lang.T("Import Private Keys"), lang.T("Which key is each of your accounts to have?"), p.offerFields(i), cancelButton(), next)
	case importSure:
		next.Label, next.Role = lang.T("Replace"), plugin.Danger
		text := lang.T("Buddies will see another key and have to verify you again, unless they know it already. Private " +
			"conversations of these accounts end, which the buddies are told. The keys there are now are gone for good, " +
			"unless you export them before:")
		f = plugin.Page(lang.T("Replace the keys there are?"), text, p.lossFields(i), cancelButton(), next)
	case importTaking:
		f = plugin.Page(lang.T("Import Private Keys"), "", []im.Field{
			{ID: fieldGenerating, Kind: im.FieldProgress, Percent: im.Unknown, Label: lang.T("Saving the keys…")},
		}, closeButton())
	default:
		var fields []im.Field
		for _, r := range i.results {
			fields = append(fields, note(r))
		}
		f = plugin.Page(lang.T("Import Private Keys"), lang.T("This was done:"), append(fields, note(lang.T("The file is still there, and it is not "+
			"encrypted."))), closeButton())
	}
	f.Problem = i.problem
	return f
}

// offerFields let the user choose a key for each account.
func (p *Plugin) offerFields(i *importing) (fields []im.Field) {
	var ours []int
	for _, o := range i.offers {
		a := o.account
		f := im.Field{ID: o.field(), Kind: im.FieldChoice, Label: lang.F("Key of %s", a.id.Bare()), Value: o.chosen}
		switch a.state {
		case keyReady:
			f.Hint = lang.F("The key there is now: %s", a.key.Fingerprint().String())
		case keyAbsent:
			f.Hint = lang.T("There is no key yet")
		case keyFailed:
			f.Hint = lang.T("The key there is now cannot be read")
		default:
			f.Hint = lang.T("Reading the key there is now…")
		}
		for n, at := range o.keys {
			entry := i.read[at]
			if entry.Key == nil {
				continue
			}
			label := entry.Key.Fingerprint().String()
			if len(o.keys) > 1 {
				label = lang.F("%s (%s)", label, words(entry.Name))
			}
			if a.has(entry.Key.Fingerprint()) {
				label = lang.F("%s (it has this one already)", label)
			}
			f.Choices = append(f.Choices, im.Choice{Value: o.keyValue(n), Label: label})
		}
		f.Choices = append(f.Choices, im.Choice{Value: choiceKeep, Label: lang.T("Import nothing")})
		fields = append(fields, f)
		ours = append(ours, o.keys...)
	}
	var others []libotr.Account
	for n, a := range i.read {
		if !slices.Contains(ours, n) && !slices.ContainsFunc(i.offers, func(o *offer) bool { return sameForeign(a, o.account.id) }) {
			others = append(others, a)
		}
	}
	if len(others) > 0 {
		fields = append(fields, note(lang.F("The file also holds keys of accounts that are not yours here: %s.", namesOf(others))))
	}
	if i.skipped > 0 {
		fields = append(fields, note(count(i.skipped,
			lang.T("one part of the file makes no sense and cannot be imported."),
			lang.N(i.skipped, "%d part of the file makes no sense and cannot be imported.",
				"%d parts of the file make no sense and cannot be imported.", i.skipped))))
	}
	return fields
}

// lossFields show the keys that would be lost.
func (p *Plugin) lossFields(i *importing) (fields []im.Field) {
	for _, a := range p.replacedBy(i) {
		f := im.Field{ID: "lost/" + string(a.id), Kind: im.FieldCode, Label: lang.F("Key of %s", a.id.Bare()), Value: lang.T("cannot be read")}
		if a.state == keyReady {
			f.Value = a.key.Fingerprint().String()
		}
		fields = append(fields, f)
	}
	return fields
}
