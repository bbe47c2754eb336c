package xmpp

import "strings"

const nsOOB = "jabber:x:oob" // XEP-0066, section 3

// fileLink says that a message is nothing but the link to a file.
func fileLink(link string) *element { return newElement(nsOOB, "x", newText(nsOOB, "url", link)) }

// linked is the link of a message to a file, for one that has no text of its own. It is
// shown as text: nothing is fetched.
func linked(e *element) string {
	x := e.child(nsOOB, "x")
	if x == nil {
		return ""
	}
	link := strings.TrimSpace(x.childText(nsOOB, "url"))
	if len(link) > maxLinkLength || strings.ContainsAny(link, " \t\r\n") {
		return ""
	}
	return link
}
