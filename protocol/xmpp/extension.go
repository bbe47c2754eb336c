package xmpp

import "mellium.im/xmpp/jid"

// name is the name of an element.
type name struct{ space, local string }

// extension is what one part of XMPP wants to hear of a link. Its functions run on
// Run's goroutine, and only queue.
type extension struct {
	// features are what it adds to an answer about what is spoken here (XEP-0030).
	features []string
	// get and set are the requests that it answers, now or later, by the name of what
	// is asked for. What it does not want to answer it passes to link.refuse.
	get, set map[name]func(e *element, from jid.JID)
	// message and presence see each such stanza that reports no error, and say whether
	// they have taken it: nobody else sees it then.
	message, presence func(e *element, from jid.JID) (taken bool)
	// online begins its work once the roster of a new session is known, before others
	// see us.
	online func()
}

// extend adds an extension. Those that were added first see a stanza first.
func (l *link) extend(x extension) { l.extensions = append(l.extensions, x) }

// offer offers a stanza to the extensions.
func offer(e *element, from jid.JID, to func(extension) func(*element, jid.JID) bool, all []extension) (taken bool) {
	for _, x := range all {
		if f := to(x); f != nil && f(e, from) {
			return true
		}
	}
	return false
}

// requested offers a request to the extensions, by the first payload that one of them
// knows.
func (l *link) requested(e *element, from jid.JID, kind func(extension) map[name]func(*element, jid.JID)) (known bool) {
	for _, payload := range e.children {
		for _, x := range l.extensions {
			if f, ok := kind(x)[name{payload.space, payload.name}]; ok {
				f(e, from)
				return true
			}
		}
	}
	return false
}

// begin starts the work of all extensions.
func (l *link) begin() {
	for _, x := range l.extensions {
		if x.online != nil {
			x.online()
		}
	}
}
