package otrplugin

import (
	"culver/lang"
	"culver/plugin/pages"
)

// The texts of the guide, paragraph by paragraph: guideText says what the marks in them mean.

func levelsGuide() []string {
	return []string{
		pages.Heading(lang.T("How private is this conversation?")),
		lang.T("The OTR button at the foot of a conversation always tells how well the conversation is protected, by an icon, a word " +
			"and a colour. A mark before each line tells how that line travelled."),
		lang.T("{open} **Not private.** What you write can be read on its way: by the operators of both servers, and by whoever gets " +
			"hold of their records."),
		lang.T("{private} **Unverified.** Whoever only listens cannot read what you write. But you have not made sure who is at the " +
			"other end: somebody between you could pretend to be your buddy, and read everything. [Why that matters](unverified)"),
		lang.T("{verified} **Private.** Nobody on the way can read or change what you write, and you have made sure who is at the " +
			"other end. [How to get there](authenticate)"),
		lang.T("{ended} **Finished.** Your buddy has ended the private conversation. Nothing that you write now is sent, so that " +
			"nothing leaves unprotected by mistake. Choose *Start private conversation* to go on privately, or *End private " +
			"conversation* to go on without protection."),
		pages.Heading(lang.T("Starting and ending")),
		lang.T("Click the OTR button. *Start private conversation* asks your buddy's program for one; both programs then agree on " +
			"keys that are used for this conversation only. *Refresh private conversation* agrees on new ones, in the rare case " +
			"that messages can no longer be read. *End private conversation* forgets the keys: nobody can ever use them again to " +
			"read what was said."),
		pages.Items(
			lang.T("[Lines that wait](waiting)"),
			lang.T("[A buddy who does not answer](noreply)"),
			lang.T("[A buddy with a new key](keychange)"),
			lang.T("[A buddy with several devices](sessions)"),
		),
	}
}

func authenticateGuide() []string {
	return []string{
		pages.Heading(lang.T("Making sure who is at the other end")),
		lang.T("Choose *Authenticate buddy* in the OTR menu. You do this once for each buddy: Culver remembers it. There are three " +
			"ways, and you may choose any of them."),
		lang.T("**Question and answer.** You ask something that only your buddy can answer, and type the answer that you expect. Your " +
			"buddy sees the question and types the answer. The answers are compared without either of them being sent. It proves " +
			"to you who your buddy is; let them ask you a question, too."),
		lang.T("**Shared secret.** Both of you type a secret that you agreed on before: face to face, by telephone, or on paper, but " +
			"not in this conversation. It proves it to both of you at once."),
		lang.T("**Manual fingerprint verification.** Every key has a fingerprint: forty letters and digits in five groups. Compare " +
			"both fingerprints with your buddy in a way in which you recognise each other, such as a telephone call. You can read " +
			"them aloud, send a picture of the QR code (not in this conversation), or paste what your buddy gave you. Only say *I " +
			"have verified it* if all of it is the same."),
		pages.Heading(lang.T("A good question, a good secret")),
		pages.Items(
			lang.T("The answer is compared exactly as it is typed. Capital letters, spaces and accents count."),
			lang.T("So ask for one word, and say how to write it: *What we ate at our first dinner (one word, small letters)*."),
			lang.T("Do not ask what others can find out or guess: a birthday, a pet that is in your pictures, a number of four digits. "+
				"Whoever sits between you may try once each time you ask."),
			lang.T("Do not put the answer into the question, and do not agree on a secret in this conversation before it is Private."),
		),
		pages.Heading(lang.T("If it fails")),
		lang.T("It may be a typing mistake, or the two of you remember it differently. Try again, with another question. If it fails " +
			"again, talk to your buddy by another way before you write anything private: you may be talking to somebody else."),
		lang.T("A failed attempt never takes back what you verified before."),
	}
}

func unverifiedGuide() []string {
	return []string{
		pages.Heading(lang.T("Unverified: what is missing")),
		lang.T("{private} An Unverified conversation is encrypted. Whoever only listens learns nothing of what you say."),
		lang.T("What is missing is that you know *whose* key it is encrypted to. Somebody who controls a server, or the network " +
			"between you, could answer in your buddy's place, and pass everything on to them: you would both see an encrypted " +
			"conversation, and both be read."),
		lang.T("To rule that out, [authenticate your buddy](authenticate). It takes a minute, and you do it once for each buddy and " +
			"device."),
		lang.T("Until then Culver watches for you: it remembers the first key of each buddy, and [stops and asks](keychange) if " +
			"another one turns up."),
	}
}

func keyChangeGuide() []string {
	return []string{
		pages.Heading(lang.T("Your buddy shows another key")),
		lang.T("Culver remembers the first key of each buddy without a question. Any other one that you have not accepted gets " +
			"nothing of what you write until you decide; once you have verified a key, that is true of all the others that you " +
			"have not verified or accepted since."),
		lang.T("Most often the reason is harmless: a new computer or telephone, another program, or one that was set up anew. But " +
			"somebody who pretends to be your buddy looks just the same. So:"),
		pages.Items(
			lang.T("**Verify now** is the best answer: [authenticate your buddy](authenticate) with the new key. It settles the matter."),
			lang.T("**Accept for now** if you know the reason and do not mind who reads it. The conversation stays {private} Unverified."),
			lang.T("**Refuse** if you have doubts. The private conversation with that key ends, and nothing is sent to it."),
			lang.T("**Decide later** closes the window. What you write waits meanwhile; *Decide about the new key* in the OTR menu "+
				"brings it back."),
		),
		lang.T("You can change your mind: choose *Keys of this buddy* in the OTR menu."),
		lang.T("If you had *verified* the old key, be careful: ask your buddy by telephone or face to face whether they have a new " +
			"device, before you accept anything. A verified buddy who has not changed anything does not show another key."),
		lang.T("All keys that a buddy has used, and when, are listed in *Tools, Plugins, Off-the-Record Messaging, Configure, Known " +
			"fingerprints*."),
	}
}

func waitingGuide() []string {
	return []string{
		pages.Heading(lang.T("Lines that wait")),
		lang.T("With many messengers the first line of a private conversation leaves unprotected: it is sent before the encryption is " +
			"agreed on. Culver keeps it back instead."),
		lang.T("Lines wait, visibly, if your settings require private conversations, if you asked for one that has not started yet, " +
			"or if your buddy has used OTR before and private conversations start automatically, as they do unless you changed " +
			"that. They are sent by themselves, in the order in which you wrote them, as soon as the conversation is private and " +
			"the key is one that you know. If the key is [a new one](keychange), Culver asks you first."),
		lang.T("Each of them can be edited or discarded as long as it waits. That changes nothing about the next one: what is to be " +
			"private stays so until you say otherwise, by *Send waiting lines unencrypted* in the OTR menu, or, when no line " +
			"waits, by *End private conversation*. It does not change because the connection breaks, or because [nobody " +
			"answers](noreply)."),
		lang.T("If you quit while lines wait, Culver asks whether to keep them until the next start: encrypted, like everything that " +
			"it keeps. If you chose that private conversations are kept in the history, they are kept without a question."),
	}
}

func noReplyGuide() []string {
	return []string{
		pages.Heading(lang.T("Your buddy does not answer")),
		lang.T("Culver asked for a private conversation, and nothing came back. Either your buddy is not there, or their program does " +
			"not know OTR. In the latter case they see a short message that says what you asked for, and where programs that know " +
			"it can be found. It is also possible that somebody on the way keeps the request from them."),
		lang.T("So nothing that you write leaves unprotected because of it. It waits here, in order. You can"),
		pages.Items(
			lang.T("**wait.** Your lines are sent by themselves as soon as the private conversation starts. Culver asks again when your "+
				"buddy comes online."),
			lang.T("**ask again**, by *Start private conversation* in the OTR menu."),
			lang.T("**send them without protection**, by *Send waiting lines unencrypted* in the OTR menu. Culver asks you first. It is "+
				"not offered if your settings require private conversations."),
			lang.T("**take them back.** Right beside each waiting line there is *Edit* and *Discard*. What you write in their place "+
				"waits, too."),
			lang.T("**do without a private conversation**, by *End private conversation* in the OTR menu, when no line waits."),
		),
		lang.T("When you have chosen to write without protection, that holds until you choose *Start private conversation*, or until " +
			"you or your buddy go offline. After that, the first line to a buddy who has used OTR before waits again."),
		lang.T("Programs that know OTR are, for instance, Pidgin with its plugin pidgin-otr, Profanity, CoyIM, and irssi and WeeChat " +
			"with their scripts."),
	}
}

func sessionsGuide() []string {
	return []string{
		pages.Heading(lang.T("A buddy with several devices")),
		lang.T("A buddy may be signed in more than once: on a computer and on a telephone, for instance. Each of their devices then " +
			"has a private conversation of its own with you, with its own keys, and maybe with a fingerprint of its own. The OTR " +
			"menu lists them, by the name that each has on the network (in Culver: *Name of this device*, on the page *Advanced* " +
			"of the account), or as Device 1, Device 2."),
		lang.T("What you write goes to one of them. Culver chooses the one that is best protected and alive, and follows your buddy " +
			"when they go on at another device. You can choose one yourself in the OTR menu, or let Culver always send to the " +
			"device that your buddy wrote from last."),
		lang.T("Each device has to be [authenticated](authenticate) by itself if it has a key of its own."),
		lang.T("The same is true of you. If your buddy writes to another device of yours, this one cannot read it; Culver tells you " +
			"so."),
	}
}

func detailsGuide() []string {
	return []string{
		pages.Heading(lang.T("Session details")),
		lang.T("**Secure session.** Two short numbers that both of you see, if nobody sits between you. You can compare them by " +
			"telephone: one of you reads the first half, the other one the second. That checks this one conversation; " +
			"[authenticating](authenticate) checks the key, and so all conversations to come."),
		lang.T("**Fingerprints.** They stand for the keys of the two of you. Yours is the same in all conversations of an account; " +
			"your buddy can see it, too."),
		lang.T("**Version.** OTR exists in versions 2 and 3. Both protect you alike; in version 3, several devices are kept apart."),
	}
}
