package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func TestEnclose(t *testing.T) {
	for _, c := range []struct{ text, sign, want string }{
		{"word", signBold, "*word*"},
		{"*word*", signBold, "word"},
		{" two words ", signItalic, " _two words_ "},
		{"one\n\ntwo", signStrike, "~one~\n\n~two~"},
		{"a\nb", signCode, "```\na\nb\n```"},
		{"```\na\nb\n```", signCode, "a\nb"},
		{"x", signCode, "`x`"},
		{"*", signBold, "***"},
		{"  ", signBold, "  "},
	} {
		if got := enclose(c.text, c.sign); got != c.want {
			t.Errorf("%q in %q is %q, not %q", c.text, c.sign, got, c.want)
		}
	}
	if got := quoted("a\n\nb"); got != "> a\n> \n> b" || quoted(got) != "a\n\nb" {
		t.Errorf("%q", got)
	}
}

func (e *sendEntry) selectAll() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }

func TestFormatBar(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	press := func(name string) {
		t.Helper()
		for _, b := range p.format.buttons {
			if b.name == name {
				b.Tapped(&fyne.PointEvent{})
				return
			}
		}
		t.Fatalf("there is no button %q", name)
	}
	expect := func(want string) {
		t.Helper()
		if p.entry.Text != want {
			t.Errorf("the entry says %q, not %q", p.entry.Text, want)
		}
	}
	element(t, g, kindButton, "Bold (Ctrl+B)")
	press("Bold (Ctrl+B)")
	test.Type(p.entry, "very")
	expect("*very*")
	p.entry.selectAll()
	press("Italic (Ctrl+I)")
	expect("_*very*_")
	p.entry.TypedShortcut(&fyne.ShortcutUndo{})
	p.entry.TypedShortcut(&fyne.ShortcutUndo{})
	expect("*very*")
	p.entry.set("words")
	press("Quote")
	test.Type(p.entry, "said")
	expect("words\n> said")
	p.entry.selectAll()
	press("Quote")
	expect("> words\n> > said")
	p.entry.set("x")
	p.entry.selectAll()
	item(t, g.chats.last.window.MainMenu(), "Insert", "Code").Action()
	expect("`x`")
	if g.chats.last.window.Canvas().Focused() != fyne.Focusable(p.entry) {
		t.Error("the keyboard is not in the entry")
	}
	f.said()
	item(t, g.chats.last.window.MainMenu(), "Options", "Show Formatting Bar").Action()
	f.has(t, `set conversation.formatbar ""`)
	before := p.lines.Size().Height
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingFormatBar}})
	if described(g, kindButton, "Bold (Ctrl+B)") || p.lines.Size().Height <= before {
		t.Error("the bar stays")
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingFormatBar, Value: im.On}})
	element(t, g, kindButton, "Bold (Ctrl+B)")
}

func TestInsertLink(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{})
	fyne.CurrentApp().Clipboard().SetContent("  https://example.org/a ")
	p.askLink()
	w := p.linking
	if w == nil || w.form.Tabs[0].Fields[0].Value != "https://example.org/a" {
		t.Fatal("the address in the clipboard is not offered")
	}
	p.askLink()
	if p.linking != w {
		t.Error("it is asked twice")
	}
	w.answered(plugin.Answers{Action: "insert", Values: map[string]string{"address": "file:///etc/passwd"}})
	if w.form.Problem == "" || p.entry.Text != "" {
		t.Errorf("%q was taken", p.entry.Text)
	}
	w.answered(plugin.Answers{Action: "insert", Values: map[string]string{"address": "example.org", "words": "see"}})
	if p.entry.Text != "see https://example.org" || p.linking != nil || len(g.asked) != 0 {
		t.Errorf("%q", p.entry.Text)
	}
	fyne.CurrentApp().Clipboard().SetContent("secret")
	p.askLink()
	if v := p.linking.form.Tabs[0].Fields[0].Value; v != "" {
		t.Errorf("%q is no address", v)
	}
	p.linking.answered(plugin.Answers{Action: "cancel"})
	if p.linking != nil {
		t.Error("it stays")
	}
}

// What was sent does not come back by undoing.
func TestUndoAfterSending(t *testing.T) {
	_, _, p := talking(t, messenger.ConversationState{})
	test.Type(p.entry, "sent words")
	p.entry.TypedKey(key(fyne.KeyReturn))
	p.entry.TypedShortcut(&fyne.ShortcutUndo{})
	if p.entry.Text != "" {
		t.Errorf("%q is back", p.entry.Text)
	}
	test.Type(p.entry, "one two")
	p.entry.TypedShortcut(&fyne.ShortcutUndo{})
	undone := p.entry.Text
	p.entry.TypedShortcut(&fyne.ShortcutRedo{})
	if undone == "one two" || p.entry.Text != "one two" {
		t.Errorf("%q, then %q", undone, p.entry.Text)
	}
}
