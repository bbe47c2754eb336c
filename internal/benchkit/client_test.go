package benchkit

import (
	"strings"
	"testing"
	"time"
)

// A text is seen wherever a read cuts it, and never twice.
func TestLook(t *testing.T) {
	const text = "a</body>b</body>c</bo</body>"
	for cut := range len(text) {
		l := &look{text: []byte("</body>"), left: 3, seen: make(chan time.Time, 1)}
		first := l.sees([]byte(text[:cut]), time.Now())
		if first || !l.sees([]byte(text[cut:]), time.Now()) {
			t.Errorf("cut at %d: %d left", cut, l.left)
		}
	}
	l := &look{text: []byte("</body>"), left: 4, seen: make(chan time.Time, 1)}
	for _, c := range strings.Split(text, "") {
		if l.sees([]byte(c), time.Now()) {
			t.Error("seen once too often")
		}
	}
	if l.left != 1 {
		t.Errorf("%d left", l.left)
	}
}
