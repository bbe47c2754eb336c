package xmpp

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// Data forms (XEP-0004): a server asks, Culver shows what it understands of it, and what
// it does not show goes back as it came.

// The limits of a form: more than any real one has, and what is shown of each part of it.
const (
	maxFormFields  = 200
	maxFormOptions = 100
	maxFormValues  = 200 // of one field
	maxFormValue   = 16 << 10
	maxFormWords   = 4 << 10
)

// dataForm is a form as it came.
type dataForm struct {
	kind         string // "form", "submit", "cancel" or "result"
	title, words string
	fields       []askedField
}

// askedField is one field of it.
type askedField struct {
	name     string // empty: only to be read
	kind     string // of XEP-0004, section 3.3
	label    string
	help     string
	required bool
	values   []string
	options  []im.Choice
	raw      *element
	unseen   bool // not to be shown; it goes back as it came
}

// findForm returns the form in an element, or nil: that of a kind if one is named.
func findForm(in *element, formType string) *dataForm {
	if in == nil {
		return nil
	}
	for _, c := range in.children {
		if !c.is(nsDataForm, "x") {
			continue
		}
		if f := readForm(c); formType == "" || f.value("FORM_TYPE") == formType {
			return f
		}
	}
	return nil
}

// readForm reads a form. What is too much of it is left out, and of two fields with one
// name the second: nobody could tell them apart.
func readForm(x *element) *dataForm {
	f := &dataForm{kind: x.attr("type"), title: clip(x.childText(nsDataForm, "title"), maxFormWords)}
	seen := map[string]bool{}
	var words []string
	for _, c := range x.children {
		if c.is(nsDataForm, "instructions") {
			words = append(words, c.text)
		}
		if !c.is(nsDataForm, "field") || len(f.fields) >= maxFormFields {
			continue
		}
		field := readField(c)
		if field.name != "" && seen[field.name] {
			continue
		}
		seen[field.name] = true
		f.fields = append(f.fields, field)
	}
	f.words = clip(strings.Join(words, "\n"), maxFormWords)
	return f
}

func readField(e *element) askedField {
	f := askedField{name: clip(e.attr("var"), maxFormWords), kind: e.attr("type"), label: clip(e.attr("label"), maxFormWords),
		help: clip(e.childText(nsDataForm, "desc"), maxFormWords), required: e.child(nsDataForm, "required") != nil, raw: e}
	for _, c := range e.children {
		switch {
		case c.is(nsDataForm, "value") && len(f.values) < maxFormValues:
			f.values = append(f.values, clip(c.text, maxFormValue))
		case c.is(nsDataForm, "option") && len(f.options) < maxFormOptions:
			value := clip(c.childText(nsDataForm, "value"), maxFormValue)
			label := clip(c.attr("label"), maxFormWords)
			if label == "" {
				label = value
			}
			f.options = append(f.options, im.Choice{Value: value, Label: label})
		}
	}
	switch f.kind {
	case "boolean", "fixed", "hidden", "jid-multi", "jid-single", "list-multi", "list-single", "text-multi", "text-private", "text-single":
	default:
		f.kind = "text-single" // XEP-0004, section 3.3
	}
	if f.name == "FORM_TYPE" {
		f.kind = "hidden" // XEP-0068
	}
	if f.name == "" {
		f.kind = "fixed"
	}
	return f
}

// clip cuts what is too long, between two letters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// field returns the field of a name.
func (f *dataForm) field(name string) (askedField, bool) {
	for _, field := range f.fields {
		if field.name == name {
			return field, true
		}
	}
	return askedField{}, false
}

// value is the first value of a field, or "".
func (f *dataForm) value(name string) string {
	field, _ := f.field(name)
	if len(field.values) == 0 {
		return ""
	}
	return field.values[0]
}

// truth reads a boolean (XEP-0004, section 3.3).
func truth(s string) bool { return s == "1" || s == "true" }

// show is the form as people are asked it. The ID of a field is its name; one of which
// several answers can be chosen is a switch for each.
func (f *dataForm) show() protocol.DataForm {
	out := protocol.DataForm{Title: f.title, Words: f.words}
	for _, field := range f.fields {
		if !field.unseen {
			out.Fields = append(out.Fields, field.show()...)
		}
	}
	return out
}

func (f askedField) show() []im.Field {
	label := f.label
	if label == "" {
		label = f.name
	}
	one := im.Field{ID: f.name, Label: label, Hint: f.help, Value: f.shown()}
	switch f.kind {
	case "hidden":
		return nil
	case "fixed":
		text := strings.Join(f.values, "\n")
		if text == "" {
			text = f.label
		}
		if text == "" {
			return nil
		}
		return []im.Field{{Kind: im.FieldNote, Label: text}}
	case "boolean":
		one.Kind, one.Value = im.FieldSwitch, im.Switch(len(f.values) > 0 && truth(f.values[0]))
	case "list-single":
		one.Kind, one.Choices = im.FieldChoice, f.options
	case "list-multi":
		fields := []im.Field{{Kind: im.FieldNote, Label: label}}
		for i, o := range f.options {
			fields = append(fields, im.Field{ID: f.switchID(i), Kind: im.FieldSwitch, Label: o.Label, Value: im.Switch(f.has(o.Value)), Depth: 1})
		}
		return fields
	case "text-private":
		one.Kind = im.FieldSecret
	case "jid-multi":
		one.Kind = im.FieldText
		if one.Hint == "" {
			one.Hint = lang.T("Addresses, with commas between.")
		}
	default:
		one.Kind = im.FieldText
	}
	return []im.Field{one}
}

func (f askedField) switchID(i int) string { return fmt.Sprintf("%s\x00%d", f.name, i) } // no name has a zero in it

func (f askedField) has(value string) bool {
	for _, v := range f.values {
		if v == value {
			return true
		}
	}
	return false
}

// shown is what stands in a line of text.
func (f askedField) shown() string {
	switch f.kind {
	case "jid-multi":
		return strings.Join(f.values, ", ")
	case "text-multi":
		return strings.Join(f.values, " ")
	}
	if len(f.values) == 0 {
		return ""
	}
	return f.values[0]
}

// answer is the filled form, to be sent back: what was not changed goes back as it came.
// Its errors are sentences for people.
func (f *dataForm) answer(answers map[string]string) (*element, error) {
	x := newElement(nsDataForm, "x").with("type", "submit")
	for _, field := range f.fields {
		if field.kind == "fixed" {
			continue
		}
		values, err := field.answer(answers)
		if err != nil {
			return nil, err
		}
		e := newElement(nsDataForm, "field").with("var", sanitize(field.name))
		if field.kind == "hidden" {
			e.with("type", "hidden")
		}
		for _, v := range values {
			e.add(newText(nsDataForm, "value", sanitize(v)))
		}
		if len(values) > 0 || field.kind != "hidden" {
			x.add(e)
		}
	}
	return x, nil
}

func (f askedField) answer(answers map[string]string) (values []string, err error) {
	given, ok := answers[f.name]
	switch {
	case f.kind == "hidden":
		return f.values, nil
	case f.kind == "list-multi":
		for i, o := range f.options {
			on, asked := answers[f.switchID(i)]
			if on == im.On || !asked && f.has(o.Value) {
				values = append(values, o.Value)
			}
		}
	case !ok:
		values = f.values
	case f.kind == "boolean":
		return []string{map[bool]string{true: "1", false: "0"}[given == im.On]}, nil
	case given == f.shown():
		values = f.values
	case f.kind == "list-single":
		for _, o := range f.options {
			if o.Value == given {
				values = []string{given}
			}
		}
		if values == nil && given != "" {
			return nil, sentencef("%q cannot be chosen in %q.", shorten(given), shorten(f.label))
		}
	case f.kind == "jid-multi":
		for part := range strings.SplitSeq(given, ",") {
			if strings.TrimSpace(part) == "" {
				continue
			}
			address, err := parseAddress(part)
			if err != nil {
				return nil, err
			}
			values = append(values, address.String())
		}
	case f.kind == "jid-single":
		if strings.TrimSpace(given) != "" {
			address, err := parseAddress(given)
			if err != nil {
				return nil, err
			}
			values = []string{address.String()}
		}
	case f.kind == "text-multi":
		if given != "" {
			values = strings.Split(given, "\n")
		}
	default:
		if given != "" {
			values = []string{given}
		}
	}
	if f.required && strings.Join(values, "") == "" {
		return nil, sentencef("%q must have an answer.", shorten(f.label))
	}
	return values, nil
}

// newForm is a form that we fill in by ourselves. Pairs are names and values; a name that
// comes again has several.
func newForm(formType string, pairs ...string) *element {
	x := newElement(nsDataForm, "x",
		newElement(nsDataForm, "field", newText(nsDataForm, "value", formType)).with("var", "FORM_TYPE").with("type", "hidden")).with("type", "submit")
	for i := 0; i+1 < len(pairs); i += 2 {
		x.add(newElement(nsDataForm, "field", newText(nsDataForm, "value", pairs[i+1])).with("var", pairs[i]))
	}
	return x
}
