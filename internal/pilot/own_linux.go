package pilot

import (
	"os/exec"
	"syscall"
)

// own lets a program end with us, however we end.
func own(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
