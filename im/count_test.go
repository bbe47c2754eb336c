package im

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int]string{
		0: "0 buddies", 1: "1 buddy", 2: "2 buddies", 999: "999 buddies",
		1000: "1,000 buddies", 123456: "123,456 buddies", 1234567: "1,234,567 buddies",
	} {
		if got := Count(n, "buddy", "buddies"); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
