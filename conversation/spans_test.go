package conversation

import (
	"reflect"
	"strings"
	"testing"

	"culver/im"
)

func TestFormattedTextOfAFileIsMadeSafe(t *testing.T) {
	for name, c := range map[string]struct{ in, want im.Text }{
		"nothing":       {nil, nil},
		"as it was":     {im.Text{{Text: "a", Style: im.Bold}, {Text: "https://x.example/", Link: "https://x.example/"}}, im.Text{{Text: "a", Style: im.Bold}, {Text: "https://x.example/", Link: "https://x.example/"}}},
		"a file":        {im.Text{{Text: "a", Link: "file:///etc/passwd"}}, im.Text{{Text: "a"}}},
		"our guide":     {im.Text{{Text: "a", Link: im.GuideLink("otr", "x")}}, im.Text{{Text: "a"}}},
		"control":       {im.Text{{Text: "a\x1b[2J\u202eb"}, {Text: "\x00"}}, im.Text{{Text: "a[2Jb"}}},
		"no such style": {im.Text{{Text: "a", Style: 0xff, HasIcon: true, Icon: im.Verified}}, im.Text{{Text: "a", Style: im.Bold | im.Italic | im.Underline | im.Strike | im.Code}}},
	} {
		if got := CleanText(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, want %#v", name, got, c.want)
		}
	}
	long := CleanText(im.Text{{Text: strings.Repeat("ä", MaxText/2)}, {Text: "rest", Style: im.Bold}, {Text: "more"}})
	if len(long) != 2 || long[1].Text != "…" {
		t.Errorf("what is too long has %d parts", len(long))
	}
	if many := CleanText(make(im.Text, 2000)); many != nil {
		t.Errorf("of 2000 empty parts, %d are left", len(many))
	}
}
