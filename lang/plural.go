package lang

// plurals are how the languages count: how many forms a noun has behind a number,
// and which of them it takes. The rules are those of Unicode's CLDR for whole numbers.
var plurals = map[string]struct {
	forms int
	form  func(n int) int
}{
	"de": {2, oneAndMany},
	"es": {2, oneAndMany},
	"fr": {2, func(n int) int { return index(n > 1 || n < -1) }},
	"ru": {3, slavic},
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

func oneAndMany(n int) int { return index(n != 1) }

// slavic is 1 строка, 2 строки, 5 строк.
func slavic(n int) int {
	n = max(n, -n)
	switch ones, tens := n%10, n%100; {
	case ones == 1 && tens != 11:
		return 0
	case ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return 1
	}
	return 2
}
