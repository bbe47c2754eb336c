//go:build !cgo || ci

package main

// screenSize: without real windows there is no screen.
func screenSize() (width, height int) { return 0, 0 }
