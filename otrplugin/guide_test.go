package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
)

func TestEveryPageOfTheGuideIsThereAndLeadsSomewhere(t *testing.T) {
	pages := New(nil).Guide()
	there := map[string]bool{}
	for _, p := range pages {
		there[p.ID] = true
	}
	files, err := guideFiles.ReadDir("guide")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(pages) {
		t.Errorf("the guide has %d pages of %d files", len(pages), len(files))
	}
	for _, p := range pages {
		if p.Title == "" || len(p.Text) == 0 || strings.ContainsAny(p.Title, "*[{#") {
			t.Errorf("page %q: title %q", p.ID, p.Title)
		}
		for _, s := range p.Text {
			if strings.ContainsAny(s.Text, "*[]{}#") {
				t.Errorf("page %q: a mark is left over in %q", p.ID, s.Text)
			}
			if s.Link == "" {
				continue
			}
			if id, page, ok := im.ParseGuideLink(s.Link); !ok || id != pluginID || !there[page] {
				t.Errorf("page %q: %q leads nowhere: %q", p.ID, s.Text, s.Link)
			}
		}
	}
}

func TestTheGuidesLanguage(t *testing.T) {
	got := guideText("# Head\n\n{private} **Bold.** Some *words*, [a link](levels).\n\n- one\n- two * three")
	want := im.Text{
		{Text: "Head", Style: im.Bold}, {Text: "\n\n"},
		{Text: "Bold.", Style: im.Bold, Icon: im.Private, HasIcon: true}, {Text: " Some "},
		{Text: "words", Style: im.Italic}, {Text: ", "}, {Text: "a link", Link: im.GuideLink("otr", "levels")}, {Text: "."},
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
