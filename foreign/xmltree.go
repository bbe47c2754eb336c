package foreign

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// element is one element of an XML file.
type element struct {
	name  string
	attrs map[string]string
	text  []byte // of itself, not of those in it
	kids  []*element
}

var errNested = errors.New("it is nested too deeply, or has too many parts")

// parseXML reads a whole file. Of one that is damaged there is the part in front
// of the damage, with an error; the root is never nil. No entities are expanded
// but those of XML itself, and no document type is read.
func parseXML(b []byte) (*element, error) {
	d := newXML(newMender(bytes.NewReader(b)))
	root := new(element)
	open := []*element{root}
	for nodes := 0; ; nodes++ {
		token, err := d.RawToken()
		if err == io.EOF {
			if len(open) > 1 {
				err = io.ErrUnexpectedEOF
			} else {
				err = nil
			}
			return root, err
		}
		if err != nil {
			return root, err
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > maxDepth || nodes > maxNodes {
				return root, errNested
			}
			e := &element{name: t.Name.Local}
			for _, a := range t.Attr {
				if e.attrs == nil {
					e.attrs = make(map[string]string)
				}
				e.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, e)
			open = append(open, e)
		case xml.EndElement:
			// Of a wrong end tag all that it may belong to ends.
			for i := len(open) - 1; i > 0; i-- {
				if open[i].name == t.Name.Local {
					open = open[:i]
					break
				}
			}
		case xml.CharData:
			if len(open) > 1 && (len(top.text) > 0 || len(bytes.TrimSpace(t)) > 0) {
				top.text = append(top.text, t...)
			}
		}
	}
}

// newXML is a decoder for files that may be damaged.
func newXML(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // mended already
	return d
}

// first is the first element of this name inside, or an empty one.
func (e *element) first(name string) *element {
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
	}
	return new(element)
}

// all calls f with the elements of this name inside.
func (e *element) all(name string, f func(*element)) {
	for _, k := range e.kids {
		if k.name == name {
			f(k)
		}
	}
}

func (e *element) string() string { return string(bytes.TrimSpace(e.text)) }

// wipe overwrites the text of an element and of all inside.
func (e *element) wipe() {
	clear(e.text)
	for _, k := range e.kids {
		k.wipe()
	}
}
