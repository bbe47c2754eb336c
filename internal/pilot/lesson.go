package pilot

// The words of the practice buddy's lesson, as the README tells them.
const (
	passphrase  = "correct horse battery"
	question    = "What is in the cupboard?"
	wrongAnswer = "red kettle"
	rightAnswer = "blue teapot"
)

// ProtectsProfile answers the question for a passphrase, which comes where there
// is no keyring.
func (p *Person) ProtectsProfile(picture func(window, name string)) {
	p.Sees("entry", "Passphrase")
	p.Clicks("entry", "Passphrase")
	p.TypesSecret(passphrase)
	p.Presses("Tab")
	p.TypesSecret(passphrase)
	picture("Protect Your Profile", "passphrase")
	p.Clicks("button", "Continue")
}

// UnlocksProfile answers the question for the passphrase, when the program starts
// again.
func (p *Person) UnlocksProfile() {
	p.Sees("button", "Unlock")
	p.Clicks("entry", "Passphrase")
	p.TypesSecret(passphrase)
	p.Presses("Return")
}

// ReadsWelcome reads the guide for newcomers, up to the ways to begin.
func (p *Person) ReadsWelcome(picture func(window, name string)) {
	p.Sees("note", "Culver is a messenger")
	picture("Welcome to Culver", "first-run")
	p.Clicks("button", "Next")
	p.Sees("note", "Where your keys are kept")
	picture("Welcome to Culver", "keys")
	p.Clicks("button", "Next")
	p.Sees("note", "How to begin")
	picture("Welcome to Culver", "ways")
}

// Begins reads it, and chooses one of the ways.
func (p *Person) Begins(way string) {
	p.ReadsWelcome(func(string, string) {})
	p.Clicks("button", way)
}

// PutsOffWelcome does not begin yet: the Buddy List comes, and says how to.
func (p *Person) PutsOffWelcome() {
	p.Clicks("button", "Later")
	p.Sees("button", "Add an Account…")
}

// HasLesson goes from the first-run window to a verified conversation with the
// practice buddy. Picture is called where there is something to be seen.
func (p *Person) HasLesson(picture func(window, name string)) {
	p.ReadsWelcome(picture)
	p.Clicks("button", "Practise")

	p.Sees("line", "choose Start private conversation")
	p.Sees("buddy", "Pat")
	picture("Buddy List", "buddy-list")
	p.Sees("menubutton", "Not private")
	picture("Pat", "not-private")

	p.Clicks("menubutton", "Not private")
	p.Sees("menuitem", "Start private conversation")
	picture("Pat", "menu")
	p.Clicks("menuitem", "Start private conversation")
	p.Sees("menubutton", "Unverified")
	p.Sees("line", "with the right answer")
	picture("Pat", "unverified")

	p.asks("Unverified", wrongAnswer, func() { picture("Authenticate Pat", "wizard") })
	p.Sees("line", "what failing looks like")
	p.Sees("problem", "Authentication failed")
	picture("Authenticating Pat", "failed")
	p.Clicks("button", "Close")

	p.asks("Unverified", rightAnswer, func() {})
	p.Sees("menubutton", "Private")
	p.Sees("note", "Authentication successful")
	picture("Authenticating Pat", "succeeded")
	p.Clicks("button", "Close")
	p.Sees("line", "Well done!")
	picture("Pat", "private")
}

// asks walks the wizard with a question, as it opens.
func (p *Person) asks(level, answer string, look func()) {
	p.Clicks("menubutton", level)
	p.Clicks("menuitem", "Authenticate buddy")
	p.Clicks("entry", "Question")
	p.Types(question)
	p.Clicks("entry", "Secret answer")
	p.TypesSecret(answer)
	look()
	p.Clicks("button", "Authenticate")
}

// LooksAround opens the windows that the lesson had no need of.
func (p *Person) LooksAround(picture func(window, name string)) {
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	picture("Plugins", "plugins")
	p.Clicks("button", "Configure…")
	p.Sees("code", "Fingerprint")
	picture("Off-the-Record Messaging", "otr-config")
	p.Clicks("tab", "Known fingerprints")
	p.Clicks("row", "pat@practice")
	picture("Off-the-Record Messaging", "known-fingerprints")
	p.Presses("Escape")
	p.Misses("tab", "Known fingerprints")
	p.Fronts("Plugins")
	p.Presses("Escape")
	p.Misses("button", "Configure…")

	p.Fronts("Buddy List")
	p.Presses("ctrl+a")
	p.Clicks("row", "you@practice")
	picture("Accounts", "accounts")
	p.Clicks("button", "Add…")
	p.Sees("entry", "Address")
	picture("Add Account", "add-account")
	p.Clicks("tab", "Advanced")
	p.Sees("entry", "Port")
	picture("Add Account", "add-account-advanced")
	p.Presses("Escape")
	p.Fronts("Accounts")
	p.Presses("Escape")
	p.Misses("button", "Add…")

	p.Fronts("Buddy List")
	p.Presses("ctrl+b")
	p.Sees("entry", "Buddy's address")
	picture("Add Buddy", "add-buddy")
	p.Presses("Escape")
	p.Misses("entry", "Buddy's address")
}
