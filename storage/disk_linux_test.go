package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// breakFiles puts another file (or, for "", the same one) in the place of each of the
// database's that this process has open in dir, until mend: a disk that has gone away,
// or takes nothing.
func breakFiles(t *testing.T, dir, other string, flags int) (mend func()) {
	t.Helper()
	links, err := os.ReadDir("/proc/self/fd")
	check(t, err)
	names := map[int]string{} // all of them, before there are others
	for _, l := range links {
		var fd int
		name, err := os.Readlink("/proc/self/fd/" + l.Name())
		if err == nil && strings.HasPrefix(name, dir+"/culver.db") {
			_, err = fmt.Sscan(l.Name(), &fd)
			check(t, err)
			names[fd] = name
		}
	}
	kept := map[int]int{}
	for fd, name := range names {
		copy, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		check(t, err)
		as := other
		if as == "" {
			as = name
		}
		with, err := unix.Open(as, flags|unix.O_CLOEXEC, 0)
		check(t, err)
		check(t, unix.Dup3(with, fd, unix.O_CLOEXEC), unix.Close(with))
		kept[fd] = copy
	}
	if len(kept) < 2 {
		t.Fatalf("only %d files of the database are open", len(kept))
	}
	return func() {
		for fd, copy := range kept {
			check(t, unix.Dup3(copy, fd, unix.O_CLOEXEC), unix.Close(copy))
		}
	}
}

// A stick that is pulled out, a disk that fills up, one that becomes read-only: what
// cannot be saved is told in words, and what was saved is whole.
func TestDiskThatGoesAway(t *testing.T) {
	for _, e := range []struct {
		name, other string
		flags       int
		gone        bool
		is          error
		says        string
	}{
		{"gone", os.DevNull, unix.O_PATH, true, ErrDisk, "was taken out"},
		{"read-only", "", unix.O_RDONLY, false, ErrFull, "takes no more"},
		{"full", "/dev/full", unix.O_RDWR, false, ErrFull, "disk is full"},
	} {
		t.Run(e.name, func(t *testing.T) {
			dir := filepath.Join(got(filepath.EvalSymlinks(t.TempDir()))(t), "profile")
			p := openProfile(t, dir)
			v := got(p.CreateVault(pass))(t)
			db := openDB(t, p, v)
			fill(t, db, 5)
			mend := breakFiles(t, dir, e.other, e.flags)
			away := dir + "-away"
			if e.gone {
				check(t, os.Rename(dir, away))
			}
			for what, err := range map[string]error{
				"append":  db.Append(line(withBob, "lost")),
				"setting": db.SetSetting("a", "another"),
			} {
				if !errors.Is(err, e.is) || !strings.Contains(err.Error(), e.says) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if e.gone {
				if err := v.Put(t.Context(), "name", []byte("secret")); !errors.Is(err, ErrDisk) {
					t.Errorf("a secret: %v", err)
				}
				check(t, os.Rename(away, dir))
			}
			mend()
			check(t, db.Append(line(withBob, "found")))
			same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
			all := got(db.Older(withBob, "", 100))(t)
			same(t, "the last line", all[len(all)-1].ID, "found")
			check(t, db.Close())
			db = openDB(t, p, v)
			same(t, "lines afterwards", len(got(db.Older(withBob, "", 100))(t)), len(all))
		})
	}
}

func TestDiskErrorsInWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "culver.db")
	check(t, os.WriteFile(path, nil, 0o600))
	for _, e := range []struct {
		err, is error
		says    string
	}{
		{unix.EROFS, ErrDisk, "read-only"},
		{unix.EIO, ErrDisk, "does not answer"},
		{unix.ENODEV, ErrDisk, "does not answer"},
		{unix.ENOSPC, ErrFull, "full"},
		{unix.EDQUOT, ErrFull, "full"},
	} {
		err := diskError(path, &os.PathError{Op: "write", Path: path, Err: e.err})
		if !errors.Is(err, e.is) || !errors.Is(err, e.err) || !strings.Contains(err.Error(), e.says) {
			t.Errorf("%v: %v", e.err, err)
		}
	}
	strange := errors.New("strange")
	same(t, "another error", diskError(path, strange), strange)
	if err := askDisk(path, false, strange); !errors.Is(err, ErrDisk) || !strings.Contains(err.Error(), "fails to read or write") {
		t.Errorf("a disk that is there: %v", err)
	}
	if err := askDisk(path, true, strange); !errors.Is(err, ErrFull) {
		t.Errorf("a disk that may be full: %v", err)
	}
	same(t, "files that are left", len(got(os.ReadDir(filepath.Dir(path)))(t)), 1)
}
