// Package otr is an engine for Off-the-Record messaging, versions 2 and 3,
// written from the public protocol description.
//
// It is sans-I/O: a [Session] holds the conversation with one bare peer
// (who may be logged in with several clients, each an instance with keys of
// its own), takes what arrived and what the user typed, and returns what has
// to be put on the wire and what happened, as values and in order. It starts
// no goroutine, keeps no log, and takes time and randomness from its
// [Config].
//
//	           Start, or the peer's query        AKE verified
//	Plaintext ------------------------------> ... ------------> Encrypted
//	    ^                                                        |  |  ^
//	    |          End (the user)                                |  |  | AKE
//	    +--------------------------------------------------------+  |  | verified
//	    |                                                           v  |
//	    +------------------------------------------------------- Finished
//	               End (the user)                  authenticated TLV 1
//
// Nothing unauthenticated ever moves a session from Encrypted towards
// Plaintext. A refresh (Start while Encrypted) keeps the keys in use until
// the new key exchange is verified.
//
// Ownership: a Session owns its secrets and wipes them when they are left
// ([Session.Close] wipes the rest). It must be used by one goroutine at a
// time; different Sessions are independent and may share one [PrivateKey].
package otr
