// Package im is the vocabulary that every part of Culver speaks: accounts,
// addresses, conversations, messages, presence, seals, formatted text and form
// fields.
//
// It owns no state and imports only the standard library. All its types are
// plain values: copy them, send them between goroutines, compare them. The one
// exception is [Secret], whose bytes are shared by its copies so that a single
// Wipe clears them all.
package im
