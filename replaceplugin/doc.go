// Package replaceplugin replaces words that the user types by others, which they
// set up: a plugin.Plugin, on the messenger's goroutine.
//
// A line is replaced once, before it is shown, kept, encrypted or sent: what the
// user reads in the conversation is what the peer gets. What others write is never
// touched. [Rules] says what counts as a word.
package replaceplugin
