package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Shortcut is what keys do, in one kind of window.
type Shortcut struct {
	Place Place
	Label string
	Keys  []string // any of them, as "Ctrl+Shift+F"; Ctrl is what the system has for shortcuts
}

// Place is where keys do something.
type Place int

// The places.
const (
	Everywhere Place = iota
	InBuddyList
	InConversations
	InEntry // while a message is written
	InHistory
	InDialogs
	places
)

func (p Place) String() string {
	switch p {
	case Everywhere:
		return lang.T("Every window")
	case InBuddyList:
		return lang.T("Buddy List")
	case InConversations:
		return lang.T("Conversations")
	case InEntry:
		return lang.T("Writing")
	case InHistory:
		return lang.T("History")
	default:
		return lang.T("Other windows")
	}
}

// Shortcuts are all of them. Front ends do what it says here: a test in each sees to it.
func Shortcuts() []Shortcut {
	at := func(p Place, label string, keys ...string) Shortcut { return Shortcut{p, label, keys} }
	return []Shortcut{
		at(Everywhere, lang.T("Preferences"), "Ctrl+,"),
		at(Everywhere, lang.T("Keyboard shortcuts"), "Ctrl+Shift+/", "Ctrl+/"),
		at(Everywhere, lang.T("Larger text"), "Ctrl++", "Ctrl+=", "Ctrl+Shift+="),
		at(Everywhere, lang.T("Smaller text"), "Ctrl+-"),
		at(Everywhere, lang.T("Normal text"), "Ctrl+0"),
		at(Everywhere, lang.T("Lock Culver"), "Ctrl+Alt+L"),
		at(Everywhere, lang.T("Next part of the window"), "F6", "Shift+F6"),
		at(Everywhere, lang.T("Menus of the window"), "F10", "Alt"),

		at(InBuddyList, lang.T("New instant message"), "Ctrl+M", "Ctrl+N"),
		at(InBuddyList, lang.T("Join a chat"), "Ctrl+G"),
		at(InBuddyList, lang.T("Get user info"), "Ctrl+I"),
		at(InBuddyList, lang.T("View history"), "Ctrl+L"),
		at(InBuddyList, lang.T("Add buddy"), "Ctrl+B"),
		at(InBuddyList, lang.T("Manage accounts"), "Ctrl+A"),
		at(InBuddyList, lang.T("Preferences"), "Ctrl+P"),
		at(InBuddyList, lang.T("File transfers"), "Ctrl+T"),
		at(InBuddyList, lang.T("Plugins"), "Ctrl+U"),
		at(InBuddyList, lang.T("Help"), "F1"),
		at(InBuddyList, lang.T("Quit"), "Ctrl+Q"),
		at(InBuddyList, lang.T("Open what is chosen"), "Enter"),
		at(InBuddyList, lang.T("Menu of what is chosen"), "Menu", "Shift+F10"),

		at(InConversations, lang.T("New instant message"), "Ctrl+M", "Ctrl+N"),
		at(InConversations, lang.T("Join a chat"), "Ctrl+G"),
		at(InConversations, lang.T("Find in the conversation"), "Ctrl+F"),
		at(InConversations, lang.T("Find the next one"), "F3", "Shift+F3"),
		at(InConversations, lang.T("Search the history"), "Ctrl+Shift+F"),
		at(InConversations, lang.T("Get info"), "Ctrl+O"),
		at(InConversations, lang.T("Rename"), "F2"),
		at(InConversations, lang.T("View history"), "Ctrl+L"),
		at(InConversations, lang.T("Edit the unsent line"), "Ctrl+E"),
		at(InConversations, lang.T("Pick an emoji"), "Ctrl+."),
		at(InConversations, lang.T("Bold"), "Ctrl+B"),
		at(InConversations, lang.T("Italic"), "Ctrl+I"),
		at(InConversations, lang.T("Go to what is new"), "Ctrl+J"),
		at(InConversations, lang.T("Go to the end"), "Ctrl+End"),
		at(InConversations, lang.T("List who is in the room"), "Ctrl+P"),
		at(InConversations, lang.T("Next tab with something new"), "Ctrl+Tab"),
		at(InConversations, lang.T("Previous tab"), "Ctrl+PageUp", "Ctrl+Shift+Tab"),
		at(InConversations, lang.T("Next tab"), "Ctrl+PageDown"),
		at(InConversations, lang.T("Move the tab to the left"), "Ctrl+Shift+PageUp"),
		at(InConversations, lang.T("Move the tab to the right"), "Ctrl+Shift+PageDown"),
		at(InConversations, lang.T("Tab 1 to 9"), "Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5", "Alt+6", "Alt+7", "Alt+8", "Alt+9"),
		at(InConversations, lang.T("Close the tab"), "Ctrl+W"),
		at(InConversations, lang.T("Open the tab again that was closed last"), "Ctrl+Shift+W"),
		at(InConversations, lang.T("Quit"), "Ctrl+Q"),

		at(InEntry, lang.T("Send"), "Enter"),
		at(InEntry, lang.T("New line"), "Shift+Enter"),
		at(InEntry, lang.T("What was sent before"), "Ctrl+Up", "Up"),
		at(InEntry, lang.T("Correct what was sent last, unless it was private"), "Up"),
		at(InEntry, lang.T("What was sent after it"), "Ctrl+Down", "Down"),
		at(InEntry, lang.T("Complete a name or a command"), "Tab"),
		at(InEntry, lang.T("Scroll the conversation"), "PageUp", "PageDown"),

		at(InHistory, lang.T("Search"), "Ctrl+F"),
		at(InHistory, lang.T("Close the window"), "Ctrl+W", "Escape"),
		at(InHistory, lang.T("Quit"), "Ctrl+Q"),

		at(InDialogs, lang.T("Next field"), "Tab"),
		at(InDialogs, lang.T("Next page"), "Ctrl+PageDown", "Ctrl+Tab"),
		at(InDialogs, lang.T("Previous page"), "Ctrl+PageUp", "Ctrl+Shift+Tab"),
		at(InDialogs, lang.T("What the coloured button does"), "Enter"),
		at(InDialogs, lang.T("Close the window"), "Escape"),
	}
}

// ShowShortcuts shows what keys do.
func (m *Messenger) ShowShortcuts() {
	m.inbox.Put(func() {
		if m.shortcuts != nil {
			m.shortcuts.raise()
			return
		}
		f := plugin.Form{Title: lang.T("Keyboard Shortcuts"), Buttons: []plugin.Button{closeButton()}}
		for p := range places {
			f.Tabs = append(f.Tabs, plugin.Tab{Title: p.String(), Fields: []im.Field{shortcutTable(p)}})
		}
		m.shortcuts = m.ask(im.ConvID{}, f, func(plugin.Answers) {
			m.shortcuts.Close()
			m.shortcuts = nil
		})
	})
}

// shortcutTable lists those of a place.
func shortcutTable(p Place) im.Field {
	table := im.Field{ID: "place" + string(rune('0'+p)), Kind: im.FieldTable, Columns: []string{lang.T("What it does"), lang.T("Keys")}}
	for _, s := range Shortcuts() {
		if s.Place == p {
			table.Rows = append(table.Rows, im.Row{ID: s.Label, Cells: []string{s.Label, keysText(s.Keys)}})
		}
	}
	return table
}

// keysText are keys as people read them.
func keysText(keys []string) string {
	if len(keys) > 3 {
		return lang.F("%s to %s", KeyText(keys[0]), KeyText(keys[len(keys)-1]))
	}
	out := ""
	for i, k := range keys {
		switch {
		case i == 0:
			out = KeyText(k)
		case k != "Ctrl+Shift+=": // that is how some keyboards type a plus
			out = lang.F("%s or %s", out, KeyText(k))
		}
	}
	return out
}

// KeyText is a shortcut, written as in [Shortcut], as people read it.
func KeyText(keys string) string {
	return strings.NewReplacer("Shift+/", "?", "PageUp", lang.T("Page Up"), "PageDown", lang.T("Page Down"), "Escape", lang.T("Esc")).Replace(keys)
}
