package storage

import "golang.org/x/sys/unix"

// totalMemory is how much memory the computer has, in bytes; 0: nobody knows.
func totalMemory() uint64 {
	size, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return size
}
