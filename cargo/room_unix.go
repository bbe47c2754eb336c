//go:build linux || darwin

package cargo

import "golang.org/x/sys/unix"

// Room is how many bytes the user may still write to the disk of a folder, if the
// system tells.
func Room(folder string) (bytes int64, ok bool) {
	var s unix.Statfs_t
	if unix.Statfs(folder, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
