package main

import (
	"os/exec"
	"strings"
	"syscall"

	"fyne.io/fyne/v2"
)

// madePrivate lets files be made for the user alone. Here the folder decides.
func madePrivate() (back func()) { return func() {} }

// SendNotification tells the user of something; it returns when the system has it.
// The toolkit's own way leaves the text in a file for a moment.
func (d desk) SendNotification(n *fyne.Notification) {
	cmd := exec.Command("powershell", "-NoProfile", "-NonInteractive", "-Command", "-")
	cmd.Stdin = strings.NewReader(toast(n.Title, n.Content))
	cmd.Env = d.env
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true}
	_ = cmd.Run() // a notification is a kindness: there is nobody to tell
}
