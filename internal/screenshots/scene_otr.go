package main

var (
	otr          = named("Off-the-Record Messaging")
	plugins      = named("Plugins")
	authenticate = named("Authenticate %s", "Bob")
	asked        = named("Authentication from %s", "Bob")
	under        = named("Authenticating %s", "Bob")
	underTo      = named("Authenticating to %s", "Bob")
)

// private is what Off-the-Record Messaging shows.
var private = []shot{
	still("unverified", bob, front(bob), click("menubutton", "Not private"), click("menuitem", "Start private conversation"), sees("menubutton", "Unverified")),
	still("menu-unverified", bob, click("menubutton", "Unverified")).ends(back),
	form("authenticate-question", authenticate, wizard("Unverified", "Question and answer"), fill("Question", "Where did we meet?"), secret("Secret answer", "there")),
	form("authenticate-secret", authenticate, wizard("Unverified", "Shared secret"), secret("Secret", "there")),
	form("authenticate-fingerprint", authenticate, wizard("Unverified", "Manual fingerprint verification")),
	form("qr-code", named("QR Code"), wizard("Unverified", "Manual fingerprint verification"), func(w *walk) { w.ClicksLast("button", "QR code…") }).ends(escape, plain(authenticate)),
	form("authenticating", under, wizard("Unverified", "Shared secret"), secret("Secret", "there"), press("Authenticate")),
	form("authentication-asked", asked, asksSecret("bob", "method=question", "question=What was the name of the boat?", "answer=Nancy")).ends(secret("Answer", "Nina"), press("Authenticate")),
	form("authentication-failed", underTo, sees("problem", "")),
	form("authentication-secret", asked, asksSecret("bob", "method=secret", "secret=Nancy")).ends(secret("Secret", "Nancy"), press("Authenticate")),
	form("authenticated", under, sees("menubutton", "Private"), sees("button", "Close")),
	still("private", bob, front(bob), tells("Now nobody else can read this."), says("bob", "Indeed. See you on Friday at the usual place!")),
	form("session-details", named("Session details of %s", "Bob"), front(bob), click("menubutton", "Private"), click("menuitem", "Session details…")),
	form("otr-buddy", named("OTR settings of %s", "Bob"), front(bob), click("menubutton", "Private"), click("menuitem", "OTR settings…")),
	form("help", named("Help"), front(bob), click("menubutton", "Private"), click("menuitem", "What's this?")),
	still("otr-config", otr, opens(plugins, menu("Tools", "Plugins…")), click("row", "Off-the-Record Messaging"), press("Configure…"), sees("code", "Fingerprint")),
	form("key-regenerate", named("Make another private key?"), press("Regenerate…")),
	form("key-delete", named("Delete the private key?"), front(otr), press("Delete…")),
	form("key-export", named("Export the private key of %s", "alice@localhost"), front(otr), press("Export…")),
	form("key-import", named("Import Private Keys"), front(otr), press("Import…")),
	still("known-fingerprints", otr, front(otr), click("tab", "Known fingerprints"), clickOn("row", "bob@localhost")),
	form("verify-fingerprint", named("Verify fingerprint of %s", "Bob"), press("Verify fingerprint…")),
	form("keys", named("Keys of %s", "Bob"), front(otr), press("History…")),
	form("fingerprints-export", named("Export Fingerprints"), front(otr), press("Export all…")),
	form("fingerprints-import", named("Import fingerprints"), front(otr), press("Import…")).
		ends(escape, plain(otr), plain(plugins)),
	form("otr-disable", named("Disable %s?", "Off-the-Record Messaging"), menu("Tools", "Plugins…"), click("row", "Off-the-Record Messaging"), press("Disable")).ends(escape, plain(plugins)),
}

// newKey is what comes up when somebody has another key.
var newKey = []shot{
	still("finished", bob, front(bob), leaves("bob"), sees("menubutton", "Finished")),
	still("new-key-line", bob, front(bob), click("menubutton", "Finished"), click("menuitem", "End private conversation"), joins("bob", "b"), seesValue("buddy", "Bob", "Available"),
		click("menubutton", "Not private"), click("menuitem", "Start private conversation"), sees("problem", "")),
	form("new-key", named("New key of %s", "Bob")),
}

// leaves has somebody end the program, who comes back with another key.
func leaves(name string) step { return func(w *walk) { w.actors[name].Quit() } }

// wizard opens the window in which a buddy is authenticated, and chooses a way.
func wizard(level, way string) step {
	return func(w *walk) {
		w.Fronts(bob.String())
		w.Clicks("menubutton", level)
		w.Clicks("menuitem", "Authenticate buddy")
		w.Clicks("choice", way)
	}
}

// asksSecret lets somebody authenticate the person.
func asksSecret(name string, fields ...string) step {
	return func(w *walk) {
		a := w.actors[name]
		a.Until("the end of what was asked before", func() bool {
			for _, d := range a.Dialogs {
				if d.Form.Title == named("Authentication from %s", "alice@localhost").String() {
					return false
				}
			}
			return true
		})
		a.Choose(w.conv(name, "alice"), speak("Authenticate buddy"), speak("Reauthenticate buddy"))
		a.Answer(named("Authenticate %s", "alice@localhost").String(), "authenticate", fields...)
	}
}
