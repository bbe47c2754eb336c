// Package messenger is the core of Culver: it owns accounts, Buddy List,
// conversations, plugins and stores, all on one goroutine, the one that runs
// [Messenger.Run]. It is the only API that front ends see.
//
// All other methods may be called from any goroutine and return at once. What
// comes of them arrives as events on the queue that [Messenger.Subscribe]
// returns, a [Snapshot] first.
package messenger
