package mont

// Select16 sets z to the entry of a table that index names. It reads the whole
// table, whatever the index; one beyond the table gives 0.
func Select16(z *Elem16, table []Elem16, index uint64) { select16(z, table, index) }

// Select24 sets z to the entry of a table that index names. It reads the whole
// table, whatever the index; one beyond the table gives 0.
func Select24(z *Elem24, table []Elem24, index uint64) { select24(z, table, index) }

//go:norace
func select16Generic(z *Elem16, table []Elem16, index uint64) {
	for j := 0; j < len(z); j += 4 {
		var a0, a1, a2, a3 uint64
		for i := range table {
			mask := equal(uint64(i), index)
			e := (*strip)(table[i][j:])
			a0, a1, a2, a3 = a0|e[0]&mask, a1|e[1]&mask, a2|e[2]&mask, a3|e[3]&mask
		}
		z[j], z[j+1], z[j+2], z[j+3] = a0, a1, a2, a3
	}
}

//go:norace
func select24Generic(z *Elem24, table []Elem24, index uint64) {
	for j := 0; j < len(z); j += 4 {
		var a0, a1, a2, a3 uint64
		for i := range table {
			mask := equal(uint64(i), index)
			e := (*strip)(table[i][j:])
			a0, a1, a2, a3 = a0|e[0]&mask, a1|e[1]&mask, a2|e[2]&mask, a3|e[3]&mask
		}
		z[j], z[j+1], z[j+2], z[j+3] = a0, a1, a2, a3
	}
}

// equal is all ones if a is b, else 0.
func equal(a, b uint64) uint64 {
	d := a ^ b
	return (d|-d)>>63 - 1
}
