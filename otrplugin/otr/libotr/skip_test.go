package libotr

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestManySkippedLinesAreCounted(t *testing.T) {
	const others = 100
	file := "#\n" + strings.Repeat("a\n", maxSkipped+others) + "me\tprpl-jabber\t00000100\n"
	tags, skipped, err := ParseTags([]byte(file))
	if err != nil || len(tags) != 1 || len(skipped) != maxSkipped+1 {
		t.Fatalf("%d tags, %d skipped: %v", len(tags), len(skipped), err)
	}
	if first := skipped[0]; first.Line != 2 || first.More != 0 {
		t.Errorf("%+v", first)
	}
	last := skipped[maxSkipped]
	if last.Line != maxSkipped+2 || last.More != others || !errors.Is(last, ErrMore) ||
		last.Error() != "line 4098: and more that make no sense: 100 in all" {
		t.Errorf("%+v: %v", last, last)
	}
	if _, skipped, _ := ParseTags([]byte(strings.Repeat("a\n", maxSkipped))); len(skipped) != maxSkipped || skipped[maxSkipped-1].More != 0 {
		t.Errorf("%d skipped", len(skipped))
	}
	_, skipped, err = ParseKeys([]byte("(privkeys" + strings.Repeat("()", maxSkipped+others) + ")"))
	if err != nil || len(skipped) != maxSkipped+1 || skipped[maxSkipped].More != others {
		t.Errorf("%d skipped: %v", len(skipped), err)
	}
}

func TestEveryAtomIsOverwritten(t *testing.T) {
	for _, atom := range []string{
		"secret", `"secret"`, "#736563726574#", "|c2VjcmV0|", "6:secret",
		"|c2VjcmV0c2VjcmV0c2VjcmV0!|", "#736563726574zz#", "#7365637265747#", `"secret\q"`,
	} {
		r := newSexpReader([]byte("(" + atom + ")"))
		r.next(1)
		r.reset()
		if left := r.atoms[:cap(r.atoms)]; len(bytes.Trim(left, "\x00")) > 0 {
			t.Errorf("%s leaves %q", atom, left)
		}
		if r.used != 0 || len(r.atoms) != 0 {
			t.Errorf("%s: not reset", atom)
		}
	}
}
