package main

import "culver/im"

// list is the Buddy List, its menus, and the windows about those who are in it.
var list = []shot{
	still("buddy-list", buddyList, do(joins("bob", "b"), joins("carol", "c"), joins("dave", "d"),
		is("carol", im.Away, "at the dentist's until about half past four, please write later"), is("dave", im.DoNotDisturb, "in a meeting"),
		seesValue("buddy", "dave@localhost", "Do not disturb"), seesValue("buddy", "bob@localhost", "Available"))),
	form("info-whom", named("Get User Info"), menu("Buddies", "Get User Info…")),
	still("menu-buddies", buddyList, menu("Buddies")).ends(back),
	still("menu-show", buddyList, menu("Buddies", "Show")).ends(back, back),
	still("menu-sort", buddyList, menu("Buddies", "Sort Buddies")).ends(back, back),
	still("menu-accounts", buddyList, menu("Accounts")).ends(back),
	still("menu-tools", buddyList, menu("Tools")).ends(back),
	still("menu-help", buddyList, menu("Help")).ends(back),
	still("status-menu", buddyList, front(buddyList), click("menubutton", "Available")).ends(back),
	form("new-status", named("New Status"), front(buddyList), click("menubutton", "Available"), click("menuitem", "New Status…"), fill("Name", "Reading"), fill("Message", "back for tea")).
		ends(press("Save and Use")),
	form("saved-statuses", named("Saved Statuses"), front(buddyList), click("menubutton", "Available"), click("menuitem", "Saved Statuses…"), clickOn("row", "Reading")),
	form("status-modify", named("Status “%s”", "Reading"), front(buddyList), click("menubutton", "Available"), click("menuitem", "Saved Statuses…"), clickOn("row", "Reading"), press("Modify…")).
		ends(escape, plain(named("Saved Statuses"))),
	form("status-own", named("New Status"), front(buddyList), click("menubutton", "Available"), click("menuitem", "New Status…")),
	still("tip-buddy", buddyList, front(buddyList), point("buddy", "carol@localhost")),
	still("menu-buddy", buddyList, context("buddy", "dave@localhost")).ends(back),
	form("rename-buddy", named("Name of %s", "bob@localhost"), context("buddy", "bob@localhost", "Rename…"), fill("Name", "Bob"), fill("Group", "Friends, Work")).
		ends(press("Save"), sees("group", "Friends")),
	form("add-buddy", named("Add Buddy"), menu("Buddies", "Add Buddy…")),
	form("add-chat", named("Add Chat"), menu("Buddies", "Add Chat…")),
	form("add-group", named("Add Group"), menu("Buddies", "Add Group…")),
	form("new-message", named("New Instant Message"), menu("Buddies", "New Instant Message…")),
	form("join-chat", named("Join a Chat"), menu("Buddies", "Join a Chat…")),
	form("info", named("Info on %s", "Bob"), click("buddy", "Bob"), menu("Buddies", "Get User Info…")),
	form("portrait", named("Picture for %s", "Bob"), context("buddy", "Bob", "Set Picture…")),
	form("choose-picture", named("Choose a file"), context("buddy", "Bob", "Set Picture…"), press("Choose…")).ends(escape, plain(named("Picture for %s", "Bob"))),
	form("merge", named("Merge"), context("buddy", "Bob", "Merge…")),
	form("remove-buddy", named("Remove %s", "Bob"), context("buddy", "Bob", "Remove…")),
	form("block", named("Block %s", "dave@localhost"), context("buddy", "dave@localhost", "Block…")).
		ends(press("Block")),
	form("blocked", named("Blocked People"), menu("Buddies", "Blocked People…")),
	form("block-somebody", named("Block"), menu("Buddies", "Blocked People…"), press("Block…")).ends(escape, plain(named("Blocked People"))),
	still("unblock", named("Unblock %s", "dave@localhost"), context("buddy", "dave@localhost", "Unblock…")).
		ends(press("Unblock"), gone(named("Unblock %s", "dave@localhost"))),
	still("buddy-list-request", buddyList, joins("frank", "f"), says("frank", "Hello Alice, this is Frank from the choir. Do you still sing?"), sees("request", "frank@localhost")),
	form("request", named("Request from %s", "frank@localhost"), clickOn("request", "frank@localhost"), key("Menu"), click("menuitem", "Answer…")),
	form("knocks", named("People Who Want to Reach You"), joins("erin", "e"), asks("erin"), menu("Buddies", "People Who Want to Reach You…"), sees("row", "erin@localhost")),
	still("pounce-new", named("New Pounce on %s", "grace@localhost"), context("buddy", "grace@localhost", "Add Pounce…")).ends(press("Save")),
	form("pounces", named("Buddy Pounces"), menu("Tools", "Buddy Pounces…"), clickOn("row", "grace@localhost")),
	form("pounce-modify", named("Pounce on %s", "grace@localhost"), menu("Tools", "Buddy Pounces…"), clickOn("row", "grace@localhost"), press("Modify…")).ends(escape, plain(named("Buddy Pounces"))),
	form("pounce-whom", named("Buddy Pounce"), menu("Tools", "Buddy Pounces…"), press("Add…")).ends(escape, plain(named("Buddy Pounces"))),
	form("pounce", named("Buddy pounce on %s", "grace@localhost"), joins("grace", "g")),
	form("rename-group", named("Rename Group"), context("group", "Friends (1/1)", "Rename…")),
	form("delete-group", named("Delete Group"), context("group", "Friends (1/1)", "Delete…")),
	still("merged", named("Merge"), context("buddy", "grace@localhost", "Merge…"), clickOn("row", "dave@localhost")).ends(press("Merge"), gone(named("Merge"))),
	still("buddy-list-contact", buddyList, sees("buddy", "grace@localhost")),
	form("rename-contact", named("Name of the Contact"), context("buddy", "grace@localhost", "Rename…")),
	form("remove-contact", named("Remove Contact"), context("buddy", "grace@localhost", "Remove…")),
	still("find-buddy", buddyList, click("group", "Friends (1/1)"), types("car")).ends(back),
}

// is gives somebody a status.
func is(name string, show im.Show, status string) step {
	return func(w *walk) { w.actors[name].M.SetPresence(im.Presence{Show: show, Status: status}) }
}

// asks lets somebody ask to see when the person is online.
func asks(name string) step {
	return func(w *walk) {
		a := w.actors[name]
		a.M.ShowAddBuddy()
		a.Answer(speak("Add Buddy"), "ok", "account="+string(a.Self), "address=alice@localhost")
	}
}
