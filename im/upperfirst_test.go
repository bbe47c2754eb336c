package im

import "testing"

func TestUpperFirst(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "A", "éa b": "Éa b", "ж": "Ж", "A": "A", "“x": "“x", "1 x": "1 x", "\xffx": "\xffx"} {
		if got := UpperFirst(in); got != want {
			t.Errorf("%q gave %q", in, got)
		}
	}
}
