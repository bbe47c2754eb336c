package otrplugin

import (
	"strings"

	"culver/im"
	"culver/plugin"
)

// The pages of the guide.
const (
	pageLevels       = "levels"
	pageAuthenticate = "authenticate"
	pageUnverified   = "unverified"
	pageKeyChange    = "keychange"
	pageSessions     = "sessions"
	pageDetails      = "details"
	pageNoReply      = "noreply"
	pageWaiting      = "waiting"
)

// Guide is the pages that explain OTR to people.
func (p *Plugin) Guide() []plugin.GuidePage {
	return []plugin.GuidePage{
		guidePage(pageLevels, levelsGuide()),
		guidePage(pageAuthenticate, authenticateGuide()),
		guidePage(pageUnverified, unverifiedGuide()),
		guidePage(pageKeyChange, keyChangeGuide()),
		guidePage(pageWaiting, waitingGuide()),
		guidePage(pageNoReply, noReplyGuide()),
		guidePage(pageSessions, sessionsGuide()),
		guidePage(pageDetails, detailsGuide()),
	}
}

// guidePage is a page of paragraphs, the first of which is its title.
func guidePage(id string, paragraphs []string) plugin.GuidePage {
	return plugin.GuidePage{
		ID:    id,
		Title: strings.TrimPrefix(paragraphs[0], headingMark),
		Text:  guideText(strings.Join(paragraphs, "\n\n")),
	}
}

const headingMark, itemMark = "# ", "- "

func heading(text string) string { return headingMark + text }

func items(texts ...string) string { return itemMark + strings.Join(texts, "\n"+itemMark) }

// guideText reads the small language of the pages: "# " begins a heading and "- "
// an item, an empty line parts paragraphs; **bold**, *italic*, [words](page) and
// {level} stand within them, the last one before that which it is the icon of.
func guideText(source string) im.Text {
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
			t = append(t, guideLine(line)...)
		}
	}
	return t
}

// guideMarks are what may stand within a line: how it begins and ends.
var guideMarks = []struct {
	from, to string
	span     func(inner string) im.Span
}{
	{"**", "**", func(s string) im.Span { return im.Span{Text: s, Style: im.Bold} }},
	{"*", "*", func(s string) im.Span { return im.Span{Text: s, Style: im.Italic} }},
	{"[", ")", func(s string) im.Span {
		words, page, _ := strings.Cut(s, "](")
		return im.Span{Text: words, Link: im.GuideLink(pluginID, page)}
	}},
	{"{", "} ", func(s string) im.Span { return im.Span{Icon: guideLevels[s], HasIcon: true} }},
}

var guideLevels = map[string]im.Level{"open": im.Open, "private": im.Private, "verified": im.Verified, "ended": im.Ended}

func guideLine(s string) (t im.Text) {
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
		span, length := guideMark(s[at:])
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

// guideMark reads a mark at the beginning of s; length 0 means that there is none.
func guideMark(s string) (span im.Span, length int) {
	for _, m := range guideMarks {
		rest, ok := strings.CutPrefix(s, m.from)
		if !ok {
			continue
		}
		if inner, _, ok := strings.Cut(rest, m.to); ok {
			return m.span(inner), len(m.from) + len(inner) + len(m.to)
		}
	}
	return im.Span{}, 0
}
