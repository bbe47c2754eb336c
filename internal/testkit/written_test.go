package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrittenIsWhatAProgramWrote(t *testing.T) {
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	command := append(StraceWritten(t, trace), "sh", "-c",
		`echo "a <canary> \"sings\"" >one; rm one; (printf 'caf\303\251\0' >'two >'); dd if=/dev/zero of=zeros bs=300000 count=2; echo all; echo out >/dev/null`, "sh")
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
	all, err := Written(f)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"one": "a <canary> \"sings\"\n", "two >": "café\x00", "zeros": strings.Repeat("\x00", 600000)} {
		path := filepath.Join(dir, name)
		if got := string(all[path]); got != want {
			t.Errorf("%s: %.100q", name, got)
		}
		delete(all, path)
	}
	if len(all) > 0 {
		t.Errorf("and %q", all)
	}
}

func TestWrittenKnowsTheCalls(t *testing.T) {
	const a = `\x2f\x61`
	for line, want := range map[string]string{
		`1 write(1<` + a + `>, "\x62\x63", 2) = 2`:                                                                            "bc",
		`1 pwrite64(1<` + a + `>, "\x62\x63", 2, 4096) = 2`:                                                                   "bc",
		`1 writev(3<` + a + `>, [{iov_base="\x61\x62", iov_len=2}, {iov_base="\x63", iov_len=1}], 2) = 3`:                     "abc",
		`1 pwritev2(3<` + a + `>, [{iov_base="\x61\x62", iov_len=2}], 1, 0, 0) = 2`:                                           "ab",
		"1 write(1<" + a + ">, \"\\x62\", 1 <unfinished ...>\n2 --- SIGURG {si_signo=SIGURG} ---\n1 <... write resumed>) = 1": "b",
		`1 write(4<\x73\x6f\x63\x6b\x65\x74\x3a\x5b\x31\x5d>, "\x62", 1) = 1`:                                                 "",
		`2 +++ exited with 0 +++`: "",
		`2  ???( <detached ...>`:  "",
	} {
		all, err := Written(strings.NewReader(line + "\n" + `1 write(1<` + a + `>, "\x62`))
		if err != nil || string(all["/a"]) != want {
			t.Errorf("%s: %q, %v", line, all, err)
		}
	}
	for _, line := range []string{"garbage", `1 write(1<` + a + `>, "\x62"..., 2) = 2`, `1 sendfile(1<` + a + `>, 2<\x62>, NULL, 2) = 2`} {
		if all, err := Written(strings.NewReader(line + "\n")); err == nil {
			t.Errorf("%s: %q", line, all)
		}
	}
}
