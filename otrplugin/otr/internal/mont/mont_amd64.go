//go:build !purego

package mont

import "golang.org/x/sys/cpu"

//go:generate go run ./gen

// What the processor has. The multiplication needs ADX and BMI2, looking up
// needs AVX2; without them the portable code does it.
var (
	hasADX  = cpu.X86.HasADX && cpu.X86.HasBMI2
	hasAVX2 = cpu.X86.HasAVX2
)

//go:noescape
func mul16ADX(z, x, y, m *Elem16, inv uint64)

//go:noescape
func sqr16ADX(z, x, m *Elem16, inv uint64)

//go:noescape
func select16AVX2(z *Elem16, table []Elem16, index uint64)

//go:noescape
func mul24ADX(z, x, y, m *Elem24, inv uint64)

//go:noescape
func sqr24ADX(z, x, m *Elem24, inv uint64)

//go:noescape
func select24AVX2(z *Elem24, table []Elem24, index uint64)

func mul16(z, x, y, m *Elem16, inv uint64) {
	if hasADX {
		mul16ADX(z, x, y, m, inv)
	} else {
		mulGeneric(z[:], x[:], y[:], m[:], inv)
	}
}

func sqr16(z, x, m *Elem16, inv uint64) {
	if hasADX {
		sqr16ADX(z, x, m, inv)
	} else {
		sqrGeneric(z[:], x[:], m[:], inv)
	}
}

func select16(z *Elem16, table []Elem16, index uint64) {
	if hasAVX2 {
		select16AVX2(z, table, index)
	} else {
		select16Generic(z, table, index)
	}
}

func mul24(z, x, y, m *Elem24, inv uint64) {
	if hasADX {
		mul24ADX(z, x, y, m, inv)
	} else {
		mulGeneric(z[:], x[:], y[:], m[:], inv)
	}
}

func sqr24(z, x, m *Elem24, inv uint64) {
	if hasADX {
		sqr24ADX(z, x, m, inv)
	} else {
		sqrGeneric(z[:], x[:], m[:], inv)
	}
}

func select24(z *Elem24, table []Elem24, index uint64) {
	if hasAVX2 {
		select24AVX2(z, table, index)
	} else {
		select24Generic(z, table, index)
	}
}
