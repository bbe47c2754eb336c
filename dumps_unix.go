//go:build unix && !linux

package main

import "syscall"

// limitDumps keeps a crash from leaving a memory image.
func limitDumps() {
	var limit syscall.Rlimit
	if wantsDumps() || syscall.Getrlimit(syscall.RLIMIT_CORE, &limit) != nil {
		return
	}
	limit.Cur = 0
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}

// denyDumps is what limitDumps does on these systems already.
func denyDumps() {}
