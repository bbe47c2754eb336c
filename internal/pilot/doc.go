// Package pilot uses Culver as a person does: it looks at the windows, moves the
// mouse and types. It is for the practice journey and for tests of the real
// program on a virtual display.
//
// A [Display] is an X server with a window manager, a [Person] is one running
// Culver on it. Where things are, a person asks the program itself, by the socket
// named in CULVER_INSPECT; everything else goes through X. All of it belongs to
// one goroutine.
package pilot
