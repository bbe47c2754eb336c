package main

import "culver/messenger"

// talk is a conversation in the open, and what belongs to its window.
var talk = []shot{
	still("conversation", bob, double("buddy", "Bob"), sees("entry", "Message"),
		says("bob", "Hello Alice! *Nice* to see you here 🙂"), sees("line", "Hello Alice!"),
		says("bob", "Look at https://example.org/a/rather/long/address/that/does/not/fit/into/one/line?with=a&query=of&its=own#and-a-place and tell me what you think of it."),
		tells("I will. _Tomorrow_, perhaps.")),
	still("menu-conversation", bob, menuOf(bob, "Conversation")).ends(back),
	still("menu-options", bob, menuOf(bob, "Options")).ends(back),
	still("menu-buddy-of-conversation", bob, menuOf(bob, "Buddy")).ends(back),
	still("menu-insert", bob, menuOf(bob, "Insert")).ends(back),
	still("menu-otr", bob, click("menubutton", "Not private")).ends(back),
	still("tip-level", bob, point("menubutton", "Not private")),
	still("find", bob, click("entry", "Message"), key("ctrl+f"), types("ne")).ends(back),
	still("emoji", bob, click("entry", "Message"), key("ctrl+period")).ends(back),
	form("send-unprotected", named("Send %s unprotected?", notes), openFolder, clickOn("row", "notes.txt"), press("Send")),
	form("insert-link", named("Insert Link"), menuOf(bob, "Insert", "Link…")),
	form("open-link", named("Open Link"), front(bob), clickOn("link", "https://example.org")),
	still("two-tabs", carol, front(buddyList), double("buddy", "carol@localhost"), sees("tab", "carol@localhost"), says("bob", "Are you still there?"), sees("tab", "Bob (1)")),
	still("close-both", named("Close conversations?"), func(w *walk) { w.Closes(carol.String()) }).
		ends(press("Cancel"), front(carol), key("ctrl+w"), gone(carol)),
	still("typing-and-formatting", bob, menuOf(bob, "Insert", "Bold")).ends(key("ctrl+a"), key("BackSpace")),
}

// notes is the file of 12 bytes.
func notes() string { return messenger.Transfer{Name: "notes.txt", Files: 1, Size: 12}.What() }

// tells writes a line into the conversation.
func tells(text string) step {
	return func(w *walk) {
		w.Clicks("entry", "Message")
		w.Types(text)
		w.Presses("Return")
	}
}
