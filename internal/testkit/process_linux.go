package testkit

import (
	"os/exec"
	"syscall"
)

// bindToParent makes the program end with the test, however the test ends, and
// keeps the terminal's signals from it.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
