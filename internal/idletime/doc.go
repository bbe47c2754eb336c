// Package idletime asks the system for how long nobody has used the computer: the X server,
// or Windows. Elsewhere, under Wayland for instance, nobody says so. A [Watch] may be asked
// from any goroutine; it asks the system on its own.
package idletime
