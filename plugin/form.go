package plugin

import (
	"slices"

	"culver/im"
	"culver/lang"
)

// Form is a window without a toolkit: whoever asks says what, and every front
// end draws it with its one renderer.
type Form struct {
	Title   string
	Warning string // what is to be read first: drawn as an alarm above all else
	Intro   string // a sentence or two above the fields
	Problem string // what is wrong with the answers, or what failed: drawn as an alarm above the buttons
	Doing   string // what goes on at the moment, in a word or two: drawn beside the buttons, where it moves nothing
	Tabs    []Tab  // one without a title: no tabs are drawn
	Aside   bool   // the tabs stand at the side, with a line to search all of them
	Front   int    // which tab is in front when the form opens; with Aside also when it comes to the front again, -1: as it was
	Buttons []Button
	// Quiet: it opened by itself, so it does not take the keyboard focus.
	Quiet bool
	// Guide: it is read page by page, so its window does not shrink between them. At the
	// start of the program it comes before everything else.
	Guide bool
}

// Tab is one page of a form.
type Tab struct {
	Title  string
	Fields []im.Field
}

// Button ends a form, or not. One with the role Cancel is pressed by Escape and
// by closing the window; one with the role Default by Enter.
type Button struct {
	ID    string
	Label string
	Role  Role
	Off   bool
}

// Role is what a button is for.
type Role int

// The roles.
const (
	Ordinary Role = iota
	Default
	Cancel
	Danger // drawn as a warning; never the default
)

// Page is a form of one page.
func Page(title, intro string, fields []im.Field, buttons ...Button) Form {
	return Form{Title: title, Intro: intro, Tabs: []Tab{{Fields: fields}}, Buttons: buttons}
}

// TypedDots stand in a line for a secret while what was typed there is at work: the
// form after it differs, so that its line is empty.
const TypedDots = "••••••••"

// Waiting is a form of one page while what was typed in it is at work.
func Waiting(f Form) Form {
	f.Doing, f.Problem = lang.T("Please wait…"), ""
	fields := slices.Clone(f.Tabs[0].Fields)
	for i := range fields {
		fields[i].Off = true
		if fields[i].Kind == im.FieldSecret {
			fields[i].Value = TypedDots
		}
	}
	f.Tabs = []Tab{{Fields: fields}}
	f.Buttons = slices.Clone(f.Buttons)
	for i := range f.Buttons {
		f.Buttons[i].Off = true
	}
	return f
}

// Answers is one thing that the user did in a form. The form stays open: the
// asker closes or updates it.
type Answers struct {
	// Action is the ID of what was done: of a button, of a FieldButton, of a
	// row action (with Rows), or of a Live field that changed. Closed means
	// that the window was closed or the front end went away.
	Action string
	Values map[string]string // the value of each field, by ID
	Rows   []string          // the IDs of the chosen rows, with a row action
}

// Closed is the action of a form that was closed without a Cancel button.
const Closed = "closed"

// Dialog is a form that is being shown.
type Dialog interface {
	// Update redraws it. What the user typed stays: a field keeps its typed
	// value unless its Value differs from that of the form shown before. Nothing
	// happens if the form is as it was, so f is not to be changed afterwards; a
	// Problem that is still there is shown anew.
	Update(f Form)
	// Close takes it away; done is not called any more.
	Close()
}
