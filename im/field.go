package im

import (
	"image"
	"slices"
)

// FieldKind is what a form field asks for or shows.
type FieldKind int

// The kinds of field.
const (
	FieldText     FieldKind = iota // one line of text
	FieldSecret                    // one line, hidden while typed
	FieldChoice                    // one of Choices
	FieldSwitch                    // on or off: Value is "on" or ""
	FieldNote                      // text to read: Label
	FieldProse                     // formatted text to read, with links: Prose
	FieldProgress                  // Percent, with Label beside it
	FieldCode                      // a fingerprint: Value, monospaced, can be copied; see Spoken and QR
	FieldTable                     // Columns and Rows, with Actions on the chosen rows
	FieldButton                    // a button inside the form: pressing it is an action
	FieldImage                     // a picture to look at: Image
	FieldFile                      // a file: Value is its path, typed or chosen, and told as a whole one; see Save
)

// On is the value of a FieldSwitch that is switched on; off is "".
const On = "on"

// Switch is the value of a FieldSwitch that is on or not.
func Switch(on bool) string {
	if on {
		return On
	}
	return ""
}

// Field is one row of a form, as data. Front ends draw it; whoever asked never
// sees a widget.
type Field struct {
	ID    string // unique in the form; empty for notes
	Kind  FieldKind
	Label string
	// Problem is what is wrong with the value, in a sentence: it is told beside the field.
	Problem string
	Hint    string // a short help below or inside the field; what a table says that has no rows
	Value   string
	Off     bool // shown, but not to be changed
	Depth   int  // FieldSwitch: how far it stands in, being part of one above that stands in less
	Live    bool // tell the asker of each change at once, not only when a button is pressed; of a table: with its chosen rows

	// Show this field only while the named field has this value, or one of these.
	WhenField, WhenValue string
	WhenOneOf            []string

	Choices []Choice    // FieldChoice
	Percent int         // FieldProgress: 0 to 100, or Unknown
	Rough   bool        // FieldProgress: no number is written into it, which would be too exact
	Prose   Text        // FieldProse
	Image   image.Image // FieldImage: small, and not changed after it was given
	Spoken  string      // FieldCode: the same in words that are read aloud, empty for none
	QR      string      // FieldCode: what its QR code says, empty for none
	Save    bool        // FieldFile: to be written, not to be read; the asker asks before it replaces a file

	Columns []string // FieldTable
	Rows    []Row
	Actions []RowAction
	Several bool   // FieldTable: more than one row can be chosen at once
	Mono    []int  // FieldTable: the columns in letters of one width, fingerprints for instance
	Tick    string // FieldTable: the first column is a box, ticked where its cell is On; to press it, or Space, is this action
	Open    string // FieldTable: the action of a double click; empty: the first possible one without Confirm
}

// Shown reports whether the field is to be shown, with the values that others have.
func (f Field) Shown(value func(id string) string) bool {
	switch {
	case f.WhenField == "":
		return true
	case f.WhenOneOf != nil:
		return slices.Contains(f.WhenOneOf, value(f.WhenField))
	default:
		return value(f.WhenField) == f.WhenValue
	}
}

// Unknown is the Percent of something that goes on, nobody knows how long.
const Unknown = -1

// Choice is one answer of a FieldChoice.
type Choice struct{ Value, Label string }

// Row is one row of a FieldTable; Cells stand in the order of Columns.
type Row struct {
	ID    string
	Cells []string
	Keys  []string // what columns are sorted by in place of their cells; empty or missing: by the cell
	Can   []string // IDs of the actions that are possible for this row
}

// RowAction is a button below a table, for the chosen rows: all of them must be
// able to. One without a label has no button; it is for [Field].Open.
type RowAction struct {
	ID, Label string
	Confirm   string // a question to ask before; empty: none
	One       bool   // only for a single row, however many can be chosen
	Every     bool   // for all rows in sight that are able to, whichever are chosen
}
