//go:build purego || !amd64

package modp

//go:norace
func addMulRow(z, x *limbs, y uint64) (carry uint64) { return addMulRowGeneric(z, x, y) }
