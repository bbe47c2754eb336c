package benchkit

import (
	"os"
	"testing"
)

const smaps = `55d0a000-55d0b000 r--p 00000000 fe:01 77 /usr/bin/culver
Rss:                 100 kB
Pss:                  40 kB
Pss_Dirty:             4 kB
7f00a000-7f00b000 r-xp 00000000 fe:01 78 /usr/lib/libLLVM-15.so.1
Pss:                  70 kB
7f00c000-7f00d000 rw-p 00000000 fe:01 78 /usr/lib/libLLVM-15.so.1
Pss:                  30 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Pss:                 900 kB
7fff0000-7fff1000 rw-p 00000000 00:00 0 [stack]
Pss:                 100 kB
`

func TestShares(t *testing.T) {
	got := sharesOf([]byte(smaps))
	want := []Share{{"data of its own", 1000 << 10}, {"libLLVM-15", 100 << 10}, {"culver", 40 << 10}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
}

func TestProcessOfOurs(t *testing.T) {
	if size, err := PSS(os.Getpid()); err != nil || size < 1<<20 {
		t.Errorf("%v bytes, %v", size, err)
	}
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
	if all, err := Shares(os.Getpid()); err != nil || len(all) == 0 {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := PSS(-1); err == nil {
		t.Error("there is no such process")
	}
}
