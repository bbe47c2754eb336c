package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/messenger"
)

// written is a shortcut as the list of them writes it.
func written(s fyne.Shortcut) string {
	if _, ok := s.(*fyne.ShortcutSelectAll); ok {
		return "Ctrl+A"
	}
	c := s.(*desktop.CustomShortcut)
	out := ""
	for _, m := range []struct {
		held fyne.KeyModifier
		name string
	}{{fyne.KeyModifierShortcutDefault, "Ctrl+"}, {fyne.KeyModifierAlt, "Alt+"}, {fyne.KeyModifierShift, "Shift+"}} {
		if c.Modifier&m.held != 0 {
			out += m.name
		}
	}
	name, ok := map[fyne.KeyName]string{fyne.KeyPageUp: "PageUp", fyne.KeyPageDown: "PageDown"}[c.KeyName]
	if !ok {
		name = string(c.KeyName)
	}
	return out + name
}

// inMenus are the shortcuts of a menu bar.
func inMenus(m *fyne.MainMenu) (out []string) {
	var walk func(items []*fyne.MenuItem)
	walk = func(items []*fyne.MenuItem) {
		for _, i := range items {
			if i.Shortcut != nil {
				s := i.Shortcut
				if q, ok := s.(quietShortcut); ok {
					s = q.keys
				}
				out = append(out, written(s))
			}
			if i.ChildMenu != nil {
				walk(i.ChildMenu.Items)
			}
		}
	}
	for _, menu := range m.Items {
		walk(menu.Items)
	}
	return out
}

// listed are the keys that the list has for these places.
func listedKeys(places ...messenger.Place) (out []string) {
	for _, s := range messenger.Shortcuts() {
		if slices.Contains(places, s.Place) {
			out = append(out, s.Keys...)
		}
	}
	return out
}

// What keys do is listed, and no two things in one window are done by the same.
func TestEveryShortcutIsListedOnce(t *testing.T) {
	g, _, _ := cooking(t)
	g.apply([]messenger.Event{messenger.CanLockChanged{On: true}, messenger.GuidesChanged{Guides: []messenger.Guide{{Plugin: "p", Title: "Guide"}}}})
	g.buddies.drawMenu()
	chats := g.chats.last
	common := []string{}
	for s := range g.everywhere() {
		common = append(common, written(&s))
	}
	inChats := inMenus(chats.window.MainMenu())
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	for _, s := range inMenus(chats.window.MainMenu()) {
		if !slices.Contains(inChats, s) {
			inChats = append(inChats, s)
		}
	}
	for _, s := range chats.shortcuts() {
		inChats = append(inChats, written(s))
	}
	inPast := []string{}
	for _, s := range (&historyWindow{gui: g}).shortcuts() {
		inPast = append(inPast, written(s))
	}
	inForms := []string{}
	for _, s := range formShortcuts() {
		inForms = append(inForms, written(s))
	}
	for place, has := range map[messenger.Place][]string{
		messenger.InDialogs:       inForms,
		messenger.Everywhere:      common,
		messenger.InBuddyList:     append(inMenus(g.buddies.window.MainMenu()), written(control(fyne.KeyN))),
		messenger.InConversations: inChats,
		messenger.InHistory:       inPast,
	} {
		list := listedKeys(place, messenger.Everywhere)
		for _, s := range has {
			if !slices.Contains(list, s) {
				t.Errorf("%v: %s is not listed", place, s)
			}
		}
		for _, s := range listedKeys(place) {
			if strings.Contains(s, "Ctrl+") && !slices.Contains(append(has, common...), s) {
				t.Errorf("%v: %s is listed, and does nothing", place, s)
			}
		}
		for i, s := range list {
			if slices.Contains(list[:i], s) {
				t.Errorf("%v: %s is listed twice", place, s)
			}
		}
	}
}

func TestLettersGrowByKeysInEveryWindow(t *testing.T) {
	g, f, p := cooking(t)
	zoom := func(s fyne.Shortcut, want string) {
		t.Helper()
		p.keys.onShortcut(s)
		f.has(t, want)
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingZoom, Value: "100"}})
	zoom(control(fyne.KeyPlus), `set theme.zoom "110"`)
	zoom(shifted(fyne.KeyEqual), `set theme.zoom "110"`)
	zoom(control(fyne.KeyMinus), `set theme.zoom "90"`)
	width := g.buddies.window.Canvas().Size().Width
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingZoom, Value: "200"}})
	if got := g.app.Settings().Theme().(*look).zoom; got != 200 {
		t.Errorf("letters have %d %%", got)
	}
	if g.buddies.window.Canvas().Size().Width <= width {
		t.Error("the Buddy List is not wider")
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingZoom, Value: "100"}})
	if got := g.buddies.window.Canvas().Size().Width; got != width {
		t.Errorf("the Buddy List stays %v wide, was %v", got, width)
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: messenger.SettingZoom, Value: "200"}})
	f.said()
	p.keys.onShortcut(control(fyne.KeyEqual)) // there is no more
	if said := f.said(); len(said) != 0 {
		t.Errorf("the messenger was told %q", said)
	}
	zoom(control(fyne.Key0), `set theme.zoom "100"`)
	g.buddies.keys.onShortcut(control(fyne.KeyComma))
	f.has(t, "preferences ")
}
