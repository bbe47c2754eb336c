// Package interop tests Culver in private conversations with other people's
// programs: a whole messenger with an encrypted profile on one side, a real
// Profanity, whose OTR is libotr's, on the other, and a real Prosody between them,
// which records every stanza. Whatever happens there, nothing private may be
// found in the record.
//
// The journeys are written for persons, so that the same ones are walked by two
// Culvers. All of it belongs to the goroutine of the test.
package interop
