package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestChangesOfATrace(t *testing.T) {
	for line, want := range map[string][]Change{
		`1 openat(AT_FDCWD</home>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd>`:                                nil,
		`1 openat(AT_FDCWD</home>, "new", O_RDWR|O_CREAT, 0600) = 3</home/new>`:                                        {{"openat", "/home/new"}},
		`1 openat(AT_FDCWD</home>, "new", O_RDWR|O_CREAT, 0600) = -1 EACCES (No)`:                                      nil,
		`1 open("/a/b", O_RDONLY|O_TRUNC) = 3`:                                                                         {{"open", "/a/b"}},
		`1 rename("/a/b", "/c/d") = 0`:                                                                                 {{"rename", "/a/b"}, {"rename", "/c/d"}},
		`1 renameat2(7</a>, "b", AT_FDCWD</c>, "d", RENAME_NOREPLACE) = 0`:                                             {{"renameat2", "/a/b"}, {"renameat2", "/c/d"}},
		`1 symlinkat("/target", AT_FDCWD</c>, "d") = 0`:                                                                {{"symlinkat", "/c/d"}},
		`1 unlinkat(AT_FDCWD</c>, "d", AT_REMOVEDIR) = 0`:                                                              {{"unlinkat", "/c/d"}},
		`1 mkdir("/say \"hi\"", 0700) = 0`:                                                                             {{"mkdir", `/say "hi"`}},
		`1 mkdir("/caf\303\251", 0700) = 0`:                                                                            {{"mkdir", "/café"}},
		`1 utimensat(9</a/b>, NULL, NULL, 0) = 0`:                                                                      {{"utimensat", "/a/b"}},
		`1 bind(4<socket:[1]>, {sa_family=AF_UNIX, sun_path="/a/s"}, 110) = 0`:                                         {{"bind", "/a/s"}},
		`1 bind(4<socket:[1]>, {sa_family=AF_UNIX, sun_path=@"abstract"}, 110) = 0`:                                    nil,
		`1 bind(4<socket:[1]>, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0`:                          nil,
		"1 mkdir(\"/a\", 0700 <unfinished ...>\n2 mkdir(\"/b\", 0700) = -1 EEXIST (There)\n1 <... mkdir resumed>) = 0": {{"mkdir", "/a"}},
		`1 --- SIGCHLD {si_signo=SIGCHLD} ---`:                                                                         nil,
		`1 ???( <detached ...>`:                                                                                        nil,
	} {
		got, err := Changes(strings.NewReader(line + "\n"))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v, %v\nwant %v", line, got, err, want)
		}
	}
	for _, line := range []string{"garbage", `1 pivot_root("/a", "/b") = 0`} {
		if got, err := Changes(strings.NewReader(line + "\n")); err == nil {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestChangesOfAProgram(t *testing.T) {
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	command := append(Strace(t, trace), "sh", "-c", `cat /dev/null >one; mkdir "$PWD/two"; mv one two/three; ln -s nowhere four; rm two/three`, "sh")
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	changes, err := Changes(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two", "two/three", "four"} {
		if !slices.ContainsFunc(changes, func(c Change) bool { return c.Path == filepath.Join(dir, name) }) {
			t.Errorf("%s is missing in %v", name, changes)
		}
	}
	for _, c := range changes {
		if !strings.HasPrefix(c.Path, dir) {
			t.Errorf("%v", c)
		}
	}
}
