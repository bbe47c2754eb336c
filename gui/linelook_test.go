package gui

import (
	"strings"
	"testing"

	"culver/im"
	"culver/messenger"
)

func TestFormattingIsShown(t *testing.T) {
	m := incoming("1", "bob", "")
	m.Text = im.Text{{Text: "*yes*\n> no"}, {Text: "!", Style: im.Underline}}
	g, f, p := talking(t, messenger.ConversationState{Messages: []im.Message{m}})
	looks := func() (out string) {
		for _, s := range p.lines.at(0).line.spans {
			switch {
			case !s.words:
				continue
			case s.colour == colorSubtle:
				out += "pale "
			case s.colour == colorQuoted:
				out += "quoted "
			}
			if s.style&im.Bold != 0 {
				out += "bold "
			}
			if s.style&im.Underline != 0 {
				out += "underlined "
			}
			out += s.text + "|"
		}
		return out
	}
	if got := looks(); got != "pale bold *|bold yes|pale bold *|\n|pale > |quoted no|quoted underlined !|" {
		t.Errorf("%q", got)
	}
	show := item(t, g.chats.last.window.MainMenu(), "Options", "Show Formatting")
	if !show.Checked {
		t.Error("it is not checked")
	}
	show.Action()
	f.has(t, `set conversation.formatting ""`)
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingFormatting, Value: ""}})
	if got := looks(); got != "*yes*\n> no|!|" {
		t.Errorf("%q", got)
	}
	if item(t, g.chats.last.window.MainMenu(), "Options", "Show Formatting").Checked {
		t.Error("it stays checked")
	}
}

func TestTimesAreShownAsTheUserLikes(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Messages: manyLines(1)})
	times := item(t, g.chats.last.window.MainMenu(), "Options", "Times")
	if len(times.ChildMenu.Items) != 3 || !times.ChildMenu.Items[0].Checked {
		t.Fatal("the times cannot be chosen")
	}
	times.ChildMenu.Items[2].Action()
	f.has(t, `set conversation.times "off"`)
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingTimes, Value: messenger.TimesNone}})
	if got := string(p.lines.runes(0)); got != "Bob: line 0" {
		t.Errorf("%q", got)
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingTimes, Value: messenger.TimesMinutes}})
	if got := string(p.lines.runes(0)); len(got) != len("(15:04) Bob: line 0") || strings.Count(got, ":") != 2 {
		t.Errorf("%q", got)
	}
}
