package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// The program is this test's, started once more, for what it changes cannot be
// undone in a process.
func TestMain(m *testing.M) {
	if os.Getenv("CULVER_TEST_DUMPS") == "" {
		os.Exit(m.Run())
	}
	limitDumps()
	denyDumps()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		panic(err)
	}
	const prGetDumpable = 3
	dumpable, _, _ := syscall.RawSyscall(syscall.SYS_PRCTL, prGetDumpable, 0, 0)
	if limit.Cur <= 1 && dumpable == 0 {
		os.Stdout.WriteString("closed")
	} else {
		os.Stdout.WriteString("open")
	}
}

func TestNoMemoryImages(t *testing.T) {
	for env, want := range map[string]string{"CULVER_DUMPS=": "closed", "CULVER_DUMPS=1": "open"} {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "CULVER_TEST_DUMPS=1", env)
		out, err := c.Output()
		if err != nil || !strings.HasSuffix(string(out), want) {
			t.Errorf("%s: %s, not %s (%v)", env, out, want, err)
		}
	}
}
