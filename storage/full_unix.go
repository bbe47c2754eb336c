//go:build unix

package storage

import (
	"errors"

	"golang.org/x/sys/unix"
)

// isFull reports whether err means that the disk, the user's share of it, or
// the file may not grow.
func isFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG)
}
