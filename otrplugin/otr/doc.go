// Package otr is an engine for Off-the-Record messaging, versions 2 and 3,
// written from the public protocol description,
// https://otr.cypherpunks.ca/Protocol-v3-4.1.1.html, whose sections these
// comments name.
//
// It is sans-I/O: a [Session] holds the conversation with one bare peer
// (who may be logged in with several clients, each an instance with keys of
// its own), takes what arrived and what the user typed, and returns what has
// to be put on the wire and what happened, as values and in order. It starts
// no goroutine, keeps no log, and takes time and randomness from its
// [Config].
//
// # States
//
// What happens to a line that the user types is the message state ([State];
// section "Message state"). There is one for each instance of the peer.
//
//	                              AKE verified
//	+-----------+  ------------------------------------------>  +-----------+
//	| Plaintext |                                               | Encrypted |--+
//	+-----------+  <------------------------------------------  +-----------+  | AKE verified:
//	      ^                      End (the user)                   |    ^   ^   | new keys
//	      |                                                       |    |   +---+
//	      |  End (the user)     authenticated TLV 1 (the peer)    |    | AKE
//	      |                 +-------------------------------------+    | verified
//	      |                 v                                          |
//	      |           +----------+                                     |
//	      +-----------| Finished |-------------------------------------+
//	                  +----------+
//
// Nothing unauthenticated ever moves a session from Encrypted towards
// Plaintext. Somebody on the wire may complete a key exchange with a key of his
// own under the peer's tag, and then end that: the session is replaced by one
// with another fingerprint ([GoneSecure] tells) and Finished after it. A refresh (Start while Encrypted) keeps the keys in use until
// the new key exchange is verified, and reads what crosses it.
//
// The key exchange (AKE; sections "Authentication state" and "State
// transitions") runs beside that, one with each instance. Who is asked commits
// first; forged or stray messages change nothing, and an exchange that gets
// stuck is forgotten after a minute.
//
//	            Query or offer received:              D-H Key received:
//	            send D-H Commit                       send Reveal Signature
//	    +-----> awaiting D-H Key ------------------------> awaiting Signature
//	    |            |                                          |
//	no exchange      | D-H Commit received                      | Signature received
//	    |            | with the higher hash: yield              | and verified
//	    |            v                                          v
//	    +-----> awaiting Reveal Signature ----------------> Encrypted
//	            D-H Commit received:      Reveal Signature received and
//	            send D-H Key              verified: send Signature
//
// Authentication of the user behind the key (SMP; section "The SMP state
// machine") needs Encrypted. Any message out of order, an abort from either
// side and every end of the keys lead back to the beginning.
//
//	    Authenticate:                 message 2:
//	    send message 1                send message 3                message 4
//	    +-----> expecting message 2 ------> expecting message 4 ----------+
//	    |                                                                 v
//	no SMP                                                      SMPSuccess, SMPFailure
//	    |                                                                 ^
//	    +-----> asking the user ----------> expecting message 3 ----------+
//	    message 1                     Answer:                       message 3:
//	    (AskSecret, AskAnswer)        send message 2                send message 4
//
// STATES.md has the same as tables, with what happens to every message in
// every state; THREATS.md says what an attacker can and can't do.
//
// # Order
//
// Data messages have to be read in the order in which they were sent. If the network
// may mix it up for a moment, [Config.EarlyWait] has those wait that come too early:
// they are in [Result.Then] of what comes later, or of [Session.Tick], which
// [Session.Due] tells the time of.
//
// # Ownership
//
// A Session owns its secrets and wipes them when they are left
// ([Session.Close] wipes the rest). It must be used by one goroutine at a
// time; different Sessions are independent and may share one [PrivateKey].
package otr
