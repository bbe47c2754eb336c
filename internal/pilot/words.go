package pilot

import (
	"strings"
	"time"
)

// Says is what a text of the program's is in its language.
func (p *Person) Says(text string) string {
	if p.Speaks == nil {
		return text
	}
	return p.Speaks(text)
}

// named reports that a thing has that name: a text of the program's, or what somebody
// else has written.
func (p *Person) named(t Thing, name string) bool { return t.Name == name || t.Name == p.Says(name) }

// holds reports that a name holds the text.
func (p *Person) holds(name, text string) bool {
	return strings.Contains(name, text) || strings.Contains(name, p.Says(text))
}

// SameWindow reports that two titles are those of one window: how much is unread in it
// does not matter.
func SameWindow(a, b string) bool {
	return unread.ReplaceAllString(a, "") == unread.ReplaceAllString(b, "")
}

func (p *Person) patience() time.Duration {
	if p.Waits > 0 {
		return p.Waits
	}
	return Patience
}
