//go:build !purego

package mont

import "testing"

// TestOlderProcessors is what remains when the processor lacks what the
// assembly needs.
func TestOlderProcessors(t *testing.T) {
	t.Logf("this machine: ADX and BMI2 %t, AVX2 %t", hasADX, hasAVX2)
	defer func(adx, avx2 bool) { hasADX, hasAVX2 = adx, avx2 }(hasADX, hasAVX2)
	hasADX, hasAVX2 = false, false
	s := newSource("older")
	for _, n := range []int{16, 24} {
		for range 5 {
			testModulus(t, s, n, s.modulus(n), 20)
		}
	}
	t.Run("Select", TestSelect)
}
