package xmpp

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"culver/im"
)

// parseXML reads one element.
func parseXML(t testing.TB, s string) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if start, ok := token.(xml.StartElement); ok {
			e, err := readElement(d, start)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			return e
		}
	}
}

const everyField = `<x xmlns='jabber:x:data' type='form'><title>T</title><instructions>one</instructions><instructions>two</instructions>
<field var='FORM_TYPE' type='hidden'><value>urn:x</value></field>
<field type='fixed'><value>Read this</value></field>
<field var='h' type='hidden'><value>a</value><value>b</value></field>
<field var='b' type='boolean' label='Yes?'><value>true</value></field>
<field var='t' label='Text'><desc>Help</desc><required/><value>old</value></field>
<field var='p' type='text-private' label='Secret'/>
<field var='m' type='text-multi' label='Lines'><value>one</value><value>two</value></field>
<field var='l' type='list-single' label='One of'><option label='A!'><value>a</value></option><option><value>b</value></option><value>b</value></field>
<field var='n' type='list-multi' label='Some of'><option label='C'><value>c</value></option><option><value>d</value></option><value>d</value></field>
<field var='j' type='jid-single' label='Who'><value>a@x</value></field>
<field var='k' type='jid-multi' label='Who all'><value>a@x</value><value>b@x</value></field>
<field var='u' type='something-new' label='New'/>
</x>`

func TestFormsAreShown(t *testing.T) {
	got := readForm(parseXML(t, everyField)).show()
	if got.Title != "T" || got.Words != "one\ntwo" {
		t.Errorf("%+v", got)
	}
	var lines []string
	for _, f := range got.Fields {
		lines = append(lines, fmt.Sprintf("%d %q %s=%s (%s) %d", f.Kind, f.ID, f.Label, f.Value, f.Hint, len(f.Choices)))
	}
	want := []string{
		`4 "" Read this= () 0`,
		`3 "b" Yes?=on () 0`,
		`0 "t" Text=old (Help) 0`,
		`1 "p" Secret= () 0`,
		`0 "m" Lines=one two () 0`,
		`2 "l" One of=b () 2`,
		`4 "" Some of= () 0`,
		`3 "n\x000" C= () 0`,
		`3 "n\x001" d=on () 0`,
		`0 "j" Who=a@x () 0`,
		`0 "k" Who all=a@x, b@x (Addresses, with commas between.) 0`,
		`0 "u" New= () 0`,
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// answered is what goes back, in short.
func answered(t *testing.T, answers map[string]string) (string, error) {
	x, err := readForm(parseXML(t, everyField)).answer(answers)
	if err != nil {
		return "", err
	}
	var out []string
	for _, f := range x.children {
		var values []string
		for _, v := range f.children {
			values = append(values, v.text)
		}
		out = append(out, f.attr("var")+"="+strings.Join(values, "|"))
	}
	return strings.Join(out, " "), nil
}

func TestFormsAreAnswered(t *testing.T) {
	const same = "FORM_TYPE=urn:x h=a|b b=1 t=old p= m=one|two l=b n=d j=a@x k=a@x|b@x u="
	for _, c := range []struct {
		name, want string
		answers    map[string]string
	}{
		{"as it was", same, map[string]string{"b": im.On, "t": "old", "p": "", "m": "one two", "l": "b", "n\x001": im.On, "j": "a@x", "k": "a@x, b@x", "u": ""}},
		{"all other", "FORM_TYPE=urn:x h=a|b b=0 t=<new> p=s m=x l=a n=c j=c@x k=c@x|d@x u=z",
			map[string]string{"b": "", "t": "<new>", "p": "s", "m": "x", "l": "a", "n\x000": im.On, "n\x001": "", "j": "C@x", "k": " c@x,, d@X", "u": "z", "h": "forged", "FORM_TYPE": "forged"}},
		{"nothing was asked", strings.Replace(same, "b=1", "b=true", 1), nil},
	} {
		if got, err := answered(t, c.answers); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	for name, answers := range map[string]map[string]string{
		"nothing where something is required": {"t": ""},
		"no choice of the list":               {"l": "z"},
		"no address":                          {"j": "@@"},
		"no addresses":                        {"k": "a@x, @"},
	} {
		if got, err := answered(t, answers); err == nil {
			t.Errorf("%s: %q", name, got)
		} else if !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%s: %q is no sentence", name, err)
		}
	}
}

func TestHostileForms(t *testing.T) {
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	for name, inner := range map[string]string{
		"nothing":             "",
		"many fields":         many(5000, "<field var='%d'/>"),
		"many nameless":       many(5000, "<field type='fixed'><value>x</value></field>"),
		"one name":            many(500, "<field var='a'/>"),
		"many values":         "<field var='a' type='jid-multi'>" + many(9000, "<value>a@x</value>") + "</field>",
		"many options":        "<field var='a' type='list-multi'>" + many(9000, "<option><value>x</value></option>") + "</field>",
		"a long value":        "<field var='a'><value>" + many(1<<17, "ä") + "</value></field>",
		"a long name":         "<field var='" + many(1<<16, "a") + "'/>",
		"empty options":       "<field var='a' type='list-single'><option/><option><value/></option></field>",
		"a form in it":        "<field var='a'><x xmlns='jabber:x:data'/></field>",
		"other fields":        "<field xmlns='urn:other' var='a'/>",
		"a forged form type":  "<field var='FORM_TYPE' type='text-single'><value>a</value></field>",
		"a value with a list": "<field var='a' type='list-single'><value>not there</value></field>",
	} {
		n := 0
		for strings.Contains(inner, "%d") {
			inner = strings.Replace(inner, "%d", fmt.Sprint(n), 1)
			n++
		}
		f := readForm(parseXML(t, "<x xmlns='jabber:x:data' type='form'>"+inner+"</x>"))
		shown := f.show()
		if len(shown.Fields) > maxFormFields*(maxFormOptions+1) || len(f.fields) > maxFormFields {
			t.Errorf("%s: %d fields", name, len(shown.Fields))
		}
		seen, size := map[string]bool{}, 0
		for _, field := range shown.Fields {
			if field.ID != "" && seen[field.ID] {
				t.Errorf("%s: two fields %q", name, field.ID)
			}
			seen[field.ID] = true
			size += len(field.Value) + len(field.Label)
		}
		if size > 1<<20 {
			t.Errorf("%s: %d bytes are shown", name, size)
		}
		if _, err := f.answer(map[string]string{"a": "b", "a\x000": im.On}); err != nil {
			t.Logf("%s: %v", name, err)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Add(everyField, "t", "x")
	f.Fuzz(func(t *testing.T, s, id, value string) {
		d := xml.NewDecoder(strings.NewReader(s))
		token, err := d.Token()
		start, ok := token.(xml.StartElement)
		if err != nil || !ok {
			return
		}
		e, err := readElement(d, start)
		if err != nil {
			return
		}
		form := readForm(e)
		form.show()
		x, err := form.answer(map[string]string{id: value})
		if err != nil {
			return
		}
		again := readForm(parseXML(t, string(x.marshal())))
		if len(again.fields) > len(form.fields) {
			t.Fatalf("%d fields became %d", len(form.fields), len(again.fields))
		}
	})
}
