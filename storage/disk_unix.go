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

// isGone reports whether err means that the disk is no longer there.
func isGone(err error) bool {
	for _, e := range []error{unix.EIO, unix.ENODEV, unix.ENXIO, unix.ESTALE, unix.ENOTCONN} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// isReadOnly reports whether err means that the disk may not be written to.
func isReadOnly(err error) bool { return errors.Is(err, unix.EROFS) }
