package foreign

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"unicode/utf16"
)

// Property lists of macOS: values are string, bool, int64, map[string]any and
// []any; what else there is, is nil.

var errNotPlist = errors.New("it is not a property list, or it is damaged")

// parsePlist reads a property list, as XML or binary.
func parsePlist(b []byte) (any, error) {
	if bytes.HasPrefix(b, []byte("bplist00")) {
		return parseBinaryPlist(b)
	}
	tree, err := parseXML(b)
	if root := tree.first("plist"); len(root.kids) > 0 {
		return plistValue(root.kids[0]), err
	}
	return nil, errNotPlist
}

func plistValue(e *element) any {
	switch e.name {
	case "dict":
		out := map[string]any{}
		for i := 0; i+1 < len(e.kids); i++ {
			if e.kids[i].name == "key" && e.kids[i+1].name != "key" {
				out[e.kids[i].string()] = plistValue(e.kids[i+1])
				i++
			}
		}
		return out
	case "array":
		out := make([]any, len(e.kids))
		for i, k := range e.kids {
			out[i] = plistValue(k)
		}
		return out
	case "string":
		return string(e.text)
	case "integer":
		n, _ := strconv.ParseInt(e.string(), 10, 64)
		return n
	case "true", "false":
		return e.name == "true"
	}
	return nil
}

// binaryPlist is the binary form: objects, a table of where they are, and at the
// end of the file where the table is and which object is the root.
type binaryPlist struct {
	b       []byte
	table   int // where it begins
	count   int // of objects
	offset  int // the size of its entries
	ref     int // the size of a reference to an object
	visited int // objects read: those that are named often count as often
}

const maxPlistObjects = 200_000

func parseBinaryPlist(b []byte) (any, error) {
	const trailer = 32
	if len(b) < len("bplist00")+trailer {
		return nil, errNotPlist
	}
	t := b[len(b)-trailer:]
	p := &binaryPlist{b: b[:len(b)-trailer], offset: int(t[6]), ref: int(t[7])}
	count, root, table := binary.BigEndian.Uint64(t[8:]), binary.BigEndian.Uint64(t[16:]), binary.BigEndian.Uint64(t[24:])
	if p.offset < 1 || p.offset > 8 || p.ref < 1 || p.ref > 8 || count == 0 || count > maxPlistObjects || root >= count ||
		table < 8 || table > uint64(len(p.b)) || count*uint64(p.offset) > uint64(len(p.b))-table {
		return nil, errNotPlist
	}
	p.table, p.count = int(table), int(count)
	return p.object(int(root), 0)
}

// number reads n bytes as a number; false if they are not there or too big.
func (p *binaryPlist) number(at, n int) (int, bool) {
	if n < 1 || n > 8 || at < 0 || at > len(p.b)-n {
		return 0, false
	}
	v := uint64(0)
	for _, b := range p.b[at : at+n] {
		v = v<<8 | uint64(b)
	}
	return int(v), v < 1<<31
}

// object reads the object with this number.
func (p *binaryPlist) object(i, depth int) (any, error) {
	if p.visited++; p.visited > maxPlistObjects || depth > maxDepth || i < 0 || i >= p.count {
		return nil, errNotPlist
	}
	at, ok := p.number(p.table+i*p.offset, p.offset)
	if !ok || at >= p.table {
		return nil, errNotPlist
	}
	kind, n := p.b[at]>>4, int(p.b[at]&15)
	at++
	switch kind {
	case 0:
		switch n {
		case 8, 9:
			return n == 9, nil
		}
		return nil, nil
	case 1:
		if n > 3 {
			return nil, nil
		}
		if n == 3 {
			if at > len(p.b)-8 {
				return nil, errNotPlist
			}
			return int64(binary.BigEndian.Uint64(p.b[at:])), nil
		}
		v, ok := p.number(at, 1<<n)
		if !ok {
			return nil, errNotPlist
		}
		return int64(v), nil
	case 5, 6, 10, 13:
	default:
		return nil, nil
	}
	if n == 15 { // the size stands behind, as a number
		if at >= len(p.b) || p.b[at]>>4 != 1 || p.b[at]&15 > 3 {
			return nil, errNotPlist
		}
		size := 1 << (p.b[at] & 15)
		if n, ok = p.number(at+1, size); !ok {
			return nil, errNotPlist
		}
		at += 1 + size
	}
	return p.sized(kind, n, at, depth)
}

// sized reads an object of n parts.
func (p *binaryPlist) sized(kind byte, n, at, depth int) (any, error) {
	part := map[byte]int{5: 1, 6: 2, 10: p.ref, 13: 2 * p.ref}[kind]
	if n > (len(p.b)-at)/part {
		return nil, errNotPlist
	}
	ref := func(i int) (any, error) {
		n, ok := p.number(at+i*p.ref, p.ref)
		if !ok {
			return nil, errNotPlist
		}
		return p.object(n, depth+1)
	}
	switch kind {
	case 5:
		return mend(p.b[at : at+n]), nil
	case 6:
		units := make([]uint16, n)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(p.b[at+2*i:])
		}
		return string(utf16.Decode(units)), nil
	case 10:
		var out []any
		for i := range n {
			v, err := ref(i)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	out := map[string]any{}
	for i := range n {
		k, err := ref(i)
		if err != nil {
			return nil, err
		}
		v, err := ref(n + i)
		if err != nil {
			return nil, err
		}
		if name, ok := k.(string); ok {
			out[name] = v
		}
	}
	return out, nil
}
