// Package pages writes the pages of guides, which are read inside the program. Its small
// language is what translators see: marks that stand within the words of a sentence.
//
// "# " begins a heading and "- " an item, an empty line parts paragraphs; **bold**,
// *italic*, [words](page) and {level} stand within them, the last one before that which it
// is the icon of. A page of another guide is [words](guide/page).
package pages

import (
	"strings"

	"culver/im"
	"culver/plugin"
)

const headingMark, itemMark = "# ", "- "

// New is a page of a guide: paragraphs, the first of which is its title.
func New(guide, id string, paragraphs []string) plugin.GuidePage {
	return plugin.GuidePage{
		ID:    id,
		Title: strings.TrimPrefix(paragraphs[0], headingMark),
		Text:  Text(guide, strings.Join(paragraphs, "\n\n")),
	}
}

// Heading is a paragraph that is a heading.
func Heading(text string) string { return headingMark + text }

// Items is a paragraph of items.
func Items(texts ...string) string { return itemMark + strings.Join(texts, "\n"+itemMark) }

// Text reads what is written in the language of pages; guide is where its links lead that
// name no other one.
func Text(guide, source string) im.Text {
	var t im.Text
	for i, paragraph := range strings.Split(strings.TrimSpace(source), "\n\n") {
		if i > 0 {
			t = append(t, im.Span{Text: "\n\n"})
		}
		for j, line := range strings.Split(paragraph, "\n") {
			if j > 0 {
				t = append(t, im.Span{Text: "\n"})
			}
			if heading, ok := strings.CutPrefix(line, headingMark); ok {
				t = append(t, im.Span{Text: heading, Style: im.Bold})
				continue
			}
			if item, ok := strings.CutPrefix(line, itemMark); ok {
				t = append(t, im.Span{Text: "• "})
				line = item
			}
			t = append(t, textLine(guide, line)...)
		}
	}
	return t
}

// marks are what may stand within a line: how it begins and ends.
var marks = []struct {
	from, to string
	span     func(guide, inner string) im.Span
}{
	{"**", "**", func(_, s string) im.Span { return im.Span{Text: s, Style: im.Bold} }},
	{"*", "*", func(_, s string) im.Span { return im.Span{Text: s, Style: im.Italic} }},
	{"[", ")", func(guide, s string) im.Span {
		words, page, _ := strings.Cut(s, "](")
		if other, there, ok := strings.Cut(page, "/"); ok {
			guide, page = other, there
		}
		return im.Span{Text: words, Link: im.GuideLink(guide, page)}
	}},
	{"{", "} ", func(_, s string) im.Span { return im.Span{Icon: levels[s], HasIcon: true} }},
}

var levels = map[string]im.Level{"open": im.Open, "private": im.Private, "verified": im.Verified, "ended": im.Ended}

func textLine(guide, s string) (t im.Text) {
	var icon im.Span // stands before what comes next
	add := func(span im.Span) {
		if span.HasIcon {
			icon = span
			return
		}
		span.Icon, span.HasIcon, icon = icon.Icon, icon.HasIcon, im.Span{}
		t = append(t, span)
	}
	plain := 0 // where the text begins that no mark took yet
	for at := 0; at < len(s); {
		span, length := mark(guide, s[at:])
		if length == 0 {
			at++
			continue
		}
		if at > plain {
			add(im.Span{Text: s[plain:at]})
		}
		add(span)
		at += length
		plain = at
	}
	if plain < len(s) {
		add(im.Span{Text: s[plain:]})
	}
	return t
}

// mark reads a mark at the beginning of s; length 0 means that there is none.
func mark(guide, s string) (span im.Span, length int) {
	for _, m := range marks {
		rest, ok := strings.CutPrefix(s, m.from)
		if !ok {
			continue
		}
		if inner, _, ok := strings.Cut(rest, m.to); ok {
			return m.span(guide, inner), len(m.from) + len(inner) + len(m.to)
		}
	}
	return im.Span{}, 0
}
