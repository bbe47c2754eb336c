// Package testkit starts the real programs that Culver is tested against: XMPP
// servers, Profanity, a keyring. Each launcher owns one process, gives it a
// folder and ports of its own, and ends it with the test.
//
// It is for tests only and imports the standard library only. The values it
// returns may be used from any goroutine of the test.
package testkit
