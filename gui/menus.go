package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// drawMenu makes the Buddy List's menu bar.
func (w *buddyWindow) drawMenu() {
	g := w.gui
	f := g.front
	item := func(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, do)
		if key != "" {
			i.Shortcut = control(key)
		}
		return i
	}
	checked := func(label, setting string) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			value := im.On
			if g.settings[setting] == im.On {
				value = ""
			}
			f.SetSetting(setting, value)
		})
		i.Checked = g.settings[setting] == im.On
		return i
	}
	show := submenu(lang.T("Show"),
		checked(lang.T("Offline Buddies"), settingOffline), checked(lang.T("Empty Groups"), settingEmpty),
		checked(lang.T("Buddy Details"), settingDetails), checked(lang.T("Idle Times"), settingIdleTimes))
	quit := item(lang.T("Quit"), fyne.KeyQ, g.quit)
	quit.IsQuit = true
	buddies := fyne.NewMenu(lang.T("Buddies"),
		item(lang.T("New Instant Message…"), fyne.KeyM, f.ShowNewMessage),
		item(lang.T("Join a Chat…"), fyne.KeyG, func() { f.ShowJoinRoom(im.ConvID{}) }),
		item(lang.T("Get User Info…"), fyne.KeyI, w.showInfo),
		item(lang.T("View History"), fyne.KeyL, w.showHistory),
		fyne.NewMenuItemSeparator(), show, w.sortItem(),
		fyne.NewMenuItemSeparator(),
		item(lang.T("Add Buddy…"), fyne.KeyB, f.ShowAddBuddy),
		item(lang.T("Add Chat…"), "", f.ShowAddRoom),
		item(lang.T("Add Group…"), "", f.ShowAddGroup),
		fyne.NewMenuItemSeparator(),
		item(lang.T("People Who Want to Reach You…"), "", f.ShowKnocks),
		item(lang.T("Blocked People…"), "", f.ShowBlocked),
		fyne.NewMenuItemSeparator(), quit)

	manage := fyne.NewMenuItem(lang.T("Manage Accounts…"), func() {
		// The toolkit gives this shortcut to the menu even while text is edited,
		// where it selects all of it.
		if e, ok := w.window.Canvas().Focused().(fyne.Shortcutable); ok && controlHeld() && editsText(e) {
			e.TypedShortcut(&fyne.ShortcutSelectAll{})
			return
		}
		f.ShowAccounts()
	})
	manage.Shortcut = &fyne.ShortcutSelectAll{}
	list := fyne.NewMenu(lang.T("Accounts"), manage)
	list.Items = append(list.Items, g.accountItems()...)

	look := g.lookMenu()
	prefs := item(lang.T("Preferences…"), preferencesKey(onMac), func() { f.ShowPreferences("") })
	tools := fyne.NewMenu(lang.T("Tools"), prefs, fyne.NewMenuItemSeparator(), item(lang.T("Buddy Pounces…"), "", f.ShowPounces),
		item(lang.T("File Transfers"), fyne.KeyT, g.showTransfers), item(lang.T("Plugins…"), fyne.KeyU, f.ShowPlugins), look,
		fyne.NewMenuItemSeparator(), item(lang.T("Import…"), "", f.ShowImport),
		item(lang.T("Back Up…"), "", f.ShowBackup), item(lang.T("Restore Backup…"), "", f.ShowRestore),
		fyne.NewMenuItemSeparator(), item(lang.T("History Settings…"), "", f.ShowHistorySettings), item(lang.T("Privacy…"), "", f.ShowPrivacy), item(lang.T("Security…"), "", f.ShowSecurity))
	tools.Items = append(append(tools.Items, fyne.NewMenuItemSeparator()), g.soundItems()...)
	if tray := g.trayItem(); tray != nil {
		tools.Items = append(tools.Items, tray)
	}
	if g.canLock {
		tools.Items = append(tools.Items, g.lockItem())
	}
	shortcuts := fyne.NewMenuItem(lang.T("Keyboard Shortcuts"), f.ShowShortcuts)
	shortcuts.Shortcut = shifted(fyne.KeySlash)
	help := fyne.NewMenu(lang.T("Help"))
	if contents := g.contents(); contents != nil {
		help.Items = append(help.Items, contents, fyne.NewMenuItemSeparator())
	}
	help.Items = append(help.Items, item(lang.T("Welcome and Tour…"), "", f.ShowFirstRun), shortcuts, item(aboutLabel(onMac), "", f.ShowAbout))
	bar := fyne.NewMainMenu(buddies, list, tools, help)
	says := fmt.Sprintf("%p %s", f, menuWords(bar.Items...))
	for _, s := range g.accounts {
		says += fmt.Sprintf(" %q", s.Account.ID)
	}
	if says == w.says {
		return
	}
	w.bar, w.says = withKeys(bar), says
	w.window.SetMainMenu(bar)

	// What other messengers use for it.
	w.window.Canvas().AddShortcut(control(fyne.KeyN), func(fyne.Shortcut) { f.ShowNewMessage() })
	g.hears(w.window.Canvas())
	w.keys.shortcut = func(s fyne.Shortcut) bool {
		if s.ShortcutName() == control(fyne.KeyN).ShortcutName() {
			f.ShowNewMessage()
			return true
		}
		return g.anywhere(s)
	}
	w.search.keys.shortcut = w.keys.shortcut
	w.status.message.keys.shortcut = w.keys.shortcut
}

// contents is the entry for what there is to read: it opens the first guide, from where the
// others are a choice away. Its label is short: the toolkit cuts a menu off that does not
// fit into the window to the right.
func (g *GUI) contents() *fyne.MenuItem {
	if len(g.guides) == 0 {
		return nil
	}
	out := fyne.NewMenuItem(lang.T("Contents"), func() { g.front.ShowGuide(g.guides[0].Plugin, "") })
	out.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyF1} // for show: see helpKey
	return out
}

// helpKey opens the first guide if the key is the one for help. The toolkit takes
// keys without a modifier for no shortcuts.
func (g *GUI) helpKey(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyF1 || len(g.guides) == 0 {
		return false
	}
	g.front.ShowGuide(g.guides[0].Plugin, "")
	return true
}

// control is the shortcut of a key with the system's key for shortcuts.
func control(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

func controlHeld() bool { return modifiers()&fyne.KeyModifierShortcutDefault != 0 }

func editsText(s fyne.Shortcutable) bool {
	_, ok := s.(interface{ SelectedText() string })
	return ok
}

// pluginMenu is the menu of a plugin for a conversation, as the toolkit takes it.
func (g *GUI) pluginMenu(c im.ConvID, m messenger.Menu) *fyne.Menu {
	return fyne.NewMenu(oneLine(m.Title, 40), g.pluginItems(m.Actions, func(id string) { g.front.Invoke(m.Plugin, c, id) })...)
}

// buddyItems are the plugins' entries for a buddy, below those of the Buddy List.
func (g *GUI) buddyItems(c im.ConvID) []*fyne.MenuItem {
	var out []*fyne.MenuItem
	for _, m := range g.menus {
		if more := g.pluginItems(m.Actions, func(id string) { g.front.Invoke(m.Plugin, c, id) }); len(more) > 0 {
			out = append(append(out, fyne.NewMenuItemSeparator()), more...)
		}
	}
	return out
}

// pluginItems are the entries of a plugin. Those that are not possible now, or
// only there to be read, have no action: the toolkit's menu bar lets the keyboard
// reach them.
func (g *GUI) pluginItems(actions []plugin.Action, invoke func(id string)) []*fyne.MenuItem {
	var out []*fyne.MenuItem
	for _, a := range actions {
		if a.ID == "" && a.Label == "" {
			out = append(out, fyne.NewMenuItemSeparator())
			continue
		}
		i := fyne.NewMenuItem(oneLine(a.Label, 80), nil)
		i.Disabled, i.Checked = a.Off || a.ID == "" && len(a.Sub) == 0, a.Checked
		if a.HasIcon {
			i.Icon = g.icons.level(a.Icon)
		}
		switch {
		case a.Off:
		case len(a.Sub) > 0:
			i.ChildMenu = fyne.NewMenu("", g.pluginItems(a.Sub, invoke)...)
		case a.ID != "":
			i.Action = func() { invoke(a.ID) }
		}
		out = append(out, i)
	}
	return out
}
