package tutor

import "culver/lang"

// Invitation is what newcomers read of the practice network.
func Invitation() string {
	return lang.F("Practise: talk with %s, a practice buddy who lives inside this program. Nothing leaves this computer, and no account is needed.", Name)
}

func greeting() string {
	return lang.F("Hello! I am %s, a practice buddy. I live inside Culver: nothing you write here leaves this computer.", Name)
}

func howToStart() string {
	return lang.T("Our conversation is Not private yet. On a real network, others could read along. " +
		"Click the button “Not private” at the bottom right and choose Start private conversation. (Or type start, and I do it.)")
}

func unverified() string {
	return lang.F("Now only the two of us can read this: it is encrypted. But how do you know that I am really %s? While the button says Unverified, you don't. If it says Private, you have made sure before, and Culver remembers it.", Name)
}

func howToAuthenticate() string {
	return lang.F("To make sure, choose Authenticate buddy in the same menu, then Shared secret. First type %s, which is wrong on purpose, to see what failing looks like. Then do it again with the right secret: %s", wrong, secret)
}

func failedOnce() string {
	return lang.F("That is what failing looks like: the secrets were not the same. With a real buddy it may be a typing mistake, or somebody who only pretends to be them. Now authenticate me again, with: %s", secret)
}

func failedAgain() string {
	return lang.F("The secrets were not the same. Capital letters and spaces count. The right one is: %s (if you ask me a question, that is my answer, too).", secret)
}

func verified() string {
	return lang.T("Well done! It says Private now: encrypted, and you know who I am. Culver remembers it, so you do this only once with each buddy.")
}

func answeredWell() string {
	return lang.T("That was the answer that you had in mind, so you know now that it is me.")
}

func knowsYou() string {
	return lang.T("That is the answer that I had in mind: now I know that it is you. It tells you nothing about me: " +
		"to be sure of me, authenticate me yourself.")
}

func wrongAnswer() string {
	return lang.F("That is not the answer that I had in mind, which was: %s. With a real buddy, I would be careful now. Type ask to try again.", colour)
}

func more() string {
	return lang.T("That is all there is to it. You can try more with me: ask (I ask you a question), key (I come back with another key), " +
		"end (I end the private conversation). When you are ready for real buddies: Accounts, Manage Accounts…, Add…")
}

func help() string {
	return lang.T("I understand: start, ask, key, end, help. And the OTR menu, of course.")
}

func hello() string { return lang.T("Hello! Type help to see what I can do.") }

func welcome() string { return lang.T("You are welcome!") }

func onlyPractice() string {
	return lang.T("I am only a practice buddy and understand few words: start, ask, key, end, help.")
}

func startFirst() string {
	return lang.T("That needs a private conversation first: type start, or choose Start private conversation.")
}

func alreadyPrivate() string {
	return lang.T("Our conversation is private already. Look at the button at the bottom right.")
}

func asking() string {
	return lang.F("I ask you a question now, to be sure that it is you. The answer is: %s", colour)
}

func ending() string {
	return lang.T("I end the private conversation now. It will say Finished: nothing more can be sent until you choose End, or Start again. " +
		"So you never write in the clear by mistake.")
}

func ended() string {
	return lang.T("The private conversation has ended. What we write now can be read by others again.")
}

func changingKey() string {
	return lang.T("I come back in a moment from another computer, with another key. Watch what Culver tells you.")
}

func cameBack() string {
	return lang.F("It is me again, honestly! But my key is a new one, and Culver told you so. With a real buddy, be careful now: it could be somebody else. Authenticate me again; the secret is still: %s", secret)
}
