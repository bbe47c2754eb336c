package messenger

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

type partKind int

const (
	partAccount partKind = iota
	partBuddies
	partPassword
	partPlugin
	partPast
	partPrivatePast // private lines that are not to be kept here
	partSettings
	partDrafts
	partLogging
)

// part is something that can be brought in or left out: a row of the preview.
type part struct {
	kind    partKind
	account im.AccountID // whose; empty: nobody's
	conv    im.ConvID    // partPast, partPrivatePast
	apart   bool         // partPast: without the private lines, which are a part of their own
	parcel  *unpacked    // partPlugin
	weakens bool         // partPlugin: it protects less than what is in force here
	clashes []string     // what it would replace
	lines   int          // partPast, partPrivatePast
	what    string
	details string
	in      bool // to be brought in
	byHand  bool // it would protect less than what is in force here: "All" does not mean it
	enable  bool // partAccount: it is new here, and was enabled there
}

// The actions of the windows.
const (
	actionBringIn  = "in"
	actionLeaveOut = "out"
	actionAll      = "all"
	actionNone     = "none"
	actionTake     = "take"
	actionKeepOurs = "ours"
	actionTheirs   = "theirs"
	actionStop     = "stop"
	fieldParts     = "parts"
	fieldProgress  = "progress"
)

// findParts plans the steps that list what can be brought in: by account, and then what
// is nobody's.
func (in *incoming) findParts() {
	pasts := map[im.AccountID][]im.Past{}
	for _, p := range in.what.pasts {
		if p.Lines > 0 {
			pasts[p.Conv.Account] = append(pasts[p.Conv.Account], p)
		}
	}
	for _, id := range in.accountsOf() {
		in.then(func() {
			in.accountParts(id)
			in.pluginParts(id)
		})
		in.each(len(pasts[id]), stepThings, func(i int) { in.pastPart(pasts[id][i]) })
	}
	in.then(func() {
		in.pluginParts("")
		in.otherParts()
		in.single = map[partKey]*part{}
		for _, p := range in.parts {
			in.single[partKey{p.kind, p.account}] = p
		}
		in.step = incomingChoosing
	})
}

// otherParts lists what is nobody's, and no plugin's.
func (in *incoming) otherParts() {
	a := in.what
	if n := len(a.drafts); n > 0 {
		in.parts = append(in.parts, &part{kind: partDrafts, what: lang.T("What you had begun to write"), details: lang.N(n, "In %s conversation", "In %s conversations", im.Number(n)), in: true})
	}
	if n := max(len(a.logging), len(a.choices)); n > 0 {
		what := lang.T("Whether a history is kept")
		if len(a.logging) == 0 {
			what = lang.T("What buddies are told")
		} else if len(a.choices) > 0 {
			what = lang.T("Whether a history is kept, and what buddies are told")
		}
		in.parts = append(in.parts, &part{kind: partLogging, what: what, details: lang.N(n, "Chosen for %s conversation", "Chosen for %s conversations", im.Number(n)), in: true})
	}
	if len(a.settings) > 0 || in.hasSpaces() {
		p := &part{kind: partSettings, what: lang.T("Settings of Culver and its plugins"), in: in.first}
		if !in.first {
			p.details = lang.T("Replace those that are here, unless these protect more")
		}
		in.parts = append(in.parts, p)
	}
}

// partKey finds a part of a kind of which an account has at most one.
type partKey struct {
	kind    partKind
	account im.AccountID
}

// accountsOf are the accounts that something arrives for, each once: those that are
// here, or that can be made.
func (in *incoming) accountsOf() (ids []im.AccountID) {
	comes, seen := map[im.AccountID]bool{}, map[im.AccountID]bool{"": true}
	for _, x := range in.what.accounts {
		comes[x.account.ID] = true
	}
	add := func(id im.AccountID) {
		if !seen[id] && (comes[id] || in.here(id)) {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	for _, x := range in.what.accounts {
		add(x.account.ID)
	}
	for _, u := range in.took {
		for _, c := range in.contents(u) {
			add(c.Account)
		}
	}
	for _, p := range in.what.pasts {
		add(p.Conv.Account)
	}
	return ids
}

func (in *incoming) accountParts(id im.AccountID) {
	i := slices.IndexFunc(in.what.accounts, func(x arrivingAccount) bool { return x.account.ID == id })
	if i < 0 {
		return
	}
	x := &in.what.accounts[i]
	p := &part{kind: partAccount, account: id, what: lang.T("Account"), details: in.optionsOf(x.account), in: true}
	if _, here := in.m.accounts[id]; here {
		p.details = lang.T("Is here already, and stays as it is")
	}
	in.parts = append(in.parts, p)
	if !x.password.IsEmpty() {
		in.parts = append(in.parts, &part{kind: partPassword, account: id, what: lang.T("Password"), in: true})
	}
	if len(x.buddies) > 0 {
		in.parts = append(in.parts, &part{kind: partBuddies, account: id, what: lang.T("Buddies"),
			details: lang.N(len(x.buddies), "%s buddy", "%s buddies", im.Number(len(x.buddies))), in: true})
	}
}

// signsIn says of a part what a new account does after it was brought in.
func (in *incoming) signsIn(p *part) string {
	if _, here := in.m.accounts[p.account]; here || p.kind != partAccount {
		return ""
	}
	i := slices.IndexFunc(in.what.accounts, func(x arrivingAccount) bool { return x.account.ID == p.account })
	password := in.single[partKey{partPassword, p.account}]
	switch {
	case !in.what.accounts[i].account.Enabled:
		return lang.T("New; signs in when you have enabled it")
	case !wantsPassword(in.m.network(p.account.Scheme())) || password != nil && password.in:
		return lang.T("New; signs in by itself")
	default:
		return lang.T("New; signs in when you have typed its password")
	}
}

// contents is what a plugin found.
func (in *incoming) contents(u *unpacked) []plugin.Content {
	if !u.asked {
		u.asked = true
		in.m.guard(func() { u.contents = u.parcel.Contents() })
	}
	return u.contents
}

// optionsOf says how a new account connects, where its address does not say it.
func (in *incoming) optionsOf(a im.Account) (text string) {
	for _, f := range in.m.network(a.ID.Scheme()).Settings() {
		value := a.Options[f.ID]
		if value == "" || f.ID == protocol.FieldAddress {
			continue
		}
		for _, c := range f.Choices {
			if c.Value == value {
				value = c.Label
			}
		}
		text += "; " + f.Label + ": " + cleanName(value)
	}
	return text
}

// pluginParts lists what plugins found for an account, or for none. What protects
// less than what is in force here is a part of its own.
func (in *incoming) pluginParts(id im.AccountID) {
	for _, u := range in.took {
		all := in.contents(u)
		for _, weakens := range []bool{false, true} {
			p := &part{kind: partPlugin, account: id, parcel: u, weakens: weakens, what: u.host.plugin.Info().Title,
				in: in.first || id != "" && !weakens, byHand: weakens && !in.first}
			var labels []string
			for _, c := range all {
				if c.Account != id || c.Weakens != weakens {
					continue
				}
				labels = append(labels, c.Label)
				if c.Clash != "" {
					p.clashes = append(p.clashes, c.Clash)
				}
			}
			if len(labels) > 0 {
				p.details = im.UpperFirst(strings.Join(labels, "; "))
				in.parts = append(in.parts, p)
			}
		}
	}
}

// pastPart lists the history of one conversation. Lines that would not be kept if they
// were said here are a part of their own, with their number.
func (in *incoming) pastPart(p im.Past) {
	peer, private := cleanName(p.Conv.Peer), min(max(in.what.private[p.Conv], 0), p.Lines)
	x := &part{kind: partPast, account: p.Conv.Account, conv: p.Conv, what: lang.F("History with %s", peer), in: true}
	c := p.Conv // as it will be here
	if bare, err := in.m.network(c.Account.Scheme()).NormalizePeer(c.Peer); err == nil {
		c.Peer = bare
	}
	logging, unlogged := in.m.logging(c), in.m.unlogged(c)
	x.apart = private > 0 && logging == unlogged // else all are kept, or none
	if x.lines = p.Lines; x.apart {
		x.lines -= private
	}
	x.details = counted(x.lines)
	if when := span(p.First, p.Last); when != "" {
		x.details += ", " + when
	}
	if !logging {
		x.in, x.byHand, x.details = in.first, !in.first, notKeptHere(x.details)
	}
	if x.lines > 0 {
		in.parts = append(in.parts, x)
	}
	if x.apart {
		y := &part{kind: partPrivatePast, account: x.account, conv: x.conv, what: lang.F("Private lines with %s", peer), lines: private, in: true,
			details: counted(private)}
		if unlogged {
			y.in, y.byHand, y.details = in.first, !in.first, notKeptHere(y.details)
		}
		in.parts = append(in.parts, y)
	}
}

// counted is a number of lines.
func counted(lines int) string {
	return lang.N(lines, "%s line", "%s lines", im.Number(lines))
}

func notKeptHere(lines string) string { return lang.F("%s, which you do not keep here", lines) }

// span says from when until when.
func span(first, last time.Time) string {
	if first.IsZero() || last.IsZero() {
		return ""
	}
	from, to := im.ShortDate(first.Local()), im.ShortDate(last.Local())
	if from == to {
		return from
	}
	return lang.F("%s to %s", from, to)
}

// takes reports that something of the kind, of which there is one, is to be brought
// in for the account.
func (in *incoming) takes(kind partKind, id im.AccountID) bool {
	p := in.single[partKey{kind, id}]
	return p != nil && in.chosen(p)
}

// chosen reports that a part is to be brought in: nothing is for an account that is
// neither here nor brought in.
func (in *incoming) chosen(p *part) bool {
	if !p.in || p.account == "" || p.kind == partAccount {
		return p.in
	}
	return in.here(p.account) || in.takes(partAccount, p.account)
}

// clashes is what of the user's own would be replaced, in sentences.
func (in *incoming) clashes() (all []string) {
	for _, p := range in.parts {
		if in.chosen(p) {
			all = append(all, p.clashes...)
		}
	}
	return all
}

// answered is what the user did in the window.
func (in *incoming) answered(a plugin.Answers) {
	switch {
	case in.step == incomingTaking && (a.Action == actionStop || ending(a.Action)):
		in.stopped = true
		in.stop()
		if in.waiting != nil { // what the plugin does still, it does
			in.turn++
			in.waiting = nil
			in.next()
		}
		in.show()
		return
	case in.step == incomingTaking:
		return
	case in.step == incomingClashing && a.Action == buttonCancel:
		in.step = incomingChoosing
	case ending(a.Action):
		in.end()
		return
	case in.step == incomingChoosing:
		in.choose(a)
	case in.step == incomingClashing && (a.Action == actionKeepOurs || a.Action == actionTheirs):
		in.replace = a.Action == actionTheirs
		in.begin()
	}
	in.show()
}

func (in *incoming) choose(a plugin.Answers) {
	switch a.Action {
	case actionBringIn, actionLeaveOut, actionAll, actionNone:
		rows := map[string]bool{}
		for _, row := range a.Rows {
			rows[row] = true
		}
		for i, p := range in.parts {
			if rows[rowID(i)] {
				p.in = a.Action == actionBringIn || a.Action == actionAll && !p.byHand
			}
		}
	case actionTake:
		if !slices.ContainsFunc(in.parts, in.chosen) {
			return
		}
		if len(in.clashes()) > 0 {
			in.step = incomingClashing
			return
		}
		in.begin()
	}
}

func rowID(i int) string { return "part" + strconv.Itoa(i) }

func (in *incoming) show() {
	if busy := in.step == incomingLooking || in.step == incomingTaking; in.m.incoming == in && (in.slow || !busy) {
		in.dialog.Update(in.form())
	}
}

// showLate shows the progress of the step if it takes a while.
func (in *incoming) showLate() {
	step := in.step
	in.slow = false
	in.m.after(progressPatience, func() {
		if in.step == step {
			in.slow = true
			in.show()
		}
	})
}

func (in *incoming) form() plugin.Form {
	a := in.what
	switch in.step {
	case incomingLooking:
		return plugin.Page(a.title, a.intro, []im.Field{{ID: fieldProgress, Kind: im.FieldProgress, Percent: im.Unknown, Label: lang.T("Looking through it…")}}, cancelButton())
	case incomingChoosing:
		return in.choosingForm()
	case incomingClashing:
		var fields []im.Field
		all := in.clashes()
		for _, text := range all[:min(len(all), maxSentences)] {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: text})
		}
		if more := len(all) - maxSentences; more > 0 {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.N(more, "And %s more key.", "And %s more keys.", im.Number(more))})
		}
		return plugin.Page(lang.T("Which Keys Are to Be Used?"), lang.T("Some of what comes in is here already, and different:"), fields,
			plugin.Button{ID: buttonCancel, Label: lang.T("Back"), Role: plugin.Cancel},
			plugin.Button{ID: actionTheirs, Label: lang.T("Replace what is here"), Role: plugin.Danger},
			plugin.Button{ID: actionKeepOurs, Label: lang.T("Keep what is here"), Role: plugin.Default})
	case incomingTaking:
		return plugin.Page(a.title, lang.T("You can go on chatting meanwhile."), []im.Field{in.progress.field()},
			plugin.Button{ID: actionStop, Label: lang.T("Stop"), Role: plugin.Cancel, Off: in.stopped})
	default:
		return in.report()
	}
}

func (in *incoming) choosingForm() plugin.Form {
	a := in.what
	table := im.Field{ID: fieldParts, Kind: im.FieldTable, Columns: []string{a.verb.button(), lang.T("What"), lang.T("Account"), lang.T("Details")}, Several: true,
		Hint: a.verb.either(lang.T("There is nothing that could be imported."), lang.T("There is nothing that could be restored.")),
		Actions: []im.RowAction{{ID: actionBringIn, Label: lang.T("Include")}, {ID: actionLeaveOut, Label: lang.T("Leave out")},
			{ID: actionAll, Label: lang.T("All"), Every: true}, {ID: actionNone, Label: lang.T("None"), Every: true}}}
	for i, p := range in.parts {
		row := im.Row{ID: rowID(i), Cells: []string{lang.T("Yes"), p.what, p.account.Bare(), in.signsIn(p) + p.details}, Can: []string{actionLeaveOut, actionNone}}
		switch {
		case !p.in && p.byHand:
			row.Cells[0], row.Can = lang.T("No"), []string{actionBringIn}
		case !p.in:
			row.Cells[0], row.Can = lang.T("No"), []string{actionBringIn, actionAll}
		case !in.chosen(p):
			row.Cells[0], row.Can = lang.T("No (needs the account)"), nil
		}
		table.Rows = append(table.Rows, row)
	}
	fields := []im.Field{table}
	for _, text := range a.leftOut[:min(len(a.leftOut), maxSentences)] {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: text})
	}
	if more := len(a.leftOut) - maxSentences; more > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.N(more, "And %s more thing is left out.", "And %s more things are left out.", im.Number(more))})
	}
	return plugin.Page(a.title, a.intro, fields, cancelButton(),
		plugin.Button{ID: actionTake, Label: a.verb.button(), Role: plugin.Default, Off: !slices.ContainsFunc(in.parts, in.chosen)})
}

// maxSentences is how many things that went wrong are told one by one.
const maxSentences = 12

// report says what came of it.
func (in *incoming) report() plugin.Form {
	b, verb := in.brought, in.what.verb
	intro := verb.either(lang.T("Imported:"), lang.T("Restored:"))
	if in.stopped {
		intro = verb.either(lang.T("Stopped. What was imported so far stays. Do the same again for the rest: nothing comes twice."),
			lang.T("Stopped. What was restored so far stays. Do the same again for the rest: nothing comes twice."))
	}
	var lines []string
	if n := b.accounts; n > 0 {
		lines = append(lines, lang.N(n, "%s account.", "%s accounts.", im.Number(n)))
	}
	if n := b.passwords; n > 0 {
		lines = append(lines, lang.N(n, "%s password.", "%s passwords.", im.Number(n)))
	}
	if n := b.buddies; n > 0 {
		lines = append(lines, lang.N(n, "%s buddy.", "%s buddies.", im.Number(n)))
	}
	lines = append(lines, b.plugins...)
	switch {
	case b.there > 0:
		lines = append(lines, lang.N(b.lines, "%s line of your conversations; %s were here already.",
			"%s lines of your conversations; %s were here already.", im.Number(b.lines), im.Number(b.there)))
	case b.lines > 0:
		lines = append(lines, lang.N(b.lines, "%s line of your conversations.", "%s lines of your conversations.", im.Number(b.lines)))
	}
	if b.settings {
		lines = append(lines, lang.T("The settings of Culver and its plugins."))
	}
	if len(b.plugins) > 0 && in.what.advice != "" {
		lines = append(lines, in.what.advice)
	}
	if len(lines) == 0 && !in.stopped {
		intro = lang.T("Done.")
	}
	if len(lines) == 0 && len(in.problems) == 0 {
		lines = append(lines, lang.T("Everything was here already."))
	}
	if b.bad > 0 {
		lines = append(lines, verb.either(
			lang.N(b.bad, "%s line made no sense and could not be imported.", "%s lines made no sense and could not be imported.", im.Number(b.bad)),
			lang.N(b.bad, "%s line made no sense and could not be restored.", "%s lines made no sense and could not be restored.", im.Number(b.bad))))
	}
	problems := in.problems
	if more := len(problems) - maxSentences; more > 0 {
		problems = append(slices.Clone(problems[:maxSentences]), lang.N(more, "And %s more thing went wrong.", "And %s more things went wrong.", im.Number(more)))
	}
	var fields []im.Field
	for _, text := range slices.Concat(lines, problems) {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: text})
	}
	return plugin.Page(in.what.title, intro, fields, plugin.Button{ID: buttonClose, Label: lang.T("Close"), Role: plugin.Default})
}
