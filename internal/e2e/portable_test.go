//go:build e2e

package e2e

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// stick is a folder with the program and nothing else but the folder that makes it
// portable.
func stick(t *testing.T) (dir, program string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "stick")
	if err := os.MkdirAll(filepath.Join(dir, "Data"), 0o755); err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(culver(t))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	program = filepath.Join(dir, "culver")
	to, err := os.OpenFile(program, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, program
}

// strays are the changes outside of the folder, but for those that the test itself
// is the cause of, and what is no file on a disk.
func strays(t *testing.T, trace, dir string) (strays []testkit.Change, all int) {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	changes, err := testkit.Changes(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		switch {
		case strings.HasPrefix(c.Path, dir+"/"):
		case strings.HasPrefix(c.Path, filepath.Join(os.TempDir(), "culver-inspect-")): // how the test looks at the windows
		case c.Path == "/dev/null":
		case strings.HasPrefix(c.Path, "/dev/dri/"): // the graphics card
		case strings.HasPrefix(c.Path, "/dev/shm/"), strings.HasPrefix(c.Path, "/memfd:"): // memory that it shares with X
		default:
			strays = append(strays, c)
		}
	}
	return strays, len(changes)
}

// A portable Culver goes through a lesson, on a computer with a keyring and a home:
// everything that it writes lies beside it.
func TestPortableLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir, program := stick(t)
	home := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	bus := testkit.StartKeyring(t)
	env := []string{"HOME=" + home, "DBUS_SESSION_BUS_ADDRESS=" + bus.Address,
		"XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME=", "XDG_STATE_HOME=", "XDG_RUNTIME_DIR="}
	p, d := somebody(t, "traveller")
	if err := p.StartCommand(d, append(testkit.Strace(t, trace), program), env...); err != nil {
		t.Fatal(err)
	}
	p.ProtectsProfile(func(window, name string) { looks(p, window, "portable-"+name) })
	p.HasLesson(func(string, string) {})
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()

	found, all := strays(t, trace, dir)
	for _, c := range found {
		t.Errorf("%s was changed (%s)", c.Path, c.Call)
	}
	// The check can fail: seen from another folder, all of it went astray.
	if elsewhere, _ := strays(t, trace, filepath.Join(dir, "Data", "nowhere")); all == 0 || len(elsewhere) < 20 {
		t.Errorf("of %d changes only %d lie outside of a folder that does not exist", all, len(elsewhere))
	}
	if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
		t.Errorf("in the home there is %v, %v", left, err)
	}
	beside, err := os.ReadDir(dir)
	if err != nil || len(beside) != 2 {
		t.Errorf("beside the program there is %v, %v", beside, err)
	}
	testkit.NoTrace(t, filepath.Join(dir, "Data"), "correct horse battery", "blue teapot", "red kettle", "practise")

	// What it made is the user's alone. The graphics driver goes by the user's habits for its
	// own files, which lie in a folder that nobody else can enter.
	shaders := filepath.Join(dir, "Data", "toolkit", "cache", "shaders")
	err = filepath.WalkDir(filepath.Join(dir, "Data"), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is for others as well: %v, %v", path, info.Mode(), err)
		}
		if path == shaders {
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// The second start with a profile brings the first one to the front, whatever that
// one shows, and ends.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	p, d := somebody(t, "you")
	profile := filepath.Join(t.TempDir(), "profile")
	if err := p.Start(d, culver(t), profile, "DBUS_SESSION_BUS_ADDRESS="); err != nil {
		t.Fatal(err)
	}
	again := func() {
		t.Helper()
		second := exec.Command(culver(t), "--profile", profile)
		second.Env = append(os.Environ(), "DISPLAY="+d.Name, "WAYLAND_DISPLAY=", "LANG=en_US.UTF-8", "DBUS_SESSION_BUS_ADDRESS=")
		if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("the second start: %v: %s", err, out)
		}
	}
	p.Sees("entry", "Passphrase")
	p.Minimises("Protect Your Profile")
	again()
	p.HasInFront("Protect Your Profile")
	p.ProtectsProfile(func(string, string) {})
	p.Begins("Practise")
	p.Sees("buddy", "Pat")
	p.Fronts("Pat")
	again()
	p.HasInFront("Buddy List")
	p.Minimises("Buddy List")
	again()
	p.HasInFront("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()

	// After that it opens as ever.
	if err := p.StartAgain(); err != nil {
		t.Fatal(err)
	}
	p.UnlocksProfile()
	p.Sees("buddy", "Pat")
	p.Presses("ctrl+q")
	p.WaitEnd()
}
