package storage

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isFull reports whether err means that the disk, or the user's share of it, is full.
func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// isGone reports whether err means that the disk is no longer there.
func isGone(err error) bool {
	for _, e := range []error{
		windows.ERROR_NOT_READY, windows.ERROR_NO_SUCH_DEVICE, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_FILE_INVALID,
		windows.ERROR_DEVICE_NOT_CONNECTED, windows.ERROR_GEN_FAILURE, windows.ERROR_IO_DEVICE, windows.ERROR_BAD_NETPATH,
		windows.ERROR_DEVICE_REMOVED, windows.ERROR_WRONG_DISK,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// isReadOnly reports whether err means that the disk may not be written to.
func isReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }
