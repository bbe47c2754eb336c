package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

func TestEveryPageOfTheGuideIsThereAndLeadsSomewhere(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	for _, l := range lang.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			if _, err := lang.Use(l.Code); err != nil {
				t.Fatal(err)
			}
			wantGoodGuide(t, New(nil).Guide())
		})
	}
}

func wantGoodGuide(t *testing.T, pages []plugin.GuidePage) {
	t.Helper()
	there := map[string]bool{}
	for _, p := range pages {
		there[p.ID] = true
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
