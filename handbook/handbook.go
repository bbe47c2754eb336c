// Package handbook is what there is to read inside the program about all that is not a
// plugin's: the pages that Help opens. It knows no state, and all of it is words.
package handbook

import (
	"culver/lang"
	"culver/plugin"
	"culver/plugin/pages"
)

// ID is what links to the pages begin with: see im.GuideLink.
const ID = "culver"

// The pages.
const (
	pageStart     = "start"
	pageAccounts  = "accounts"
	pageBuddies   = "buddies"
	pageWriting   = "writing"
	pageChats     = "chats"
	pageFiles     = "files"
	pageHistory   = "history"
	pageAttention = "attention"
	pageSafety    = "safety"
	pageTrouble   = "trouble"
)

// Handbook is the pages.
type Handbook struct{}

var _ plugin.Guide = Handbook{}

// Guide is all of them, the first one being where to find what.
func (Handbook) Guide() []plugin.GuidePage {
	return []plugin.GuidePage{
		pages.New(ID, pageStart, start()),
		pages.New(ID, pageAccounts, accounts()),
		pages.New(ID, pageBuddies, buddies()),
		pages.New(ID, pageWriting, writing()),
		pages.New(ID, pageChats, chats()),
		pages.New(ID, pageFiles, files()),
		pages.New(ID, pageHistory, history()),
		pages.New(ID, pageAttention, attention()),
		pages.New(ID, pageSafety, safety()),
		pages.New(ID, pageTrouble, trouble()),
	}
}

func start() []string {
	return []string{
		pages.Heading(lang.T("Finding your way")),
		lang.T("The **Buddy List** shows whom you can write to. Click somebody there, and a conversation opens. The right mouse button " +
			"offers what else can be done with a buddy, a group or a line."),
		pages.Items(
			lang.T("[Your accounts](accounts)"),
			lang.T("[Buddies and groups](buddies)"),
			lang.T("[Writing](writing)"),
			lang.T("[Chats of many](chats)"),
			lang.T("[Files](files)"),
			lang.T("[History](history)"),
			lang.T("[To be told, and to be left alone](attention)"),
			lang.T("[What is kept, and who can read it](safety)"),
			lang.T("[When something does not work](trouble)"),
			lang.T("Private conversations: [what the OTR button says](otr/levels)"),
		),
		lang.T("To practise, choose *Welcome and Tour* in the Help menu and then *Practise*. All keys are under *Keyboard Shortcuts* there."),
	}
}

func accounts() []string {
	return []string{
		pages.Heading(lang.T("Your accounts")),
		lang.T("Culver speaks XMPP, which is also called Jabber. It is like e-mail: many servers offer accounts, and all of them reach each " +
			"other. An address looks like bob@example.net."),
		pages.Items(
			lang.T("*Manage Accounts* in the Accounts menu lists them. **Add** takes an account that you have, **Create** makes a new one."),
			lang.T("The tick before an account connects or disconnects it. *Test* in its settings tries them without changing anything."),
			lang.T("Where the network is watched or closed, set a proxy, Tor for instance: for one account on its page *Proxy*, for all of them in "+
				"the *Preferences*, Network. If the proxy does not answer, nothing leaves past it."),
			lang.T("*Import* in the Tools menu brings accounts, keys and conversations from Pidgin, Adium, CoyIM, Gajim or Profanity."),
		),
	}
}

func buddies() []string {
	return []string{
		pages.Heading(lang.T("Buddies and groups")),
		pages.Items(
			lang.T("*Add Buddy* in the Buddies menu asks somebody whether you may see when they are online. If somebody asks you, a line in the "+
				"Buddy List says so, and they see nothing before you agree."),
			lang.T("A click on the name of a group folds it. Drag a buddy into another group, or onto another buddy to make one contact of the two."),
			lang.T("Type to search the list. *Show* and *Sort Buddies* in the Buddies menu say what is in it, and in which order."),
			lang.T("*Get User Info* shows what is known of somebody. *Block* is in the menu of the right mouse button."),
		),
	}
}

func writing() []string {
	return []string{
		pages.Heading(lang.T("Writing")),
		pages.Items(
			lang.T("Enter sends, Shift+Enter begins a new line. What you have not sent is kept, also when you close the window."),
			lang.T("Up in an empty entry corrects what you sent last, unless it was private. Ctrl+Up brings back what you sent before."),
			lang.T("A line that could not be sent says so, and why. *Send Again*, *Edit* and *Discard* stand beside it: nothing is lost."),
			lang.T("The buttons above the entry make words bold, for instance, and find an emoji."),
			lang.T("A line that begins with / is a command: /help lists them."),
			lang.T("Several conversations share a window as tabs. Ctrl+Tab goes to the next one, Ctrl+F finds words in it."),
		),
	}
}

func chats() []string {
	return []string{
		pages.Heading(lang.T("Chats of many")),
		lang.T("{open} What is said in a room is always **Not private**: its server can read it, and everybody who is in it."),
		pages.Items(
			lang.T("*Join a Chat* in the Buddies menu goes into a room, makes a new one, or finds those that a server offers."),
			lang.T("*Add Chat* keeps a room in the Buddy List. It can be entered by itself whenever the account connects."),
			lang.T("Type the beginning of a nickname and press Tab to complete it. You are told when somebody says yours."),
			lang.T("The menu *Room* has its topic, its people and, if the room is yours, its settings."),
		),
	}
}

func files() []string {
	return []string{
		pages.Heading(lang.T("Files")),
		pages.Items(
			lang.T("*Send File* in the Conversation menu offers a file, and so does dropping it on the conversation, or on a buddy in the list."),
			lang.T("In a private conversation it is sealed for your buddy's Culver, its name, too. To other programs it goes as a link, after a "+
				"warning: the server can read it then."),
			lang.T("Nothing is taken before you accept it. *File Transfers* in the Tools menu shows what is on its way; it can be paused, and goes "+
				"on where it was after a broken connection."),
		),
	}
}

func history() []string {
	return []string{
		pages.Heading(lang.T("History")),
		pages.Items(
			lang.T("*View History* (Ctrl+L) shows what was said, by buddy and by day. Ctrl+Shift+F in a conversation searches it."),
			lang.T("Private conversations are not kept, unless you choose so in the settings of OTR. *History Settings* in the Tools menu is about all "+
				"others, *Keep a History* in the Options menu about a single conversation."),
			lang.T("Lines, days, conversations or all of it can be deleted for good, and saved as text or HTML."),
		),
	}
}

func attention() []string {
	return []string{
		pages.Heading(lang.T("To be told, and to be left alone")),
		pages.Items(
			lang.T("What notifications show, and which sounds are heard, is in the *Preferences*. By themselves they do not show what was said."),
			lang.T("The button below the Buddy List sets your status. *Do not disturb* keeps Culver quiet."),
			lang.T("*Mute* in the menu of a buddy keeps that one quiet. *Buddy Pounces* in the Tools menu tell you when somebody comes, goes or "+
				"writes."),
			lang.T("Strangers cannot write to you unasked: one line in the Buddy List says that they want to. *Privacy* in the Tools menu says "+
				"who can, and what others learn about you."),
		),
	}
}

func safety() []string {
	return []string{
		pages.Heading(lang.T("What is kept, and who can read it")),
		lang.T("All that Culver keeps on this computer is encrypted. The key to it is in the keyring of your system, or locked by your passphrase, " +
			"which nobody can restore: not even we."),
		pages.Items(
			lang.T("*Security* in the Tools menu says where your keys are, changes the passphrase, and has Culver lock itself when you are away."),
			lang.T("*Back Up* in the Tools menu writes one encrypted file with everything. Keep it in another place, and try *Restore Backup* "+
				"before you need it."),
			lang.T("To carry Culver on a stick, put a folder with the name Data beside the program: all is kept there."),
			lang.T("Culver cannot protect you from a program that watches you type, nor from a buddy who shows what you wrote."),
		),
	}
}

func trouble() []string {
	return []string{
		pages.Heading(lang.T("When something does not work")),
		pages.Items(
			lang.T("**An account does not connect.** A line in the Buddy List says why, with *Reconnect* and *Modify*. *Test* in the settings of the "+
				"account says how far it gets."),
			lang.T("**A warning about a certificate.** Somebody may be between you and the server. Do not accept it unless the people who run the "+
				"server tell you by another way that it is theirs."),
			lang.T("**A buddy does not answer.** They may be offline, or not let you see them. [A private conversation needs both of you](otr/noreply)."),
			lang.T("**A buddy has another key.** [What to do then](otr/keychange)"),
			lang.T("**Something is too small, too pale or too loud.** Ctrl with plus makes letters larger; *Theme* in the Tools menu has high "+
				"contrast, the *Preferences* the rest."),
		),
	}
}
