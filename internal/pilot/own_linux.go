package pilot

import (
	"os/exec"
	"syscall"
)

// own lets a program end with us, however we end.
func own(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killOwn kills a program of ours, and those that it has started.
func killOwn(c *exec.Cmd) { syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
