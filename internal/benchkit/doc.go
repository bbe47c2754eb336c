// Package benchkit is what programs have in common that set Culver beside another one: a
// stand-in for a test, so that testkit starts servers for them as well, what a process takes
// of the machine, and a bare client that speaks the protocol and does nothing else.
//
// It owns what a [Bench] has started, until that ends. All of it belongs to the goroutine of
// who uses it; each client may be used by one of its own.
package benchkit
