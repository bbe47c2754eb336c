//go:build e2e && linux

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"culver/internal/testkit"
)

// A program that crashes, on a system that keeps the memory of those that do and with
// all told that Go has to tell, leaves nothing private: no image of its memory, and
// nothing in what it prints.
func TestACrashTellsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	profile := filepath.Join(dir, "profile")
	p, d := somebody(t, "alice")
	if err := p.StartCommand(d, []string{"sh", "-c", `cd "$0" && ulimit -c unlimited && exec "$@"`, dir, culver(t), "--profile", profile},
		"DBUS_SESSION_BUS_ADDRESS=", "GOTRACEBACK=crash"); err != nil {
		t.Fatal(err)
	}
	p.ProtectsProfile(func(string, string) {})
	p.HasLesson(func(string, string) {})
	p.Clicks("entry", "Message")
	p.Types("a canary that is not sent")
	p.SeesValue("entry", "Message", "a canary that is not sent")
	p.Crashes()
	if log := p.Log(); len(log) < 1000 {
		t.Errorf("it says no more than %q", log)
	}
	secrets := []string{"correct horse battery", "blue teapot", "red kettle", "a canary that is not sent", "Well done!"}
	testkit.NoTraceIn(t, "what Culver printed", []byte(p.Log()), secrets...)
	testkit.NoTrace(t, dir, secrets...)
	entries, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() != "profile" }) {
		t.Errorf("there is %v, %v", entries, err)
	}
}
