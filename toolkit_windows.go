package main

import (
	"os/exec"
	"strings"
	"syscall"
	"unsafe"

	"fyne.io/fyne/v2"
)

// madePrivate lets files be made for the user alone. Here the folder decides.
func madePrivate() (back func()) { return func() {} }

// SendNotification tells the user of something; it returns when the system has it.
// The toolkit's own way leaves the text in a file for a moment.
func (d desk) SendNotification(n *fyne.Notification) {
	cmd := exec.Command(systemDir()+`\WindowsPowerShell\v1.0\powershell.exe`, "-NoProfile", "-NonInteractive", "-Command", "-")
	cmd.Stdin = strings.NewReader(toast(n.Title, n.Content))
	cmd.Env = d.env
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true}
	_ = cmd.Run() // a notification is a kindness: there is nobody to tell
}

// systemDir is where Windows keeps its own programs (GetSystemDirectory): what the
// environment says of it may be anybody's.
func systemDir() string {
	var dir [syscall.MAX_PATH]uint16
	get := syscall.NewLazyDLL("kernel32.dll").NewProc("GetSystemDirectoryW")
	if n, _, _ := get.Call(uintptr(unsafe.Pointer(&dir[0])), uintptr(len(dir))); n > 0 && int(n) < len(dir) {
		return syscall.UTF16ToString(dir[:n])
	}
	return `C:\Windows\System32`
}
