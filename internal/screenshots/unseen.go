package main

// unseen are the windows of which no picture is taken, and why.
var unseen = map[string]string{
	"Conversation": "a conversation's window is called as the one that is in front in it",
	"Culver":       "it says what went wrong, as About Culver says what it is",

	// Those say one sentence, as About Culver does.
	"Account deleted":                 "a notice",
	"Delete Account":                  "a notice",
	"Nothing to delete":               "a notice",
	"Nothing to export":               "a notice",
	"The file was not sent":           "a notice",
	"The private key was exported":    "a notice",
	"This line is not sent yet":       "a notice",
	"A private key is still there":    "a notice, when a keyring fails",
	"Part of the database is damaged": "it has the words and buttons of what is said at the start",

	// Those are there for a moment.
	"Deleting from the history":  "a bar that moves",
	"Exporting from the history": "a bar that moves",
	"Rescuing your profile":      "a bar that moves",

	// Those ask one question, as others do of which there are pictures.
	"Add to a file of private keys?":  "a question",
	"Change a replacement":            "the same as to add one",
	"Delete this line?":               "a question",
	"Quit Culver?":                    "a question",
	"Keep this private conversation?": "a question",
	"Replace the keys there are?":     "a question",
	"Send unencrypted?":               "a question",
	"Stop asking about unknown keys?": "a question, after a database was rescued",
	"No answer from %s":               "a question, after a minute",
	"Which Keys Are to Be Used?":      "a question, when two programs have a key for one account",
	"Join %s":                         "a question for a password, as Join a Chat has it",
	"Protect With a Passphrase":       "as to change it; there is no keyring here",

	// Those need another hand.
	"Send “%s”?":                "files that are dropped come from another program",
	"Send %s file or folder?":   "files that are dropped come from another program",
	"Send %s files or folders?": "files that are dropped come from another program",
	"Fetch from %s?":            "the link of a file needs a server that the world trusts",
	"Received at %s":            "the window is called after the time; XML Console",
	"Sent at %s":                "the window is called after the time; XML Console",
}
