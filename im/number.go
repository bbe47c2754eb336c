package im

import (
	"strconv"

	"culver/lang"
)

// Number is a number that is not negative, for people to read: with a comma, or what
// else is used for it, after each three digits.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + lang.As("between thousands", ",") + s[i:]
	}
	return s
}
