package storage

import (
	"encoding/binary"
	"strings"

	"culver/im"
)

// lostOf tells of which tables rows are missing, in the words of im.Rescued. It goes
// through their trees (SQLite's "Database File Format", section 1.6): a page that is
// not there may have had anything on it.
func (p *pages) lostOf() string {
	roots := map[string]int64{}
	whole := p.lost == 0 && p.walk(1, func(r record) {
		if c := (&columnsRead{left: r.columns, ok: true}); c.string() == "table" {
			name := c.string()
			c.string()
			if root := c.int(); c.ok {
				roots[name] = root
			}
		}
	})
	var lost []string
	for _, t := range [][2]string{{"setting", im.LostSettings}, {"conversation", im.LostChoices}, {"space", im.LostPlugins}, {"choice", im.LostTold}} {
		root, known := roots[t[0]]
		if known || !whole { // else it is a version without it
			if !known || p.lost > 0 || !p.walk(uint32(root), func(record) {}) {
				lost = append(lost, t[1])
			}
		}
	}
	return strings.Join(lost, " ")
}

// walk calls each for the rows of a table, and reports whether all of them are there.
func (p *pages) walk(root uint32, each func(record)) bool {
	seen, left, whole := map[uint32]bool{}, []uint32{root}, true
	for len(left) > 0 {
		n := left[len(left)-1]
		left = left[:len(left)-1]
		page := p.page(n)
		if page == nil || seen[n] {
			whole = false
			continue
		}
		seen[n] = true
		at := 0
		if n == 1 {
			at = 100
		}
		switch page[at] {
		case kindTable, kindIndex:
		case kindTableInner, kindIndexInner:
			left = append(left, binary.BigEndian.Uint32(page[at+8:]))
			for i := range int(binary.BigEndian.Uint16(page[at+3:])) {
				list := at + 12 + 2*i
				if list+2 > usable {
					whole = false
					break
				}
				cell := int(binary.BigEndian.Uint16(page[list:]))
				if cell+4 > usable {
					whole = false
					continue
				}
				left = append(left, binary.BigEndian.Uint32(page[cell:]))
			}
		default:
			whole = false
		}
		rows, broken := p.records(n, page)
		whole = whole && broken == 0
		for _, r := range rows {
			each(r)
		}
	}
	return whole
}
