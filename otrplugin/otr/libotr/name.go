package libotr

import "strings"

// Bare is the name of an account without what Pidgin puts behind it. Of an
// XMPP account Pidgin makes user@host/resource, and user@host/ if it has no
// resource of its own. No part of a bare JID may have a slash in it.
func Bare(name string) string {
	bare, _, _ := strings.Cut(name, "/")
	return bare
}

// SameAccount tells whether two names mean the same account, whatever the
// resource. Upper and lower case are the same, as in the JIDs that people type.
func SameAccount(a, b string) bool { return strings.EqualFold(Bare(a), Bare(b)) }

// WithResource is the name under which Pidgin looks for the account of a bare
// JID: with a slash, also when the resource is "".
func WithResource(bare, resource string) string { return Bare(bare) + "/" + resource }
