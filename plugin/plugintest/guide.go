package plugintest

import (
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
)

// WantGoodGuide checks that no mark of the language of pages is left over in a guide, and
// that its links lead to its pages, or to those of others ("guide/page") that are named.
func WantGoodGuide(t *testing.T, guide string, pages []plugin.GuidePage, others ...string) {
	t.Helper()
	there := map[string]bool{}
	for _, p := range pages {
		there[guide+"/"+p.ID] = true
	}
	for _, o := range others {
		there[o] = true
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
			if id, page, ok := im.ParseGuideLink(s.Link); !ok || !there[id+"/"+page] {
				t.Errorf("page %q: %q leads nowhere: %q", p.ID, s.Text, s.Link)
			}
		}
	}
}
