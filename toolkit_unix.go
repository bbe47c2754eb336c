//go:build unix

package main

import "syscall"

// madePrivate lets files be made for the user alone, until it is put back: other
// programs that are started later go by the user's own choice.
func madePrivate() (back func()) {
	before := syscall.Umask(0o077)
	return func() { syscall.Umask(before) }
}

// systemDir is Windows' own folder, and there is none here.
func systemDir() string { return "" }
