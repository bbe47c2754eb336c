package pages

import (
	"testing"

	"culver/im"
)

func TestTheLanguageOfPages(t *testing.T) {
	got := Text("otr", "# Head\n\n{private} **Bold.** Some *words*, [a link](levels) and [one](book/first).\n\n- one\n- two * three")
	want := im.Text{
		{Text: "Head", Style: im.Bold}, {Text: "\n\n"},
		{Text: "Bold.", Style: im.Bold, Icon: im.Private, HasIcon: true}, {Text: " Some "},
		{Text: "words", Style: im.Italic}, {Text: ", "}, {Text: "a link", Link: im.GuideLink("otr", "levels")}, {Text: " and "},
		{Text: "one", Link: im.GuideLink("book", "first")}, {Text: "."},
		{Text: "\n\n"}, {Text: "• "}, {Text: "one"}, {Text: "\n"}, {Text: "• "}, {Text: "two * three"},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d spans, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("span %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}
