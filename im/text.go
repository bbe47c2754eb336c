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
// only after the user saw where it leads; one made by [GuideLink] opens a page
// of a plugin's guide.
type Span struct {
	Text  string
	Style Style
	Link  string
	// Icon is drawn before the text if HasIcon. It is not kept in stores.
	Icon    Level
	HasIcon bool
}

const guideScheme = "guide:"

// GuideLink is the Link to a page of a plugin's guide: see plugin.Guide.
func GuideLink(pluginID, page string) string { return guideScheme + pluginID + "/" + page }

// ParseGuideLink is its inverse. Links in what peers write never parse: they are
// to the web and to chats only.
func ParseGuideLink(link string) (pluginID, page string, ok bool) {
	rest, ok := strings.CutPrefix(link, guideScheme)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "/")
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
