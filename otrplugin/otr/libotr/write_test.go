package libotr

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "nothing"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, KeysFile)
	for _, step := range []struct{ write, backup string }{{"one", "nothing"}, {"two", "one"}, {"", "two"}, {"four", ""}} {
		if err := WriteFile(name, []byte(step.write)); err != nil {
			t.Fatal(err)
		}
		if got, old := content(t, name), content(t, name+BackupSuffix); got != step.write || old != step.backup {
			t.Errorf("the file has %q, the backup %q; want %q and %q", got, old, step.write, step.backup)
		}
		for _, n := range []string{name, name + BackupSuffix} {
			if info, err := os.Stat(n); err == nil && runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s has the mode %v", n, info.Mode())
			}
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("left behind: %v %v", files, err)
	}
}

func TestWriteFileThroughALink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		if runtime.GOOS == "windows" {
			return // not everybody may make links there
		}
		t.Fatal(err)
	}
	if err := WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced", err)
	}
	if content(t, real) != "new" || content(t, real+BackupSuffix) != "old" {
		t.Error("not written where the link leads")
	}
}

// Whatever fails, and when: the file is there, old or new, as the error says.
func TestNothingIsLost(t *testing.T) {
	full := errors.New("no space left on the disk")
	for _, existing := range []string{"nothing", "old"} {
		for fail := 1; ; fail++ {
			dir := t.TempDir()
			name := filepath.Join(dir, "f")
			if existing != "nothing" {
				for _, n := range []string{name, name + BackupSuffix} {
					if err := os.WriteFile(n, []byte(existing), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			step, last := 0, ""
			fails := func(what string) bool { step++; last = what; return step == fail }
			err := disk{
				write: func(f *os.File, b []byte) error {
					if fails("write") {
						f.Write(b[:len(b)/2])
						return full
					}
					return writeSync(f, b)
				},
				rename: func(from, to string) error {
					if fails("rename") {
						return full
					}
					return os.Rename(from, to)
				},
				sync: func(string) error {
					if fails("sync") {
						return full
					}
					return nil
				},
			}.replace(name, []byte("new content"))
			if step < fail {
				if err != nil || content(t, name) != "new content" {
					t.Fatal(err)
				}
				break
			}
			if !errors.Is(err, full) {
				t.Fatalf("step %d: %v", fail, err)
			}
			want := existing
			if last == "sync" {
				want = "new content"
			}
			if said := strings.Contains(err.Error(), "as it was"); said != (want == existing) {
				t.Errorf("step %d: %v", fail, err)
			}
			if got := content(t, name); got != want {
				t.Errorf("step %d (%s): %q, want %q", fail, last, got, want)
			}
			if old := content(t, name+BackupSuffix); old != existing {
				t.Errorf("step %d (%s): the backup is %q", fail, last, old)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "*.part")); err != nil || len(left) > 0 {
				t.Errorf("step %d (%s): left behind: %v", fail, last, left)
			}
		}
	}
}

func TestWriteFileWhereItCannot(t *testing.T) {
	dir := t.TempDir()
	if err := WriteFile(filepath.Join(dir, "none", "f"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := WriteFile(dir, nil); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Error("a folder was replaced:", err)
	}
	big := filepath.Join(dir, "big")
	if err := os.WriteFile(big, make([]byte, maxFingerprints+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(big, nil); !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
	if err := syncFolder(filepath.Join(dir, "none")); runtime.GOOS != "windows" && err == nil {
		t.Error("a folder that is not there was synced")
	}
}
