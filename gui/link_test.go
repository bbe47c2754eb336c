package gui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
)

// Links to people are the messenger's; it is told where they were.
func TestLinksToPeople(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	p.lines.linked("xmpp:carol@example.org?join")
	f.has(t, "follow "+string(p.conv.Account)+" xmpp:carol@example.org?join")
	g.linked("XMPP:carol@example.org")
	f.has(t, "follow  XMPP:carol@example.org")
	p.lines.linked("https://example.org")
	p.lines.linked("xmpp:carol@example.org\n")
	f.has(t)
	if len(g.asked) != 1 {
		t.Errorf("%d forms ask, not the one about the web", len(g.asked))
	}
}

// What a link wants to be said stands in the entry, behind the user's own words. Nobody is
// told that the user types, and nothing is sent.
func TestWordsOfALinkInTheEntry(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Seal: im.Seal{Level: im.Private}})
	g.apply([]messenger.Event{messenger.Suggested{Conv: p.conv, Text: "Hi"}})
	if p.entry.Text != "Hi" || p.began != im.Private {
		t.Errorf("%q stands there, begun under %v", p.entry.Text, p.began)
	}
	g.apply([]messenger.Event{messenger.SealChanged{Conv: p.conv}, messenger.Suggested{Conv: p.conv, Text: "there"}})
	if p.entry.Text != "Hi\nthere" || p.began != im.Private {
		t.Errorf("%q stands there, begun under %v", p.entry.Text, p.began)
	}
	f.has(t)
	p.keepDraft()
	f.has(t, `draft bob@example.org "Hi\nthere"`)
	test.Type(p.entry, "!")
	p.stopPause()
	f.has(t, "typing 2")

	g.apply([]messenger.Event{messenger.Suggested{Conv: peer("nobody"), Text: "x"}}) // it was closed meanwhile
}
