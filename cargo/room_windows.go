package cargo

import "golang.org/x/sys/windows"

// Room is how many bytes the user may still write to the disk of a folder, if the
// system tells.
func Room(folder string) (bytes int64, ok bool) {
	p, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, false
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(p, &free, nil, nil) != nil {
		return 0, false
	}
	return int64(min(free, 1<<62)), true
}
