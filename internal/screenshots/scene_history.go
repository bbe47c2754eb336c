package main

import (
	"path/filepath"
)

// history is what was said before.
var history = []shot{
	still("history", named("History"), front(buddyList), click("buddy", "Bob"), key("ctrl+l"), sees("past", "Bob")),
	still("history-found", named("History"), front(named("History")), key("ctrl+shift+f"), types("kettle"), sees("hit", "kettle")),
	form("history-export", named("Export from the history"), press("Export…")),
	still("history-exported", named("The history was exported"), front(named("History")), press("Export…"), exports).ends(press("Close")),
	still("menu-history-delete", named("History"), front(named("History")), click("menubutton", "Delete")).ends(back),
	form("history-delete", named("Delete from the history?"), front(named("History")), click("menubutton", "Delete"), chooses(named("Everything with %s…", "Bob"))).
		ends(escape, front(named("History")), key("Escape"), key("Escape"), gone(named("History"))),
}

func exports(w *walk) {
	w.Fills("File", filepath.Join(w.home, "history.txt"))
	w.Clicks("button", "Export unencrypted")
}
