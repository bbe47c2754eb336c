package im

import "strings"

// Style is how a stretch of text looks; styles add up.
type Style uint8

// The styles.
const (
	Bold Style = 1 << iota
	Italic
	Underline
	Strike
	Code
)

// Span is a stretch of text in one style. A Link is shown as such and opened
// only after the user saw where it leads.
type Span struct {
	Text  string
	Style Style
	Link  string
}

// Text is formatted text for people to read. It holds no markup: every span is
// shown as it is. Lines end with "\n".
type Text []Span

// Plain is s as text without formatting.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Text: s}}
}

// String is the text without its formatting.
func (t Text) String() string {
	switch len(t) {
	case 0:
		return ""
	case 1:
		return t[0].Text
	}
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}
