//go:build !purego

package modp

// addMulRowADX is addMulRowGeneric for processors that have ADX and BMI2.
//
//go:noescape
func addMulRowADX(z, x *limbs, y uint64) (carry uint64)

// cpuid7 is what the processor says of its extended features; 0 if it has no
// such answer.
func cpuid7() (ebx uint32)

const bmi2, adx = 1 << 8, 1 << 19

var hasADX = cpuid7()&(bmi2|adx) == bmi2|adx

//go:norace
func addMulRow(z, x *limbs, y uint64) (carry uint64) {
	if hasADX {
		return addMulRowADX(z, x, y)
	}
	return addMulRowGeneric(z, x, y)
}
