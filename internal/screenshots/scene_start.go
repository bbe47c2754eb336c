package main

import "strconv"

// beginning is what comes up when the program starts for the first time.
var beginning = []shot{
	still("passphrase", named("Protect Your Profile"), secret("Passphrase", passphrase), secret("Once more", passphrase)).ends(press("Continue")),
	still("guide-what", welcome, sees("note", "What Culver is")).ends(press("Next")),
	still("guide-keys", welcome, sees("note", "Where your keys are kept")).ends(press("Next")),
	still("guide-ways", welcome, sees("note", "How to begin")).ends(press("Later")),
	still("buddy-list-empty", buddyList, sees("button", "Add an Account…")),
}

// account is from no account to being online.
var account = []shot{
	still("accounts-none", accounts, menu("Accounts", "Manage Accounts…")).ends(press("Add…")),
	still("add-account-network", addOne, sees("button", "Next")).ends(press("Next"), sees("entry", "Address")),
	still("add-account", addOne, fill("Address", "alice@localhost"), fill("Password", "a")),
	still("add-account-advanced", addOne, click("tab", "Advanced"), reach),
	still("add-account-proxy", addOne, click("tab", "Proxy"), click("select", "Proxy type"), click("menuitem", "SOCKS 5"), sees("entry", "Host")).
		ends(click("select", "Proxy type"), click("menuitem", "No proxy"), press("Test")),
	form("test-account-refused", named("Test Account"), sees("code", "Fingerprint of its certificate (SHA-256)")),
	still("certificate", named("Certificate of %s", "localhost"), front(addOne), press("Save"), sees("button", "Accept for this account")),
	still("buddy-list-problem", buddyList, front(buddyList)),
	still("certificate-details", named("Certificate of %s", "localhost"), front(named("Certificate of %s", "localhost")), click("tab", "Details")).
		ends(press("Accept for this account"), sees("buddy", "bob@localhost")),
	still("accounts", accounts, front(accounts), clickOn("row", "alice@localhost")),
	form("modify-account", modify, press("Modify…"), sees("button", "Save")),
	form("test-account", named("Test Account"), front(accounts), press("Modify…"), press("Test"), sees("button", "Close")).
		ends(escape, plain(modify)),
	form("user-info-own", named("User Info of %s", "alice@localhost"), front(accounts), press("User info…")),
	form("picture-own", named("Picture of %s", "alice@localhost"), front(accounts), press("Picture…")),
	form("server-history", named("History on the Server"), front(accounts), press("Server history…")),
	form("password", named("Change Password"), front(accounts), press("Password…")).
		ends(escape, plain(accounts)),
}

// reach says how the server is reached.
func reach(w *walk) {
	w.Fills("Connect to server", w.server.Address)
	w.Fills("Port", strconv.Itoa(w.server.C2S))
}

// creating is how an account is made.
var creating = []shot{
	still("create-server", create, menu("Accounts", "Manage Accounts…"), press("Create…"), click("select", "Server"), click("menuitem", "Another server"),
		fill("Name of the server", "localhost")).ends(click("tab", "Advanced"), reach, pin, press("Next"), sees("entry", "Username")),
	still("create-weak", create, fill("Username", "newcomer"), fill("Password", "password1"), sees("progress", "Easy to guess")),
	form("create-made-up", create, press("Make one up"), sees("code", "Made up for you")).
		ends(escape, plain(accounts)),
}

// pin names the certificate that the server has.
func pin(w *walk) { w.Fills("Accept only this certificate", w.server.SHA256) }
