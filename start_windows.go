package main

import "syscall"

// letOthersToFront lets another program bring its window to the front: the system
// lets only the one that the user is at do so (AllowSetForegroundWindow, ASFW_ANY).
func letOthersToFront() {
	const anyProcess = ^uintptr(0)
	if allow := syscall.NewLazyDLL("user32.dll").NewProc("AllowSetForegroundWindow"); allow.Find() == nil {
		_, _, _ = allow.Call(anyProcess)
	}
}
