// Package xmpp is the XMPP network: RFC 6120 and 6121 with the extensions that
// culver.doap lists, each in a file of its own: see extension.
//
// A session has one connection and four goroutines while it lives. Run owns the
// roster and all that the server says, and is the only one that emits; a reader
// turns bytes into elements for it; a writer sends what is queued; callers of
// Send and of the other methods only put into that queue. So whoever handles
// what came in never waits for the network, and whoever reads never sends.
//
//	caller --+
//	         +--> [queue] --> writer --> TLS --> server
//	Run -----+                                     |
//	 ^ '--> emit                                   |
//	 '------------- [element] <-- reader <-- TLS <-+
//
// Addresses come from mellium.im. The stream itself is
// handled here: mellium's reader takes any element of the stream's namespace,
// however deep inside a stanza, for the end of the stream, so that a stranger
// could end the session by a message; and its negotiation shows the account's
// address before TLS. Signing in is by a client of our own: see scram.go.
//
// A message counts as sent when the server has confirmed it (XEP-0198), or, where
// it does not count, has answered a ping that was sent after it. A link outlives its
// connection if the server holds the session: see protocol.Continuer. In another session one that was
// written when the connection broke may have arrived although it is reported as failed.
//
// Of the nonce in a server's SCRAM message it is checked that it begins with ours and goes
// on, not how long the server's part is or of what (RFC 5802, section 5.1).
package xmpp
