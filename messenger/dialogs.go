package messenger

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// dialog is a form on show in all front ends.
type dialog struct {
	m    *Messenger
	id   DialogID
	conv im.ConvID
	form plugin.Form
	done func(plugin.Answers)
	// owner is the plugin that asks, nil: the messenger.
	owner *hosted
	// fresh, if set, is what the form should show now: see keepFresh.
	fresh func() plugin.Form
}

var _ plugin.Dialog = (*dialog)(nil)

// ask shows a form; done is called on the messenger's goroutine for each answer.
func (m *Messenger) ask(conv im.ConvID, f plugin.Form, done func(plugin.Answers)) *dialog {
	m.lastID++
	d := &dialog{m: m, id: m.lastID, conv: conv, form: f, done: done}
	m.dialogs[d.id] = d
	m.publish(DialogOpened{d.id, conv, f})
	return d
}

// sortedDialogs are the forms on show, the oldest first.
func (m *Messenger) sortedDialogs() []*dialog {
	return slices.SortedFunc(maps.Values(m.dialogs), func(a, b *dialog) int { return cmp.Compare(a.id, b.id) })
}

// Update redraws the form where it has changed.
func (d *dialog) Update(f plugin.Form) {
	if d.m.dialogs[d.id] != d {
		return
	}
	if f.Problem == "" && reflect.DeepEqual(f, d.form) {
		return
	}
	d.form = f
	d.m.publish(DialogUpdated{d.id, f})
}

// raise brings the form to the front.
func (d *dialog) raise() { d.m.publish(DialogOpened{d.id, d.conv, d.form}) }

// Close takes the form away.
func (d *dialog) Close() {
	if d.m.dialogs[d.id] != d {
		return
	}
	delete(d.m.dialogs, d.id)
	d.m.publish(DialogClosed{d.id})
}

// closeForms takes away what is shown or asked about people and rooms of an account that is
// removed: there is nothing to do about them any more.
func (m *Messenger) closeForms(id im.AccountID) {
	for _, d := range m.sortedDialogs() {
		if d.conv.Account == id {
			d.Close()
		}
	}
	for c, p := range m.profiles {
		if c.Account == id {
			delete(m.profiles, c)
			p.dialog.Close()
		}
	}
}

// keepFresh redraws the form after each step in which what it shows changed.
func (d *dialog) keepFresh(form func() plugin.Form) { d.fresh = form }

func (m *Messenger) refreshDialogs() {
	for _, d := range m.sortedDialogs() {
		if d.fresh != nil {
			d.Update(d.fresh())
		}
	}
}

// Answer tells what the user did in a form.
func (m *Messenger) Answer(id DialogID, a plugin.Answers) {
	m.inbox.Put(func() {
		if d, ok := m.dialogs[id]; ok {
			m.guard(func() { d.done(a) })
		}
	})
}

// say shows a form with a sentence to read and one button.
func (m *Messenger) say(title, text string) {
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page(title, text, nil, plugin.Button{ID: "ok", Label: lang.T("OK"), Role: plugin.Default}),
		func(plugin.Answers) { d.Close() })
}
