//go:build !linux

package testkit

import "os/exec"

// bindToParent does nothing here: only Linux can tie a program to its parent.
func bindToParent(*exec.Cmd) {}
