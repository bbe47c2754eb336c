package storage

import (
	"encoding/binary"
	"math"
)

// record is a row as it lies on a page: its number, or 0 in an index, and its
// columns, each nil, an int64, a float64, a string or a []byte.
type record struct {
	number  int64
	columns []any
}

// usable is what a page has for rows; the rest is its checksum.
const usable = pageSize - 8

// records are the rows on a page, if it is one of rows, and how many of them cannot be
// read to their end (SQLite's "Database File Format", section 1.6).
func (p *pages) records(n uint32, page []byte) (all []record, broken int) {
	at := 0
	if n == 1 {
		at = 100
	}
	kind, head := page[at], 8
	switch kind {
	case kindTable, kindIndex:
	case kindIndexInner:
		head = 12
	default:
		return nil, 0
	}
	for i := range int(binary.BigEndian.Uint16(page[at+3:])) {
		list := at + head + 2*i
		if list+2 > usable {
			return all, broken + 1
		}
		cell := int(binary.BigEndian.Uint16(page[list:]))
		if kind == kindIndexInner {
			cell += 4
		}
		if cell >= usable {
			broken++
			continue
		}
		r, ok := p.record(page[cell:usable], kind == kindTable)
		if !ok {
			broken++
			continue
		}
		all = append(all, r)
	}
	return all, broken
}

// The kinds of pages that have rows.
const (
	kindIndexInner = 2
	kindTableInner = 5 // which has no rows
	kindIndex      = 10
	kindTable      = 13
)

// record reads one row, and what of it lies on other pages.
func (p *pages) record(b []byte, table bool) (r record, ok bool) {
	size, b, ok := varint(b)
	if !ok || size > maxRecord {
		return r, false
	}
	most := (usable-12)*64/255 - 23
	if table {
		if r.number, b, ok = signed(b); !ok {
			return r, false
		}
		most = usable - 35
	}
	payload, ok := p.payload(b, int(size), most)
	if !ok {
		return r, false
	}
	r.columns, ok = columnsOf(payload)
	return r, ok
}

// maxRecord is the size of a row above which it was not written by us.
const maxRecord = 64 << 20

// payload puts the parts of a row together: so much of it is on its own page, the
// rest on a chain of others.
func (p *pages) payload(b []byte, size, most int) ([]byte, bool) {
	local := size
	if size > most {
		least := (usable-12)*32/255 - 23
		if local = least + (size-least)%(usable-4); local > most {
			local = least
		}
	}
	if local > len(b) {
		return nil, false
	}
	payload := append([]byte(nil), b[:local]...)
	if local == size {
		return payload, true
	}
	if len(b) < local+4 {
		return nil, false
	}
	next := binary.BigEndian.Uint32(b[local:])
	for len(payload) < size {
		page := p.page(next)
		if page == nil {
			return nil, false
		}
		payload = append(payload, page[4:4+min(usable-4, size-len(payload))]...)
		next = binary.BigEndian.Uint32(page)
	}
	return payload, next == 0
}

// columnsOf reads the columns of a row (section 2.1).
func columnsOf(b []byte) (all []any, ok bool) {
	size, rest, ok := varint(b)
	if !ok || size > uint64(len(b)) || int(size) < len(b)-len(rest) {
		return nil, false
	}
	types, values := b[len(b)-len(rest):size], b[size:]
	for len(types) > 0 {
		var kind uint64
		if kind, types, ok = varint(types); !ok {
			return nil, false
		}
		n := width(kind)
		if n > uint64(len(values)) {
			return nil, false
		}
		v := values[:n]
		values = values[n:]
		switch {
		case kind == 0:
			all = append(all, nil)
		case kind <= 6:
			number := int64(int8(v[0]))
			for _, c := range v[1:] {
				number = number<<8 | int64(c)
			}
			all = append(all, number)
		case kind == 7:
			all = append(all, math.Float64frombits(binary.BigEndian.Uint64(v)))
		case kind == 8 || kind == 9:
			all = append(all, int64(kind-8))
		case kind >= 12 && kind%2 == 0:
			all = append(all, append([]byte{}, v...))
		case kind >= 13:
			all = append(all, string(v))
		default:
			return nil, false
		}
	}
	return all, len(values) == 0
}

// width is how many bytes a value of that type has.
func width(kind uint64) uint64 {
	switch {
	case kind >= 12:
		return (kind - 12) / 2
	case kind == 5:
		return 6
	case kind == 6 || kind == 7:
		return 8
	case kind <= 4:
		return kind
	}
	return 0
}

func signed(b []byte) (int64, []byte, bool) {
	n, rest, ok := varint(b)
	return int64(n), rest, ok
}

// varint reads a number as SQLite writes it: up to nine bytes, the highest first.
func varint(b []byte) (n uint64, rest []byte, ok bool) {
	for i := range min(9, len(b)) {
		if i == 8 {
			return n<<8 | uint64(b[i]), b[9:], true
		}
		n = n<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}
