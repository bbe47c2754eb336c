// Package accounts is the life of each account's link to its network: offline,
// connecting, online, waiting to try again, or in need of the user; with the
// back-off between tries and the wish of who should be online.
//
// It owns no goroutine and no connection: a [Link] is told what happened and
// answers what to do. It belongs to the messenger's goroutine; its [State] is a
// value that front ends may keep.
package accounts
