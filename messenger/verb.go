package messenger

import "culver/lang"

// verb is what is done with all that arrives: one word throughout.
type verb int

const (
	imports verb = iota
	restores
)

// either is the sentence of the two that has the word.
func (v verb) either(imported, restored string) string {
	if v == restores {
		return restored
	}
	return imported
}

// button is what begins it.
func (v verb) button() string { return v.either(lang.T("Import"), lang.T("Restore")) }
