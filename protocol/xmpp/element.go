package xmpp

import (
	"encoding/xml"
	"errors"
	"fmt"
	"unicode/utf8"
)

// element is one XML element with all that is in it. Text is the text directly
// in it, joined; where it stood between the children is not kept, because no
// stanza depends on it.
type element struct {
	space    string
	name     string
	attrs    []attr
	text     string
	children []*element
}

// attr is an attribute without a namespace, or "xml:lang".
type attr struct{ name, value string }

// newElement makes an element. The names are constants of the program, never
// what a user or a peer chose; values and text may be anything.
func newElement(space, name string, children ...*element) *element {
	return &element{space: space, name: name, children: children}
}

// newText makes an element that holds text.
func newText(space, name, text string) *element {
	return &element{space: space, name: name, text: text}
}

// with sets an attribute; an empty value leaves it out.
func (e *element) with(name, value string) *element {
	if value != "" {
		e.attrs = append(e.attrs, attr{name, value})
	}
	return e
}

// set replaces an attribute that is there.
func (e *element) set(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
		}
	}
}

// add appends a child.
func (e *element) add(child *element) *element {
	e.children = append(e.children, child)
	return e
}

// is reports whether this is the element of that name.
func (e *element) is(space, name string) bool { return e.space == space && e.name == name }

// attr returns the value of an attribute, or "".
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// child returns the first child of that name, or nil.
func (e *element) child(space, name string) *element {
	for _, c := range e.children {
		if c.is(space, name) {
			return c
		}
	}
	return nil
}

// childText returns the text of the first child of that name, or "".
func (e *element) childText(space, name string) string {
	if c := e.child(space, name); c != nil {
		return c.text
	}
	return ""
}

// marshal is the element as a stanza in a stream whose default namespace is
// jabber:client.
func (e *element) marshal() []byte { return e.appendTo(nil, nsClient) }

func (e *element) appendTo(b []byte, parent string) []byte {
	b = append(b, '<')
	b = append(b, e.name...)
	if e.space != parent {
		b = appendAttr(b, "xmlns", e.space)
	}
	for _, a := range e.attrs {
		b = appendAttr(b, a.name, a.value)
	}
	if e.text == "" && len(e.children) == 0 {
		return append(b, '/', '>')
	}
	b = append(b, '>')
	b = appendEscaped(b, e.text, false)
	for _, c := range e.children {
		b = c.appendTo(b, e.space)
	}
	b = append(b, '<', '/')
	b = append(b, e.name...)
	return append(b, '>')
}

func appendAttr(b []byte, name, value string) []byte {
	b = append(b, ' ')
	b = append(b, name...)
	b = append(b, '=', '\'')
	b = appendEscaped(b, value, true)
	return append(b, '\'')
}

// appendEscaped is the only way of text and attribute values onto the wire.
// What XML cannot carry is left out; all else arrives as it is, spaces and tabs
// too. No letter takes more than five bytes (see maxBody).
func appendEscaped(b []byte, s string, inAttr bool) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '\r': // readers would take it for a line end
			b = append(b, "&#13;"...)
		case inAttr && (r == '\'' || r == '\t' || r == '\n'): // readers would make spaces of blanks
			b = fmt.Appendf(b, "&#%d;", r)
		case legal(r, n):
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return b
}

// legal reports whether XML can carry the rune that was decoded from n bytes
// (XML 1.0, section 2.2).
func legal(r rune, n int) bool {
	switch {
	case r == utf8.RuneError && n == 1:
		return false
	case r == '\t' || r == '\n' || r == '\r':
		return true
	case r < ' ':
		return false
	}
	return r != 0xFFFE && r != 0xFFFF
}

// sanitize leaves out of s what XML cannot carry.
func sanitize(s string) string {
	for i, r := range s {
		if _, n := utf8.DecodeRuneInString(s[i:]); !legal(r, n) {
			return string(appendLegal(make([]byte, 0, len(s)), s))
		}
	}
	return s
}

func appendLegal(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if legal(r, n) {
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return b
}

// The limits of what is built. A stanza may take maxStanza bytes, but the whole
// roster, or the list of who is blocked, which only our own server sends and only when
// asked, maxRoster. A stanza that is more is dropped; one of more than maxRoster ends the session.
const (
	maxStanza = 256 << 10
	maxRoster = 8 << 20
	maxDepth  = 64
	maxAttrs  = 64
)

var (
	errTooDeep  = errors.New("element nested too deeply")
	errTooMany  = errors.New("element with too many attributes")
	errRestrict = errors.New("comment, processing instruction or directive in the stream") // RFC 6120, section 11.1
)

// readElement reads the rest of the element that began with start.
func readElement(r xml.TokenReader, start xml.StartElement) (*element, error) {
	type frame struct {
		e    *element
		text []byte
	}
	root, err := begin(start)
	if err != nil {
		return nil, err
	}
	stack := []frame{{e: root}}
	for len(stack) > 0 {
		token, err := r.Token()
		if err != nil {
			return nil, err
		}
		top := &stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) >= maxDepth {
				return nil, errTooDeep
			}
			e, err := begin(t)
			if err != nil {
				return nil, err
			}
			top.e.add(e)
			stack = append(stack, frame{e: e})
		case xml.EndElement:
			top.e.text = string(top.text)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text = append(top.text, t...)
		default:
			return nil, errRestrict
		}
	}
	return root, nil
}

func begin(start xml.StartElement) (*element, error) {
	if len(start.Attr) > maxAttrs {
		return nil, errTooMany
	}
	e := &element{space: start.Name.Space, name: start.Name.Local}
	for _, a := range start.Attr {
		switch {
		case a.Name.Space == "" && a.Name.Local != "xmlns":
			e.attrs = append(e.attrs, attr{a.Name.Local, a.Value})
		case a.Name.Space == nsXML && a.Name.Local == "lang":
			e.attrs = append(e.attrs, attr{"xml:lang", a.Value})
		}
	}
	return e, nil
}

// weight is about how many bytes of memory it takes: an empty element is small on the wire.
func (e *element) weight() int {
	bytes := 128 + len(e.text)
	for _, a := range e.attrs {
		bytes += 32 + len(a.value)
	}
	for _, c := range e.children {
		bytes += c.weight()
	}
	return bytes
}

// String is for error messages: what it is, not what it says.
func (e *element) String() string { return fmt.Sprintf("<%s xmlns=%q>", e.name, e.space) }
