package storage

import "golang.org/x/sys/unix"

// totalMemory is how much memory the computer has, in bytes; 0: nobody knows.
func totalMemory() uint64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	return uint64(info.Totalram) * uint64(info.Unit)
}
