package conversation

import (
	"strings"

	"culver/im"
)

// maxSpans is how many stretches of its own style one message may have.
const maxSpans = 1000

// CleanText makes formatted text that a file brings safe to show, as [Clean] does
// with plain text: links lead to the web or to a chat, and nowhere else.
func CleanText(t im.Text) im.Text {
	if len(t) > maxSpans {
		return im.Plain(Clean(t.String()))
	}
	var out im.Text
	room := MaxText
	for _, s := range t {
		clean := im.Span{Text: Clean(s.Text), Style: s.Style & (im.Bold | im.Italic | im.Underline | im.Strike | im.Code)}
		if SafeLink(s.Link) {
			clean.Link = s.Link
		}
		if clean.Text == "" {
			continue
		}
		if len(clean.Text) > room {
			clean.Text = strings.ToValidUTF8(clean.Text[:room], "") + "…"
			return append(out, clean)
		}
		room -= len(clean.Text)
		out = append(out, clean)
	}
	return out
}
