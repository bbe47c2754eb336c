package main_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// bench is a folder of stand-ins for the system's programs. Each notes how it was
// called; none does anything.
type bench struct {
	t    *testing.T
	dir  string
	env  []string
	note string // the file of the calls
}

func newBench(t *testing.T) *bench {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for systems with a shell")
	}
	dir := t.TempDir()
	b := &bench{t: t, dir: dir, note: filepath.Join(dir, "calls")}
	b.env = []string{"PATH=" + dir, "HOME=" + dir, "POLICY_RC_D=" + filepath.Join(dir, "policy-rc.d")}
	for _, real := range []string{"sh", "sed", "grep", "tr", "cat", "chmod", "rm", "env", "printf", "true", "awk", "dirname", "sort", "wc", "mktemp", "tee"} {
		path, err := exec.LookPath(real)
		if err != nil {
			t.Fatalf("%s is not installed: run `make deps`.", real)
		}
		if err := os.Symlink(path, filepath.Join(dir, real)); err != nil {
			t.Fatal(err)
		}
	}
	b.put("uname", "echo Linux")
	return b
}

// put makes a stand-in that runs the lines of shell.
func (b *bench) put(name, lines string) {
	b.t.Helper()
	script := "#!/bin/sh\nprintf '%s\\n' \"" + name + " $*\" >>\"" + b.note + "\"\n" + lines + "\n"
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(script), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

// run runs a script of ours, and returns what it printed and its status.
func (b *bench) run(args ...string) (string, int) {
	b.t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = b.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		b.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// calls lists the calls of one stand-in.
func (b *bench) calls(name string) []string {
	b.t.Helper()
	data, err := os.ReadFile(b.note)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		b.t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			out = append(out, rest)
		}
	}
	return out
}

// debian makes the bench look like Debian, with the packages installed ("all" or
// a list), for the user with this number.
func debian(t *testing.T, uid string, installed ...string) *bench {
	b := newBench(t)
	b.put("id", "echo "+uid)
	b.put("dpkg-query", `shift 3
for p; do case " `+strings.Join(installed, " ")+` " in *" $p "*|*" all "*) echo "installed $p";; *) echo "not-installed $p";; esac; done`)
	b.put("apt-get", `test -e "$POLICY_RC_D" && echo held >>"`+b.note+`"; exit 0`)
	b.put("update-rc.d", "exit 0")
	b.put("systemctl", "exit 0")
	return b
}

func TestDepsDoesNothingWhenAllIsThere(t *testing.T) {
	for _, uid := range []string{"0", "1000"} {
		for _, purpose := range []string{"build", "run", "test", "windows"} {
			b := debian(t, uid, "all")
			out, status := b.run("scripts/deps.sh", purpose)
			if status != 0 || strings.Count(out, "\n") != 1 {
				t.Errorf("%s as %s: status %d, said %q; want 0 and one line", purpose, uid, status, out)
			}
			if calls := b.calls("apt-get"); len(calls) != 0 {
				t.Errorf("%s as %s: ran apt-get %q", purpose, uid, calls)
			}
		}
	}
}

func TestDepsInstallsAsRoot(t *testing.T) {
	b := debian(t, "0", "gcc", "libc6-dev", "pkg-config", "xorg-dev", "ca-certificates")
	out, status := b.run("scripts/deps.sh", "build")
	if status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	calls := b.calls("apt-get")
	if len(calls) != 2 || !strings.HasSuffix(calls[0], " update") ||
		!strings.HasSuffix(calls[1], " install -y --no-install-recommends libgl1-mesa-dev libwayland-dev libxkbcommon-dev") {
		t.Errorf("ran apt-get %q", calls)
	}
}

// What is for Windows programs is installed for them alone.
func TestDepsForWindowsPrograms(t *testing.T) {
	for purpose, want := range map[string]bool{"build": false, "run": false, "test": false, "windows": true} {
		b := debian(t, "0")
		if out, status := b.run("scripts/deps.sh", purpose); status != 0 {
			t.Fatalf("status %d: %s", status, out)
		}
		calls := strings.Join(b.calls("apt-get"), "\n")
		if strings.Contains(calls, " wine ") != want || strings.Contains(calls, " gcc ") == want {
			t.Errorf("%s: ran apt-get %q", purpose, calls)
		}
	}
}

func TestDepsExplainsWhatItMayNotDo(t *testing.T) {
	b := debian(t, "1000", "gcc", "libc6-dev", "pkg-config", "xorg-dev", "ca-certificates", "libgl1-mesa-dev", "libwayland-dev")
	b.put("sudo", "exit 1") // wants a password
	out, status := b.run("scripts/deps.sh", "build")
	if want := "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libxkbcommon-dev'"; status != 1 || !strings.Contains(out, want) {
		t.Errorf("status %d, said %q; want 1 and %q", status, out, want)
	}
	if calls := b.calls("apt-get"); len(calls) != 0 {
		t.Errorf("ran apt-get %q", calls)
	}
}

func TestDepsUsesSudoThatAsksNothing(t *testing.T) {
	b := debian(t, "1000")
	b.put("sudo", `shift; exec "$@"`)
	if out, status := b.run("scripts/deps.sh", "build"); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	for _, call := range b.calls("sudo") {
		if !strings.HasPrefix(call, "-n ") {
			t.Errorf("sudo %s: could ask for a password", call)
		}
	}
	if calls := b.calls("apt-get"); len(calls) != 2 {
		t.Errorf("ran apt-get %q", calls)
	}
}

func TestDepsWantsAVirtualDisplayOnlyWithoutARealOne(t *testing.T) {
	for _, e := range []struct {
		purpose, env string
		want         bool
	}{
		{"build", "", false},
		{"run", "", true},
		{"run", "DISPLAY=:0", false},
		{"run", "WAYLAND_DISPLAY=wayland-0", false},
		{"test", "DISPLAY=:0", true},
	} {
		b := debian(t, "0")
		b.env = append(b.env, e.env)
		b.run("scripts/deps.sh", e.purpose)
		if got := strings.Contains(strings.Join(b.calls("apt-get"), "\n"), " xvfb "); got != e.want {
			t.Errorf("%s with %q: installs Xvfb: %v, want %v", e.purpose, e.env, got, e.want)
		}
	}
}

func TestDepsKeepsServersFromStarting(t *testing.T) {
	b := debian(t, "0")
	policy := filepath.Join(b.dir, "policy-rc.d")
	if out, status := b.run("scripts/deps.sh", "test"); status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	if data, err := os.ReadFile(b.note); err != nil || !strings.Contains(string(data), "held\n") {
		t.Errorf("services were not held while installing: %s, %v", data, err)
	}
	if _, err := os.Stat(policy); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the hold stayed behind: %v", err)
	}
	if got := b.calls("update-rc.d"); !slices.Equal(got, []string{"prosody disable", "ejabberd disable"}) {
		t.Errorf("update-rc.d %q", got)
	}
	if got := b.calls("systemctl"); !slices.Equal(got, []string{"disable epmd.socket epmd.service"}) {
		t.Errorf("systemctl %q", got)
	}
	other := debian(t, "0", "erlang-base")
	if other.run("scripts/deps.sh", "test"); len(other.calls("systemctl")) != 0 {
		t.Error("the port mapper of an Erlang that was there before was switched off")
	}

	// A failing installation takes it away, too.
	b.put("apt-get", `case "$*" in *install*) exit 100;; esac`)
	if _, status := b.run("scripts/deps.sh", "test"); status == 0 {
		t.Error("a failed installation counts as done")
	}
	if _, err := os.Stat(policy); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the hold stayed behind after a failure: %v", err)
	}

	// The machine's own rule stays.
	if err := os.WriteFile(policy, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	b.run("scripts/deps.sh", "test")
	if data, err := os.ReadFile(policy); err != nil || string(data) != "#!/bin/sh\nexit 0\n" {
		t.Errorf("the machine's own rule is now %q, %v", data, err)
	}
}

func TestDepsOnASystemItDoesNotKnow(t *testing.T) {
	b := newBench(t)
	if out, status := b.run("scripts/deps.sh", "build"); status != 1 || !strings.Contains(out, "CULVER_DEPS=skip") {
		t.Errorf("status %d, said %q", status, out)
	}
	b.env = append(b.env, "CULVER_DEPS=skip")
	if out, status := b.run("scripts/deps.sh", "build"); status != 0 {
		t.Errorf("with CULVER_DEPS=skip: status %d, said %q", status, out)
	}
}

func TestGoVersionIsChecked(t *testing.T) {
	for version, want := range map[string]int{
		"go1.26.0": 0, "go1.26.8": 0, "go1.27rc1": 0, "go1.30": 0, "devel go1.27-abcdef": 0,
		"go1.25.9": 1, "go1.9": 1, "": 1,
	} {
		b := newBench(t)
		b.put("go", `case "$*" in "env GOVERSION") echo "`+version+`";; *) echo "go version `+version+` linux/amd64";; esac`)
		if out, status := b.run("scripts/check-go.sh"); status != want || (status != 0 && !strings.Contains(out, "1.26")) {
			t.Errorf("%q: status %d, said %q; want %d", version, status, out, want)
		}
	}
	b := newBench(t)
	if out, status := b.run("scripts/check-go.sh"); status != 1 || !strings.Contains(out, "no go command") {
		t.Errorf("without go: status %d, said %q", status, out)
	}
}

func TestFuzzTellsFindingsFromTheEndOfItsTime(t *testing.T) {
	const late = "--- FAIL: FuzzX (30.01s)\n    context deadline exceeded\nFAIL\nexit status 1\n"
	for name, e := range map[string]struct {
		prints string
		status int
		want   int
	}{
		"clean":       {"PASS\nok  \tculver/im\t30.1s\n", 0, 0},
		"late":        {"fuzz: elapsed: 30s\n" + late, 1, 0},
		"a finding":   {"--- FAIL: FuzzX (0.07s)\n    --- FAIL: FuzzX (0.00s)\n        x_test.go:9: wrong\n\n    Failing input written to testdata\nFAIL\n", 1, 1},
		"slow input":  {late + "    Failing input written to testdata\n", 1, 1},
		"more to say": {"--- FAIL: FuzzX (1s)\n    context deadline exceeded\n    x_test.go:9: wrong\nFAIL\n", 1, 1},
		"a panic":     {"panic: runtime error\n" + late, 1, 1},
		"no build":    {"FAIL\tculver/im [build failed]\n", 1, 1},
	} {
		b := newBench(t)
		if err := os.WriteFile(filepath.Join(b.dir, "prints"), []byte(e.prints), 0o600); err != nil {
			t.Fatal(err)
		}
		b.put("go", fmt.Sprintf("cat %q; exit %d", filepath.Join(b.dir, "prints"), e.status))
		if out, status := b.run("scripts/fuzz.sh", "1s"); status != e.want {
			t.Errorf("%s: status %d, want %d:\n%s", name, status, e.want, out)
		}
		for _, call := range b.calls("go") {
			if !strings.Contains(call, "-fuzztime 1s") {
				t.Errorf("%s: go %s", name, call)
			}
		}
	}
}

func TestConstantTimeTellsLeaks(t *testing.T) {
	const row = "=== RUN   TestConstantTimeX\nct: x   1000  1µs  1µs  2.00  "
	for name, e := range map[string]struct {
		prints string
		status int
		want   int
		says   string
	}{
		"clean":      {row + "no leak seen\n--- PASS: TestConstantTimeX (1s)\nok  \tculver/x\t1s\n", 0, 0, "No leak was seen."},
		"suspicious": {row + "suspicious, measured again\nok  \tculver/x\t1s\n", 0, 0, "measure it again"},
		"a leak":     {row + "LEAKS\n    x_test.go:9: the time depends on the secret\n--- FAIL: TestConstantTimeX (1s)\nFAIL\n", 1, 1, "x_test.go:9"},
		"a panic":    {row + "no leak seen\npanic: runtime error\n", 1, 1, "panic: runtime error"},
		"no build":   {"x.go:1: undefined: y\nFAIL\tculver/x [build failed]\n", 1, 1, "undefined: y"},
		"nothing":    {"ok  \tculver/x\t1s [no tests to run]\n", 0, 1, "not measured"},
	} {
		b := newBench(t)
		if err := os.WriteFile(filepath.Join(b.dir, "prints"), []byte(e.prints), 0o600); err != nil {
			t.Fatal(err)
		}
		b.put("go", fmt.Sprintf("cat %q; exit %d", filepath.Join(b.dir, "prints"), e.status))
		if out, status := b.run("scripts/ct.sh", "purego"); status != e.want || !strings.Contains(out, e.says) {
			t.Errorf("%s: status %d, want %d and %q:\n%s", name, status, e.want, e.says, out)
		}
		for _, call := range b.calls("go") {
			if !strings.Contains(call, "-tags ct,purego") {
				t.Errorf("%s: go %s", name, call)
			}
		}
	}
}

func TestEachPackageIsTestedOnce(t *testing.T) {
	list := func(args ...string) []string {
		t.Helper()
		out, err := exec.Command(args[0], args[1:]...).Output()
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return strings.Fields(string(out))
	}
	var all []string
	for _, kind := range []string{"unit", "integration", "window"} {
		all = append(all, list("scripts/packages.sh", kind)...)
	}
	all = append(all, slices.DeleteFunc(list("go", "list", "./..."), func(p string) bool {
		return !strings.HasPrefix(p, module+"/internal/e2e")
	})...)
	slices.Sort(all)
	want := list("go", "list", "./...")
	slices.Sort(want)
	if !slices.Equal(all, want) {
		t.Errorf("make test covers\n%q, want\n%q", all, want)
	}
}

func TestHelpListsEveryTarget(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	help, err := exec.Command("make", "-s", "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{"go-version", "vet", "fmt", "staticcheck", "vulncheck"} // parts of others
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(string(makefile), -1) {
		if !slices.Contains(parts, m[1]) && !regexp.MustCompile(`(?m)^  `+m[1]+` `).Match(help) {
			t.Errorf("make help does not tell of make %s", m[1])
		}
	}
}
