// Package gui is the Fyne front end of Culver: the Buddy List, the conversation
// windows, and one renderer for all forms.
//
// It owns widgets and a replica of what they show, fed by the messenger's
// events: the same reducers that the messenger uses ([buddylist.List],
// [conversation.Timeline]). It never reads the messenger itself, and every wish
// of the user goes out through [messenger.Front], whose methods return at once.
//
// Everything here belongs to the toolkit's goroutine. One goroutine more, the
// pump of [GUI.Attach], takes batches of events from the queue and hands each to
// the toolkit by a single call of the do function that [New] was given; a second
// one serves the socket of [GUI.ServeInspect], when asked for. Neither touches a
// widget.
//
// The package does not import fyne.io/fyne/v2/app, so that it builds and is
// tested without cgo and without a display.
package gui
