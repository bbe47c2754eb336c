package main

import "syscall"

// limitDumps keeps a crash from leaving a memory image, from the start on. It is the
// limit of one byte, and not of none, that also keeps the kernel from handing an
// image to a program (core(5), and format_corename in the kernel's fs/coredump.c).
func limitDumps() {
	var limit syscall.Rlimit
	if wantsDumps() || syscall.Getrlimit(syscall.RLIMIT_CORE, &limit) != nil || limit.Max == 0 {
		return
	}
	limit.Cur = 1 // the limit of programs that we start may be raised again
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}

// prSetDumpable is PR_SET_DUMPABLE of prctl(2).
const prSetDumpable = 4

// denyDumps keeps other programs of the same user from reading the memory, too. It
// is for when there are secrets in it: from then on the desktop's portals, which
// look into /proc to see who asks, tell nothing more, and the toolkit asks one of
// them at the start whether the system's theme is dark.
func denyDumps() {
	if !wantsDumps() {
		_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetDumpable, 0, 0)
	}
}
