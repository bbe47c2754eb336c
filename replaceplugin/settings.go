package replaceplugin

import (
	"errors"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The fields and actions of the settings.
const (
	fieldRules = "rules"
	fieldTyped = "typed"
	fieldSent  = "sent"
	fieldExact = "exact"

	actionAdd    = "add"
	actionChange = "change"
	actionRemove = "remove"
	actionSave   = "save"
)

// listWindow is the open settings: the list, and the form for one entry above it.
type listWindow struct {
	dialog  plugin.Dialog
	entry   plugin.Dialog // nil if it is not open
	problem string
}

// Configure opens the settings.
func (p *Plugin) Configure() {
	p.closeList()
	w := &listWindow{}
	p.list = w
	w.dialog = p.host.Ask(im.ConvID{}, p.listForm(), func(a plugin.Answers) {
		w.problem = ""
		switch a.Action {
		case actionAdd:
			p.edit(w, Rule{})
		case actionChange:
			if i := p.index(a.Rows); i >= 0 {
				p.edit(w, p.rules[i])
			}
		case actionRemove:
			rules := slices.DeleteFunc(slices.Clone(p.rules), func(r Rule) bool { return slices.Contains(a.Rows, r.id()) })
			if err := p.save(rules); err != nil {
				w.problem = err.Error()
			}
		default:
			p.closeList()
			return
		}
		w.dialog.Update(p.listForm())
	})
}

func (p *Plugin) index(rows []string) int {
	if len(rows) != 1 {
		return -1
	}
	return slices.IndexFunc(p.rules, func(r Rule) bool { return r.id() == rows[0] })
}

func (p *Plugin) closeList() {
	w := p.list
	if w == nil {
		return
	}
	p.list = nil
	w.closeEntry()
	w.dialog.Close()
}

func (w *listWindow) closeEntry() {
	if w.entry != nil {
		w.entry.Close()
		w.entry = nil
	}
}

func (p *Plugin) listForm() plugin.Form {
	list := im.Field{ID: fieldRules, Kind: im.FieldTable, Columns: []string{lang.T("You type"), lang.T("You send"), lang.T("Capitals")}, Several: true,
		Actions: []im.RowAction{
			{ID: actionChange, Label: lang.T("Change…"), One: true},
			{ID: actionRemove, Label: lang.T("Remove")},
		}, Open: actionChange}
	for _, r := range p.rules {
		capitals := lang.T("Any")
		if r.Exact {
			capitals = lang.T("As set up")
		}
		list.Rows = append(list.Rows, im.Row{ID: r.id(), Cells: []string{r.Typed, r.Sent, capitals}, Can: []string{actionChange, actionRemove}})
	}
	f := plugin.Page(lang.T("Text replacement"),
		lang.T("Whole words that you type are replaced as you send a line. You see the line as it was sent. Addresses, and what others write, stay as they are."),
		[]im.Field{list}, plugin.Button{ID: actionAdd, Label: lang.T("Add…")}, plugin.Button{ID: "close", Label: lang.T("Close"), Role: plugin.Cancel})
	if p.damaged {
		f.Problem = lang.T("What you had set up could not be read. Nothing is replaced until you add something.")
	}
	if p.list != nil && p.list.problem != "" {
		f.Problem = p.list.problem
	}
	return f
}

// edit opens the form for a rule; a zero one is new.
func (p *Plugin) edit(w *listWindow, old Rule) {
	w.closeEntry()
	title := lang.T("Add a replacement")
	if old != (Rule{}) {
		title = lang.T("Change a replacement")
	}
	form := plugin.Page(title, "", []im.Field{
		{ID: fieldTyped, Kind: im.FieldText, Label: lang.T("You type"), Value: old.Typed, Hint: lang.T("A single word")},
		{ID: fieldSent, Kind: im.FieldText, Label: lang.T("You send"), Value: old.Sent},
		{ID: fieldExact, Kind: im.FieldSwitch, Label: lang.T("Only with these very capitals"), Value: im.Switch(old.Exact),
			Hint: lang.T("Else a capital at the beginning is kept: with teh, Teh is replaced, too.")},
	}, plugin.Button{ID: "cancel", Label: lang.T("Cancel"), Role: plugin.Cancel},
		plugin.Button{ID: actionSave, Label: lang.T("Save"), Role: plugin.Default})
	w.entry = p.host.Ask(im.ConvID{}, form, func(a plugin.Answers) {
		if a.Action != actionSave {
			w.closeEntry()
			return
		}
		err := p.put(old, Rule{
			Typed: strings.TrimSpace(a.Values[fieldTyped]),
			Sent:  strings.TrimSpace(a.Values[fieldSent]),
			Exact: a.Values[fieldExact] == im.On,
		})
		if err != nil {
			form.Problem = err.Error()
			w.entry.Update(form)
			return
		}
		w.closeEntry()
		w.problem = ""
		w.dialog.Update(p.listForm())
	})
}

// put sets a rule up in the place of another one; of none, if that is zero.
func (p *Plugin) put(old, r Rule) error {
	if err := r.check(); err != nil {
		return err
	}
	rules := slices.DeleteFunc(slices.Clone(p.rules), func(x Rule) bool { return old != (Rule{}) && x.id() == old.id() })
	if slices.ContainsFunc(rules, func(x Rule) bool { return x.id() == r.id() }) {
		return errors.New(lang.T("There is a replacement for this word already."))
	}
	if len(rules) >= maxRules {
		return errors.New(lang.T("There are too many replacements. Remove some first."))
	}
	return p.save(append(rules, r))
}
