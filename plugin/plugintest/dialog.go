package plugintest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"culver/im"
	"culver/plugin"
)

// Dialog is a form that the plugin shows, and the user in front of it.
type Dialog struct {
	Conv im.ConvID
	Form plugin.Form // as it stands
	Open bool

	host  *Host
	done  func(plugin.Answers)
	typed map[string]string
}

var _ plugin.Dialog = (*Dialog)(nil)

// Ask records the form and shows it.
func (h *Host) Ask(c im.ConvID, f plugin.Form, done func(plugin.Answers)) plugin.Dialog {
	h.own("Ask")
	f = clone(f)
	d := &Dialog{Conv: c, Form: f, Open: true, host: h, done: done, typed: make(map[string]string)}
	d.check()
	h.dialogs = append(h.dialogs, d)
	h.record(Op{Kind: Ask, Conv: c, Text: f.Title, Dialog: d, Form: f})
	return d
}

// Dialogs are those that are open, the oldest first.
func (h *Host) Dialogs() []*Dialog {
	h.dialogs = slices.DeleteFunc(h.dialogs, func(d *Dialog) bool { return !d.Open })
	return slices.Clone(h.dialogs)
}

// Dialog is the newest open one whose title holds the text. It fails the test
// if there is none.
func (h *Host) Dialog(title string) *Dialog {
	h.tb.Helper()
	var titles []string
	for _, d := range slices.Backward(h.Dialogs()) {
		if strings.Contains(d.Form.Title, title) {
			return d
		}
		titles = append(titles, d.Form.Title)
	}
	h.tb.Fatalf("no open dialog is called %q; open: %q", title, titles)
	return nil
}

// Update redraws the form. What was typed stays, unless the field's Value changed.
func (d *Dialog) Update(f plugin.Form) {
	d.host.own("Update")
	if !d.Open {
		d.host.tb.Errorf("dialog %q was updated after it was closed", f.Title)
		return
	}
	before := d.Form
	f = clone(f)
	if f.Problem == "" && reflect.DeepEqual(f, before) {
		return
	}
	d.Form = f
	for id := range d.typed {
		now, ok := find(f, id)
		was, _ := find(before, id)
		if !ok || now.Value != was.Value {
			delete(d.typed, id)
		}
	}
	d.check()
	d.host.record(Op{Kind: Update, Conv: d.Conv, Text: f.Title, Dialog: d, Form: f})
}

// Close takes the form away.
func (d *Dialog) Close() {
	d.host.own("Close")
	if !d.Open {
		d.host.tb.Errorf("dialog %q was closed twice", d.Form.Title)
		return
	}
	d.Open = false
	d.host.record(Op{Kind: Close, Conv: d.Conv, Text: d.Form.Title, Dialog: d})
}

// check holds a form to what every front end relies on.
func (d *Dialog) check() {
	f := d.Form
	if f.Title == "" || len(f.Tabs) == 0 {
		d.host.tb.Errorf("a form needs a title and a tab: %+v", f)
	}
	seen := make(map[string]bool)
	roles := make(map[plugin.Role]int)
	for _, b := range f.Buttons {
		d.checkID(seen, b.ID, b.Label)
		roles[b.Role]++
	}
	if roles[plugin.Cancel] > 1 || roles[plugin.Default] > 1 {
		d.host.tb.Errorf("form %q has more than one button for Escape or Enter", f.Title)
	}
	for _, x := range fields(f) {
		d.checkField(seen, x)
	}
}

func (d *Dialog) checkID(seen map[string]bool, id, label string) {
	if id == "" || seen[id] || id == plugin.Closed {
		d.host.tb.Errorf("form %q: the ID %q (%s) is empty, taken or reserved", d.Form.Title, id, label)
	}
	seen[id] = true
}

func (d *Dialog) checkField(seen map[string]bool, x im.Field) {
	if x.Kind == im.FieldNote || x.Kind == im.FieldProse && x.ID == "" {
		return
	}
	d.checkID(seen, x.ID, x.Label)
	if x.WhenField != "" {
		values := x.WhenOneOf
		if values == nil {
			values = []string{x.WhenValue}
		}
		if on, ok := find(d.Form, x.WhenField); !ok || !slices.ContainsFunc(values, func(v string) bool { return can(on, v) }) {
			d.host.tb.Errorf("form %q: field %q can never be shown", d.Form.Title, x.ID)
		}
	}
	switch x.Kind {
	case im.FieldChoice:
		if !can(x, x.Value) {
			d.host.tb.Errorf("form %q: field %q has no choice %q", d.Form.Title, x.ID, x.Value)
		}
	case im.FieldProgress:
		if x.Percent != im.Unknown && (x.Percent < 0 || x.Percent > 100) {
			d.host.tb.Errorf("form %q: %d percent", d.Form.Title, x.Percent)
		}
	case im.FieldTable:
		if x.Open != "" && !slices.ContainsFunc(x.Actions, func(a im.RowAction) bool { return a.ID == x.Open }) {
			d.host.tb.Errorf("form %q: a double click does %q, which is no action", d.Form.Title, x.Open)
		}
		for _, r := range x.Rows {
			if len(r.Cells) != len(x.Columns) {
				d.host.tb.Errorf("form %q: row %q has %d cells for %d columns", d.Form.Title, r.ID, len(r.Cells), len(x.Columns))
			}
			if len(r.Keys) > len(x.Columns) {
				d.host.tb.Errorf("form %q: row %q has %d keys for %d columns", d.Form.Title, r.ID, len(r.Keys), len(x.Columns))
			}
			for _, action := range r.Can {
				if !slices.ContainsFunc(x.Actions, func(a im.RowAction) bool { return a.ID == action }) {
					d.host.tb.Errorf("form %q: row %q can %q, which is no action", d.Form.Title, r.ID, action)
				}
			}
		}
	}
}

// can reports whether a field can have the value.
func can(x im.Field, value string) bool {
	switch x.Kind {
	case im.FieldChoice:
		return slices.ContainsFunc(x.Choices, func(c im.Choice) bool { return c.Value == value })
	case im.FieldSwitch:
		return value == "" || value == im.On
	default:
		return true
	}
}

// clone keeps the form as it is now, whatever the plugin does with its slices.
func clone(f plugin.Form) plugin.Form {
	f.Tabs, f.Buttons = slices.Clone(f.Tabs), slices.Clone(f.Buttons)
	for i := range f.Tabs {
		f.Tabs[i].Fields = slices.Clone(f.Tabs[i].Fields)
	}
	return f
}

func fields(f plugin.Form) []im.Field {
	var all []im.Field
	for _, t := range f.Tabs {
		all = append(all, t.Fields...)
	}
	return all
}

func find(f plugin.Form, id string) (im.Field, bool) {
	for _, x := range fields(f) {
		if id != "" && x.ID == id {
			return x, true
		}
	}
	return im.Field{}, false
}

// Has reports whether the form has the field, and shows it now.
func (d *Dialog) Has(id string) bool {
	x, ok := find(d.Form, id)
	return ok && d.shown(x)
}

func (d *Dialog) shown(x im.Field) bool {
	return x.Shown(d.Value)
}

// Field is a field of the form. It fails the test if the form shows none such.
func (d *Dialog) Field(id string) im.Field {
	d.host.tb.Helper()
	x, ok := find(d.Form, id)
	if !ok || !d.shown(x) {
		d.host.tb.Fatalf("dialog %q shows no field %q", d.Form.Title, id)
	}
	return x
}

// Value is what a field holds: what was typed, else its Value.
func (d *Dialog) Value(id string) string {
	if v, ok := d.typed[id]; ok {
		return v
	}
	x, _ := find(d.Form, id)
	return x.Value
}

// Text is all that the form says: its introduction, labels, notes and prose that
// are shown.
func (d *Dialog) Text() string {
	lines := []string{d.Form.Title, d.Form.Intro, d.Form.Problem}
	for _, x := range fields(d.Form) {
		if d.shown(x) {
			lines = append(lines, x.Label, x.Prose.String())
		}
	}
	return strings.Join(lines, "\n")
}

// Type puts a value into a field, as the user does.
func (d *Dialog) Type(id, value string) {
	d.host.tb.Helper()
	x := d.Field(id)
	if x.Off || !can(x, value) {
		d.host.tb.Fatalf("dialog %q: field %q can't be set to %q", d.Form.Title, id, value)
	}
	d.typed[id] = value
	if x.Live {
		d.answer(id, nil)
	}
}

// Press presses a button, of the form or inside it.
func (d *Dialog) Press(id string) {
	d.host.tb.Helper()
	if i := slices.IndexFunc(d.Form.Buttons, func(b plugin.Button) bool { return b.ID == id }); i >= 0 {
		if d.Form.Buttons[i].Off {
			d.host.tb.Fatalf("dialog %q: the button %q is off", d.Form.Title, id)
		}
	} else if x := d.Field(id); x.Kind != im.FieldButton || x.Off {
		d.host.tb.Fatalf("dialog %q: %q can't be pressed", d.Form.Title, id)
	}
	d.answer(id, nil)
}

// Choose does a row action on rows of a table.
func (d *Dialog) Choose(table, action string, rows ...string) {
	d.host.tb.Helper()
	x := d.Field(table)
	one := !x.Several || slices.ContainsFunc(x.Actions, func(a im.RowAction) bool { return a.ID == action && a.One })
	if one && len(rows) != 1 {
		d.host.tb.Fatalf("dialog %q: %q is for one row, not for %d", d.Form.Title, action, len(rows))
	}
	for _, id := range rows {
		i := slices.IndexFunc(x.Rows, func(r im.Row) bool { return r.ID == id })
		if i < 0 || !slices.Contains(x.Rows[i].Can, action) {
			d.host.tb.Fatalf("dialog %q: row %q can't %q", d.Form.Title, id, action)
		}
	}
	d.answer(action, rows)
}

// CloseWindow closes the form the way a window is closed.
func (d *Dialog) CloseWindow() { d.answer(plugin.Closed, nil) }

func (d *Dialog) answer(action string, rows []string) {
	d.host.tb.Helper()
	if !d.Open {
		d.host.tb.Fatalf("dialog %q is not open any more", d.Form.Title)
	}
	values := make(map[string]string)
	for _, x := range fields(d.Form) {
		if x.ID != "" {
			values[x.ID] = d.Value(x.ID)
		}
	}
	d.done(plugin.Answers{Action: action, Values: values, Rows: rows})
}

// String shows the form as a user sees it, for failed tests.
func (d *Dialog) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", d.Text())
	for _, x := range d.Form.Buttons {
		fmt.Fprintf(&b, "\n[%s]", x.Label)
	}
	return b.String()
}
