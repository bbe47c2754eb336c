//go:build unix

package main

import "syscall"

// hold stops a process where it is, and release lets it go on.
func hold(pid int) error    { return syscall.Kill(pid, syscall.SIGSTOP) }
func release(pid int) error { return syscall.Kill(pid, syscall.SIGCONT) }
