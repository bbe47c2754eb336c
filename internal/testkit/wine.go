package testkit

import (
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Wine is a Windows of the test's own: Wine with a prefix in a temporary folder.
// Tests that use one have the build tag wine, and "Windows" in their names: `make
// test-windows` runs them.
type Wine struct {
	home   string
	loader string
	t      testing.TB
}

//go:embed testdata/bcryptprimitives.c
var bcryptprimitives []byte

// StartWine makes a Windows that nothing has happened to yet. It ends with the test.
func StartWine(t testing.TB) *Wine {
	t.Helper()
	for _, p := range []string{"wine", "wineserver", compiler} {
		if _, err := exec.LookPath(p); err != nil {
			t.Fatalf("%s is not installed: `make test-windows` installs it.", p)
		}
	}
	home, err := os.MkdirTemp("", "wine") // not t.TempDir: Wine's last files come late
	if err != nil {
		t.Fatal(err)
	}
	w := &Wine{home: home, loader: "wine", t: t}
	if _, err := os.Stat(loader64); err == nil {
		w.loader = loader64
	}
	t.Cleanup(func() {
		for _, how := range []string{"-k", "-w"} {
			end := exec.Command("wineserver", how)
			end.Env = w.env()
			_ = end.Run() // there may be none
		}
		os.RemoveAll(home)
	})
	w.do(w.Command("wineboot", "-i"))
	source, dll := filepath.Join(home, "bcryptprimitives.c"), filepath.Join(w.Drive(), "windows", "system32", "bcryptprimitives.dll")
	if err := os.WriteFile(source, bcryptprimitives, 0o600); err != nil {
		t.Fatal(err)
	}
	w.do(exec.Command(compiler, "-shared", "-O2", "-o", dll, source, "-ladvapi32"))
	return w
}

const (
	compiler = "x86_64-w64-mingw32-gcc"
	loader64 = "/usr/lib/wine/wine64" // Debian's "wine" complains that there is no other
)

// Drive is the folder that Windows programs know as C:\.
func (w *Wine) Drive() string { return filepath.Join(w.home, "prefix", "drive_c") }

// Path is how a Windows program names a file.
func (w *Wine) Path(path string) string {
	if rest, ok := strings.CutPrefix(path, w.Drive()+"/"); ok {
		return `C:\` + strings.ReplaceAll(rest, "/", `\`)
	}
	return "Z:" + strings.ReplaceAll(path, "/", `\`)
}

// Command is a Windows program that is ready to be started, without a screen.
func (w *Wine) Command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(w.loader, append([]string{program}, args...)...)
	cmd.Env = w.env()
	bindToParent(cmd)
	return cmd
}

// Compile lets the go command make a Windows program (without cgo): "build", "./x" or
// "test", "-c", "./x", for instance.
func (w *Wine) Compile(args ...string) (program string) {
	w.t.Helper()
	program = filepath.Join(w.t.TempDir(), "program.exe")
	args = append([]string{args[0], "-overlay", w.overlay(), "-o", program}, args[1:]...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	w.do(cmd)
	return program
}

// overlay is a file that makes the go command read one of the standard library's as
// Wine needs it: os.RemoveAll falls back to the older way to remove a file when the
// system says that it does not know the newer one, but not in the words of Wine.
func (w *Wine) overlay() string {
	w.t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		w.t.Fatalf("go env: %v", err)
	}
	name := filepath.Join(strings.TrimSpace(string(root)), "src", "internal", "syscall", "windows", "at_windows.go")
	source, err := os.ReadFile(name)
	if err != nil {
		w.t.Fatal(err)
	}
	const before, after = "\tcase STATUS_INVALID_INFO_CLASS,", "\tcase NTStatus(0xC0000002), /* STATUS_NOT_IMPLEMENTED */ STATUS_INVALID_INFO_CLASS,"
	changed := strings.ReplaceAll(string(source), before, after)
	if changed == string(source) {
		w.t.Fatalf("%s is not as it was: see whether Wine gets by without a change now", name)
	}
	dir := w.t.TempDir()
	with := filepath.Join(dir, "at_windows.go")
	index, err := json.Marshal(map[string]map[string]string{"Replace": {name: with}})
	if err != nil {
		w.t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	for path, data := range map[string][]byte{with: []byte(changed), overlay: index} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	return overlay
}

// env is the test's environment, but for the screen and the user's home.
func (w *Wine) env() []string {
	var env []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "DISPLAY", "WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMP", "TEMP":
		default:
			env = append(env, e)
		}
	}
	return append(env, "HOME="+w.home, "WINEPREFIX="+filepath.Join(w.home, "prefix"), "WINEARCH=win64", "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=mscoree,mshtml=,winemenubuilder.exe=") // no offers to download anything, no menu entries
}

func (w *Wine) do(cmd *exec.Cmd) {
	w.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
}
