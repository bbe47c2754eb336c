// Package lang is the one catalogue of all that Culver says, in the language of
// its user.
//
// Texts are named by what they are in English, and stand in the code as that:
// T("Add Buddy…"). Every other language has a file in catalogues. A text that it
// lacks is shown in English.
//
// The language is chosen once, by [Use], before anything is shown. It is the one
// thing that belongs to the whole program: see docs/adr/0026-one-catalogue.md.
package lang

import (
	"fmt"
	"sync/atomic"
)

// current is nil for English.
var current atomic.Pointer[catalogue]

// T is a text in the user's language. It has to be a literal in the code, so that
// it can be found there: here, or where a function is called whose comment ends in a
// line that says which of its arguments is such a text, from 0 on: //culver:text 1.
func T(text string) string {
	return current.Load().text(text)
}

// As is a text that stands for different things, with a word that says which one
// is meant: As("verb", "Open").
func As(meaning, text string) string {
	c := current.Load()
	if t, ok := c.has(key(meaning, text)); ok {
		return t
	}
	return c.text(text)
}

// F is a text with values in it, in the manner of [fmt.Sprintf]. A translation
// names them by their place if it turns them: %[2]s.
func F(format string, args ...any) string {
	if false {
		_ = fmt.Sprintf(format, args...) // so that vet looks at it
	}
	return fmt.Sprintf(T(format), args...)
}

// N is a text about so many of something, which is among the values, too:
// N(n, "%d line", "%d lines", n).
func N(n int, one, many string, args ...any) string {
	if false {
		_ = fmt.Sprintf(many, args...)
	}
	return fmt.Sprintf(current.Load().count(n, one, many), args...)
}

// Mark gives a text a place in the catalogues without translating it yet: for tables
// that are made before the language is chosen. [Of] translates it where it is shown.
func Mark(text string) string { return text }

// Of is a text that was marked, in the user's language.
func Of(marked string) string { return current.Load().text(marked) }

// Error is an error that people read: a text, in the user's language.
type Error string

// Error is the text.
func (e Error) Error() string { return Of(string(e)) }

// key is how a catalogue names a text with a meaning.
func key(meaning, text string) string { return text + " (" + meaning + ")" }
