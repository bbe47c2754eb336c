//go:build !unix

package main

// limitDumps has nothing to do: Go's own start keeps Windows from reporting crashes
// (SEM_NOGPFAULTERRORBOX).
func limitDumps() {}

func denyDumps() {}
