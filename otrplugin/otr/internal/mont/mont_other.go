//go:build purego || !amd64

package mont

func mul16(z, x, y, m *Elem16, inv uint64) { mulGeneric(z[:], x[:], y[:], m[:], inv) }
func sqr16(z, x, m *Elem16, inv uint64)    { sqrGeneric(z[:], x[:], m[:], inv) }

func select16(z *Elem16, table []Elem16, index uint64) { select16Generic(z, table, index) }

func mul24(z, x, y, m *Elem24, inv uint64) { mulGeneric(z[:], x[:], y[:], m[:], inv) }
func sqr24(z, x, m *Elem24, inv uint64)    { sqrGeneric(z[:], x[:], m[:], inv) }

func select24(z *Elem24, table []Elem24, index uint64) { select24Generic(z, table, index) }
