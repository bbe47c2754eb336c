// Package difference compares how our leaves read messages with how libotr
// 4.1.1 does: what a message is, and what it decodes to. It is tests alone.
// Where the two differ on purpose, the list known has the reason; any other
// difference is a fault.
//
// It owns no state, and any goroutine may use it.
package difference
