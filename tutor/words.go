package tutor

// Invitation is what newcomers read of the practice network.
const Invitation = "Practise: talk with " + Name + ", a practice buddy who lives inside this program. " +
	"Nothing leaves this computer, and no account is needed."

// What the tutor says.
const (
	greeting = "Hello! I am " + Name + ", a practice buddy. I live inside Culver: nothing you write here leaves this computer."

	howToStart = "Our conversation is Not private yet. On a real network, others could read along. " +
		"Click the button “Not private” at the bottom right and choose Start private conversation. (Or type start, and I do it.)"

	unverified = "Now only the two of us can read this: it is encrypted. But how do you know that I am really " + Name + "? " +
		"While the button says Unverified, you don't. If it says Private, you have made sure before, and Culver remembers it."

	howToAuthenticate = "To make sure, choose Authenticate buddy in the same menu, then Shared secret. " +
		"First type " + wrong + ", which is wrong on purpose, to see what failing looks like. Then do it again with the right secret: " + secret

	failedOnce = "That is what failing looks like: the secrets were not the same. With a real buddy it may be a typing mistake, " +
		"or somebody who only pretends to be them. Now authenticate me again, with: " + secret

	failedAgain = "The secrets were not the same. Capital letters and spaces count. The right one is: " + secret +
		" (if you ask me a question, that is my answer, too)."

	verified = "Well done! It says Private now: encrypted, and you know who I am. Culver remembers it, so you do this only once with each buddy."

	answeredWell = "That was the answer that you had in mind, so you know now that it is me."

	knowsYou = "That is the answer that I had in mind: now I know that it is you. It tells you nothing about me: " +
		"to be sure of me, authenticate me yourself."

	wrongAnswer = "That is not the answer that I had in mind, which was: " + colour + ". With a real buddy, I would be careful now. Type ask to try again."

	more = "That is all there is to it. You can try more with me: ask (I ask you a question), key (I come back with another key), " +
		"end (I end the private conversation). When you are ready for real buddies: Accounts, Manage Accounts…, Add…"

	help = "I understand: start, ask, key, end, help. And the OTR menu, of course."

	hello = "Hello! Type help to see what I can do."

	welcome = "You are welcome!"

	onlyPractice = "I am only a practice buddy and understand few words: start, ask, key, end, help."

	startFirst = "That needs a private conversation first: type start, or choose Start private conversation."

	alreadyPrivate = "Our conversation is private already. Look at the button at the bottom right."

	asking = "I ask you a question now, to be sure that it is you. The answer is: " + colour

	ending = "I end the private conversation now. It will say Finished: nothing more can be sent until you choose End, or Start again. " +
		"So you never write in the clear by mistake."

	ended = "The private conversation has ended. What we write now can be read by others again."

	changingKey = "I come back in a moment from another computer, with another key. Watch what Culver tells you."

	cameBack = "It is me again, honestly! But my key is a new one, and Culver told you so. With a real buddy, be careful now: " +
		"it could be somebody else. Authenticate me again; the secret is still: " + secret
)
