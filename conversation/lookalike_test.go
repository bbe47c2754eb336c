package conversation

import "testing"

func TestLookalike(t *testing.T) {
	for address, want := range map[string]bool{
		"alice@example.net":        false,
		"älice.müller@exämple.net": false,
		"алиса@пример.рф":          false,
		"alice@пример.рф":          false, // each part is of one alphabet
		"αλίκη@παράδειγμα.gr":      false,
		"アリス2@例え.jp":               false,
		"김철수@example.kr":           false,
		"1234@example.net":         false,
		"":                         false,
		"аlice@example.net":        true, // Cyrillic а
		"alice@ехample.net":        true,
		"раура@example.net":        true, // all of it Cyrillic, and looks like Latin
		"alice@example.net/сос":    true,
		"bοb@example.net":          true, // Greek ο
		"\xff@\xfe":                false,
	} {
		if got := Lookalike(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
