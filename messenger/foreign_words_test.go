package messenger

import (
	"strings"
	"testing"
)

// What another program's folder has to say is told to its end, however long its names and
// the words of a language are, and on one line.
func TestSentencesOfImportsAreNotCut(t *testing.T) {
	long := strings.Repeat("word ", 80) + "end."
	if got := oneLine(long); got != long {
		t.Errorf("it says %q", got)
	}
	if got := oneLine("a\u202eb\nc."); got != "ab c." {
		t.Errorf("it says %q", got)
	}
}
