package main

import (
	"os"
	"path/filepath"
)

// tools are the windows of the menu of that name, and of the help.
var tools = []shot{
	form("plugins", named("Plugins"), menu("Tools", "Plugins…"), click("row", "Message notification")),
	form("plugin-state", named("Buddy state notification"), menu("Tools", "Plugins…"), click("row", "Buddy state notification"), press("Enable"), press("Configure…")).ends(escape, plain(plugins)),
	form("plugin-replacement", named("Text replacement"), menu("Tools", "Plugins…"), click("row", "Text replacement"), press("Enable"), press("Configure…")).ends(escape, plain(plugins)),
	form("replacement-add", named("Add a replacement"), menu("Tools", "Plugins…"), click("row", "Text replacement"), press("Configure…"), press("Add…")).
		ends(escape, plain(named("Text replacement")), plain(plugins)),
	form("console", named("XML Console"), menu("Tools", "Plugins…"), click("row", "XML Console"), press("Enable"), press("Configure…")).ends(escape, plain(plugins)),
	form("history-settings", named("History Settings"), menu("Tools", "History Settings…")),
	form("privacy", named("Privacy"), menu("Tools", "Privacy…")),
	form("security", named("Security"), menu("Tools", "Security…")),
	form("change-passphrase", named("Change the Passphrase"), menu("Tools", "Security…"), press("Change passphrase…")).ends(escape, plain(named("Security"))),
	form("use-keyring", named("Use the system's keyring"), menu("Tools", "Security…"), press("Use the system's keyring instead…")).ends(escape, plain(named("Security"))),
	form("backup-as", named("Save as"), menu("Tools", "Back Up…"), press("Choose…")).ends(escape, plain(named("Back Up"))),
	form("backup", named("Back Up"), menu("Tools", "Back Up…")),
	form("restore", named("Restore a Backup"), menu("Tools", "Restore Backup…")),
	form("import-which", named("Import From Another Program"), menu("Tools", "Import…"), sees("button", "Next")),
	still("import-preview", named("Import from %s", "Pidgin"), menu("Tools", "Import…"), press("Next"), sees("button", "Import")).ends(press("Import")),
	form("import-report", named("Import from %s", "Pidgin"), sees("button", "Close")),
	form("transfers-none", named("File Transfers"), menu("Tools", "File Transfers")),
	form("about", named("About Culver"), menu("Help", "About…")),
	form("shortcuts", named("Keyboard Shortcuts"), menu("Help", "Keyboard Shortcuts")),
	form("welcome-again", welcome, menu("Help", "Welcome and Tour…")),
	form("guide", named("Help"), menu("Help", "Contents")),
}

// preferences are the pages of that window.
var preferences = []shot{
	still("preferences-interface", named("Preferences"), menu("Tools", "Preferences…")),
	page("conversations", "Conversations"), page("notifications", "Notifications"), page("sounds", "Sounds"),
	page("status", "Status and idle"), page("logging", "History"), page("network", "Network"),
	page("shortcuts", "Shortcuts").ends(escape),
	form("proxy-for-all", named("Proxy for All Accounts"), menu("Tools", "Preferences…"), click("tab", "Network"), press("Proxy for All Accounts…"), click("choice", "Tor/Privacy (SOCKS 5)"),
		sees("entry", "Host"), grown).ends(escape, plain(named("Preferences"))),
}

// page is one of them.
func page(name, of string) shot {
	return still("preferences-"+name, named("Preferences"), click("tab", of))
}

// lock is what keeps others out.
var lock = []shot{
	still("locked", named("Unlock Culver"), menu("Tools", "Lock Culver"), sees("entry", "Passphrase")),
	still("locked-wrong", named("Unlock Culver"), secret("Passphrase", "wrong"), key("Return"), sees("problem", "")).
		ends(secret("Passphrase", passphrase), key("Return"), sees("menu", "Tools")),
}

// leavePidgin puts what Pidgin leaves into the person's home.
func leavePidgin(w *walk) {
	for name, text := range map[string]string{
		"accounts.xml": `<?xml version='1.0'?><account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@localhost/Home</name><alias>Alice</alias></account></account>`,
		"blist.xml": `<purple version='1.0'><blist><group name='Choir'>
			<contact><buddy account='alice@localhost/Home' proto='prpl-jabber'><name>heidi@localhost</name><alias>Heidi, second soprano and keeper of the keys</alias></buddy></contact></group></blist></purple>`,
		"logs/jabber/alice@localhost/bob@localhost/2024-03-04.100000+0000UTC.txt": "Conversation with bob@localhost at 2024-03-04 10:00:00 on alice@localhost/Home (jabber)\n" +
			"(10:00:00) Alice: Is the kettle red or blue?\n(10:00:30) Bob: Blue, I think.\n(10:01:02) Alice: Then it is the other one.\n",
	} {
		path := filepath.Join(w.home, ".purple", filepath.FromSlash(name))
		w.b.Must(os.MkdirAll(filepath.Dir(path), 0o700))
		w.b.Must(os.WriteFile(path, []byte(text), 0o600))
	}
}
