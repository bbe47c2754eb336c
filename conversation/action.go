package conversation

import (
	"slices"
	"strings"

	"culver/im"
)

// actionMark begins a line that says what its sender does (XEP-0245).
const actionMark = "/me "

// Action is what somebody does by a line, without the mark that says so: "waves" of
// "/me waves". It reports whether the line is one of those.
func Action(t im.Text) (im.Text, bool) {
	if len(t) == 0 || !strings.HasPrefix(t[0].Text, actionMark) || strings.TrimSpace(t.String()[len(actionMark):]) == "" {
		return t, false
	}
	t = slices.Clone(t)
	t[0].Text = t[0].Text[len(actionMark):]
	if t[0].Text == "" {
		t = t[1:]
	}
	return t, true
}
