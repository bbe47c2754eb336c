// Package protocol is the contract between Culver's core and one chat network.
//
// A [Protocol] makes a [Session] for an account; the session's Run connects and
// reports what happens as events, in order, from one goroutine of its own. All
// other methods of a session may be called from any goroutine, return at once
// and never wait for the network. What only some networks can do is an optional
// interface that the session also implements ([RosterEditor], [PresenceSetter],
// [TypingSender]).
package protocol
