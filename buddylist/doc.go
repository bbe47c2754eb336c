// Package buddylist is the Buddy List as data: a pure reducer that events are
// applied to, and rows for screens to draw.
//
// A [List] belongs to one goroutine. The messenger has one; every front end has
// its own replica, fed with the same events.
package buddylist
