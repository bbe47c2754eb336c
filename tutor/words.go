package tutor

import "culver/lang"

// The words that the tutor understands. They are the same in all languages.
const (
	wordStart = "start"
	wordAsk   = "ask"
	wordKey   = "key"
	wordEnd   = "end"
	wordHelp  = "help"

	allWords = wordStart + ", " + wordAsk + ", " + wordKey + ", " + wordEnd + ", " + wordHelp
)

// secret is what the tutor answers to every question.
func secret() string { return lang.T("blue teapot") }

// cupboard is what the newcomer may ask.
func cupboard() string { return lang.T("What is in the cupboard?") }

// wrong is what the newcomer is to type to see what failing looks like.
func wrong() string { return lang.T("red kettle") }

// question is what the tutor asks, and colour the answer that it has in mind.
func question() string { return lang.T("What colour is the teapot?") }

func colour() string { return lang.As("of the teapot", "blue") }

// Invitation is what newcomers read of the practice network.
func Invitation() string {
	return lang.F("Talk with %s, a practice buddy who lives inside this program, and be shown around. Nothing leaves this computer, and no account is needed.", Name)
}

func greeting() string {
	return lang.F("Hello! I am %s, a practice buddy. I live inside Culver: nothing you write here leaves this computer.", Name)
}

func howToStart() string {
	return lang.F("Our conversation is Not private yet. On a real network, others could read along. "+
		"Click the button “Not private” at the bottom right and choose Start private conversation. (Or type %s, and I do it.)", wordStart)
}

func unverified() string {
	return lang.F("Now only the two of us can read this: it is encrypted. But how do you know that I am really %s? While the button says Unverified, you don't. If it says Private, you have made sure before, and Culver remembers it.", Name)
}

func howToAuthenticate() string {
	return lang.F("To make sure, choose Authenticate buddy in the same menu, and ask me something that only I can answer: %s As the answer, first type %s, which is wrong on purpose, to see what failing looks like. Then do it again with the right answer: %s", cupboard(), wrong(), secret())
}

func failedOnce() string {
	return lang.F("That is what failing looks like: my answer was not the one that you typed. With a real buddy it may be a typing mistake, or somebody who only pretends to be them. Now authenticate me again, with the answer: %s", secret())
}

func failedAgain() string {
	return lang.F("The answers were not the same. Capital letters and spaces count. The right one is: %s (that is also our shared secret).", secret())
}

func verified() string {
	return lang.T("Well done! It says Private now: encrypted, and you know who I am. Culver remembers it, so you do this only once with each buddy.")
}

// colours says what the button shows.
func colours() string {
	return lang.T("The button says how well a conversation is protected, in words and in a colour. Red, Not private: others can read along. Yellow, Unverified: encrypted, but with whom? Green, Private: encrypted, and you know with whom. Grey, Finished: the other side has ended it, and nothing is sent.")
}

func knowsYou() string {
	return lang.T("That is the answer that I had in mind: now I know that it is you. It tells you nothing about me: " +
		"to be sure of me, authenticate me yourself.")
}

func wrongAnswer() string {
	return lang.F("That is not the answer that I had in mind, which was: %s. With a real buddy, I would be careful now. Type %s to try again.", colour(), wordAsk)
}

func more() string {
	return lang.F("That is all there is to it. You can try more with me: %s (I ask you a question), %s (I come back with another key), "+
		"%s (I end the private conversation). When you are ready for real buddies: Accounts, Manage Accounts…, Add…", wordAsk, wordKey, wordEnd)
}

func help() string {
	return lang.F("I understand: %s (I start a private conversation), %s (I ask you a question), %s (I come back with another key), "+
		"%s (I end the private conversation), and %s. And the OTR menu, of course.", wordStart, wordAsk, wordKey, wordEnd, wordHelp)
}

func helloAgain() string {
	return lang.F("Hello again! You know how it works. Type %s to see what you can try with me.", wordHelp)
}

func privateAgain() string {
	return lang.F("Only the two of us can read this. If the button says Private, you have made sure of me before. If it says Unverified, choose Authenticate buddy; my answer is still: %s", secret())
}

func noFiles() string {
	return lang.T("Thank you, but I have nowhere to put a file. With a real buddy, it would be on its way as soon as they accept it.")
}

func hello() string { return lang.F("Hello! Type %s to see what I can do.", wordHelp) }

func welcome() string { return lang.T("You are welcome!") }

func onlyPractice() string {
	return lang.F("I am only a practice buddy and understand few words: %s.", allWords)
}

func startFirst() string {
	return lang.F("That needs a private conversation first: type %s, or choose Start private conversation.", wordStart)
}

func alreadyPrivate() string {
	return lang.T("Our conversation is private already. Look at the button at the bottom right.")
}

func asking() string {
	return lang.F("I ask you a question now, to be sure that it is you. The answer is: %s", colour())
}

func ending() string {
	return lang.T("I end the private conversation now. It will say Finished: nothing more can be sent until you choose End, or Start again. " +
		"So you never write in the clear by mistake.")
}

func ended() string {
	return lang.T("I have ended the private conversation: others can read along what I write now. What you write waits, " +
		"until you choose End private conversation or Start private conversation in the OTR menu.")
}

func changingKey() string {
	return lang.T("I come back in a moment from another computer, with another key. Watch what Culver tells you.")
}

func cameBack() string {
	return lang.F("It is me again, honestly! But my key is a new one, and Culver told you so. With a real buddy, be careful now: it could be somebody else. Authenticate me again; the answer is still: %s", secret())
}
