package conversation

import (
	"slices"
	"strings"
	"unicode"
)

// scripts are the alphabets that are told apart. Those that are written together in
// one language are one.
var scripts = [][]*unicode.RangeTable{
	{unicode.Latin}, {unicode.Greek}, {unicode.Cyrillic}, {unicode.Armenian}, {unicode.Georgian}, {unicode.Hebrew},
	{unicode.Arabic}, {unicode.Cherokee}, {unicode.Thai}, {unicode.Devanagari},
	{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul},
}

// twins are small letters of other alphabets that cannot be told from Latin ones.
const twins = "авсԁеһіјӏорԛѕԝхуѵɡαινοορυωγոսցհզօ"

// Lookalike reports whether an address may be made to look like another one: a part
// of it has letters of several alphabets, or none but such that look like Latin ones
// (Unicode TR 39).
func Lookalike(address string) bool {
	parts := strings.FieldsFunc(strings.ToLower(address), func(r rune) bool { return strings.ContainsRune("@./-_+", r) })
	return slices.ContainsFunc(parts, func(part string) bool {
		used, foreign, other := map[int]bool{}, 0, 0
		for _, r := range part {
			if !unicode.IsLetter(r) {
				continue
			}
			i := slices.IndexFunc(scripts, func(tables []*unicode.RangeTable) bool { return unicode.In(r, tables...) })
			used[i] = true
			if strings.ContainsRune(twins, r) {
				foreign++
			} else {
				other++
			}
		}
		return len(used) > 1 || foreign > 0 && other == 0
	})
}
