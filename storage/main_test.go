package storage

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"testing"
)

// childEnv names what this test binary does in place of tests: some things are
// only seen from another process.
const childEnv = "CULVER_STORAGE_TEST_CHILD"

func TestMain(m *testing.M) {
	if name := os.Getenv(childEnv); name != "" {
		if err := children()[name](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// children are what the test binary can do in place of tests.
func children() map[string]func(args []string) error {
	all := map[string]func(args []string) error{"writer": writerChild, "bench": benchChild}
	maps.Copy(all, systemChildren)
	return all
}

// child is this test binary, doing what children names.
func child(t *testing.T, env []string, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(env, childEnv+"="+name)
	return cmd
}

// newProfile opens a profile in a folder of the test's own, with a cheap
// passphrase and a keyring in memory.
func newProfile(t *testing.T) *Profile {
	t.Helper()
	return openProfile(t, t.TempDir())
}

func openProfile(t *testing.T, dir string) *Profile {
	t.Helper()
	p, err := OpenProfile(dir)
	check(t, err)
	p.cost, p.cheapest = cheap, cheap()
	p.ring = fakeRing{}
	t.Cleanup(func() { p.Close() })
	return p
}

// cheap is the cost of a passphrase in tests.
func cheap() cost { return cost{memory: 64, passes: 1, lanes: 1} }
